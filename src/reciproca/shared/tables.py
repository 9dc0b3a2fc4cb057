"""
Tables on their way out, as files that spreadsheets open and that run nothing.

Separated, and amounts written, as spreadsheets of the reader's language expect.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language, override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from reciproca.shared.money import format_cents

BYTE_ORDER_MARK = "\ufeff"
MARKS = {"it": (";", ","), "en": (",", ".")}
"""Between cells, and before decimals."""

# What a spreadsheet would run when it opens the list; a negative amount is no formula.
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[-+]?[\d.,' ]*\d", re.ASCII)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | Decimal | date | None
"""What stands in a cell of a workbook: words, a count, euro, a day, nothing."""


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: numbers stay as they are."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def csv_response(
    *, name: str, head: Sequence[str], rows: Iterable[Iterable[str]]
) -> StreamingHttpResponse:
    """Answer with a table as a CSV file, row by row, in constant memory."""
    lines = in_language_of_now(csv_lines(head=head, rows=rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table_response(
    *, sheet: str, name: str, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """
    Answer with a table as `sheet` says: `xlsx`, with figures and days as such, or `csv`.

    `name` is the file's, without its ending.
    """
    if sheet == "xlsx":
        answer = HttpResponse(workbook(title=title, head=head, rows=rows), content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return answer
    written = ([_written(cell) for cell in row] for row in rows)
    return csv_response(name=f"{name}.csv", head=head, rows=written)


def cents_cell(cents: int | None) -> Cell:
    """Return an amount as the cell of a table, empty for None."""
    return None if cents is None else Decimal(cents) / 100


def csv_lines(
    *, head: Iterable[str], rows: Iterable[Iterable[str]], separator: str = ""
) -> Iterator[str]:
    """Yield a table line by line, in constant memory."""
    between = separator or _marks()[0]
    yield BYTE_ORDER_MARK + csv_line(head, separator=between)
    for row in rows:
        yield csv_line(row, separator=between)


def csv_line(cells: Iterable[str], *, separator: str) -> str:
    """Return one line of a table."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerow(map(harmless, cells))
    return out.getvalue()


def csv_euro(cents: int | None) -> str:
    """Return an amount as a cell without the euro's sign, empty for None."""
    return "" if cents is None else format_cents(cents, decimal_mark=_marks()[1], thousands="")


def in_language_of_now(lines: Iterator[str]) -> Iterator[str]:
    """Return lines that are made later, in the language of now: the request has ended by then."""
    return _in_language(lines, get_language() or "it")


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


def _written(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return csv_euro(int(cell * 100))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)


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


def _in_language(lines: Iterator[str], language: str) -> Iterator[str]:
    while True:
        with override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _marks() -> tuple[str, str]:
    return MARKS["en" if (get_language() or "it").startswith("en") else "it"]
