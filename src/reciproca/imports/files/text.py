"""CSV files of any size: encoding and separator are found in the file unless they are given."""

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from reciproca.imports.files.table import (
    LONGEST_ROW,
    Cells,
    FileBroken,
    FileEmpty,
    FileUnknown,
    RowTooLong,
    SeparatorWrong,
    Table,
    with_header,
)

SEPARATORS = ",;\t|"
BLANKS = " "
"""One or more of them divide the columns of old programs' files; never where another sign does."""
SAMPLE_BYTES = 64 * 1024
HEAD_LINES = 30
BLOCK_BYTES = 1 << 18
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# Excel writes which separator it used in a first line of its own.
SAID_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)
BROKEN = (csv.Error, EOFError, OSError, zlib.error)


def open_text(
    *,
    path: Path,
    is_utf8: bool,
    encoding: str | None = None,
    separator: str | None = None,
    names: Sequence[str] = (),
) -> Table:
    """
    Return a CSV file as a table; `is_utf8` says whether all its bytes are sound UTF-8.

    `names` are the header of a file that has none. A mark of the file's encoding is believed before
    `encoding` is.

    Raises: FileUnknown, FileEmpty, SeparatorWrong; the rows raise FileBroken and RowTooLong.
    """
    raw = path.open("rb", buffering=BLOCK_BYTES)
    try:
        data = _uncompressed(raw)
        start = data.peek(SAMPLE_BYTES)
        is_marked = start.startswith((UTF8_MARK, *UTF16_MARKS))
        if is_marked or encoding is None:
            encoding = detected_encoding(start, is_utf8=is_utf8)
        if b"\x00" in start and "16" not in encoding:
            raise FileUnknown
        lines = _lines(io.TextIOWrapper(data, encoding=encoding, errors="replace", newline=""))
        head = list(islice(lines, HEAD_LINES))
        said = SAID_SEPARATOR.fullmatch(head[0]) if head else None
        by = separator or (said[1] if said else detected_separator(head))
        records = _records(chain(head[1:] if said else head, lines), by)
        try:
            header, rows = with_header(records, names=names)
        except FileEmpty as empty:
            if separator is None or not any(map(str.strip, head)):
                raise
            raise SeparatorWrong(separator="\\t" if by == "\t" else by) from empty
    except BaseException:
        raw.close()
        raise
    size = path.stat().st_size
    # The last line read, the text wrapper is gone and has closed the file under it.
    return Table(header, rows, lambda: size if raw.closed else raw.tell(), size, raw.close)


def detected_encoding(start: bytes, *, is_utf8: bool) -> str:
    """Return the encoding of a text: its mark says it, else UTF-8 if it is sound, else Windows'."""
    if start.startswith(UTF8_MARK):
        return "utf-8-sig"
    if start.startswith(UTF16_MARKS):
        return "utf-16"
    return "utf-8" if is_utf8 else "cp1252"


def detected_separator(lines: list[str]) -> str:
    """Return the separator that divides most lines into the same number of cells, two or more."""
    best, best_score = ",", (0, 0)
    for separator in SEPARATORS:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if cells)
        alike = [(count, width) for width, count in widths.items() if width > 1]
        if alike and max(alike) > best_score:
            best, best_score = separator, max(alike)
    return BLANKS if best_score == (0, 0) and _are_columns(lines) else best


def _are_columns(lines: list[str]) -> bool:
    """Return whether blanks divide all lines, two or more, into as many cells."""
    filled = [cells for cells in _divided(lines, BLANKS) if cells]
    return len(filled) > 1 and len(filled[0]) > 1 and len(set(map(len, filled))) == 1


def _divided(lines: Iterable[str], separator: str) -> Iterator[Cells]:
    if separator == BLANKS:
        # Columns are set flush right with blanks before them and after them.
        bare = (f"{line.strip()}\n" for line in lines)
        return csv.reader(bare, delimiter=BLANKS, skipinitialspace=True)
    return csv.reader(lines, delimiter=separator)


def _uncompressed(raw: BinaryIO) -> io.BufferedReader:
    assert isinstance(raw, io.BufferedReader)
    if raw.peek(2)[:2] == b"\x1f\x8b":
        return io.BufferedReader(gzip.GzipFile(fileobj=raw), BLOCK_BYTES)
    return raw


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines; one that never ends is refused before it fills the memory."""
    number = 0
    while line := text.readline(LONGEST_ROW + 1):
        number += 1
        if len(line) > LONGEST_ROW:
            raise RowTooLong(row=number)
        yield line if "\x00" not in line else line.replace("\x00", "\ufffd")


def _records(lines: Iterable[str], separator: str) -> Iterator[tuple[int, Cells]]:
    reader = _divided(lines, separator)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except BROKEN as error:
            too_long = isinstance(error, csv.Error) and "field larger" in str(error)
            raise (RowTooLong if too_long else FileBroken)(row=number) from error
        yield number, cells
