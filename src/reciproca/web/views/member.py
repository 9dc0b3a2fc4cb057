"""A member's own pages: what they have, where it comes from, why each figure is what it is."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reciproca.control_room.transparency import may_see
from reciproca.purchases.queries import Period
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest
from reciproca.transparency import queries as log
from reciproca.web.member.home import member_home
from reciproca.web.member.logged import logged
from reciproca.web.member.purchase import expired_page, purchase_page
from reciproca.web.member.value import member_value
from reciproca.web.views.profile import own_id


def home(request: MemberRequest) -> HttpResponse:
    """Show what a member can spend and what waits for them; `views.home` lets only members in."""
    page = member_home(person_id=own_id(request), today=timezone.localdate())
    return render(request, "web/member_home.html", {"page": page})


@require_safe
@role_required("member")
def value(request: MemberRequest) -> HttpResponse:
    """Show where a member's value came from in a year or a quarter, and what became of it."""
    asked = Period.read(request.GET.get("period", ""))
    page = member_value(person_id=own_id(request), asked=asked, today=timezone.localdate())
    return render(request, "web/value.html", {"page": page})


@require_safe
@role_required("member")
def purchase(request: MemberRequest, purchase_id: UUID) -> HttpResponse:
    """Show why one purchase or refund of this member came to its figures."""
    page = purchase_page(purchase_id=purchase_id, buyer_id=own_id(request))
    if page is None:
        raise Http404
    return render(request, "web/purchase.html", {"page": page, "logged": logged(fact=purchase_id)})


@require_safe
@role_required("member")
def proof(request: MemberRequest, fact_id: UUID) -> HttpResponse:
    """Hand out the proof that a movement of this member is in the transparency log."""
    found = may_see(fact=fact_id, node_id=own_id(request)) and log.proof(fact_id)
    if not found:
        raise Http404
    name = f"attachment; filename={fact_id}.tlog-proof"
    return HttpResponse(
        found.file,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )


@require_safe
@role_required("member")
def expired(request: MemberRequest, lot_id: UUID) -> HttpResponse:
    """Show credit of this member that ended unspent, and where it went."""
    page = expired_page(lot_id=lot_id, member_id=own_id(request))
    if page is None:
        raise Http404
    return render(request, "web/expired.html", {"page": page, "logged": logged(fact=lot_id)})
