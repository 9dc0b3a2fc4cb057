"""The sheet of members' work or contributions: read from CSV, refused row by row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproca.refunds.forms import ClaimIn
from reciproca.refunds.rules import ExchangeKind
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.shared.money import parse_cents

COLUMNS = {
    ExchangeKind.WORK: ("numero", "ore", "coefficiente", "retribuzione"),
    ExchangeKind.CONTRIBUTION: ("numero", "conferito", "coefficiente"),
}
QUALITY_PER_HUNDREDTH = 100


class SheetUnreadable(DomainError):
    code = "sheet-unreadable"
    message = gettext_lazy("Il foglio non si legge: salvalo come CSV (UTF-8) e riprova.")
    status = 422


class SheetColumns(DomainError):
    code = "sheet-columns"
    message = gettext_lazy("Nella prima riga del foglio servono queste colonne: %(columns)s.")
    status = 422


class SheetRows(DomainError):
    code = "sheet-rows"
    message = gettext_lazy("Righe da sistemare: %(rows)s")
    status = 422


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    member: int
    quantity: int
    quality: int
    pay_cents: int | None


def read_sheet(*, content: bytes, kind: ExchangeKind, cooperative_id: UUID) -> list[ClaimIn]:
    """
    Return the claims of a CSV sheet; columns as in `COLUMNS`, separated by `;`, `,` or tabs.

    Quantities are hours or euro with two decimals, the coefficient may have two decimals and is 1
    where it is empty.

    Raises: SheetUnreadable, SheetColumns, SheetRows (the first ten, with what is wrong).
    """
    rows, faults = [], []
    for number, cells in _cells(content, COLUMNS[kind]):
        try:
            rows.append(_row(number, cells, kind))
        except (DomainError, ValueError):
            faults.append(_("%(number)s (una cifra non si legge)") % {"number": number})
    known = registry.members_with_numbers(
        cooperative_id=cooperative_id, numbers=[row.member for row in rows]
    )
    seen: set[int] = set()
    for row in rows:
        if row.member not in known:
            faults.append(_("%(number)s (non è nel libro soci)") % {"number": row.number})
        elif row.member in seen:
            faults.append(_("%(number)s (il socio c’è due volte)") % {"number": row.number})
        seen.add(row.member)
    if faults:
        raise SheetRows(rows=", ".join(faults[:10]) + (" …" if len(faults) > 10 else "."))
    return [ClaimIn(known[row.member], row.quantity, row.quality, row.pay_cents) for row in rows]


def blank_sheet(*, kind: ExchangeKind) -> str:
    """Return the header of a sheet, to be filled in."""
    return ";".join(COLUMNS[kind]) + "\r\n"


def _cells(content: bytes, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
        first = text.splitlines()[0]
        delimiter = max(";,\t", key=first.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = [name.strip().lower() for name in reader.fieldnames or []]
        if not set(columns) <= set(names):
            raise SheetColumns(columns=", ".join(columns))
        reader.fieldnames = names
        for number, row in enumerate(reader, start=2):
            cells = {name: (row.get(name) or "").strip() for name in columns}
            if any(cells.values()):
                yield number, cells
    except (UnicodeDecodeError, IndexError, csv.Error) as mistake:
        raise SheetUnreadable from mistake


def _row(number: int, cells: dict[str, str], kind: ExchangeKind) -> _Row:
    quantity = cells["ore" if kind is ExchangeKind.WORK else "conferito"]
    pay = parse_cents(text=cells["retribuzione"]) if kind is ExchangeKind.WORK else None
    row = _Row(
        number=number,
        member=int(cells["numero"]),
        quantity=parse_cents(text=quantity),
        quality=parse_cents(text=cells["coefficiente"] or "1") * QUALITY_PER_HUNDREDTH,
        pay_cents=pay,
    )
    if row.quantity < 0 or row.quality < 0 or (pay or 0) < 0:
        raise ValueError("a claim is never below zero")
    return row
