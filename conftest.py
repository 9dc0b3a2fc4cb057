"""What every test may ask for, and the database that all of them run on."""

import itertools
from collections.abc import Callable, Iterable, Iterator

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from hypothesis import HealthCheck, settings

from reciproca.postgres.server import Server
from reciproca.settings.reader import read_settings
from reciproca.shared.jobs import run_job
from reciproca.shared.models import Job, JobState

# How long an example takes says more about the machine than about the rule.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

QUICK_AND_CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""Safe for a database that nobody wants after a power cut."""

NOT_DJANGOS = (
    "TRUNCATE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,"
    " procrastinate_workers, shared_cache;"
)
"""Tables with rows that Django's own flush does not know."""

TESTS = itertools.count()

flush_statements = DatabaseOperations.execute_sql_flush


def flush_past_the_guards(operations: BaseDatabaseOperations, sql: Iterable[str]) -> None:
    """Empty all tables after a test, those that only grow too: replicas fire no triggers."""
    flush_statements(
        operations, ["SET LOCAL session_replication_role = replica;", *sql, NOT_DJANGOS]
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)  # before the hands read which group an item is of
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """
    Let two hands share the suite: one file is one hand's, and all that drives a browser.

    That begins first: it takes longest, and the other hand meanwhile does the rest.
    """
    for item in items:
        group = "browser" if _drives_browser(item) else item.location[0]
        item.add_marker(pytest.mark.xdist_group(group))
    yield
    items.sort(key=lambda item: not _drives_browser(item))


def _drives_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """Start the embedded server that the suite shares, unless DATABASE_URL names one."""
    DatabaseOperations.execute_sql_flush = flush_past_the_guards  # type: ignore[method-assign, assignment]
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


@pytest.fixture(autouse=True)
def in_italian() -> None:
    """Forget the language of the test before: a request leaves its reader's behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_log_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test keys of its own for the log: on purpose they outlive the database."""
    folder = read_settings().data_dir / "logs" / str(next(TESTS))
    monkeypatch.setattr(django_settings, "LOG_KEY_FILE", folder / "log-key")


@pytest.fixture
def run_jobs(db: None) -> Callable[[], list[Job]]:
    """Do here and now what waits for a worker; returns the jobs as they ended."""

    def run_all() -> list[Job]:
        waiting = Job.objects.filter(state=JobState.QUEUED).order_by("created_at", "id")
        ids = list(waiting.values_list("id", flat=True))
        for job_id in ids:
            run_job(job_id=job_id)
        return list(Job.objects.filter(id__in=ids).order_by("created_at", "id"))

    return run_all
