"""
Worked examples: files with an input and the figures that must come out of it.

A room hands in an `Adapter` for each kind it can compute; here are the reading of a file's values
and the comparison, field by field.

Source: docs/rules/README.md
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import zip_longest

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.money import FractionUnreadable, parse_fraction

# Marks a figure that one side does not have; no value of a file is this very object.
NOTHING = object()
_MOST_SHOWN = 200
# More cents than there are in the world, and years that terms can be added to.
_MOST = 10**18
_YEARS = 1900, 2200


class ExampleUnreadable(DomainError):
    code = "example-unreadable"
    message = _("“%(where)s” non si legge: ci vuole %(wanted)s.")
    status = 422


class ExampleIncomplete(ExampleUnreadable):
    code = "example-incomplete"
    message = _("Manca “%(where)s”.")


@dataclass(frozen=True, slots=True)
class Part:
    """A value of a file and where it stands, so that what is wrong with it can be said."""

    value: object
    where: str

    def at(self, name: str) -> "Part":
        """Return a named value of an object. Raises: ExampleIncomplete."""
        inner = self.fields()
        if name not in inner:
            raise ExampleIncomplete(where=f"{self.where}.{name}")
        return inner[name]

    def get(self, name: str) -> "Part | None":
        """Return a named value of an object, None when it is missing or null."""
        found = self.fields().get(name)
        return None if found is None or found.value is None else found

    def fields(self) -> "dict[str, Part]":
        """Return all values of an object by name."""
        if not isinstance(self.value, dict):
            raise ExampleUnreadable(where=self.where, wanted=_("un oggetto con campi"))
        return {name: Part(inner, f"{self.where}.{name}") for name, inner in self.value.items()}

    def each(self, *, count: int | None = None) -> "list[Part]":
        """Return the items of a list; with `count` there must be so many."""
        if not isinstance(self.value, list) or count not in (None, len(self.value)):
            wanted = _("un elenco") if count is None else _("un elenco di %(count)s valori")
            raise ExampleUnreadable(where=self.where, wanted=str(wanted) % {"count": count})
        return [Part(inner, f"{self.where}[{i}]") for i, inner in enumerate(self.value)]

    def whole(self) -> int:
        """Return a whole number, of cents where the name says so."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise ExampleUnreadable(where=self.where, wanted=_("un numero intero"))
        if abs(self.value) > _MOST:
            raise ExampleUnreadable(where=self.where, wanted=_("un numero meno grande"))
        return self.value

    def not_negative(self) -> int:
        """Return a whole number, zero or more."""
        number = self.whole()
        if number < 0:
            raise ExampleUnreadable(where=self.where, wanted=_("un numero intero non negativo"))
        return number

    def positive(self) -> int:
        """Return a whole number above zero."""
        number = self.whole()
        if number <= 0:
            raise ExampleUnreadable(where=self.where, wanted=_("un numero intero positivo"))
        return number

    def text(self) -> str:
        """Return a text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise ExampleUnreadable(where=self.where, wanted=_("un testo"))
        return self.value

    def choice(self, *known: str) -> str:
        """Return one of the known words."""
        if self.value not in known:
            raise ExampleUnreadable(where=self.where, wanted=" / ".join(known))
        return self.text()

    def fraction(self) -> Fraction:
        """Return an exact fraction: a whole number, or a text `n` or `n/d`."""
        if isinstance(self.value, int):
            return Fraction(self.not_negative())
        try:
            return parse_fraction(self.text())
        except FractionUnreadable as refusal:
            wanted = _("una frazione come 2/5")
            raise ExampleUnreadable(where=self.where, wanted=wanted) from refusal

    def day(self) -> date:
        """Return a date written as 2026-10-05."""
        wanted = _("una data come 2026-10-05")
        try:
            found = date.fromisoformat(self.text())
        except ValueError as mistake:
            raise ExampleUnreadable(where=self.where, wanted=wanted) from mistake
        if not _YEARS[0] <= found.year <= _YEARS[1]:
            raise ExampleUnreadable(where=self.where, wanted=wanted)
        return found


@dataclass(frozen=True, slots=True)
class Adapter:
    """
    How a kind is computed: from the file's `input` to figures in the shape of its `expected`.

    `later` names fields of `expected` that no rule computes yet; they are told apart, not checked.
    """

    compute: Callable[[Part], object]
    later: frozenset[str] = frozenset()


def differences(*, expected: object, computed: object, where: str = "expected") -> Iterator[str]:
    """
    Yield a sentence for each expected figure that is not what was computed.

    At the top a file may expect less than can be computed; below, names and counts must agree too.
    """
    if isinstance(expected, dict) and isinstance(computed, dict):
        for name, figure in expected.items():
            inner = computed.get(name, NOTHING)
            yield from differences(expected=figure, computed=inner, where=f"{where}.{name}")
        for name in computed.keys() - expected.keys() if where != "expected" else ():
            yield _sentence(f"{where}.{name}", NOTHING, computed[name])
    elif isinstance(expected, list) and isinstance(computed, list):
        pairs = zip_longest(expected, computed, fillvalue=NOTHING)
        for i, (figure, inner) in enumerate(pairs):
            yield from differences(expected=figure, computed=inner, where=f"{where}[{i}]")
    elif type(expected) is not type(computed) or expected != computed:
        yield _sentence(where, expected, computed)


def _sentence(where: str, expected: object, computed: object) -> str:
    told = {"where": where, "expected": _shown(expected), "computed": _shown(computed)}
    return gettext("%(where)s: nel file %(expected)s, calcolato %(computed)s") % told


def _shown(figure: object) -> str:
    if figure is NOTHING:
        return gettext("niente")
    text = json.dumps(figure, ensure_ascii=False)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
