"""Orders: the buyer's own, the seller's board, and each with its lines and messages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Prefetch, QuerySet, Sum

from reciproca.market.models import OPEN_STATES, Message, Order, OrderLine, PickupPoint, State
from reciproca.market.rules import EuroSplit, euro_split, line_cents
from reciproca.market.vocabulary import Unit
from reciproca.registry.queries.paging import page_of

PAGE_SIZE = 30
MOST_ON_BOARD = 200


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it was confirmed, and what was handed over of it; None before."""

    position: int
    title: str
    unit_title: str
    price_cents: int
    quantity_milli: int
    amount_cents: int
    delivered_milli: int | None
    delivered_cents: int | None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order in a list or whole; `split` says where the money went once it was collected."""

    id: UUID
    number: str
    state: str
    state_title: str
    is_open: bool
    seller_id: UUID
    seller: str
    buyer_id: UUID
    buyer: str
    pickup: PickupPoint
    total_cents: int
    credit_cents: int
    due_cents: int
    confirmed_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    reason: str
    lines: Sequence[LineRow]
    purchase_id: UUID | None
    split: EuroSplit | None

    @property
    def in_part(self) -> bool:
        """Return whether less was handed over than was ordered."""
        return any(
            line.delivered_milli is not None and line.delivered_milli < line.quantity_milli
            for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class PackRow:
    """How much of one thing all open orders take together."""

    title: str
    unit_title: str
    quantity_milli: int


def order_of(*, order_id: UUID, nodes: Collection[UUID]) -> OrderRow | None:
    """Return an order of which one of these nodes is the buyer or the seller; two SQL queries."""
    found = _orders().filter(id=order_id).first()
    if found is None or not {found.buyer_id, found.seller_id} & set(nodes):
        return None
    return _row(found)


def has_open_orders(buyers: Collection[UUID], /) -> bool:
    """Return whether one of these people has an order that waits, in one SQL query."""
    return Order.objects.filter(buyer__in=buyers, state__in=OPEN_STATES).exists()


def orders_of_buyer(*, buyer_id: UUID, number: int) -> Page[OrderRow]:
    """Return a page of somebody's orders, the latest first; four SQL queries."""
    rows = _orders().filter(buyer=buyer_id).order_by("-id")
    return page_of(rows=rows, number=number, size=PAGE_SIZE, make=_row)


def board(*, seller_id: UUID) -> list[OrderRow]:
    """Return a seller's open orders, the first to expire first; two SQL queries."""
    found = _orders().filter(seller=seller_id, state__in=OPEN_STATES)
    return [_row(each) for each in found.order_by("expires_at", "id")[:MOST_ON_BOARD]]


def ended_of_seller(*, seller_id: UUID, number: int) -> Page[OrderRow]:
    """Return a page of a seller's orders that are over, the latest first; four SQL queries."""
    rows = _orders().filter(seller=seller_id).exclude(state__in=OPEN_STATES).order_by("-id")
    return page_of(rows=rows, number=number, size=PAGE_SIZE, make=_row)


def packing_list(*, seller_id: UUID) -> list[PackRow]:
    """Return what all open orders of a seller take together, in one SQL query."""
    lines = OrderLine.objects.filter(order__seller=seller_id, order__state__in=OPEN_STATES)
    sums = lines.values_list("title", "unit").annotate(milli=Sum("quantity_milli"))
    return [
        PackRow(title, str(Unit(unit).label), milli)
        for title, unit, milli in sums.order_by("title", "unit")
    ]


def messages_of(*, order_id: UUID) -> list[Message]:
    """Return what was written about an order, the first first."""
    return list(Message.objects.filter(order=order_id).order_by("id"))


def _orders() -> QuerySet[Order]:
    lines = Prefetch("lines", OrderLine.objects.order_by("position"))
    related = ("seller", "buyer", "pickup__municipality", "purchase")
    return Order.objects.select_related(*related).prefetch_related(lines)


def _row(order: Order) -> OrderRow:
    purchase = order.purchase
    total = purchase.total_cents if purchase else order.total_cents
    credit = purchase.credit_cents if purchase else order.credit_cents
    return OrderRow(
        id=order.id,
        number=order.id.hex[-12:-4].upper(),
        state=order.state,
        state_title=str(State(order.state).label),
        is_open=order.state in OPEN_STATES,
        seller_id=order.seller_id,
        seller=order.seller.name,
        buyer_id=order.buyer_id,
        buyer=order.buyer.name,
        pickup=order.pickup,
        total_cents=total,
        credit_cents=credit,
        due_cents=total - credit,
        confirmed_at=order.confirmed_at,
        expires_at=order.expires_at,
        ended_at=order.ended_at,
        reason=order.reason,
        lines=[_line(each) for each in order.lines.all()],
        purchase_id=order.purchase_id,
        split=euro_split(
            total_cents=purchase.total_cents,
            back_cents=purchase.member_cents,
            common_cents=purchase.value_cents - purchase.member_cents,
        )
        if purchase
        else None,
    )


def _line(line: OrderLine) -> LineRow:
    delivered = line.delivered_milli
    return LineRow(
        position=line.position,
        title=line.title,
        unit_title=line.get_unit_display(),
        price_cents=line.price_cents,
        quantity_milli=line.quantity_milli,
        amount_cents=line.amount_cents,
        delivered_milli=delivered,
        delivered_cents=None
        if delivered is None
        else line_cents(price_cents=line.price_cents, quantity_milli=delivered),
    )
