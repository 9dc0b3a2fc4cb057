"""
Transfers and their leaves as they are written: few by one statement, many by COPY.

A COPY is three messages each way and a leaf needs two more of them; a statement that the server
has prepared is one.
"""

from collections.abc import Mapping, Sequence

from django.db import connection

from reciproca.ledger import leaves, rows
from reciproca.ledger.rules import Posting
from reciproca.ledger.sql import FEW
from reciproca.shared.arrays import placeholders
from reciproca.transparency import actions as transparency


def are_few(postings: Sequence[Posting], /) -> bool:
    """Tell whether these are written by one statement, which is a transaction by itself."""
    return sum(len(posting.moves) for posting in postings) <= FEW


def write(postings: Sequence[Posting], ids: Mapping[int, int], /) -> None:
    """
    Write what postings move, and their leaves; `ids` are those of their accounts, by the identity
    of each key's object.
    """
    if are_few(postings):
        _insert(postings, ids)
    else:
        _copy(postings, ids)
        transparency.record(leaves.leaves_of(postings))


def _insert(postings: Sequence[Posting], ids: Mapping[int, int]) -> None:
    moved = rows.rows(postings, ids)
    transparency.record_with(
        leaves.leaves_of(postings),
        f"INSERT INTO ledger_transfer ({rows.COLUMNS}) VALUES {placeholders(moved)}",  # noqa: S608
        [value for row in moved for value in row],
    )


def _copy(postings: Sequence[Posting], ids: Mapping[int, int]) -> None:
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY ledger_transfer ({rows.COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        for chunk in rows.chunks(postings, ids):
            copy.write(chunk)
