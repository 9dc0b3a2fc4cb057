"""Rows of a file in the database: written by COPY, read back fact by fact, never all at once."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from uuid import UUID

from django.db import connection

from reciproca.imports.reader import Fact, Staged
from reciproca.shared.errors import DomainError
from reciproca.shared.sentences import kept

CELL_END = "\x1f"
ROWS_AT_ONCE = 4_000
MOST_ROWS_IN_BASKET = 2_000

COLUMNS = {
    "file_id": "uuid",
    "number": "int4",
    '"group"': "varchar",
    "key": "varchar",
    "has_key": "bool",
    "occurrence": "int4",
    "raw": "text",
    "values": "text",
    "amount_cents": "int8",
    "code": "varchar",
    "params": "text",
}
COPY = f"COPY imports_row ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"

StagedRow = tuple[UUID, int, str, str, bool, int, str, str, int, str, str]


def copy_rows(rows: Iterable[StagedRow]) -> None:
    """Write rows in the order of `COLUMNS`; each is the first of its key, for now."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(COPY) as copy,
    ):
        copy.set_types(list(COLUMNS.values()))
        for row in rows:
            copy.write_row(row)


def join_by_hash() -> None:
    """
    Keep the planner from nested loops for the rest of the transaction.

    It knows nothing yet of the rows that were just copied, believes the table empty, and would
    compare each row with every other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")


def learn_sizes() -> None:
    """Let the planner see the rows that were copied; to be called once they are committed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE imports_row")


def refusal(error: DomainError) -> tuple[str, str]:
    """Return a refusal as a row keeps it: its code, and its params as JSON."""
    return error.code, json.dumps(kept(error.params), ensure_ascii=False)


def number_equal_rows(*, import_id: UUID) -> int:
    """Number the rows of equal key, 1, 2, 3 in the order of the file; return how many are not 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            # COLLATE "C": equality of bytes is all that is meant, and sorts fastest.
            "UPDATE imports_row r SET occurrence = n.occurrence FROM ("
            ' SELECT number, row_number() OVER (PARTITION BY key COLLATE "C" ORDER BY number)'
            "  AS occurrence FROM imports_row WHERE file_id = %(file)s AND code = ''"
            ") n WHERE r.file_id = %(file)s AND r.number = n.number AND n.occurrence > 1",
            {"file": import_id},
        )
        return int(cursor.rowcount)


def refuse_repeated_keys(*, import_id: UUID, repeated: DomainError, known: str) -> None:
    """
    Mark rows whose external key an earlier row of the file has: `known` when the rows are equal.

    To be called after `number_equal_rows`.
    """
    code, params = refusal(repeated)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE imports_row r SET"
            " code = CASE WHEN r.raw = first.raw THEN %(known)s ELSE %(code)s END,"
            " params = CASE WHEN r.raw = first.raw THEN '' ELSE"
            "  (%(params)s::jsonb || jsonb_build_object('first', first.number))::text END"
            " FROM imports_row first WHERE r.file_id = %(file)s AND r.occurrence > 1"
            " AND r.code = '' AND r.has_key AND first.file_id = r.file_id AND first.key = r.key"
            " AND first.occurrence = 1 AND first.code = ''",
            {"file": import_id, "known": known, "code": code, "params": params},
        )


def refuse_broken_baskets(*, import_id: UUID, broken: DomainError, too_long: DomainError) -> None:
    """Refuse the good rows of baskets that have a refused one, and all rows of endless baskets."""
    with connection.cursor() as cursor:
        for why, condition, extra in (
            (too_long, "count(*) > %s", [MOST_ROWS_IN_BASKET]),
            (broken, "count(*) FILTER (WHERE code <> '') > 0", []),
        ):
            cursor.execute(
                "UPDATE imports_row r SET code = %s, params = %s FROM ("  # noqa: S608 - our words
                f' SELECT "group" FROM imports_row WHERE file_id = %s GROUP BY 1 HAVING {condition}'
                ') b WHERE r.file_id = %s AND r."group" = b."group" AND r.code = \'\'',
                [*refusal(why), import_id, *extra, import_id],
            )


def good_facts(*, import_id: UUID, in_baskets: bool) -> Iterator[list[Fact]]:
    """
    Yield batches of the facts nothing is wrong with, in the order in which each begins.

    A cursor of the server holds them (WITH HOLD): the caller may commit between two batches.
    """
    rows = _good_rows(import_id, in_baskets)
    facts: Iterator[Fact]
    if in_baskets:
        facts = (tuple(s for _, s in rows) for _, rows in groupby(rows, key=lambda row: row[0]))
    else:
        facts = ((staged,) for _, staged in rows)
    yield from _batches(facts)


def _batches(facts: Iterator[Fact]) -> Iterator[list[Fact]]:
    batch: list[Fact] = []
    size = 0
    for fact in facts:
        batch.append(fact)
        size += len(fact)
        if size >= ROWS_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _good_rows(import_id: UUID, in_baskets: bool) -> Iterator[tuple[int, Staged]]:
    first = 'min(number) OVER (PARTITION BY "group")' if in_baskets else "number"
    connection.ensure_connection()
    with connection.connection.cursor(name="imports_good_rows", withhold=True) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(
            f"SELECT {first} AS first, number, key, occurrence, amount_cents, values"  # noqa: S608 - our words
            " FROM imports_row WHERE file_id = %s AND code = '' ORDER BY first, number",
            [import_id],
            binary=True,
        )
        for begins, number, key, occurrence, cents, values in cursor:
            yield begins, Staged(number, key, occurrence, cents, json.loads(values))


def mark(*, import_id: UUID, marks: Sequence[tuple[int, str, str]]) -> None:
    """Write (number, code, params) on rows that turned out to be refused or known."""
    if not marks:
        return
    numbers, codes, params = zip(*marks, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE imports_row r SET code = m.code, params = m.params"
            " FROM unnest(%s::int4[], %s::varchar[], %s::text[]) AS m(number, code, params)"
            " WHERE r.file_id = %s AND r.number = m.number",
            [list(numbers), list(codes), list(params), import_id],
        )


def drop_rows_done(*, import_id: UUID, numbers: Sequence[int]) -> None:
    """Forget those of these rows that nothing is wrong with: they are in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM imports_row WHERE file_id = %s AND number = ANY(%s) AND code = ''",
            [import_id, list(numbers)],
        )


def keep_only_refused(*, import_id: UUID, known: str) -> None:
    """Forget every row that was not refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM imports_row WHERE file_id = %s AND code IN ('', %s)", [import_id, known]
        )


def drop_rows(*, import_id: UUID) -> None:
    """Forget every row of a file."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM imports_row WHERE file_id = %s", [import_id])


def counts(*, import_id: UUID, known: str) -> tuple[int, int, int, int]:
    """Return how many rows wait, are refused, are known, and the cents of those that wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE code = ''),"
            " count(*) FILTER (WHERE code NOT IN ('', %s)), count(*) FILTER (WHERE code = %s),"
            " coalesce(sum(amount_cents) FILTER (WHERE code = ''), 0)::bigint"
            " FROM imports_row WHERE file_id = %s",
            [known, known, import_id],
        )
        waiting, refused, already, cents = cursor.fetchone()
        return waiting, refused, already, cents
