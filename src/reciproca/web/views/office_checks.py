"""What one operator did at the desk and another one confirms; what a member never asked for."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.registry import actions
from reciproca.registry import queries as registry
from reciproca.registry.models import AssistedAct, DeskCheck
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import known_required
from reciproca.shared.types import MemberRequest
from reciproca.web.views.office import desk_of, desk_required, own_id
from reciproca.web.views.profile import own_id as own_person


@require_safe
@desk_required
def office_checks(request: MemberRequest) -> HttpResponse:
    """List what waits for a second person; what one asked oneself is another's to confirm."""
    rows = registry.desk_checks(organisation_id=own_id(request))
    context = {"rows": rows, "me": request.actor.person_id}
    return render(request, "web/office_checks.html", context)


@require_POST
@desk_required
def office_check_confirmation(request: MemberRequest, check_id: UUID) -> HttpResponse:
    """Confirm what another one did."""
    return _decided(request, check_id, _("Confermato: da ora vale."), confirmed=True)


@require_POST
@desk_required
def office_check_refusal(request: MemberRequest, check_id: UUID) -> HttpResponse:
    """Take back what another one did."""
    return _decided(request, check_id, _("Tolto: non vale, e la persona lo sa."), confirmed=False)


@require_POST
@known_required
def act_dispute(request: MemberRequest, act_id: int) -> HttpResponse:
    """Let somebody say that they never asked for what a desk did for them."""
    try:
        actions.dispute_act(
            act_id=act_id, person_id=own_person(request), disputed_at=timezone.now()
        )
    except AssistedAct.DoesNotExist:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        done = _(
            "Segnalato alla cooperativa e alla federazione. Il PIN della carta non vale più:"
            " scegline uno nuovo, o blocca la carta."
        )
        messages.success(request, done)
    return redirect("web:profile")


def _decided(
    request: MemberRequest, check_id: UUID, sentence: str, *, confirmed: bool
) -> HttpResponse:
    try:
        actions.decide_desk_check(check_id=check_id, confirmed=confirmed, desk=desk_of(request))
    except DeskCheck.DoesNotExist:
        raise Http404 from None
    except DomainError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("web:office_checks")
