"""The page that waits for a file, and the file once it is there: for who asked alone."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from reciproca.shared.gates import known_required
from reciproca.shared.job_view import job_view
from reciproca.shared.models import Job
from reciproca.shared.types import MemberRequest
from reciproca.web.lists import later


@require_safe
@known_required
def waiting(request: MemberRequest, job_id: UUID) -> HttpResponse:
    """Show how far a file is, then where it is."""
    made = _own_or_404(request, job_id)
    kept = later.kept_file(made)
    context = {
        "job": job_view(made),
        "poll_url": request.path,
        "file_url": reverse("lists:later_file", args=[job_id]) if kept else "",
    }
    if request.htmx:
        return render(request, "web/file_job.html", context)
    context |= {"address": made.args["address"], "gone": made.state == "done" and not kept}
    return render(request, "web/file_later.html", context)


@require_safe
@known_required
def file(request: MemberRequest, job_id: UUID) -> HttpResponse:
    """Hand out the file."""
    made = _own_or_404(request, job_id)
    kept = later.kept_file(made)
    if kept is None:
        raise Http404
    return HttpResponse(kept.read_bytes(), headers=made.result["headers"])


def _own_or_404(request: MemberRequest, job_id: UUID) -> Job:
    made = later.own_file_job(job_id=job_id, actor=request.actor)
    if made is None:
        raise Http404
    return made
