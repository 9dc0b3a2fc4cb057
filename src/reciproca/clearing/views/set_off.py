"""Pages of debts that run in circles: proposed by an officer, answered by who is asked."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.clearing import actions, queries
from reciproca.clearing.page_forms import AnswerForm, ProposalForm
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("officer")
def set_offs(request: MemberRequest) -> HttpResponse:
    """List the proposals, and make one: simulate, and ask who is concerned."""
    form = ProposalForm(request.POST or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        assert request.actor.node_id is not None
        try:
            proposal = actions.propose_set_off(
                **form.cleaned_data,
                federation_id=request.actor.node_id,
                proposed_by=request.actor.user_id,
                proposed_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            return redirect("clearing:set_off", proposal.id)
    context = {"form": form, "proposals": queries.proposals()}
    return render(request, "clearing/set_offs.html", context, status=status)


@require_safe
@role_required("officer")
def set_off(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    """Show a proposal: what it would cancel or has cancelled, and who said what."""
    return _show(request, proposal_id)


@require_POST
@role_required("officer")
def set_off_closing(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    """Cancel what still runs in circles among who accepted."""
    try:
        run = actions.close_set_off(
            proposal_id=proposal_id, closed_by=request.actor.user_id, closed_at=timezone.now()
        )
    except DomainError as refusal:
        return _show(request, proposal_id, refusal)
    if run is None:
        messages.warning(
            request,
            _("Fra chi ha accettato nessun debito torna da dove è partito: niente si muove."),
        )
    return redirect("clearing:set_off", proposal_id)


@require_POST
@role_required("officer")
def set_off_withdrawal(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    """Take a proposal back."""
    try:
        actions.withdraw_set_off(
            proposal_id=proposal_id, withdrawn_by=request.actor.user_id, withdrawn_at=timezone.now()
        )
    except DomainError as refusal:
        return _show(request, proposal_id, refusal)
    return redirect("clearing:set_off", proposal_id)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("manager")
def set_off_own(request: MemberRequest, proposal_id: UUID) -> HttpResponse:
    """Explain a proposal to a manager, who answers for the own organisation."""
    assert request.actor.node_id is not None
    return _party(request, proposal_id, request.actor.node_id)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("officer")
def set_off_party(request: MemberRequest, proposal_id: UUID, node_id: UUID) -> HttpResponse:
    """Show an officer what a party is asked; who answered on paper is written down here."""
    return _party(request, proposal_id, node_id)


def _party(request: MemberRequest, proposal_id: UUID, node_id: UUID) -> HttpResponse:
    found = queries.party_page(proposal_id=proposal_id, node_id=node_id)
    if found is None:
        raise Http404
    by_officer = request.actor.role == "officer"
    form = AnswerForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_set_off(
                proposal_id=proposal_id,
                node_id=node_id,
                accepted=form.cleaned_data["accepted"] == "yes",
                on_paper=by_officer and node_id != request.actor.node_id,
                answered_by=request.actor.user_id,
                answered_at=timezone.now(),
            )
        except DomainError as refused:
            refusal = refused
        else:
            messages.success(
                request, _("Risposta registrata. Fino alla conclusione puoi cambiarla.")
            )
            return redirect(request.path)
    status = refusal.status if refusal else 422 if form.errors else 200
    context = {"found": found, "form": form, "refusal": refusal, "by_officer": by_officer}
    return render(request, "clearing/set_off_party.html", context, status=status)


def _show(
    request: MemberRequest, proposal_id: UUID, refusal: DomainError | None = None
) -> HttpResponse:
    proposal = queries.proposal_named(proposal_id=proposal_id)
    if proposal is None:
        raise Http404
    text = request.GET.get("q", "")[:100].strip()
    found = queries.parties_of(proposal_id=proposal_id, text=text)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "proposal": proposal,
        "page": page,
        "parties": [queries.party_of(row) for row in page],
        "text": text,
        "refusal": refusal,
        "may_close": not proposal.waiting_count or timezone.localdate() > proposal.answers_by,
    }
    status = refusal.status if refusal else 200
    return render(request, "clearing/set_off.html", context, status=status)
