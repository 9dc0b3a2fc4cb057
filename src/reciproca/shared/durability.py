"""Answering again no sooner than the first time."""

from django.db import connection


def wait_as_if_written() -> None:
    """
    Let this transaction's commit wait for a synchronous standby as if it had written something.

    A request that is sent again finds its fact in this server and writes nothing. The standby may
    not have it yet: the first answer was never given, perhaps, for want of that. To say "done" is
    safe once a record that comes after it has arrived there.
    """
    assert connection.in_atomic_block, "what waits is the end of a transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'reciproca', 'again')")
