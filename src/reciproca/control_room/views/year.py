"""Closing a year: how far everybody is, the close itself, what came of it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from reciproca.control_room import queries
from reciproca.control_room.tasks import CLOSE
from reciproca.shared.gates import role_required
from reciproca.shared.job_view import job_view, latest_job
from reciproca.shared.jobs import resume_job, start_job
from reciproca.shared.models import JobState
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")

ON_A_PAGE = 50


@require_safe
@officer_required
def latest(request: MemberRequest) -> HttpResponse:
    """Lead to the last year that is over."""
    return redirect("control_room:year_of", timezone.localdate().year - 1)


@require_safe
@officer_required
def year_of(request: MemberRequest, year: int) -> HttpResponse:
    """Show how far the cooperatives are with a year, and the close."""
    _check_over(year)
    state = queries.year_state(year=year)
    job = None if state.is_closed else latest_job(kind=CLOSE, subject=str(year))
    context = {
        "state": state,
        "page": Paginator(state.rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "year": year,
        "chips": _chips(year),
        "job": job_view(job) if job else None,
        "closing": reverse("control_room:closing", args=[year]),
    }
    return render(request, "control_room/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required
def closing(request: MemberRequest, year: int) -> HttpResponse:
    """Begin to close a year, or go on where it stopped; asked for, show how far it is."""
    _check_over(year)
    job = latest_job(kind=CLOSE, subject=str(year))
    if request.method == "POST":
        if job is not None and job.state == JobState.FAILED:
            resume_job(job_id=job.id)
        else:
            start_job(
                kind=CLOSE,
                args={
                    "year": year,
                    "closed_by": str(request.actor.user_id),
                    "person_id": str(request.actor.person_id),
                },
                started_by=request.actor.user_id,
                subject=str(year),
            )
        return redirect("control_room:year_of", year)
    if job is None or not request.htmx:
        return redirect("control_room:year_of", year)
    context = {
        "job": job_view(job),
        "css": "strip",
        "poll_url": request.path,
        "result_url": reverse("control_room:year_of", args=[year]),
    }
    return render(request, "control_room/closing.html", context)


def _chips(year: int) -> list[dict[str, object]]:
    last = timezone.localdate().year - 1
    years = sorted({last, last - 1, year, *queries.closed_years()}, reverse=True)
    return [
        {
            "label": str(each),
            "url": reverse("control_room:year_of", args=[each]),
            "current": each == year,
        }
        for each in years
    ]


def _check_over(year: int) -> None:
    if not 2000 <= year < timezone.localdate().year:
        raise Http404
