"""Tables that a member takes home as a file that spreadsheets open."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from reciproca.imports.queries import harmless
from reciproca.shared.money import format_cents
from reciproca.web.words import language

BYTE_ORDER_MARK = "\ufeff"
SEPARATORS = {"it": ";", "en": ","}
DECIMAL_MARKS = {"it": ",", "en": "."}


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


def csv_euro(cents: int | None) -> str:
    """Return an amount as a spreadsheet of the page's language reads it, empty for None."""
    if cents is None:
        return ""
    return format_cents(cents, decimal_mark=DECIMAL_MARKS[language()], thousands="")


def _lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    write = csv.writer(_Echo(), delimiter=SEPARATORS[language()], lineterminator="\r\n").writerow
    yield BYTE_ORDER_MARK + write(header)
    for row in rows:
        yield write([harmless(cell) for cell in row])
