"""See the package and docs/decisions/0027-unknown-commits.md."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
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


class PreparedCursor(Cursor[Any]):
    """Has the server read and plan each statement once a connection, and sends it values only."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        return super().execute(query, params, prepare=True)


class DatabaseOperations(operations.DatabaseOperations):
    """Tells of a prepared statement its words: the library keeps no others."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> str:
        return super().last_executed_query(cursor, sql, params) or str(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that raises CommitUnknown where the server gave up on its standby."""

    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        """Prepare what asks to be prepared, and nothing else however often it is run."""
        return {**super().get_connection_params(), "prepare_threshold": sys.maxsize}

    def prepared_cursor(self) -> CursorWrapper:
        """Return a cursor for the few statements that are run with every sale."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PreparedCursor(self.connection))  # type: ignore[attr-defined,no-any-return]

    @contextmanager
    def commits(self) -> Iterator[None]:
        """Listen to what the server says of a commit within. Raises: CommitUnknown."""
        self.ensure_connection()
        connection, gave_up = self.connection, []

        def hear(notice: Diagnostic) -> None:
            if notice.source_function == WAITS_FOR_STANDBY:
                gave_up.append(notice)

        connection.add_notice_handler(hear)
        try:
            yield
        finally:
            connection.remove_notice_handler(hear)
        if gave_up:
            raise CommitUnknown(gave_up[0].message_primary)

    def _commit(self) -> None:
        if self.connection is not None:
            with self.commits():
                super()._commit()  # type: ignore[misc] # the stubs leave it out
