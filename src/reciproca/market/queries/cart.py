"""A cart as its buyer sees it: an order for each seller, what credit would pay, what is wrong."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.timezone import localdate

from reciproca.market.models import CartLine, Offer, PickupPoint
from reciproca.market.rules import credit_by_order, line_cents
from reciproca.shared.calendar import end_of_day
from reciproca.valueback import queries as valueback
from reciproca.valueback.rules import Lot, lots_to_spend, spendable_here_cents

DAYS_KEPT = 7
"""How many whole days after its own an order waits to be picked up."""

OVER, SHORT = "over", "short"


@dataclass(frozen=True, slots=True)
class CartRow:
    """
    A line of a cart; quantities are thousandths of the unit.

    `problem` is empty, `over` (no longer offered) or `short` (only `left_milli` are there).
    """

    offer_id: UUID
    title: str
    unit_title: str
    price_cents: int | None
    quantity_milli: int
    step_milli: int
    amount_cents: int
    problem: str
    left_milli: int | None


@dataclass(frozen=True, slots=True)
class CartOrder:
    """What would be one order: a seller, a place, lines; `credit_cents` if credit is used."""

    seller: str
    pickup: PickupPoint | None
    lines: Sequence[CartRow]
    total_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True)
class CartPage:
    """A whole cart; `seen` names it as it is shown, for its confirmation."""

    orders: Sequence[CartOrder]
    total_cents: int
    credit_cents: int
    seen: str
    kept_until: date
    may_confirm: bool


def kept_until(confirmed_at: datetime, /) -> datetime:
    """Return the moment at which an order that was not picked up expires."""
    return end_of_day(localdate(confirmed_at) + timedelta(days=DAYS_KEPT))


def seen_as(lines: Sequence[tuple[UUID, int, int | None]], /) -> str:
    """Return what names a cart as somebody saw it: (offer, quantity, price) of each line."""
    told = sorted((offer.hex, quantity, price) for offer, quantity, price in lines)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def is_sold(offer: Offer, on: date, /) -> bool:
    """Return whether an offer can be ordered on a day, as far as it is in stock."""
    is_open = offer.ended_at is None and offer.hidden_at is None
    in_time = offer.valid_until is None or offer.valid_until >= on
    return is_open and in_time and offer.price_cents is not None and offer.pickup_id is not None


def credit_for(
    *, buyer_id: UUID, totals: Sequence[tuple[UUID, int]], on: date, lasting_until: date
) -> list[tuple[Lot, ...]]:
    """
    Return the lots that would pay of each (seller, total), in four SQL queries.

    As much as each seller takes, the first orders first; credit that ends before `lasting_until`
    is not counted on.
    """
    terms = valueback.terms(seller_ids={seller for seller, _total in totals})
    limits = [
        spendable_here_cents(
            balance_cents=total,
            amount_cents=total,
            limit_bp=terms.limit_bp(seller_id=seller, on=on),
        )
        for seller, total in totals
    ]
    held = valueback.spendable(member_id=buyer_id, on=lasting_until)
    left = {(lot.issuer, lot.expires_on): lot.cents for lot in held.lots}
    shares = []
    for part in credit_by_order(balance_cents=held.cents, limits_cents=limits):
        lots = [Lot(*key, cents) for key, cents in left.items() if cents]
        spent = lots_to_spend(lots=lots, amount_cents=part, on=lasting_until)
        for lot in spent:
            left[lot.issuer_id, lot.expires_on] -= lot.amount_cents
        shares.append(spent)
    return shares


def cart_count(*, buyer_id: UUID) -> int:
    """Return how many things are in a cart, in one SQL query."""
    return CartLine.objects.filter(buyer=buyer_id).count()


def cart(*, buyer_id: UUID, now: datetime) -> CartPage:
    """Return a cart, its orders as they were begun; five SQL queries."""
    found = CartLine.objects.filter(buyer=buyer_id).order_by("id")
    kept = list(
        found.select_related("offer__seller", "offer__pickup__municipality").defer("offer__vector")
    )
    today = localdate(now)
    groups: dict[tuple[UUID, UUID | None], list[CartLine]] = {}
    for each in kept:
        groups.setdefault((each.offer.seller_id, each.offer.pickup_id), []).append(each)
    rows = [[_row(each, today) for each in lines] for lines in groups.values()]
    totals = [sum(row.amount_cents for row in lines) for lines in rows]
    shares = credit_for(
        buyer_id=buyer_id,
        totals=[(seller, total) for (seller, _point), total in zip(groups, totals, strict=True)],
        on=today,
        lasting_until=localdate(kept_until(now)),
    )
    orders = [
        CartOrder(
            seller=lines[0].offer.seller.name,
            pickup=lines[0].offer.pickup,
            lines=shown,
            total_cents=total,
            credit_cents=sum(lot.amount_cents for lot in lots),
        )
        for lines, shown, total, lots in zip(groups.values(), rows, totals, shares, strict=True)
    ]
    return CartPage(
        orders=orders,
        total_cents=sum(totals),
        credit_cents=sum(order.credit_cents for order in orders),
        seen=seen_as([(e.offer_id, e.quantity_milli, e.offer.price_cents) for e in kept]),
        kept_until=localdate(kept_until(now) - timedelta(microseconds=1)),
        may_confirm=bool(kept) and not any(row.problem for lines in rows for row in lines),
    )


def _row(line: CartLine, today: date) -> CartRow:
    offer, left = line.offer, line.offer.stock_milli
    short = left is not None and left < line.quantity_milli
    return CartRow(
        offer_id=offer.id,
        title=offer.title,
        unit_title=offer.get_unit_display(),
        price_cents=offer.price_cents,
        quantity_milli=line.quantity_milli,
        step_milli=offer.step_milli,
        amount_cents=line_cents(
            price_cents=offer.price_cents or 0, quantity_milli=line.quantity_milli
        ),
        problem=OVER if not is_sold(offer, today) else SHORT if short else "",
        left_milli=left,
    )
