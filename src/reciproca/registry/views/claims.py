"""Who asks to manage an organisation of the directory, and what officers answer."""

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
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

ON_A_PAGE = 50


@require_safe
@role_required("officer")
def claims(request: MemberRequest) -> HttpResponse:
    """List the claims that wait, and those that were decided."""
    text = request.GET.get("q", "")[:100].strip()
    decided = Paginator(queries.claims(decided=True, text=text), ON_A_PAGE)
    context = {
        "waiting": queries.claims(decided=False, text=text),
        "decided": decided.get_page(request.GET.get("page")),
        "text": text,
    }
    return render(request, "registry/claims.html", context)


@require_POST
@role_required("member")
def claim(request: MemberRequest, node_id: UUID) -> HttpResponse:
    """Ask to manage an organisation."""
    assert request.actor.person_id is not None
    if queries.organisation_page(node_id=node_id) is None:
        raise Http404
    try:
        actions.claim_organisation(
            organisation_id=node_id,
            person_id=request.actor.person_id,
            words=request.POST.get("words", ""),
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
    accepted = request.POST.get("accepted") == "1"
    try:
        actions.decide_claim(
            claim_id=claim_id,
            accepted=accepted,
            answer=request.POST.get("answer", ""),
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
