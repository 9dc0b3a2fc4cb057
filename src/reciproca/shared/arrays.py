"""
Long lists as one parameter of a query.

psycopg adapts a list element by element, and Django writes a placeholder for each: at five
thousand ids both cost more than the query. A literal costs one join.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID


def array_of_uuids(ids: Iterable[UUID], /) -> str:
    """Return ids as the text of a PostgreSQL array, to be cast `%s::uuid[]`."""
    return array_of_hex(each.int for each in ids)


def array_of_hex(ids: Iterable[int], /) -> str:
    """Return ids given as whole numbers as the text of a PostgreSQL array of uuid."""
    return "{" + ",".join([f"{each:032x}" for each in ids]) + "}"


def array_of_words(words: Iterable[str], /) -> str:
    """Return words of our own making (letters, digits, hyphens) as the text of an array."""
    return "{" + ",".join(words) + "}"


def array_of_dates(days: Iterable[date | None], /) -> str:
    """Return days as the text of a PostgreSQL array, to be cast `%s::date[]`."""
    return "{" + ",".join(["NULL" if day is None else day.isoformat() for day in days]) + "}"


def placeholders(rows: Sequence[Sequence[object]], /) -> str:
    """Return the placeholders of a few rows, all of one length, as they follow VALUES."""
    return ",".join(["(" + ",".join(["%s"] * len(rows[0])) + ")"] * len(rows)) if rows else ""
