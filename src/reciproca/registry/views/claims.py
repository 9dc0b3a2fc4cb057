"""Who asks to manage an organisation of the directory, and what officers answer."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.registry import actions, queries
from reciproca.registry.models import Claim
from reciproca.registry.page_forms import AnswerForm, ClaimForm
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

ON_A_PAGE = 50


@require_safe
@role_required("officer")
def claims(request: MemberRequest) -> HttpResponse:
    """List the claims that wait, and those that were decided."""
    return _show(request)


@require_POST
@role_required("member")
def claim(request: MemberRequest, node_id: UUID) -> HttpResponse:
    """Ask to manage an organisation."""
    assert request.actor.person_id is not None
    organisation = queries.organisation_page(node_id=node_id)
    if organisation is None:
        raise Http404
    form = ClaimForm(request.POST)
    if not form.is_valid():
        context = {"organisation": organisation, "form": form}
        return render(request, "registry/claim.html", context, status=422)
    try:
        actions.claim_organisation(
            organisation_id=node_id,
            person_id=request.actor.person_id,
            words=form.cleaned_data["words"],
            claimed_at=timezone.now(),
        )
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Richiesta mandata: la federazione ti risponde qui."))
    return redirect("web:organisation", node_id)


@require_POST
@role_required("officer")
def decision(request: MemberRequest, claim_id: UUID) -> HttpResponse:
    """Accept a claim, or refuse it with a reason."""
    assert request.actor.user_id is not None
    form = AnswerForm(request.POST, auto_id=f"{claim_id}-%s")
    if not form.is_valid():
        return _show(request, {claim_id: form})
    accepted = form.cleaned_data["accepted"]
    try:
        actions.decide_claim(
            claim_id=claim_id,
            accepted=accepted,
            answer=form.cleaned_data["answer"],
            decided_by=request.actor.user_id,
            decided_at=timezone.now(),
        )
    except Claim.DoesNotExist:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        done = _("Incarico dato: ora la gestisce.") if accepted else _("Risposta mandata.")
        messages.success(request, done)
    return redirect("registry:claims")


def _show(request: MemberRequest, sent: Mapping[UUID, AnswerForm] | None = None) -> HttpResponse:
    """Render the claims; the answer that cannot be used stays where it was written."""
    answered, text = sent or {}, request.GET.get("q", "")[:100].strip()
    waiting = [
        (row, answered.get(row.id) or AnswerForm(auto_id=f"{row.id}-%s"))
        for row in queries.claims(decided=False, text=text)
    ]
    decided = Paginator(queries.claims(decided=True, text=text), ON_A_PAGE)
    context = {
        "waiting": waiting,
        "decided": decided.get_page(request.GET.get("page")),
        "text": text,
    }
    return render(request, "registry/claims.html", context, status=422 if answered else 200)
