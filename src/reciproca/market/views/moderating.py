"""Complaints about offers, and what officers decide of them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.market import actions, queries
from reciproca.market.errors import ComplaintUnknown, OfferUnknown
from reciproca.market.page_forms import ComplaintForm, ModerationForm
from reciproca.market.views.square import show_offer
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required, role_required
from reciproca.shared.types import MemberRequest


@require_POST
@known_required
def complaints_about(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Say that an offer must not be there."""
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        return show_offer(request, offer_id, complaint_form=form, status=422)
    person = request.actor.person_id
    if person is None:
        raise Http404
    try:
        actions.complain(
            offer_id=offer_id, made_by=person, made_at=timezone.now(), **form.cleaned_data
        )
    except OfferUnknown as refusal:
        raise Http404 from refusal
    except DomainError as refusal:
        form.refuse(refusal)
        return show_offer(request, offer_id, complaint_form=form, status=refusal.status)
    messages.success(request, _("Segnalazione arrivata: la federazione decide e ti scrive perché."))
    return redirect("market:offer", offer_id)


@require_safe
@role_required("officer")
def complaints(request: MemberRequest) -> HttpResponse:
    """List what was said of offers."""
    return _complaints(request)


@require_POST
@role_required("officer")
def decision(request: MemberRequest, complaint_id: UUID) -> HttpResponse:
    """Hide an offer or leave it, with a reason."""
    form = ModerationForm(request.POST, complaint_id=complaint_id)
    if not form.is_valid():
        return _complaints(request, decided=(complaint_id, form), status=422)
    try:
        actions.decide_complaint(
            complaint_id=complaint_id,
            hides=form.cleaned_data["hides"] == "yes",
            answer=form.cleaned_data["answer"],
            decided_by=request.actor.user_id,
            decided_at=timezone.now(),
        )
    except ComplaintUnknown as refusal:
        raise Http404 from refusal
    except DomainError as refusal:
        form.refuse(refusal)
        return _complaints(request, decided=(complaint_id, form), status=refusal.status)
    messages.success(request, _("Deciso: lo leggono chi ha segnalato e chi offre."))
    return redirect("market:complaints")


def _complaints(
    request: MemberRequest,
    *,
    decided: tuple[UUID, ModerationForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    said = dict([decided]) if decided else {}
    rows = [
        (row, said.get(row.id) or ModerationForm(complaint_id=row.id))
        for row in queries.complaints()
    ]
    return render(request, "market/complaints.html", {"rows": rows}, status=status)
