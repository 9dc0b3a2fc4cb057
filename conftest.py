"""What every test may ask for, and the database that all of them run on."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations

from reciproca.postgres.server import Server
from reciproca.settings.reader import read_settings

QUICK_AND_CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""Safe for a database that nobody wants after a power cut."""

NOT_DJANGOS = (
    "TRUNCATE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,"
    " procrastinate_workers, shared_cache;"
)
"""Tables with rows that Django's own flush does not know."""

flush_statements = DatabaseOperations.execute_sql_flush


def flush_past_the_guards(operations: DatabaseOperations, sql: list[str]) -> None:
    """Empty all tables after a test, those that only grow too: replicas fire no triggers."""
    flush_statements(
        operations, ["SET LOCAL session_replication_role = replica;", *sql, NOT_DJANGOS]
    )


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """Start the embedded server that the suite shares, unless DATABASE_URL names one."""
    DatabaseOperations.execute_sql_flush = flush_past_the_guards  # type: ignore[method-assign]
    if read_settings().database_url:
        yield
        return
    server = Server(data_dir=read_settings().data_dir, settings=QUICK_AND_CARELESS)
    server.join()
    yield
    connections.close_all()
    server.leave()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_server: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Let pytest-django make its database only when the server runs."""
