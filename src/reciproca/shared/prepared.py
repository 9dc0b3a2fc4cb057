"""Reads that come with every sale: the server reads and plans them once a connection."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.db import connection

from reciproca.postgres.backend.base import DatabaseWrapper


def fetch(
    statement: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> list[tuple[Any, ...]]:
    """
    Return the rows of a statement, whose words never differ: what differs are its parameters.

    It must have one good plan for any of them, few rows or thousands, for it may be kept.
    """
    with cast(DatabaseWrapper, connection).prepared_cursor() as cursor:
        cursor.execute(statement, parameters)  # type: ignore[arg-type]
        return list(cursor.fetchall())
