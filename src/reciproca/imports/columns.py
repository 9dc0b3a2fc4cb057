"""Which column of a file is which of our fields: by the mapping, or by its name."""

import re
import unicodedata
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproca.shared.errors import DomainError
from reciproca.shared.sentences import Names


@dataclass(frozen=True, slots=True)
class Field:
    """
    Something that a room reads from a row.

    `synonyms` are the names, in any language, under which files carry it: lower case, plain
    letters, words joined by `_`.
    """

    name: str
    label: str | Promise
    synonyms: tuple[str, ...] = ()
    is_required: bool = False
    is_amount: bool = False
    is_date: bool = False


class ColumnsMissing(DomainError):
    code = "columns-missing"
    message = gettext_lazy(
        "Nel file manca: %(missing)s. Le sue colonne sono: %(found)s. "
        "Indica a mano le colonne, o scrivi una mappatura."
    )
    status = 422


class ColumnUnknown(DomainError):
    code = "column-unknown"
    message = gettext_lazy(
        "La mappatura cerca la colonna “%(column)s”, che nel file non c’è. %(near)s"
        "Le colonne del file sono: %(found)s."
    )
    status = 422


class ColumnRepeated(DomainError):
    code = "column-repeated"
    message = gettext_lazy("Due colonne del file si chiamano “%(column)s”: cambia nome a una.")
    status = 422


class FieldUnknown(DomainError):
    code = "field-unknown"
    message = gettext_lazy(
        "La mappatura parla di “%(field)s”, che qui non esiste. Si può usare: %(known)s."
    )
    status = 422


@dataclass(frozen=True, slots=True)
class Layout:
    """
    Where each field is found: `positions` in the row, or the same in every row (`constants`).

    A field in neither is not in this file.
    """

    header: tuple[str, ...]
    positions: dict[str, int]
    constants: dict[str, str]

    def has(self, field: str) -> bool:
        """Return whether a field is in this file."""
        return field in self.positions or field in self.constants


def plain(name: str) -> str:
    """Return a column's name in lower case, plain letters, words joined by `_`."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", bare).strip("_")


def recognised(*, header: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Return the column of each field whose name or synonym the header carries, the first found."""
    names: dict[str, str] = {}
    for column in header:
        names.setdefault(plain(column), column)
    found: dict[str, str] = {}
    for field in fields:
        known = (field.name, *field.synonyms)
        carried = [names[name] for name in known if name in names]
        if carried and carried[0] not in found.values():
            found[field.name] = carried[0]
    return found


def layout(
    *,
    header: Sequence[str],
    fields: Sequence[Field],
    columns: AnyMapping[str, str],
    constants: AnyMapping[str, str],
) -> Layout:
    """
    Return where each field is, by the names of its column or by its constant.

    Raises: FieldUnknown, ColumnUnknown, ColumnRepeated, ColumnsMissing.
    """
    known = [field.name for field in fields]
    for name in (*columns, *constants):
        if name not in known:
            raise FieldUnknown(field=name, known=", ".join(known))
    chosen = {field: column for field, column in columns.items() if column}
    found = {field: position_of(column, header) for field, column in chosen.items()}
    missing = Names(
        field.label
        for field in fields
        if field.is_required and field.name not in found and field.name not in constants
    )
    if missing:
        raise ColumnsMissing(missing=missing, found=", ".join(filter(None, header)))
    return Layout(tuple(header), found, dict(constants))


def position_of(column: str, header: Sequence[str]) -> int:
    """
    Return where a column is: by its very name, else by the same name written another way.

    Raises: ColumnUnknown, ColumnRepeated.
    """
    for same in (str, plain):
        wanted = same(column)
        found = [index for index, name in enumerate(header) if same(name) == wanted]
        if len(found) > 1:
            raise ColumnRepeated(column=column)
        if found:
            return found[0]
    close = get_close_matches(column, list(header), n=1)
    near = _("Forse è “%(near)s”. ") % {"near": close[0]} if close else ""
    raise ColumnUnknown(column=column, near=near, found=", ".join(filter(None, header)))
