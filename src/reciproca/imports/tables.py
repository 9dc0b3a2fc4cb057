"""Tables on their way out, as files that spreadsheets open and that run nothing."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from reciproca.imports.queries import harmless

BYTE_ORDER_MARK = "\ufeff"


Cell = str | int | Decimal | date | None
"""What stands in a cell of a workbook: words, a count, euro, a day, nothing."""


def csv_lines(*, head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table line by line as Italian spreadsheets expect it, in constant memory."""
    yield BYTE_ORDER_MARK + _line(head)
    for row in rows:
        yield _line(row)


def workbook(*, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """
    Return a table as an XLSX file with one sheet: figures and days as such, words as words.

    The head stays in sight; a word that begins like a formula is no formula.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    bold = []
    for word in head:
        cell = WriteOnlyCell(sheet, harmless(word))
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([_typed(sheet, each) for each in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _typed(sheet: Any, value: Cell) -> Any:
    if isinstance(value, str):
        # What XML cannot carry is left out: a name that came in by a file may hold anything.
        return ILLEGAL_CHARACTERS_RE.sub("", harmless(value))
    if not isinstance(value, Decimal | date):
        return value
    cell: Any = WriteOnlyCell(sheet)
    cell.value = value
    cell.number_format = "#,##0.00" if isinstance(value, Decimal) else "DD/MM/YYYY"
    return cell


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(map(harmless, cells))
    return out.getvalue()
