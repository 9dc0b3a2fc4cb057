"""See the package and docs/decisions/0027-unknown-commits.md."""

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.errors import Diagnostic
from psycopg_pool.base import AttemptWithBackoff

# After a crash the database is back within a second. The pool would ask after one, three, seven and
# fifteen, and every till would wait so long; it asks sooner, and never waits longer than we did.
AttemptWithBackoff.INITIAL_DELAY = 0.05

WAITS_FOR_STANDBY = "SyncRepWaitForLSN"
"""Where in the server the warning comes from: its words depend on the server's language."""


class CommitUnknown(OperationalError):
    """
    The transaction is committed here, but nobody knows whether a standby has it.

    Somebody stopped the wait for the synchronous standby, and PostgreSQL says so by a warning only.
    Who asked must not be told that it is done: sent again, the same request finds what is there.
    """


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose `commit` raises CommitUnknown where the server gave up on its standby."""

    def _commit(self) -> None:
        connection = self.connection
        if connection is None:
            return
        gave_up = []

        def hear(notice: Diagnostic) -> None:
            if notice.source_function == WAITS_FOR_STANDBY:
                gave_up.append(notice)

        connection.add_notice_handler(hear)
        try:
            super()._commit()  # type: ignore[misc] # the stubs leave it out
        finally:
            connection.remove_notice_handler(hear)
        if gave_up:
            raise CommitUnknown(gave_up[0].message_primary)
