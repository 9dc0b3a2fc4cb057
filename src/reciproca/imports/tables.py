"""Tables on their way out, as files that spreadsheets open and that run nothing."""

import csv
import io
from collections.abc import Iterable, Iterator

from reciproca.imports.queries import harmless

BYTE_ORDER_MARK = "\ufeff"


def csv_lines(*, head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield a table line by line as Italian spreadsheets expect it, in constant memory."""
    yield BYTE_ORDER_MARK + _line(head)
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(map(harmless, cells))
    return out.getvalue()
