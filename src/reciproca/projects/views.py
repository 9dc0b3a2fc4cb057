"""Pages of calls and projects: for who proposes, who votes, and who checks and pays."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.ballots.queries import database_now
from reciproca.projects import actions, queries
from reciproca.projects.page_forms import (
    AssessmentForm,
    DecisionForm,
    FundCallForm,
    ProjectForm,
    ReceiptForm,
    ReportForm,
    VotingForm,
)
from reciproca.projects.queries import CallRow, ProjectPage
from reciproca.projects.timeline import what_came_of
from reciproca.registry import queries as registry
from reciproca.shared.asking import Form
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required, role_required
from reciproca.shared.types import MemberRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@known_required
def calls(request: MemberRequest) -> HttpResponse:
    """List the calls of the community's funds."""
    found = queries.calls(today=timezone.localdate(), now=timezone.now())
    return render(request, "projects/calls.html", {"calls": found})


@require_http_methods(GET_OR_POST)
@role_required("officer")
def call_new(request: MemberRequest) -> HttpResponse:
    """Open a call."""
    funds = [(each.id, each.name) for each in registry.held_nodes() if each.kind == "fund"]
    form = FundCallForm(request.POST or None, funds=funds)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_call(
                call=form.call(), opened_by=request.actor.user_id, opened_at=timezone.now()
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return redirect("projects:call", made)
    return render(request, "projects/call_new.html", {"form": form}, status=status)


@require_safe
@known_required
def call(request: MemberRequest, call_id: UUID) -> HttpResponse:
    """Show a call with its projects, and what whoever reads can do about it now."""
    return _call(request, call_id)


@require_http_methods(GET_OR_POST)
@role_required("manager")
def proposal(request: MemberRequest, call_id: UUID) -> HttpResponse:
    """Propose a project for a call."""
    found = _call_or_404(call_id)
    form = ProjectForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        assert request.actor.node_id is not None
        try:
            made = actions.propose_project(
                project=form.project(call_id=call_id, proposer_id=request.actor.node_id),
                proposed_by=request.actor.user_id,
                proposed_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Proposta arrivata: ora la federazione la esamina."))
            return redirect("projects:project", made.id)
    context = {"call": found, "form": form}
    return render(request, "projects/proposal.html", context, status=status)


@require_POST
@role_required("officer")
def voting(request: MemberRequest, call_id: UUID) -> HttpResponse:
    """Put a call's admitted projects to the vote."""
    form = VotingForm(request.POST)
    if not form.is_valid():
        return _call(request, call_id, voting_form=form, status=422)
    assert request.actor.node_id is not None
    try:
        actions.open_voting(
            call_id=call_id,
            federation_id=request.actor.node_id,
            closes_at=form.closes_at(),
            opened_by=request.actor.user_id,
            opened_at=database_now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _call(request, call_id, voting_form=form, status=refusal.status)
    messages.success(request, _("La votazione è aperta."))
    return redirect("projects:call", call_id)


@require_POST
@role_required("officer")
def closing(request: MemberRequest, call_id: UUID) -> HttpResponse:
    """Count the votes, and grant what won."""
    try:
        actions.close_voting(
            call_id=call_id, closed_by=request.actor.user_id, closed_at=database_now()
        )
    except DomainError as refusal:
        return _call(request, call_id, refusal=refusal, status=refusal.status)
    return redirect("projects:call", call_id)


@require_safe
@known_required
def project(request: MemberRequest, project_id: UUID) -> HttpResponse:
    """Show a project: costs, check, why it won or lost, what it was paid, what became of it."""
    return _project(request, project_id)


@require_POST
@role_required("officer")
def assessment(request: MemberRequest, project_id: UUID) -> HttpResponse:
    """Admit a project to the vote, or refuse it."""
    form = AssessmentForm(request.POST)
    if form.is_valid():
        try:
            actions.assess_project(
                project_id=project_id,
                admissible=form.cleaned_data["answer"] == "yes",
                cost_cents=form.cleaned_data["cost_cents"],
                reason=form.cleaned_data["reason"],
                assessed_by=request.actor.user_id,
                assessed_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            return _project(request, project_id, assessment_form=form, status=refusal.status)
        return redirect("projects:project", project_id)
    return _project(request, project_id, assessment_form=form, status=422)


@require_POST
@role_required("manager")
def receipts(request: MemberRequest, project_id: UUID) -> HttpResponse:
    """Hand in an expense with its document."""
    _own_or_404(request, project_id)
    form = ReceiptForm(request.POST, request.FILES)
    if form.is_valid():
        told = form.cleaned_data
        assert request.actor.node_id is not None
        try:
            actions.hand_in_receipt(
                project_id=project_id,
                proposer_id=request.actor.node_id,
                key=told["key"],
                what=told["what"],
                amount_cents=told["amount_cents"],
                document_name=told["document"].name,
                document=told["document"].read(),
                handed_in_by=request.actor.user_id,
                handed_in_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            return _project(request, project_id, receipt_form=form, status=refusal.status)
        messages.success(request, _("Spesa consegnata: la federazione la guarda e la paga."))
        return redirect("projects:project", project_id)
    return _project(request, project_id, receipt_form=form, status=422)


@require_POST
@role_required("officer")
def tranche(request: MemberRequest, receipt_id: UUID) -> HttpResponse:
    """Pay a receipt, or refuse it."""
    receipt = queries.receipt_document(receipt_id=receipt_id)
    if receipt is None:
        raise Http404
    project_id, form = receipt.award_id, DecisionForm(request.POST, receipt_id=receipt_id)
    if form.is_valid():
        try:
            actions.decide_receipt(
                receipt_id=receipt_id,
                accepted=form.cleaned_data["answer"] == "yes",
                reason=form.cleaned_data["reason"],
                decided_by=request.actor.user_id,
                decided_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return redirect("projects:project", project_id)
    else:
        status = 422
    return _project(request, project_id, decided=(receipt_id, form), status=status)


@require_POST
@role_required("manager")
def reports(request: MemberRequest, project_id: UUID) -> HttpResponse:
    """Tell what became of a project."""
    _own_or_404(request, project_id)
    form = ReportForm(request.POST, request.FILES)
    if form.is_valid():
        assert request.actor.node_id is not None
        try:
            actions.report(
                project_id=project_id,
                proposer_id=request.actor.node_id,
                key=form.cleaned_data["key"],
                text=form.cleaned_data["text"],
                photos=form.photos(),
                reported_by=request.actor.user_id,
                reported_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            return _project(request, project_id, report_form=form, status=refusal.status)
        messages.success(request, _("Il racconto è sulla pagina del progetto."))
        return redirect("projects:project", project_id)
    return _project(request, project_id, report_form=form, status=422)


@require_safe
@role_required("manager", "officer")
def receipt_file(request: MemberRequest, receipt_id: UUID) -> HttpResponse:
    """Hand out a receipt's document to who handed it in, and to who pays."""
    receipt = queries.receipt_document(receipt_id=receipt_id)
    if receipt is None or not (
        request.actor.role == "officer"
        or receipt.award.project.proposer_id == request.actor.node_id
    ):
        raise Http404
    response = HttpResponse(bytes(receipt.document.content), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="spesa.pdf"'
    return response


@require_safe
@known_required
def photo(request: MemberRequest, photo_id: UUID) -> HttpResponse:
    """Hand out a photo of a report."""
    found = queries.photo(photo_id=photo_id)
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.content), content_type="image/jpeg")


def _call(
    request: MemberRequest,
    call_id: UUID,
    *,
    voting_form: VotingForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    found = _call_or_404(call_id)
    projects = queries.projects_of(call=found)
    person = request.actor.person_id
    if voting_form is None and found.state == queries.ASSESSING:
        voting_form = VotingForm()
    context = {
        "call": found,
        "projects": projects,
        "happened": what_came_of(call_id=call_id) if found.state == queries.DECIDED else (),
        "refusal": refusal,
        "has_vote": person is not None and queries.has_vote(call=found, person_id=person),
        "voting_form": voting_form,
        "waiting_count": sum(1 for row in projects if row.state == "proposed"),
    }
    return render(request, "projects/call.html", context, status=status)


def _project(
    request: MemberRequest,
    project_id: UUID,
    *,
    decided: tuple[UUID, DecisionForm] | None = None,
    status: int = 200,
    **forms: Form,
) -> HttpResponse:
    page = _project_or_404(project_id)
    asked = dict([decided] if decided else [])
    context: dict[str, Any] = {
        "page": page,
        "is_own": _is_own(request, page),
        "assessment_form": AssessmentForm(initial={"cost_cents": page.row.cost_cents}),
        "receipt_form": ReceiptForm(),
        "report_form": ReportForm(),
        "decisions": [
            (each, asked.get(each.id) or DecisionForm(receipt_id=each.id))
            for each in page.receipts
            if each.paid_cents is None
        ],
        **forms,
    }
    return render(request, "projects/project.html", context, status=status)


def _is_own(request: MemberRequest, page: ProjectPage) -> bool:
    return request.actor.role == "manager" and request.actor.node_id == page.row.proposer_id


def _own_or_404(request: MemberRequest, project_id: UUID) -> None:
    if not _is_own(request, _project_or_404(project_id)):
        raise Http404


def _call_or_404(call_id: UUID) -> CallRow:
    found = queries.call_named(call_id=call_id, today=timezone.localdate(), now=timezone.now())
    if found is None:
        raise Http404
    return found


def _project_or_404(project_id: UUID) -> ProjectPage:
    found = queries.project_page(
        project_id=project_id, today=timezone.localdate(), now=timezone.now()
    )
    if found is None:
        raise Http404
    return found
