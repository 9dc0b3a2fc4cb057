"""Runs: opened, measured, approved by a second person, paid, corrected."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.redistribution import actions, queries
from reciproca.redistribution.errors import PolicyTampered
from reciproca.redistribution.models import Run
from reciproca.redistribution.page_forms import (
    AnswerForm,
    PeriodForm,
    ReasonForm,
    proposed_period,
)
from reciproca.redistribution.tasks import MEASURE, PAY
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.job_view import JobView, job_view, latest_job
from reciproca.shared.jobs import start_job
from reciproca.shared.models import JobState
from reciproca.shared.types import MemberRequest

officer_required = role_required("officer")


@require_safe
@officer_required
def overview(request: MemberRequest) -> HttpResponse:
    """List the runs, what is tried, and the criteria in force."""
    today = timezone.localdate()
    initial = proposed_period(queries.first_day_open(), today)
    return _overview(request, PeriodForm(initial=initial))


@require_POST
@officer_required
def openings(request: MemberRequest) -> HttpResponse:
    """Open a run and let a worker measure it."""
    form = PeriodForm(request.POST)
    if not form.is_valid():
        return _overview(request, form, 422)
    try:
        run = actions.open_run(
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            opened_by=_user(request),
            opened_at=timezone.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _overview(request, form, refusal.status)
    _start(request, run, MEASURE)
    return redirect("redistribution:run", run.id)


@require_safe
@officer_required
def run(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Show a run: how far it is, what it gives in sums, and what people object."""
    found = run_or_404(run_id)
    job = _job(found)
    if request.htmx and job:
        here = reverse("redistribution:run", args=[run_id])
        context = {"job": job, "poll_url": here, "result_url": here, "result_label": _("Guarda")}
        return render(request, "components/job.html", context)
    return show_run(request, found)


@require_POST
@officer_required
def measurement(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Measure again what could not be measured."""
    _start(request, run_or_404(run_id), MEASURE)
    return redirect("redistribution:run", run_id)


@require_POST
@officer_required
def approval(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Approve a run that another person opened, and let a worker pay it."""
    found = run_or_404(run_id)
    try:
        actions.approve_run(run_id=run_id, approved_by=_user(request), approved_at=timezone.now())
    except DomainError as refusal:
        return show_run(request, found, refusal=refusal)
    _start(request, found, PAY)
    return redirect("redistribution:run", run_id)


@require_POST
@officer_required
def payment(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Pay an approved run whose payment was stopped."""
    _start(request, run_or_404(run_id), PAY)
    return redirect("redistribution:run", run_id)


@require_POST
@officer_required
def withdrawal(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Give up a run that is not approved."""
    found = run_or_404(run_id)
    try:
        actions.withdraw_run(
            run_id=run_id, withdrawn_by=_user(request), withdrawn_at=timezone.now()
        )
    except DomainError as refusal:
        return show_run(request, found, refusal=refusal)
    messages.success(request, _("Riparto ritirato: non si è mosso niente."))
    return redirect("redistribution:list")


@require_POST
@officer_required
def corrections(request: MemberRequest, run_id: UUID) -> HttpResponse:
    """Open the correction of a paid run."""
    found, form = run_or_404(run_id), ReasonForm(request.POST)
    if not form.is_valid():
        return show_run(request, found, reason=form, status=422)
    try:
        correction = actions.open_correction(
            run_id=run_id,
            reason=form.cleaned_data["reason"],
            opened_by=_user(request),
            opened_at=timezone.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return show_run(request, found, reason=form, status=refusal.status)
    _start(request, correction, MEASURE)
    return redirect("redistribution:run", correction.id)


def show_run(
    request: MemberRequest,
    found: Run,
    *,
    refusal: DomainError | None = None,
    reason: ReasonForm | None = None,
    answering: tuple[UUID, AnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a run, with what was refused."""
    answered_id, answer = answering or (None, None)
    if refusal:
        status = refusal.status
    try:
        sentences = queries.sentences_of(run=found)
    except PolicyTampered as trouble:
        sentences, refusal = (), refusal or trouble
    context = {
        "run": found,
        "job": _job(found),
        "sums": queries.sums_of(run=found) if found.measured_at else None,
        "sentences": sentences,
        "opened_by_me": found.opened_by == request.actor.user_id,
        "reason": reason or ReasonForm(),
        "objections": [
            (each, answer if each.id == answered_id else AnswerForm(auto_id=f"id_{each.id}_%s"))
            for each in queries.objections_of(run=found)
        ],
        "refusal": refusal,
    }
    return render(request, "redistribution/run.html", context, status=status)


def run_or_404(run_id: UUID) -> Run:
    """Return a run, or answer as for a page that does not exist."""
    found = queries.run_named(run_id=run_id)
    if found is None:
        raise Http404
    return found


def _overview(request: MemberRequest, form: PeriodForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "runs": queries.runs(),
        "simulations": queries.simulations(),
        "in_force": queries.policy_in_force(on=timezone.localdate()),
    }
    return render(request, "redistribution/list.html", context, status=status)


def _start(request: MemberRequest, found: Run, kind: str) -> None:
    start_job(
        kind=kind,
        args={"run_id": str(found.id), "person_id": str(request.actor.person_id)},
        started_by=request.actor.user_id,
        subject=str(found.id),
    )


def _job(found: Run) -> JobView | None:
    """Return what a worker does for a run, unless it is done."""
    kinds = {"opened": MEASURE, "approved": PAY}
    kind = kinds.get(found.state)
    job = latest_job(kind=kind, subject=str(found.id)) if kind else None
    return job_view(job) if job and job.state != JobState.DONE else None


def _user(request: MemberRequest) -> UUID:
    assert request.actor.user_id is not None
    return request.actor.user_id
