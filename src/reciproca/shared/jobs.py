"""
Long work that goes on in a worker while people do other things.

A room registers a function in its `tasks.py`, and starts it by name:

    @job(kind="refunds.run", title=_("Ristorno"), steps={"claims": _("Scambi dei soci")})
    def refund_run(progress: Progress, *, accounts_id: str) -> dict[str, object]: ...

    start_job(kind="refunds.run", args={"accounts_id": str(accounts.id)}, started_by=user_id)

A worker that is killed leaves its job to the next one, which runs the function anew with the same
arguments: a job resumes where it was, or does again what is harmless to repeat.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from reciproca.shared.errors import DomainError
from reciproca.shared.job_progress import JobProgress, StopNow, only_runner
from reciproca.shared.models import Job, JobState
from reciproca.shared.sentences import kept, sentence

logger = logging.getLogger(__name__)

JobFunction = Callable[..., dict[str, object]]

REFUSAL = "refusal"
"""Where the result of a failed job keeps the figures of its refusal."""


class JobCrashed(DomainError):
    code = "crashed"
    message = _(
        "Il lavoro si è interrotto per un guasto nostro, che abbiamo registrato. "
        "Quello che era già fatto resta valido: puoi riprendere da qui."
    )


@dataclass(frozen=True, slots=True)
class JobKind:
    """A registered kind of job: its function, its title and its named steps in order."""

    name: str
    title: str | Promise
    run: JobFunction
    steps: Mapping[str, str | Promise] = field(default_factory=dict)


_kinds: dict[str, JobKind] = {}


def job(
    *, kind: str, title: str | Promise, steps: Mapping[str, str | Promise] | None = None
) -> Callable[[JobFunction], JobFunction]:
    """Register a function (progress, then its arguments by name) as the kind of job `kind`."""

    def register(function: JobFunction) -> JobFunction:
        assert kind not in _kinds, f"two kinds of job are called {kind}"
        _kinds[kind] = JobKind(name=kind, title=title, run=function, steps=steps or {})
        return function

    return register


def job_kind(name: str) -> JobKind:
    """Return a registered kind; a name that nobody registered is a mistake of ours (KeyError)."""
    return _kinds[name]


def start_job(
    *,
    kind: str,
    args: dict[str, object],
    started_by: UUID | None,
    title: str = "",
    subject: str = "",
) -> Job:
    """
    Hand a job to the workers, when the present transaction commits, and return it.

    `args` are JSON. With a `subject` (an import's id, a year) only one job of this kind may be
    waiting or running for it: asked again, the live one is returned.
    """
    draft = Job(
        kind=kind,
        title=title or str(job_kind(kind).title),
        subject=subject,
        args=args,
        started_by=started_by,
        language=get_language() or "it",
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
            _defer(draft.pk)
    except IntegrityError:
        return Job.objects.get(
            kind=kind, subject=subject, state__in=[JobState.QUEUED, JobState.RUNNING]
        )
    return draft


def resume_job(*, job_id: UUID) -> None:
    """Run a failed job again with the same arguments; any other state is left as it is."""
    failed = Job.objects.filter(pk=job_id, state=JobState.FAILED)
    # Somebody may have started a new one for the same subject meanwhile: that one goes on.
    with suppress(IntegrityError), transaction.atomic():
        if failed.update(state=JobState.QUEUED, code="", message="", result={}, finished_at=None):
            _defer(job_id)


def run_job(
    *, job_id: UUID, may_retry: bool = False, told_to_stop: Callable[[], bool] = lambda: False
) -> None:
    """
    Run a job here and now, and write down how it ended.

    A refusal ends it with its own sentence, a crash is logged and ends it with a general one. With
    `may_retry` a lost database leaves the job waiting and raises OperationalError; being told to
    stop leaves it waiting and raises StopNow.
    """
    job = Job.objects.get(pk=job_id)
    if job.finished_at is not None:
        return
    with only_runner(job_id) as connection, override(job.language):
        progress = JobProgress(job_id=job_id, connection=connection, told_to_stop=told_to_stop)
        progress.begin()
        try:
            result = job_kind(job.kind).run(progress, **job.args)
        except DomainError as refusal:
            end_job(job_id=job_id, refusal=refusal)
        except StopNow:
            _wait_again(job_id)
            raise
        except Exception as crash:
            if may_retry and isinstance(crash, OperationalError):
                _wait_again(job_id)
                raise
            logger.exception("job %s (%s) crashed", job_id, job.kind)
            end_job(job_id=job_id, refusal=JobCrashed())
        else:
            end_job(job_id=job_id, result=result)


def end_job(
    *, job_id: UUID, result: dict[str, object] | None = None, refusal: DomainError | None = None
) -> None:
    """
    Write down that a job ended: failed with a `refusal`, done otherwise.

    A refusal is kept twice: as its sentence, and as what `why` says again to whoever reads.
    """
    ended = Job.objects.filter(pk=job_id)
    if refusal is None:
        ended.update(state=JobState.DONE, result=result or {}, finished_at=timezone.now())
        return
    ended.update(
        state=JobState.FAILED,
        result={REFUSAL: kept(refusal.params)},
        code=refusal.code,
        message=str(refusal),
        finished_at=timezone.now(),
    )


def why(job: Job) -> str:
    """Return why a job failed, in the language of whoever reads; empty when it did not."""
    if REFUSAL not in job.result:
        return job.message
    said = sentence(code=job.code, params=job.result[REFUSAL])
    return job.message if said == job.code else said


def _wait_again(job_id: UUID) -> None:
    Job.objects.filter(pk=job_id).update(state=JobState.QUEUED)


def _defer(job_id: UUID) -> None:
    # The queue is a table: a transaction that rolls back takes the job with it.
    app.configure_task("run-job", allow_unknown=False).defer(job_id=str(job_id))
