"""The desk where somebody is helped: found, and shown with what can be done for them."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reciproca.registry import queries as registry
from reciproca.registry.actions import AtDesk
from reciproca.registry.queries import MembershipPage
from reciproca.shared.access import note_access
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.valueback import queries as valueback
from reciproca.web.office.forms import StatementForm

MOST_FOUND, LATEST_ACTS = 10, 5
LEAST_TYPED = 2
CARD_DIGITS, PHONE_DIGITS = 13, 21

desk_required = role_required("manager", "till")


@dataclass(frozen=True, slots=True)
class Ending:
    """Credit that ends on one day, whoever issued it."""

    on: date
    cents: int


@require_safe
@desk_required
def office(request: MemberRequest) -> HttpResponse:
    """Find a member of the own cooperative; a card that was read leads straight to its holder."""
    text = request.GET.get("q", "").replace("\0", "")[:100].strip()
    digits = text.replace(" ", "")
    if len(digits) == PHONE_DIGITS and digits.isascii() and digits.isdigit():
        text = digits = digits[:CARD_DIGITS]
    asked = len(text) >= LEAST_TYPED or text.isdigit()
    own = own_id(request)
    page = asked and registry.members_page(cooperative_id=own, text=text, state="live", number=1)
    found = list(page.object_list)[:MOST_FOUND] if page else []
    more = page.paginator.count - len(found) if page else 0
    if len(found) == 1 and len(digits) == CARD_DIGITS and digits.isdigit():
        return redirect("web:office_member", found[0].id)
    context = {
        "text": text,
        "asked": asked,
        "found": found,
        "more": more,
        "check_count": registry.desk_check_count(organisation_id=own),
    }
    return render(request, "web/office.html", context)


@require_safe
@desk_required
def office_member(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Show whom one helps, and what can be done; the person sees who opened it."""
    line = own_line(request, membership_id)
    note_access(reader=request.actor, subject=line.member_id, what="membership")
    return show_member(request, line)


@require_safe
@desk_required
def office_credit(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Tell somebody at the desk how much credit they have and when it ends, not whose it is."""
    line = own_line(request, membership_id)
    note_access(reader=request.actor, subject=line.member_id, what="credit")
    held = valueback.spendable(member_id=line.member_id, on=timezone.localdate())
    lots = sorted(held.lots, key=lambda lot: lot.expires_on)
    endings = [
        Ending(on, sum(lot.cents for lot in ending))
        for on, ending in groupby(lots, key=lambda lot: lot.expires_on)
    ]
    context = {"line": line, "cents": held.cents, "endings": endings}
    return render(request, "web/office_credit.html", context)


def show_member(
    request: MemberRequest,
    line: MembershipPage,
    *,
    statement_form: StatementForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render what can be done for somebody."""
    card = registry.card_page(person_id=line.member_id)
    context = {
        "line": line,
        "card": card,
        "statement_form": statement_form or StatementForm(),
        "acts": registry.assisted_acts(
            person_id=line.member_id, organisation_id=line.cooperative_id, limit=LATEST_ACTS
        ),
    }
    return render(request, "web/office_member.html", context, status=status)


def own_line(request: MemberRequest, membership_id: UUID) -> MembershipPage:
    """Return a live line of the own register; another's, or of who has left, does not exist."""
    line = registry.membership(membership_id=membership_id)
    if line is None or line.cooperative_id != own_id(request):
        raise Http404
    if line.left_on is not None or not line.member_is_person:
        raise Http404
    return line


def own_id(request: MemberRequest) -> UUID:
    """Return the organisation that somebody acts for."""
    assert request.actor.node_id is not None
    return request.actor.node_id


def desk_of(request: MemberRequest) -> AtDesk:
    """Return who helps, at whose desk, now."""
    assert request.actor.person_id is not None
    return AtDesk(
        organisation_id=own_id(request),
        operator_id=request.actor.person_id,
        user_id=request.actor.user_id,
        at=timezone.now(),
    )
