"""Which kind of file it is, and its fingerprint."""

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from reciproca.imports.files.gdxp import open_gdxp
from reciproca.imports.files.table import FileBroken, FileEmpty, FileTooLarge, FileUnknown, Table
from reciproca.imports.files.text import BLOCK_BYTES, open_text
from reciproca.imports.files.workbook import open_workbook, refuse_bombs
from reciproca.imports.mapping import FileOptions
from reciproca.shared.progress import Progress, silent

NEVER_A_TABLE = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",  # the old binary Excel, and XLSX under a password
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)


PEEK_BYTES = 1024 * 1024
PEEK_START = 512
BLANKS = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """
    What a file is, whatever its name.

    `digest` is the SHA-256 of the content, of the uncompressed text where it is compressed: the
    same rows packed again are the same file.
    """

    kind: Literal["text", "workbook", "gdxp"]
    digest: str
    size_bytes: int
    is_utf8: bool


def fingerprint(
    *, path: Path, most_bytes: int | None = None, progress: Progress = silent
) -> Fingerprint:
    """
    Read a file once, to know it again.

    `most_bytes` bounds what it may hold unpacked.

    Raises: FileUnknown, FileEmpty, FileBroken, FileTooLarge.
    """
    kind, size = _kind(path), path.stat().st_size
    if kind == "workbook":
        return Fingerprint("workbook", _digest(_blocks(path, packed=False)), size, is_utf8=False)
    if kind == "gdxp":
        return Fingerprint("gdxp", _digest(_blocks(path, packed=False)), size, is_utf8=True)
    digest, decoder, is_utf8, read = hashlib.sha256(), UTF8(), True, 0
    for block in _blocks(path, packed=kind == "gzip"):
        digest.update(block)
        is_utf8 = is_utf8 and _sound(decoder, block)
        read += len(block)
        progress("fingerprint", read)
        if most_bytes is not None and read > most_bytes:
            raise FileTooLarge(limit=f"{most_bytes // 2**20} MB")
    return Fingerprint("text", digest.hexdigest(), size, is_utf8)


@dataclass(frozen=True, slots=True)
class Peek:
    """The head of a table: what a person needs to see to say what the columns mean."""

    header: list[str]
    rows: list[list[str]]


def peek(*, path: Path, options: FileOptions, row_count: int = 5) -> Peek:
    """
    Return the header and the first rows, without reading the rest.

    Raises: FileRefused.
    """
    kind = _kind(path)
    with gzip.open(path) if kind == "gzip" else path.open("rb") as data:
        try:
            is_utf8 = _sound(UTF8(), data.read(PEEK_BYTES))
        except (OSError, EOFError, zlib.error) as error:
            raise FileBroken(row=1) from error
    as_read = "text" if kind == "gzip" else kind
    known = Fingerprint(as_read, "", path.stat().st_size, is_utf8)
    table = open_table(path=path, known=known, options=options)
    try:
        return Peek(table.header, [cells for _number, cells in islice(table.rows, row_count)])
    finally:
        table.close()


def open_table(*, path: Path, known: Fingerprint, options: FileOptions) -> Table:
    """
    Return the table in a file, as `options` describe it or as it looks.

    Raises: FileRefused, and so do its rows.
    """
    if known.kind == "workbook":
        return open_workbook(
            path=path,
            sheet=options.sheet,
            decimal_mark=options.decimal_mark or ".",
            names=options.header,
        )
    if known.kind == "gdxp":
        return open_gdxp(path=path, names=options.header)
    return open_text(
        path=path,
        is_utf8=known.is_utf8,
        encoding=options.encoding,
        separator=options.separator,
        names=options.header,
    )


def _kind(path: Path) -> Literal["text", "gzip", "workbook", "gdxp"]:
    with path.open("rb") as raw:
        magic = raw.read(PEEK_START)
    if not magic:
        raise FileEmpty
    if magic.startswith(NEVER_A_TABLE):
        raise FileUnknown
    if magic.startswith(b"PK"):
        refuse_bombs(path)
        return "workbook"
    if magic.startswith(b"\x1f\x8b"):
        return "gzip"
    # No table begins like this: a price list in GDXP, of either version.
    return "gdxp" if magic.lstrip(BLANKS)[:1] in (b"{", b"<") else "text"


UTF8 = codecs.getincrementaldecoder("utf-8")


def _sound(decoder: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        return False
    return True


def _digest(blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _blocks(path: Path, *, packed: bool) -> Iterator[bytes]:
    row = 1
    with gzip.open(path, "rb") if packed else path.open("rb") as data:
        while True:
            try:
                block = data.read(BLOCK_BYTES)
            except (OSError, EOFError, zlib.error) as error:
                raise FileBroken(row=row) from error
            if not block:
                return
            row += block.count(b"\n") if packed else 0
            yield block
