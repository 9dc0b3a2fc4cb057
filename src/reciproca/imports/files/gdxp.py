"""A GDXP price list as a table, so that it is previewed and refused row by row as any other."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from reciproca.imports.files.table import FileTooLarge, Table
from reciproca.shared.gdxp import HEADER, LARGEST_BYTES, read_gdxp


def open_gdxp(*, path: Path, names: Sequence[str] = ()) -> Table:
    """
    Return the products of a list, one a row; the first is row 1.

    Raises: FileTooLarge, GdxpUnreadable.
    """
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise FileTooLarge(limit="20 MB")
    rows = zip(count(1), read_gdxp(path.read_bytes()), strict=False)
    return Table(list(names or HEADER), rows, lambda: size, size, lambda: None, number_mark=".")
