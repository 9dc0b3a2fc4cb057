"""From the table in a file to rows that wait in the database."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, islice
from uuid import UUID

from reciproca.imports.cells import amount_marks, marks_open, month_first_text
from reciproca.imports.columns import Field, Layout, layout, recognised
from reciproca.imports.files.table import Cells, Table
from reciproca.imports.mapping import FileOptions, Mapping
from reciproca.imports.reader import Reading
from reciproca.imports.refusals import (
    BasketColumnMissing,
    BasketMissing,
    DatesUnclear,
    MarksUnclear,
    RowTooWide,
    RowUnreadable,
)
from reciproca.imports.staging import CELL_END, StagedRow, refusal
from reciproca.shared.errors import DomainError
from reciproca.shared.progress import Progress

SAMPLE_ROWS = 1_000
ROWS_BETWEEN_REPORTS = 2_048
FORMULA_STARTS = ("'=", "'+", "'-", "'@")

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Arranged:
    """A table whose columns are known, and its mapping with all that had to be found out."""

    table: Table
    mapping: Mapping
    layout: Layout


def arranged(
    *, table: Table, mapping: Mapping, fields: Sequence[Field], reopen: Callable[[], Table]
) -> Arranged:
    """
    Return the table with its columns found and its amounts' marks decided.

    Where its first rows leave the marks open, a second look at the file, which `reopen` gives, goes
    on to the first amount that shows them.

    Raises: FieldUnknown, ColumnUnknown, ColumnRepeated, ColumnsMissing, BasketColumnMissing,
    MarksUnclear, DatesUnclear.
    """
    found = layout(
        header=table.header,
        fields=fields,
        columns=with_basket(mapping, table.header, fields),
        constants=mapping.constants,
    )
    sample = list(islice(table.rows, SAMPLE_ROWS))

    def places(wanted: Iterable[Field]) -> list[int]:
        return [found.positions[f.name] for f in wanted if f.name in found.positions]

    of_amounts = places(field for field in fields if field.is_amount)
    texts = list(_cells_at(of_amounts, sample))
    file = mapping.file
    says = file.decimal_mark or file.money == "cents" or table.number_mark
    if not says and marks_open(texts):
        with closing(reopen()) as again:
            texts = list(_up_to_a_mark(_cells_at(of_amounts, again.rows)))
    if not mapping.file.date_format:
        of_dates = places(field for field in fields if field.is_date)
        _refuse_month_first(list(_cells_at(of_dates, sample)))
    columns = {name: table.header[at] for name, at in found.positions.items()}
    decided = mapping.model_copy(
        update={"columns": columns, "file": with_marks(mapping.file, texts, table.number_mark)}
    )
    return Arranged(replace(table, rows=chain(sample, table.rows)), decided, found)


def _cells_at(places: Sequence[int], rows: Iterable[tuple[int, Cells]]) -> Iterator[str]:
    return (cells[at] for _, cells in rows for at in places if at < len(cells))


def _up_to_a_mark(amounts: Iterable[str]) -> Iterator[str]:
    """Yield the first amount that could be read both ways, and the first that could not."""
    is_first = True
    for text in amounts:
        if not marks_open([text]):
            yield text
            return
        if is_first and ("." in text or "," in text):
            is_first = False
            yield text


def _refuse_month_first(dates: list[str]) -> None:
    text = month_first_text(dates)
    if text:
        raise DatesUnclear(text=text)


def with_basket(mapping: Mapping, header: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Return the column of each field; of baskets the column that names them is the key."""
    columns = mapping.columns or recognised(header=header, fields=fields)
    if mapping.grouping.by == "line":
        return columns
    if mapping.grouping.column:
        columns = columns | {"key": mapping.grouping.column}
    if "key" not in columns:
        raise BasketColumnMissing
    return columns


def with_marks(options: FileOptions, amounts: list[str], number_mark: str = "") -> FileOptions:
    """
    Return the options with both marks of amounts given: those said, else those that `amounts` show.

    Where they show none, numbers of a workbook further down will have `number_mark`.

    Raises: MarksUnclear.
    """
    decimal = options.decimal_mark
    if decimal is None:
        shown = any("." in text or "," in text for text in amounts)
        seen = amount_marks(amounts) if shown or not number_mark else (number_mark, "")
        if seen is None:
            raise MarksUnclear(text=next(text for text in amounts if "." in text or "," in text))
        decimal = "," if seen[0] == "," else "."
    thousands = options.thousands_mark
    if thousands is None:
        thousands = "." if decimal == "," else ","
    return options.model_copy(update={"decimal_mark": decimal, "thousands_mark": thousands})


def staged_rows(
    *, import_id: UUID, table: Table, reading: Reading, in_baskets: bool, progress: Progress
) -> Iterator[StagedRow]:
    """Yield each row of the table as it will wait: read, or with the reason why it cannot be."""
    width = len(table.header)
    for count, (number, cells) in enumerate(table.rows):
        if count % ROWS_BETWEEN_REPORTS == 0:
            progress("reading", table.position(), table.size_bytes)
        if len(cells) != width:
            cells = cells + [""] * (width - len(cells))
        raw = CELL_END.join(cells)
        if "'" in raw or raw.count(CELL_END) != len(cells) - 1:
            cells = [_as_meant(cell) for cell in cells]
            raw = CELL_END.join(cells)
        basket = key = values = code = params = ""
        cents = 0
        try:
            if len(cells) > width:
                _refuse_wide(cells, width)
            if "\ufffd" in raw:
                raise RowUnreadable
            if in_baskets:
                basket = _basket(reading, cells)
            parsed = reading.parse(cells)
            key, cents, values = parsed.key, parsed.amount_cents, encode(parsed.values)
        except DomainError as error:
            code, params = refusal(error)
        digest = sha256((f"key{CELL_END}{key}" if key else raw).encode()).hexdigest()
        yield (
            import_id, number, basket, digest, bool(key), 1, raw, values, cents, code, params
        )  # fmt: skip


def _refuse_wide(cells: Cells, width: int) -> None:
    if any(cells[width:]):
        raise RowTooWide(cells=len(cells), columns=width)


def _basket(reading: Reading, cells: Cells) -> str:
    name = reading.basket_of(cells)
    if not name:
        raise BasketMissing
    return sha256(name.encode()).hexdigest()


def _as_meant(cell: str) -> str:
    """Return a cell without what our own list of refused rows puts before a formula."""
    bare = cell[1:] if cell.startswith(FORMULA_STARTS) else cell
    return bare.replace(CELL_END, " ")
