"""Cells that both files have: places, choices written as words, codes that lost their zeros."""

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from functools import cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from reciproca.imports.columns import Field, plain
from reciproca.imports.reader import Order
from reciproca.registry.actions.checks import ChoiceUnknown
from reciproca.registry.places import find_municipality, load_municipalities
from reciproca.registry.rules import check_length
from reciproca.shared.errors import DomainError

ISTAT_DIGITS = 6
LONGEST_KEY = 100


class PlaceUnclear(DomainError):
    code = "place-unclear"
    message = _(
        "Non troviamo il comune “%(place)s”: scrivilo come l’ISTAT, con la provincia, "
        "o metti il suo codice ISTAT."
    )


class CellMissing(DomainError):
    code = "cell-missing"
    message = _("Nella riga manca: %(field)s.")


class Cells:
    """Takes fields out of rows by one mapping, in the words that it translates them into."""

    def __init__(self, *, order: Order, fields: Sequence[Field]) -> None:
        self._layout = order.layout
        self._fields = {field.name: field for field in fields}
        self._words = {
            name: {plain(word): ours for word, ours in words.items()}
            for name, words in order.mapping.values.items()
        }

    def text(self, row: Sequence[str], name: str) -> str:
        """Return a field's text, empty when the file has no such column. Raises: CellMissing."""
        at = self._layout.positions.get(name)
        text = self._layout.constants.get(name, "") if at is None else row[at]
        words = self._words.get(name)
        bare = text.strip()
        if words:
            bare = words.get(plain(bare), bare)
        if not bare and self._fields[name].is_required:
            raise CellMissing(field=self._fields[name].label)
        return bare

    def key(self, row: Sequence[str]) -> str:
        """Return the file's own code of the row. Raises: TextTooLong."""
        key = self.text(row, "key")
        check_length(text=key, most=LONGEST_KEY)
        return key

    def choice(
        self, row: Sequence[str], name: str, choices: type[TextChoices], *, otherwise: str
    ) -> str:
        """Return one of our choices, by its value or its label. Raises: ChoiceUnknown."""
        text = self.text(row, name)
        if not text:
            return otherwise
        known = _by_word(choices).get(plain(text))
        if known is None:
            listed = ", ".join(choices.values)
            raise ChoiceUnknown(value=text, field=self._fields[name].label, known=listed)
        return known

    def municipality(self, row: Sequence[str]) -> str:
        """Return the ISTAT code of the row's place, empty without one. Raises: PlaceUnclear."""
        code = self.text(row, "municipality_code")
        if code.isdigit() and code.zfill(ISTAT_DIGITS) in _istat_codes():
            return code.zfill(ISTAT_DIGITS)
        name, province = self.text(row, "municipality"), self.text(row, "province")
        found = find_municipality(name=name, province=province or None) if name else None
        if found is None and (name or code):
            raise PlaceUnclear(place=" ".join(filter(None, (name or code, province))))
        return found.istat_code if found else ""


PLACE_FIELDS = (
    Field(
        "municipality_code",
        _("codice ISTAT del comune"),
        ("codice_comune", "codice_istat", "istat", "cod_istat", "istat_code"),
    ),
    Field(
        "municipality",
        _("comune"),
        ("comune", "nome_comune", "citta", "luogo", "city", "town", "comune_sede"),
    ),
    Field("province", _("provincia"), ("provincia", "prov", "pr", "sigla_provincia")),
)


@cache
def _istat_codes() -> frozenset[str]:
    return frozenset(row.istat_code for row in load_municipalities())


@cache
def _by_word(choices: type[TextChoices]) -> AnyMapping[str, str]:
    known = {plain(value): value for value in choices.values}
    for language in ("it", "en"):
        with override(language):
            known |= {plain(str(label)): value for value, label in choices.choices}
    return known
