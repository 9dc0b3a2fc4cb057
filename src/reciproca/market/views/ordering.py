"""One order, as its buyer and its seller see it, and the seller's board of all of them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reciproca.market import actions, queries
from reciproca.market.page_forms import CancellationForm, HandoverForm, MessageForm
from reciproca.market.queries import OrderRow
from reciproca.shared.errors import DomainError
from reciproca.shared.gates import role_required
from reciproca.shared.types import MemberRequest

BOTH_SIDES = role_required("member", "till", "manager")
SELLERS = role_required("till", "manager")


@require_safe
@SELLERS
def board(request: MemberRequest) -> HttpResponse:
    """Show a seller's open orders, what they take together, and those that are over."""
    page = request.GET.get("page", "1")
    number = int(page[:6]) if page.isascii() and page.isdigit() else 1
    seller = _side(request)
    context = {
        "orders": queries.board(seller_id=seller),
        "packing": queries.packing_list(seller_id=seller),
        "page": queries.ended_of_seller(seller_id=seller, number=number),
    }
    return render(request, "market/board.html", context)


@require_safe
@BOTH_SIDES
def order(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """Show one order."""
    return _show(request, _order_or_404(request, order_id))


@require_POST
@SELLERS
def readiness(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """Tell the buyer that an order can be picked up."""
    found = _order_or_404(request, order_id)
    try:
        actions.mark_ready(order_id=order_id, seller_id=found.seller_id, ready_at=timezone.now())
    except DomainError as refusal:
        return _show(request, found, refusal=refusal, status=refusal.status)
    return redirect("market:order", order_id)


@require_http_methods(["GET", "HEAD", "POST"])
@SELLERS
def handover(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """Hand an order over, whole or in part."""
    found = _order_or_404(request, order_id)
    form = HandoverForm(request.POST if request.method == "POST" else None, order=found)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(
                order_id=order_id,
                seller_id=found.seller_id,
                delivered=form.delivered(),
                recorded_by=request.actor.user_id,
                handed_over_at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            messages.success(request, _("Consegnato: è un acquisto come quelli alla cassa."))
            return redirect("market:order", order_id)
    return render(request, "market/handover.html", {"order": found, "form": form}, status=status)


@require_POST
@BOTH_SIDES
def cancellation(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """Cancel an order."""
    found = _order_or_404(request, order_id)
    form = CancellationForm(request.POST)
    if not form.is_valid():
        return _show(request, found, cancellation_form=form, status=422)
    try:
        actions.cancel_order(
            order_id=order_id,
            by=_side(request),
            reason=form.cleaned_data["reason"],
            cancelled_at=timezone.now(),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        return _show(request, found, cancellation_form=form, status=refusal.status)
    messages.success(request, _("Annullato: nessuno paga niente e i crediti sono liberi."))
    return redirect("market:order", order_id)


@require_POST
@BOTH_SIDES
def messages_about(request: MemberRequest, order_id: UUID) -> HttpResponse:
    """Write to the other side of an order."""
    found = _order_or_404(request, order_id)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _show(request, found, message_form=form, status=422)
    actions.write_about(
        order_id=order_id,
        by=_side(request),
        written_by=request.actor.user_id,
        written_at=timezone.now(),
        **form.cleaned_data,
    )
    return redirect("market:order", order_id)


def _show(
    request: MemberRequest,
    found: OrderRow,
    *,
    cancellation_form: CancellationForm | None = None,
    message_form: MessageForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "order": found,
        "is_seller": found.seller_id == request.actor.node_id,
        "messages_about": queries.messages_of(order_id=found.id),
        "cancellation_form": cancellation_form or CancellationForm(),
        "message_form": message_form or MessageForm(),
        "refusal": refusal,
    }
    return render(request, "market/order.html", context, status=status)


def _side(request: MemberRequest) -> UUID:
    """Return for whom somebody acts: an organisation, or themselves."""
    side = request.actor.node_id or request.actor.person_id
    if side is None:
        raise Http404
    return side


def _order_or_404(request: MemberRequest, order_id: UUID) -> OrderRow:
    found = queries.order_of(order_id=order_id, nodes=[_side(request)])
    if found is None:
        raise Http404
    return found
