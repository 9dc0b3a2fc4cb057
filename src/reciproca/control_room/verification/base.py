"""What a check is, and how checks read: one snapshot for all, rows streamed in constant memory."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils.formats import number_format
from django.utils.functional import Promise

from reciproca.shared.money import format_cents

Faults = Generator[str, None, str]
"""Sentences about what is wrong, one each; returned at the end, what was looked at."""

ROWS_AT_A_TIME = 5_000


class Count(Protocol):
    """Tells how many rows a check has read so far, of how many (0: unknown)."""

    def __call__(self, done: int, total: int = 0) -> None: ...


class Run(Protocol):
    """The function of a check; it says now and then how far it is."""

    def __call__(self, count: Count) -> Faults: ...


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must always hold: a name for programs, a title for people."""

    name: str
    title: str | Promise
    run: Run


@contextmanager
def snapshot(name: str = "") -> Iterator[str]:
    """
    Read everything as it stood at one moment, while others go on writing.

    Yields the name under which other connections see the same moment; given one, joins it. Within
    somebody else's transaction their view is all there is, and no name is yielded.
    """
    if connection.in_atomic_block:
        yield ""
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if name:
                cursor.execute("SET TRANSACTION SNAPSHOT %s", [name])
            # One reader that sums everything at once may use more than a page that asks for a row.
            cursor.execute("SET LOCAL work_mem = '128MB'")
            cursor.execute("SELECT pg_export_snapshot()")
            [own_name] = cursor.fetchone()
        yield own_name


def stream(sql: str, params: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a query as the server hands them out; inside a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while found := cursor.fetchmany(ROWS_AT_A_TIME):
            yield from found


def rows(sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Return all rows of a query that has few."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def in_words(cents: int) -> str:
    """Return an amount for a sentence; sums come from the database as decimals."""
    return format_cents(int(cents))


def number(count: int) -> str:
    """Return a whole number for a sentence, its thousands apart."""
    return number_format(count, force_grouping=True)


def with_count(sentence: str, count: int) -> str:
    """Return a sentence with its count, `%(n)s`, filled in."""
    return sentence % {"n": number(count)}


def row_count(table: str) -> int:
    """Return about how many rows a table has, as the database's own statistics say."""
    [(estimate,)] = rows(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = %(table)s::regclass", {"table": table}
    )
    return max(0, int(estimate))
