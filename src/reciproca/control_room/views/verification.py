"""Counting everything again, from a page: the last verdict, and a new one."""

from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.control_room.actions import CHECKS
from reciproca.control_room.alerts.causes import VERIFY
from reciproca.control_room.tasks import EVERYTHING
from reciproca.shared.gates import role_required
from reciproca.shared.job_view import job_view, latest_job
from reciproca.shared.jobs import start_job
from reciproca.shared.models import Job, JobState
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")


class VerdictRow(NamedTuple):
    """One check as the page shows it."""

    title: str
    ok: bool
    details: list[str]
    seconds: float


@require_safe
@officer_required
def verify(request: MemberRequest) -> HttpResponse:
    """Show what the last verification found."""
    job = latest_job(kind=VERIFY)
    is_done = job is not None and job.state == JobState.DONE
    verdicts = _verdicts(job) if job and is_done else []
    context = {
        "job": job_view(job) if job and not is_done else None,
        "finished_at": job.finished_at if job and is_done else None,
        "verdicts": verdicts,
        "wrong_count": sum(not verdict.ok for verdict in verdicts),
        "running": reverse("control_room:verification"),
    }
    return render(request, "control_room/verify.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def verification(request: MemberRequest) -> HttpResponse:
    """Begin to count everything again; asked for, show how far that is."""
    if request.method == "POST":
        start_job(
            kind=VERIFY,
            args={"person_id": str(request.actor.person_id)},
            started_by=request.actor.user_id,
            subject=EVERYTHING,
        )
        return redirect("control_room:verify")
    job = latest_job(kind=VERIFY)
    if job is None or not request.htmx:
        return redirect("control_room:verify")
    context = {
        "job": job_view(job),
        "css": "strip",
        "poll_url": request.path,
        "result_url": reverse("control_room:verify"),
    }
    return render(request, "control_room/verifying.html", context)


def _verdicts(job: Job) -> list[VerdictRow]:
    checks = job.result["checks"]
    return [
        VerdictRow(str(check.title), **checks[check.name])
        for check in CHECKS
        if check.name in checks
    ]
