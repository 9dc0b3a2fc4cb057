"""Waiting for one's turn, where no row exists yet that could be locked."""

from django.db import connection


def wait_for_turn(name: str) -> None:
    """
    Hold `name` until the present transaction ends; whoever asks for it meanwhile waits.

    Held by the database, so that a killed process lets go of it.
    """
    assert connection.in_atomic_block, "a turn lasts as long as a transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
