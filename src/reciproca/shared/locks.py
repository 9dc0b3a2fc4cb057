"""Waiting for one's turn, where no row exists yet that could be locked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def wait_for_turn(name: str) -> None:
    """
    Hold `name` until the present transaction ends; whoever asks for it meanwhile waits.

    Held by the database, so that a killed process lets go of it.
    """
    assert connection.in_atomic_block, "a turn lasts as long as a transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def share_turn(name: str) -> None:
    """
    Hold `name` together with others who share it; whoever waits for their turn waits for us all.
    """
    assert connection.in_atomic_block, "a turn lasts as long as a transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """
    Hold `name` for the length of the block, over as many transactions as it takes.

    Whoever asks for it meanwhile waits. The lock has a connection of its own, which a killed
    process loses.
    """
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        try:
            yield
        finally:
            # A pool takes the connection back as it is: what was locked must be unlocked.
            with holder.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
    finally:
        holder.close()
