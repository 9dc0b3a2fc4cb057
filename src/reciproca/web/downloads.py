"""Tables that somebody takes home as a file that spreadsheets open."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from reciproca.imports.queries import harmless
from reciproca.imports.tables import Cell, workbook
from reciproca.shared.money import format_cents
from reciproca.web.words import language

BYTE_ORDER_MARK = "\ufeff"
SEPARATORS = {"it": ";", "en": ","}
DECIMAL_MARKS = {"it": ",", "en": "."}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Echo:
    """Something to write to that hands each line straight on."""

    def write(self, line: str) -> str:
        return line


def csv_response(
    *, name: str, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """
    Return a table as CSV, row by row, in constant memory.

    Separated as spreadsheets of the page's language expect; nothing in it can run as a formula.
    """
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table_response(
    *, sheet: str, name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponseBase:
    """
    Return a table as `sheet` says: `xlsx`, with figures and days as such, or `csv`, row by row.

    `name` is the file's, without its ending. Nothing in either can run as a formula.
    """
    if sheet == "xlsx":
        content = workbook(title=title, head=header, rows=rows)
        answer = HttpResponse(content, content_type=XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
        return answer
    written = ([_written(cell) for cell in row] for row in rows)
    return csv_response(name=f"{name}.csv", header=header, rows=written)


def cents_cell(cents: int | None) -> Cell:
    """Return an amount as the cell of a table, empty for None."""
    return None if cents is None else Decimal(cents) / 100


def csv_euro(cents: int | None) -> str:
    """Return an amount as a spreadsheet of the page's language reads it, empty for None."""
    if cents is None:
        return ""
    return format_cents(cents, decimal_mark=DECIMAL_MARKS[language()], thousands="")


def _written(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return csv_euro(int(cell * 100))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}" if language() == "it" else cell.isoformat()
    return "" if cell is None else str(cell)


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    write = csv.writer(_Echo(), delimiter=SEPARATORS[language()], lineterminator="\r\n").writerow
    yield BYTE_ORDER_MARK + write(header)
    for row in rows:
        yield write([harmless(cell) for cell in row])
