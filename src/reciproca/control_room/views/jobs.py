"""Long pieces of work: which ran, how far one is, and going on with one that stopped."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.control_room.jobs import brief, job_named, latest_jobs
from reciproca.shared.gates import role_required
from reciproca.shared.jobs import resume_job
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")


@require_safe
@officer_required
def jobs(request: MemberRequest) -> HttpResponse:
    """List the last jobs, those that stopped with the reason."""
    return render(request, "control_room/jobs.html", {"jobs": latest_jobs()})


@require_safe
@officer_required
def job(request: MemberRequest, job_id: UUID) -> HttpResponse:
    """Show how far a job is; asked for a part, the strip alone."""
    found = job_named(job_id=job_id)
    if found is None:
        raise Http404
    in_brief = "brief" in request.GET
    context = {
        "job": brief(found) if in_brief else found,
        "poll_url": request.get_full_path(),
        "css": "strip" if in_brief else "",
    }
    name = "components/job.html" if request.htmx else "control_room/job.html"
    return render(request, name, context)


@require_POST
@officer_required
def resumption(request: MemberRequest, job_id: UUID) -> HttpResponse:
    """Go on with a job that stopped, from where it was."""
    if job_named(job_id=job_id) is None:
        raise Http404
    resume_job(job_id=job_id)
    messages.success(request, _("Il lavoro riprende da dove si era fermato."))
    return redirect("control_room:job", job_id)
