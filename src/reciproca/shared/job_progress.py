"""A running job's own connection: its progress is seen at once, and no other worker runs it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from reciproca.shared.models import JobState

SECONDS_BETWEEN_REPORTS = 0.3
"""Pages ask every two seconds; writing more often would only make the table grow."""


class StopNow(Exception):
    """The worker is leaving: the job goes back to the queue and resumes elsewhere."""


class AlreadyRunning(Exception):
    """Another worker is at this job: the one who asks goes away."""


@contextmanager
def only_runner(job_id: UUID) -> Iterator[BaseDatabaseWrapper]:
    """
    Hold a job for the length of the block, and give the connection that holds it.

    The lock belongs to the connection, so a killed worker lets go of it. Progress goes through the
    same connection: the job's own transaction would hide it until the end.

    Raises: AlreadyRunning.
    """
    connection = connections["default"].copy()
    key = job_id.int & (1 << 63) - 1
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if cursor.fetchone() != (True,):
                raise AlreadyRunning
        try:
            yield connection
        finally:
            # A pool takes the connection back as it is: what was locked must be unlocked.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
    finally:
        connection.close()


class JobProgress:
    """Writes a job's progress where a page can see it; see `shared.progress.Progress`."""

    def __init__(
        self, *, job_id: UUID, connection: BaseDatabaseWrapper, told_to_stop: Callable[[], bool]
    ) -> None:
        self._job_id = job_id
        self._connection = connection
        self._told_to_stop = told_to_stop
        self._step = ""
        self._reported_at = 0.0

    def begin(self) -> None:
        """Write down that the job runs, since now."""
        now = timezone.now()
        self._write("state = %s, started_at = %s, heartbeat_at = %s", [JobState.RUNNING, now, now])

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """
        Write down how far the job is, unless that was done a moment ago.

        Raises: StopNow when the worker is leaving.
        """
        if self._told_to_stop():
            raise StopNow
        soon = time.monotonic() - self._reported_at < SECONDS_BETWEEN_REPORTS
        if soon and step == self._step:
            return
        self._step, self._reported_at = step, time.monotonic()
        self._write(
            "step = %s, done = %s, total = %s, heartbeat_at = %s",
            [step, done, total, timezone.now()],
        )

    def _write(self, assignments: str, values: list[str | int | datetime]) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE shared_job SET {assignments} WHERE id = %s",  # noqa: S608
                [*values, self._job_id],
            )
