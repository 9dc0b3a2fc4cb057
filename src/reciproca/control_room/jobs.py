"""Long pieces of work as the control room shows them: what runs, what ended, what stopped."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.registry import queries as registry
from reciproca.shared.job_view import JobView, StepView, job_view
from reciproca.shared.jobs import why
from reciproca.shared.models import Job, JobState

LATEST = 50
MOST_STEPS = 5
LIVE = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job in the list; `ended_at` is None while it goes on."""

    id: UUID
    title: str
    state: str
    state_title: str
    began_at: datetime
    ended_at: datetime | None
    by: str
    message: str


def running_job() -> JobView | None:
    """Return in brief the job that runs or waits, the latest of several; None when none does."""
    job = Job.objects.filter(state__in=LIVE).order_by("-created_at", "id").first()
    return brief(told(job)) if job else None


def job_named(*, job_id: UUID) -> JobView | None:
    """Return one job, whatever its state."""
    job = Job.objects.filter(pk=job_id).first()
    return told(job) if job else None


def latest_jobs() -> list[JobRow]:
    """Return the last jobs, the latest first, in two SQL queries."""
    jobs = list(Job.objects.order_by("-created_at", "id")[:LATEST])
    names = registry.names_of_users({job.started_by for job in jobs if job.started_by})
    return [
        JobRow(
            id=job.id,
            title=job.title,
            state=job.state,
            state_title=job.get_state_display(),
            began_at=job.created_at,
            ended_at=job.finished_at,
            by=names.get(job.started_by, "") if job.started_by else "",
            message=why(job),
        )
        for job in jobs
    ]


def told(job: Job) -> JobView:
    """Return a job as a page draws it, with who began it."""
    view = job_view(job)
    names = registry.names_of_users([job.started_by]) if job.started_by else {}
    if view.note or not names:
        return view
    return replace(view, note=_("Avviato da %(name)s.") % {"name": next(iter(names.values()))})


def brief(view: JobView) -> JobView:
    """Return a job of many steps with only those before and after the present one counted."""
    if len(view.steps) <= MOST_STEPS:
        return view
    done = [step for step in view.steps if step.state == "ok"]
    left = [step for step in view.steps if step.state == "todo"]
    here = [step for step in view.steps if step.state in ("run", "bad")]
    before = ngettext("Un passo fatto", "%(n)s passi fatti", len(done)) % {"n": len(done)}
    after = ngettext("Un altro passo", "Altri %(n)s passi", len(left)) % {"n": len(left)}
    steps = (
        *([StepView(before, "ok")] if done else []),
        *here,
        *([StepView(after, "todo")] if left else []),
    )
    return replace(view, steps=steps)
