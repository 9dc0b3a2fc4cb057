"""The later pages of an import: how far it is, the preview, what came of it, taking it back."""

from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.imports import actions, queries
from reciproca.imports.models import Import, State
from reciproca.imports.refusals import NotUndoable, PreviewDropped, RowsRefused
from reciproca.registry.places import load_municipalities
from reciproca.shared.job_view import job_view
from reciproca.shared.jobs import start_job, why
from reciproca.shared.models import Job, JobState
from reciproca.shared.sentences import sentence
from reciproca.shared.tables import in_language_of_now
from reciproca.shared.types import MemberRequest
from reciproca.web.importing import uploads, wizard
from reciproca.web.importing.forms import ReasonForm
from reciproca.web.importing.jobs import RECORD, UNDO
from reciproca.web.importing.readers import READERS
from reciproca.web.importing.upload import GET_OR_POST, importer_required

SHOWN_ROWS = 10
SHOWN_DUPLICATES = 20


@require_safe
@importer_required
def import_page(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Lead to the page at which a file stands."""
    found = wizard.import_or_404(request, import_id)
    return redirect(wizard.page_of(found, wizard.job_of(found)), found.pk)


@require_safe
@importer_required
def progress(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Show how far the reading, the recording or the undoing of a file is."""
    found = wizard.import_or_404(request, import_id)
    job = wizard.job_of(found)
    # Whoever comes back when all is over goes on; whoever is watching sees it end first.
    is_over = wizard.page_of(found, job) != "imports:progress"
    if job is None or (is_over and not request.htmx):
        return redirect("imports:import", found.pk)
    context: dict[str, Any] = {
        "file": found,
        "job": job_view(job),
        "is_failed": job.state == JobState.FAILED,
        "may_change": found.state in wizard.MAY_CHANGE_COLUMNS
        and uploads.kept_upload(found.pk).exists(),
        **wizard.steps(found, "result" if job.kind in (RECORD, UNDO) else "check"),
    }
    template = "imports/job.html" if request.htmx else "imports/progress.html"
    return render(request, template, context)


@require_safe
@importer_required
def check(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Show what would be recorded, and what not and why."""
    found = wizard.import_or_404(request, import_id)
    if found.state != State.PREVIEWED:
        return redirect("imports:import", found.pk)
    return show_check(request, found)


@require_POST
@importer_required
def recording(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Begin to record a file, or go on; taking the good rows alone is an explicit choice."""
    found = wizard.import_or_404(request, import_id)
    goes_on = found.state in (State.RUNNING, State.STOPPED)
    if found.state != State.PREVIEWED and not goes_on:
        return redirect("imports:import", found.pk)
    good_rows = request.POST.get("good_rows") == "on"
    if found.refused_count and not good_rows and not goes_on:
        return show_check(request, found, refusal=RowsRefused(refused=found.refused_count))
    start_job(
        kind=RECORD,
        args={
            "import_id": str(found.pk),
            "person_id": str(request.actor.person_id),
            "takes_good_rows": good_rows,
        },
        started_by=request.actor.user_id,
        title=found.file_name,
        subject=str(found.pk),
    )
    return redirect("imports:progress", found.pk)


@require_POST
@importer_required
def removal(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Leave a file that was not recorded."""
    found = wizard.import_or_404(request, import_id)
    if found.state in (State.READING, State.PREVIEWED, State.FAILED):
        actions.give_up(import_id=found.pk, refusal=PreviewDropped())
        uploads.forget_upload(found.pk)
    return redirect("imports:list")


@require_safe
@importer_required
def result(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Show what came of a file."""
    found = wizard.import_or_404(request, import_id)
    job = wizard.job_of(found)
    if wizard.page_of(found, job) != "imports:result":
        return redirect("imports:import", found.pk)
    is_stopped = found.state in wizard.STOPPED_STATES
    context = {
        "file": found,
        "title": READERS[found.kind].title,
        "reasons": queries.reasons(import_id=found.pk),
        "refused_because": _why(found, job),
        "duplicates": _duplicates(found),
        "is_stopped": is_stopped,
        "may_go_on": found.state in (State.RUNNING, State.STOPPED),
        "may_undo": is_stopped or (found.state == State.DONE and found.accepted_count),
        "may_change": found.state == State.FAILED and uploads.kept_upload(found.pk).exists(),
        **wizard.steps(found, "result"),
    }
    return render(request, "imports/result.html", context)


@require_safe
@importer_required
def refused_rows(request: MemberRequest, import_id: UUID) -> HttpResponseBase:
    """Hand out the refused rows with their reasons, as CSV."""
    found = wizard.import_or_404(request, import_id)
    response = StreamingHttpResponse(
        in_language_of_now(queries.refused_csv(file=found)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="righe-respinte-{found.pk}.csv"'
    return response


@require_http_methods(GET_OR_POST)
@importer_required
def undo(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Ask why a file is taken back, and begin."""
    found = wizard.import_or_404(request, import_id)
    is_stopped = found.state in wizard.STOPPED_STATES
    if (not is_stopped and found.state != State.DONE) or wizard.is_at_work(wizard.job_of(found)):
        return redirect("imports:import", found.pk)
    form = ReasonForm(request.POST or None, initial={"reason": found.undo_reason})
    refusal = None if found.accepted_count or is_stopped else NotUndoable()
    if request.method == "POST" and refusal is None and form.is_valid():
        start_job(
            kind=UNDO,
            args={
                "import_id": str(found.pk),
                "person_id": str(request.actor.person_id),
                "user_id": str(request.actor.user_id),
                "reason": form.cleaned_data["reason"],
            },
            started_by=request.actor.user_id,
            title=found.file_name,
            subject=str(found.pk),
        )
        return redirect("imports:progress", found.pk)
    context = {"file": found, "form": form, "refusal": refusal}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "imports/undo.html", context, status=status)


def show_check(
    request: MemberRequest, found: Import, *, refusal: RowsRefused | None = None
) -> HttpResponse:
    """Show the preview of a file, with the reason why it was not recorded if there is one."""
    reader = READERS[found.kind]
    rows = [
        (number, reader.shown(values))
        for number, values in queries.first_good_rows(import_id=found.pk, limit=SHOWN_ROWS)
    ]
    context = {
        "file": found,
        "title": reader.title,
        "rows": rows,
        "head": rows[0][1] if rows else [],
        "reasons": queries.reasons(import_id=found.pk),
        "duplicates": _duplicates(found),
        "refusal": refusal,
        **wizard.steps(found, "check"),
    }
    status = refusal.status if refusal else 200
    return render(request, "imports/check.html", context, status=status)


def _why(found: Import, job: Job | None) -> str:
    """Return why a file, or what was last tried with it, was refused; empty when nothing was."""
    if found.refusal_code:
        return sentence(code=found.refusal_code, params=found.refusal_params)
    is_last = job is not None and job.state == JobState.FAILED and found.state != State.UNDONE
    return why(job) if job is not None and is_last else ""


def _duplicates(found: Import) -> dict[str, Any]:
    """Return the likely duplicates, with the names of their places."""
    told = found.findings.get("duplicates") or {"count": 0, "first": []}
    pairs = told["first"][:SHOWN_DUPLICATES]
    return {
        "count": told["count"],
        "pairs": [pair | {"place": _place_names().get(pair["municipality"])} for pair in pairs],
    }


@cache
def _place_names() -> dict[str, str]:
    return {row.istat_code: row.name for row in load_municipalities()}
