"""A synchronous standby whose wait somebody cancelled, without any standby."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from reciproca.postgres.backend import base


@contextmanager
def a_standby_given_up(monkeypatch: pytest.MonkeyPatch, table: str) -> Iterator[None]:
    """Let each commit of a row of a table come with a warning, as where a wait was cancelled."""
    monkeypatch.setattr(base, "WAITS_FOR_STANDBY", "exec_stmt_raise")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION given_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE WARNING 'canceling wait for synchronous replication due to user request';"
            " RETURN NULL; END $$;"
            f" CREATE CONSTRAINT TRIGGER given_up AFTER INSERT ON {table}"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION given_up()"
        )
        try:
            yield
        finally:
            cursor.execute("DROP FUNCTION given_up() CASCADE")
