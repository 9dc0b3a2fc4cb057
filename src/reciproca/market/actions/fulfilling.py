"""What becomes of an order: ready, handed over whole or in part, cancelled, expired."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from reciproca.ledger.queries import reservations_of
from reciproca.ledger.reserving import release
from reciproca.market import telling
from reciproca.market.errors import (
    MessageEmpty,
    MoreThanOrdered,
    NothingDelivered,
    OrderOver,
    OrderReady,
    OrderUnknown,
    ReasonMissing,
)
from reciproca.market.models import OPEN_STATES, CartLine, Message, Offer, Order, OrderLine, State
from reciproca.market.quantities import quantity_words
from reciproca.market.rules import line_cents
from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.shared.ids import uuid7

EXPIRED_AT_ONCE = 100


@transaction.atomic
def mark_ready(*, order_id: UUID, seller_id: UUID, ready_at: datetime) -> Order:
    """Tell the buyer that an order can be picked up. Raises: OrderUnknown, OrderOver."""
    order = _open_order(order_id, ready_at, seller=seller_id)
    if order.state == State.CONFIRMED:
        order.state = State.READY
        order.save(update_fields=["state"])
        telling.tell_ready(order=order, told_at=ready_at)
    return order


@transaction.atomic
def hand_over(
    *,
    order_id: UUID,
    seller_id: UUID,
    delivered: Mapping[int, int],
    recorded_by: UUID | None,
    handed_over_at: datetime,
) -> Order:
    """
    Hand an order over, whole or in part: it becomes one purchase of what was delivered.

    `delivered` are thousandths by the line's position; a line that is not named was delivered as
    ordered. What was not delivered costs nothing; the credit that was reserved pays what it may of
    the rest and is free again beyond that. Handed over before, it answers the same.

    Raises: OrderUnknown, OrderOver, MoreThanOrdered, NothingDelivered. Source: docs/rules/market.md
    """
    earlier = Order.objects.filter(id=order_id, seller=seller_id, state=State.COLLECTED).first()
    if earlier is not None:
        return earlier
    order = _open_order(order_id, handed_over_at, seller=seller_id)
    lines = list(OrderLine.objects.filter(order=order).order_by("position"))
    for line in lines:
        line.delivered_milli = delivered.get(line.position, line.quantity_milli)
        if not 0 <= line.delivered_milli <= line.quantity_milli:
            raise MoreThanOrdered(title=line.title, ordered=quantity_words(line.quantity_milli))
    sold = [(line, cents) for line in lines if (cents := _delivered_cents(line))]
    if not sold:
        raise NothingDelivered
    # First free, then spent by the purchase's own rules: nobody comes between in one transaction.
    _release(order, handed_over_at)
    sale = SaleIn(
        key=f"order:{order.id}",
        seller_id=order.seller_id,
        buyer_id=order.buyer_id,
        happened_at=handed_over_at,
        lines=tuple(LineIn(line.category, cents, _words(line)) for line, cents in sold),
        credit_cents=order.credit_cents,
        up_to=True,
    )
    order.purchase = purchases.record_sale(
        sale=sale, recorded_by=recorded_by, recorded_at=handed_over_at
    )
    OrderLine.objects.bulk_update(lines, ["delivered_milli"])
    _end(order, State.COLLECTED, handed_over_at)
    telling.tell_collected(
        order=order,
        in_part=any(line.delivered_milli != line.quantity_milli for line in lines),
        told_at=handed_over_at,
    )
    return order


@transaction.atomic
def cancel_order(*, order_id: UUID, by: UUID, reason: str, cancelled_at: datetime) -> Order:
    """
    Cancel an order: its buyer until it is ready, its seller until it is handed over, saying why.

    The stock is there again, the credit free. `by` is the buyer's or the seller's node.

    Raises: OrderUnknown, OrderOver, OrderReady, ReasonMissing.
    """
    order = _open_order(order_id, cancelled_at)
    if by not in (order.buyer_id, order.seller_id):
        raise OrderUnknown
    by_seller = by == order.seller_id
    if by_seller and not reason.strip():
        raise ReasonMissing
    if not by_seller and order.state == State.READY:
        raise OrderReady
    # Why somebody no longer wants a thing is nobody's business.
    order.reason = reason.strip() if by_seller else ""
    _undo(order, State.CANCELLED, cancelled_at)
    telling.tell_cancelled(order=order, by_seller=by_seller, told_at=cancelled_at)
    return order


def expire_orders(*, at: datetime) -> int:
    """Close every order that nobody picked up in time; return how many there were."""
    expired = 0
    while True:
        with transaction.atomic():
            late = Order.objects.filter(state__in=OPEN_STATES, expires_at__lte=at)
            # Whoever is handing one of them over is quicker; what is left comes next time.
            batch = list(
                late.select_for_update(skip_locked=True).order_by("expires_at", "id")[
                    :EXPIRED_AT_ONCE
                ]
            )
            for order in batch:
                _undo(order, State.EXPIRED, at)
                telling.tell_expired(order=order, told_at=at)
        expired += len(batch)
        if len(batch) < EXPIRED_AT_ONCE:
            return expired


def write_about(
    *,
    order_id: UUID,
    by: UUID,
    key: UUID,
    text: str,
    written_by: UUID | None,
    written_at: datetime,
) -> Message:
    """
    Write to the other side of an order; the same `key` again is the first message.

    Raises: OrderUnknown, MessageEmpty.
    """
    order = Order.objects.filter(id=order_id).first()
    if order is None or by not in (order.buyer_id, order.seller_id):
        raise OrderUnknown
    if not text.strip():
        raise MessageEmpty
    from_seller = by == order.seller_id
    try:
        with transaction.atomic():
            made = Message.objects.create(
                id=uuid7(),
                order=order,
                key=key,
                from_seller=from_seller,
                text=text.strip(),
                written_by=written_by,
                written_at=written_at,
            )
            telling.tell_written(order=order, from_seller=from_seller, told_at=written_at)
    except IntegrityError:
        return Message.objects.get(order=order, key=key)
    return made


def forget_orders_of(people: Collection[UUID], /, *, at: datetime) -> None:
    """Let go of what people who are erased wrote, meant to order and ordered; amounts stay."""
    CartLine.objects.filter(buyer__in=people).delete()
    still_open = Order.objects.select_for_update().filter(buyer__in=people, state__in=OPEN_STATES)
    for order in still_open.order_by("id"):
        _undo(order, State.CANCELLED, at)
    Message.objects.filter(order__buyer__in=people, from_seller=False).update(text="")
    OrderLine.objects.filter(order__buyer__in=people).update(title="", offer=None)


def _open_order(order_id: UUID, at: datetime, *, seller: UUID | None = None) -> Order:
    """Return an order that can still change, locked."""
    found = Order.objects.select_for_update().filter(id=order_id)
    order = found.filter(seller=seller).first() if seller else found.first()
    if order is None:
        raise OrderUnknown
    if order.state not in OPEN_STATES:
        raise OrderOver(state=order.get_state_display().lower())
    if order.expires_at <= at:
        raise OrderOver(state=State.EXPIRED.label.lower())
    return order


def _delivered_cents(line: OrderLine) -> int:
    assert line.delivered_milli is not None
    return line_cents(price_cents=line.price_cents, quantity_milli=line.delivered_milli)


def _words(line: OrderLine) -> str:
    assert line.delivered_milli is not None
    return f"{quantity_words(line.delivered_milli)} {line.get_unit_display()} × {line.title}"


def _undo(order: Order, state: State, at: datetime) -> None:
    """End an order without a purchase: stock and credit are there again."""
    _release(order, at)
    lines = OrderLine.objects.filter(order=order)
    back = {line.offer_id: line.quantity_milli for line in lines if line.offer_id}
    kept = Offer.objects.select_for_update().filter(id__in=back, stock_milli__isnull=False)
    for offer in kept.order_by("id"):
        assert offer.stock_milli is not None
        offer.stock_milli += back[offer.id]
        offer.save(update_fields=["stock_milli"])
    _end(order, state, at)


def _release(order: Order, at: datetime) -> None:
    if order.credit_cents:
        release(reservations_of(order.id), released_at=at)


def _end(order: Order, state: State, at: datetime) -> None:
    order.state, order.ended_at = state, at
    order.save(update_fields=["state", "ended_at", "reason", "purchase"])
