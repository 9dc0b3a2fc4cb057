"""A job as a page draws it (`components/job.html`): its named steps and how far each one is."""

from dataclasses import dataclass
from uuid import UUID

from reciproca.shared.jobs import job_kind, why
from reciproca.shared.models import Job, JobState


@dataclass(frozen=True, slots=True)
class StepView:
    """One named step; `state` is `ok`, `run`, `todo` or `bad`, `total` is zero while unknown."""

    label: str
    state: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class JobView:
    """A job; `state` is `running` (or waiting for a worker), `done` or `failed`."""

    id: UUID
    title: str
    state: str
    steps: tuple[StepView, ...]
    note: str


def job_view(job: Job) -> JobView:
    """Return what a page draws of a job; a failed one says why in its note."""
    return JobView(
        id=job.id,
        title=job.title,
        state=job.state if job.state in (JobState.DONE, JobState.FAILED) else "running",
        steps=tuple(_steps(job)),
        note=why(job),
    )


def latest_job(*, kind: str, subject: str = "") -> Job | None:
    """Return the last job of a kind (about a subject), None where there never was one."""
    found = Job.objects.filter(kind=kind)
    if subject:
        found = found.filter(subject=subject)
    return found.order_by("-created_at", "id").first()


def _steps(job: Job) -> list[StepView]:
    titles = job_kind(job.kind).steps
    names = list(titles)
    if job.state == JobState.DONE:
        return [StepView(str(title), "ok") for title in titles.values()]
    # Before the first report, and while it waits, the first step is the one that is awaited.
    here = names.index(job.step) if job.step in names else 0
    at = "bad" if job.state == JobState.FAILED else "run"
    return [
        StepView(str(titles[name]), "ok")
        if place < here
        else StepView(str(titles[name]), at, job.done, job.total)
        if place == here
        else StepView(str(titles[name]), "todo")
        for place, name in enumerate(names)
    ]
