"""When something written may be called done, whoever writes it."""

from contextlib import AbstractContextManager
from typing import cast

from django.db import connection, transaction

from reciproca.postgres.backend.base import DatabaseWrapper


def one_statement() -> AbstractContextManager[None]:
    """
    Within, one statement is a transaction by itself, and heard as every commit is.

    Raises: CommitUnknown. See docs/decisions/0027-unknown-commits.md.
    """
    assert not connection.in_atomic_block, "a part of a transaction is none by itself"
    return cast(DatabaseWrapper, connection).commits()


@transaction.atomic(savepoint=False)
def wait_as_if_written() -> None:
    """
    Let a commit wait for a synchronous standby as if it had written something: the one of the
    transaction under way, or one that is made here.

    A request that is sent again finds its fact in this server and writes nothing. The standby may
    not have it yet: the first answer was never given, perhaps, for want of that. To say "done" is
    safe once a record that comes after it has arrived there.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'reciproca', 'again')")
