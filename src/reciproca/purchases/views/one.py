"""One purchase of one's own cooperative: what it was, what it moved, and undoing it."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reciproca.purchases import actions, queries
from reciproca.purchases.models import Purchase
from reciproca.purchases.page_forms import UndoForm
from reciproca.purchases.rules import Undo, undo_needs
from reciproca.purchases.views.listing import own_seller, seller_required
from reciproca.registry import queries as registry
from reciproca.shared.access import note_access
from reciproca.shared.errors import DomainError
from reciproca.shared.types import MemberRequest


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who bought, as the seller may know them; `number` is that of its own register."""

    name: str
    card: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What a purchase moved for one reason, with the name of the fund it concerns."""

    row: queries.MovedRow
    fund: str


@require_safe
@seller_required
def purchase(request: MemberRequest, purchase_id: UUID) -> HttpResponse:
    """Show a purchase of one's own cooperative; who bought can see who looked."""
    found = own_purchase(request, purchase_id)
    if found.buyer_id:
        note_access(reader=request.actor, subject=found.buyer_id, what="purchase")
    return show_purchase(request, found)


@require_POST
@seller_required
def undo(request: MemberRequest, purchase_id: UUID) -> HttpResponse:
    """Undo a purchase: at once within ten minutes, with a reason until the day is over."""
    found = own_purchase(request, purchase_id)
    needs = _undo_needs(found)
    form = UndoForm(request.POST, reason_needed=needs is Undo.WITH_REASON)
    if not form.is_valid():
        return show_purchase(request, found, undo_form=form, status=422)
    try:
        actions.undo_purchase(
            purchase_id=found.id,
            key=f"desk:{form.cleaned_data['key']}",
            reason=form.cleaned_data["reason"],
            recorded_by=request.actor.user_id,
            recorded_at=timezone.now(),
        )
    except DomainError as refusal:
        return show_purchase(request, found, undo_form=form, refusal=refusal, status=refusal.status)
    messages.success(request, _("Acquisto annullato: credito e ritorno sono come prima."))
    return redirect("purchases:detail", found.id)


def show_purchase(
    request: MemberRequest,
    found: Purchase,
    *,
    undo_form: UndoForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a purchase; a form that was sent keeps what was written in it."""
    reason = queries.purchase_reason(purchase_id=found.id, seller_id=found.seller_id)
    assert reason is not None
    needs = _undo_needs(found)
    left_cents = reason.row.total_cents + sum(each.total_cents for each in reason.corrections)
    context: dict[str, object] = {
        "purchase": reason,
        "buyer": _buyer(found),
        "is_till": request.actor.role == "till",
        "refusal": refusal,
        "left_cents": left_cents,
        # What is a correction itself, or is all back, is not given back once more.
        "may_undo": bool(left_cents) and not found.corrects_id and needs is not Undo.AS_REFUND,
        "may_refund": left_cents > 0 and not found.corrects_id,
        "undo_form": undo_form or UndoForm(reason_needed=needs is Undo.WITH_REASON),
        "reason_needed": needs is Undo.WITH_REASON,
    }
    if request.actor.role == "manager":
        context |= _for_the_manager(found)
    return render(request, "purchases/detail.html", context, status=status)


def own_purchase(request: MemberRequest, purchase_id: UUID) -> Purchase:
    """Return a purchase of one's own cooperative; for a till only those of today exist."""
    found = queries.purchase_of_seller(purchase_id=purchase_id, seller_id=own_seller(request))
    if found is None:
        raise Http404
    if request.actor.role == "till" and not _is_of_today(found):
        raise Http404
    return found


def _is_of_today(found: Purchase) -> bool:
    return timezone.localdate(found.happened_at) == timezone.localdate()


def _undo_needs(found: Purchase) -> Undo:
    now = timezone.now()
    same_day = timezone.localdate(found.recorded_at) == timezone.localdate(now)
    return undo_needs(recorded_at=found.recorded_at, now=now, day_is_open=same_day)


def _buyer(found: Purchase) -> Buyer | None:
    if found.buyer_id is None:
        return None
    numbers = registry.register_numbers(cooperative_id=found.seller_id, members=[found.buyer_id])
    return Buyer(
        name=registry.names_of([found.buyer_id])[found.buyer_id],
        card=registry.live_card_number(person_id=found.buyer_id),
        number=numbers.get(found.buyer_id),
    )


def _for_the_manager(found: Purchase) -> dict[str, object]:
    moved = queries.moved_by(purchase_id=found.id, seller_id=found.seller_id)
    funds = registry.names_of({row.with_id for row in moved if row.with_id})
    recorded_by = registry.names_of_users([found.recorded_by] if found.recorded_by else [])
    return {
        "moved": [Moved(row, funds.get(row.with_id, "") if row.with_id else "") for row in moved],
        "recorded_by": next(iter(recorded_by.values()), ""),
    }
