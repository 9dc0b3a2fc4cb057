"""When something written may be called done, whoever writes it."""

from contextlib import AbstractContextManager
from typing import cast

from django.db import connection

from reciproca.postgres.backend.base import DatabaseWrapper


def one_statement() -> AbstractContextManager[None]:
    """
    Within, one statement is a transaction by itself, and heard as every commit is.

    Raises: CommitUnknown. See docs/decisions/0027-unknown-commits.md.
    """
    assert not connection.in_atomic_block, "a part of a transaction is none by itself"
    return cast(DatabaseWrapper, connection).commits()


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
