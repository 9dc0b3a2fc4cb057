"""What the pages of an import share: whose it is, where it stands, which page that is."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from reciproca.imports import queries
from reciproca.imports.models import Import, State
from reciproca.shared.models import Job, JobState
from reciproca.shared.types import MemberRequest
from reciproca.web.importing.jobs import READ, RECORD, UNDO
from reciproca.web.importing.readers import READERS

STEPS = ("file", "columns", "check", "result")

STOPPED_STATES = (State.RUNNING, State.STOPPED, State.UNDOING)
"""When no worker has the file: it is somebody's turn to let it go on, or to take it back."""

MAY_CHANGE_COLUMNS = (State.READING, State.READ, State.PREVIEWED, State.FAILED)
"""Nothing of it is recorded yet."""


def owner_id(request: MemberRequest) -> UUID | None:
    """Return the organisation whose files these are: a manager's own, None for the federation."""
    return request.actor.node_id if request.actor.role == "manager" else None


def kinds_for(request: MemberRequest) -> list[str]:
    """Return what somebody may import: a manager what is its own, an officer everything."""
    of_a_manager = ["purchases", "products", "pricelist"]
    return of_a_manager if request.actor.role == "manager" else list(READERS)


def import_or_404(request: MemberRequest, import_id: UUID) -> Import:
    """Return an import of whoever asks."""
    found = queries.imports_of(organisation_id=owner_id(request)).filter(pk=import_id).first()
    if found is None:
        raise Http404
    return found


def is_at_work(job: Job | None) -> bool:
    """Return whether a worker has a file, or will."""
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


def job_of(found: Import) -> Job | None:
    """Return the last job that was started for a file."""
    jobs = Job.objects.filter(kind__in=[READ, RECORD, UNDO], subject=str(found.pk))
    return jobs.order_by("-created_at", "id").first()


def page_of(found: Import, job: Job | None) -> str:
    """Return the name of the page at which a file stands."""
    if is_at_work(job):
        return "imports:progress"
    if found.state == State.READING and job is None:
        return "imports:columns"
    if found.state == State.PREVIEWED:
        return "imports:check"
    if found.state in (State.DONE, State.FAILED, State.UNDONE, *STOPPED_STATES):
        return "imports:result"
    # A job that failed: its own page says why, and how to go on.
    return "imports:progress"


def steps(found: Import | None, here: str) -> dict[str, Any]:
    """Return the named steps of the wizard, and which one this is."""
    labels = {
        "file": _("File"),
        "columns": _("Colonne"),
        "check": _("Controllo"),
        "result": _("Registrazione"),
    }
    place = STEPS.index(here)
    may_go_back = found is not None and found.state in (State.PREVIEWED, State.FAILED)
    return {
        "steps": [
            {
                "label": labels[name],
                "url": reverse("imports:columns", args=[found.pk])
                if found is not None and may_go_back and name == "columns"
                else "",
                "state": "ok" if at < place else "here" if at == place else "todo",
            }
            for at, name in enumerate(STEPS)
        ]
    }
