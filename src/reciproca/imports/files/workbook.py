"""XLSX files: the values that the spreadsheet program last computed, never their formulas."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from pathlib import Path
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.xml import DEFUSEDXML

from reciproca.imports.files.table import (
    LONGEST_ROW,
    MOST_COLUMNS,
    Cells,
    FileBroken,
    FileRefused,
    FileTooLarge,
    FileUnknown,
    RowTooLong,
    Table,
    with_header,
)

LARGEST_BYTES = 50 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 1024 * 1024 * 1024
LARGEST_WORDS_BYTES = 96 * 1024 * 1024
"""The words of a workbook are one table that has to be in memory."""

# Without it an entity in the file could grow for ever.
assert DEFUSEDXML, "openpyxl must find defusedxml"

BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
)
"""What openpyxl raises, here or there, for a file that is not what it says (or is a trap)."""


class SheetMissing(FileRefused):
    code = "sheet-missing"
    message = _("Il foglio “%(sheet)s” non c’è. Ci sono: %(sheets)s.")


def open_workbook(
    *, path: Path, sheet: str | None = None, decimal_mark: str = ".", names: Sequence[str] = ()
) -> Table:
    """
    Return a sheet of an XLSX file as a table: the named one, else the one that was open last.

    Numbers are written with `decimal_mark` and no thousands, dates as ISO 8601, so that they are
    read like a text's cells. `names` are the header of a sheet that has none.

    Raises: FileUnknown, FileTooLarge, FileBroken, SheetMissing, FileEmpty.
    """
    refuse_bombs(path)
    # Given a path openpyxl judges a file by its name, and what is handed in on a page has none.
    raw = path.open("rb")
    try:
        book = load_workbook(raw, read_only=True, data_only=True, keep_links=False)
        cells = _rows(book, sheet, decimal_mark)
        done = count()
        header, rows = with_header(cells, names=names)
    except BROKEN as error:
        raw.close()
        raise FileBroken(row=1) from error
    except BaseException:
        raw.close()
        raise
    size = path.stat().st_size
    return Table(header, rows, lambda: min(next(done), size), size, raw.close, decimal_mark)


def refuse_bombs(path: Path) -> None:
    """
    Refuse what is no workbook or too large a one, packed or unpacked; only its directory is read.

    Raises: FileTooLarge, FileBroken, FileUnknown.
    """
    if path.stat().st_size > LARGEST_BYTES:
        raise FileTooLarge(limit="50 MB")
    try:
        with zipfile.ZipFile(path) as archive:
            # The zip reader stops at the size that the directory promises, so it can be believed.
            entries = archive.infolist()
    except BROKEN as error:
        raise FileBroken(row=1) from error
    if not any(entry.filename.startswith("xl/") for entry in entries):
        # Other archives: of LibreOffice, of a text program, a packed folder.
        raise FileUnknown
    words = sum(e.file_size for e in entries if e.filename.lower().endswith("sharedstrings.xml"))
    if words > LARGEST_WORDS_BYTES or sum(e.file_size for e in entries) > LARGEST_UNPACKED_BYTES:
        raise FileTooLarge(limit="50 MB")


def _rows(book: Workbook, sheet: str | None, mark: str) -> Iterator[tuple[int, Cells]]:
    if sheet is not None and sheet not in book.sheetnames:
        raise SheetMissing(sheet=sheet, sheets=", ".join(book.sheetnames))
    page = book[sheet] if sheet else book.active
    if page is None or not hasattr(page, "iter_rows"):
        return
    # What the file says about its own size is often wrong, and decides how wide rows are.
    page.reset_dimensions()
    number = 0
    values = page.iter_rows(values_only=True)
    while True:
        number += 1
        try:
            row = next(values)
        except StopIteration:
            return
        except BROKEN as error:
            raise FileBroken(row=number) from error
        cells = ["" if value is None else _text(value, mark) for value in row[: MOST_COLUMNS + 1]]
        while cells and not cells[-1]:
            cells.pop()
        if sum(map(len, cells)) > LONGEST_ROW:
            raise RowTooLong(row=number)
        yield number, cells


def _text(value: object, decimal_mark: str) -> str:
    """Return a cell's value as a text file would carry it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Fifteen digits are what a spreadsheet keeps; the rest is the noise of binary fractions.
        plain = format(Decimal(format(value, ".15g")), "f")
        return plain.replace(".", decimal_mark)
    if isinstance(value, datetime):
        at_midnight = value.time() == time.min
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).replace("\x00", "\ufffd")
