"""The cart, and its one confirmation: an order for each seller, or nothing of it all."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from reciproca.ledger.errors import FloorReached
from reciproca.ledger.reserving import reserve
from reciproca.ledger.rules import Posting
from reciproca.market import telling
from reciproca.market.errors import (
    CartChanged,
    CartEmpty,
    CartTooLong,
    NoLongerOffered,
    NotEnough,
    OfferUnknown,
    QuantityRefused,
)
from reciproca.market.models import CartLine, Checkout, Offer, Order, OrderLine
from reciproca.market.quantities import quantity_words
from reciproca.market.queries.cart import credit_for, is_sold, kept_until, seen_as
from reciproca.market.rules import line_cents
from reciproca.shared.ids import fact_id, uuid7
from reciproca.shared.locks import wait_for_turn
from reciproca.valueback.rules import spending_moves

MOST_LINES = 100
TRIES = 5


def put_in_cart(*, buyer_id: UUID, offer_id: UUID, quantity_milli: int, put_at: datetime) -> None:
    """
    Say how much of an offer somebody means to order; zero takes it out.

    Raises: OfferUnknown, QuantityRefused, CartTooLong.
    """
    mine = CartLine.objects.filter(buyer=buyer_id)
    if quantity_milli == 0:
        mine.filter(offer=offer_id).delete()
        return
    offer = Offer.objects.filter(id=offer_id).first()
    if offer is None or not is_sold(offer, localdate(put_at)):
        raise OfferUnknown
    _check_quantity(offer, quantity_milli)
    if mine.exclude(offer=offer_id).count() >= MOST_LINES:
        raise CartTooLong(most=MOST_LINES)
    CartLine.objects.update_or_create(
        buyer_id=buyer_id, offer_id=offer_id, defaults={"quantity_milli": quantity_milli}
    )


def confirm_cart(
    *, buyer_id: UUID, key: UUID, seen: str, uses_credit: bool, confirmed_at: datetime
) -> Checkout:
    """
    Order all that is in a cart, or nothing: the prices are those of this moment from now on.

    `seen` names the cart as the buyer saw it (`seen_as`). With `uses_credit` as much credit is
    reserved as there is and each seller takes, the first orders first. The same `key` again is the
    first confirmation.

    Raises: CartEmpty, CartChanged, NoLongerOffered, NotEnough, QuantityRefused.
    Source: docs/rules/market.md
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _confirm(buyer_id, key, seen, uses_credit, confirmed_at)
        except FloorReached:
            # The credit was spent elsewhere meanwhile: read again what there is.
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _confirm(
    buyer_id: UUID, key: UUID, seen: str, uses_credit: bool, confirmed_at: datetime
) -> Checkout:
    wait_for_turn(f"market-cart-{buyer_id}")
    earlier = Checkout.objects.filter(buyer=buyer_id, key=key).first()
    if earlier is not None:
        return earlier
    lines = list(CartLine.objects.filter(buyer=buyer_id).order_by("id"))
    if not lines:
        raise CartEmpty
    # In one order for everybody: two who want the same things wait for each other, never in a
    # circle.
    locked = Offer.objects.select_for_update().filter(id__in=[each.offer_id for each in lines])
    offers = {offer.id: offer for offer in locked.order_by("id")}
    wanted = [(offers[each.offer_id], each.quantity_milli) for each in lines]
    for offer, quantity in wanted:
        _take(offer, quantity, localdate(confirmed_at))
    if seen_as([(offer.id, milli, offer.price_cents) for offer, milli in wanted]) != seen:
        raise CartChanged
    made = Checkout.objects.create(
        id=uuid7(), buyer_id=buyer_id, key=key, confirmed_at=confirmed_at
    )
    orders = _orders(made, wanted)
    if uses_credit:
        _reserve(orders, confirmed_at)
    _write(orders)
    CartLine.objects.filter(id__in=[each.id for each in lines]).delete()
    telling.tell_confirmed(orders=[order for order, _lines in orders], told_at=confirmed_at)
    return made


def _check_quantity(offer: Offer, quantity_milli: int) -> None:
    if quantity_milli < 0 or quantity_milli % offer.step_milli or not _cents(offer, quantity_milli):
        raise QuantityRefused(title=offer.title, step=quantity_words(offer.step_milli))


def _cents(offer: Offer, quantity_milli: int) -> int:
    assert offer.price_cents is not None
    return line_cents(price_cents=offer.price_cents, quantity_milli=quantity_milli)


def _take(offer: Offer, quantity_milli: int, on: date) -> None:
    """Take a quantity out of a locked offer's stock."""
    if not is_sold(offer, on):
        raise NoLongerOffered(title=offer.title)
    _check_quantity(offer, quantity_milli)
    if offer.stock_milli is None:
        return
    if offer.stock_milli < quantity_milli:
        raise NotEnough(title=offer.title, left=quantity_words(offer.stock_milli))
    offer.stock_milli -= quantity_milli
    offer.save(update_fields=["stock_milli"])


Drafts = list[tuple[Order, list[OrderLine]]]


def _orders(checkout: Checkout, wanted: Sequence[tuple[Offer, int]]) -> Drafts:
    """Return an order for each seller and place, in the order in which the cart was filled."""
    by_seller: dict[tuple[UUID, UUID], list[tuple[Offer, int]]] = defaultdict(list)
    for offer, quantity in wanted:
        assert offer.pickup_id is not None
        by_seller[offer.seller_id, offer.pickup_id].append((offer, quantity))
    drafts: Drafts = []
    for (seller_id, pickup_id), bought in by_seller.items():
        order = Order(
            id=fact_id(),
            checkout=checkout,
            seller_id=seller_id,
            buyer_id=checkout.buyer_id,
            pickup_id=pickup_id,
            credit_cents=0,
            confirmed_at=checkout.confirmed_at,
            expires_at=kept_until(checkout.confirmed_at),
        )
        lines = [_line(order, *each) for each in zip(count(1), bought)]
        order.total_cents = sum(line.amount_cents for line in lines)
        drafts.append((order, lines))
    return drafts


def _line(order: Order, position: int, bought: tuple[Offer, int]) -> OrderLine:
    offer, quantity = bought
    assert offer.price_cents is not None
    return OrderLine(
        order=order,
        position=position,
        offer=offer,
        title=offer.title,
        category=offer.category,
        unit=offer.unit,
        price_cents=offer.price_cents,
        quantity_milli=quantity,
        amount_cents=_cents(offer, quantity),
    )


def _reserve(drafts: Drafts, at: datetime) -> None:
    """Reserve for each order what credit pays of it."""
    first = drafts[0][0]
    shares = credit_for(
        buyer_id=first.buyer_id,
        totals=[(order.seller_id, order.total_cents) for order, _lines in drafts],
        on=localdate(at),
        lasting_until=localdate(first.expires_at),
    )
    postings = []
    for (order, _lines), lots in zip(drafts, shares, strict=True):
        order.credit_cents = sum(lot.amount_cents for lot in lots)
        moves = spending_moves(member_id=order.buyer_id, acceptor_id=order.seller_id, spent=lots)
        postings.append(Posting(order.id, at, moves))
    reserve(postings, expires_at=first.expires_at)


def _write(drafts: Drafts) -> None:
    Order.objects.bulk_create([order for order, _lines in drafts])
    OrderLine.objects.bulk_create([line for _order, lines in drafts for line in lines])
