"""What the workers do for this room: run jobs, and take up those whose worker was killed."""

from datetime import UTC, datetime
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Status

from reciproca.shared.errors import DomainError
from reciproca.shared.job_progress import AlreadyRunning, StopNow
from reciproca.shared.jobs import end_job, run_job

MOST_ATTEMPTS = 5


class StoppedTooOften(DomainError):
    code = "stopped-too-often"
    message = _("Il lavoro si è interrotto più volte. Avvisa chi cura il sistema, poi riprova.")


SECONDS_WITHOUT_HEARTBEAT = 30
"""A worker says every ten seconds that it lives."""


@app.task(
    name="run-job",
    pass_context=True,
    retry=RetryStrategy(
        max_attempts=MOST_ATTEMPTS, linear_wait=5, retry_exceptions=[OperationalError, JobAborted]
    ),
)
def run(context: JobContext, *, job_id: str) -> None:
    """Run one job; a lost database or a leaving worker puts it back in the queue."""
    try:
        run_job(
            job_id=UUID(job_id),
            may_retry=context.job.attempts < MOST_ATTEMPTS,
            told_to_stop=context.should_abort,
        )
    except AlreadyRunning:
        return
    except StopNow as leaving:
        raise JobAborted from leaving


@app.periodic(cron="*/15 * * * * *")
@app.task(name="take-up-stalled-jobs", queueing_lock="take-up-stalled-jobs", pass_context=True)
async def take_up_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back in the queue what a killed worker was doing; give up what kills every worker."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(
        seconds_since_heartbeat=SECONDS_WITHOUT_HEARTBEAT
    ):
        if stalled.attempts < MOST_ATTEMPTS:
            await manager.retry_job(stalled, retry_at=datetime.now(tz=UTC))
            continue
        assert stalled.id is not None
        await manager.finish_job_by_id_async(
            job_id=stalled.id, status=Status.FAILED, delete_job=False
        )
        if "job_id" in stalled.task_kwargs:
            await sync_to_async(_give_up)(UUID(str(stalled.task_kwargs["job_id"])))


def _give_up(job_id: UUID) -> None:
    end_job(job_id=job_id, refusal=StoppedTooOften())
