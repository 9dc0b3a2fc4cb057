"""Purchases over HTTP: what a till's own software calls, as often as it likes with the same key."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from reciproca.purchases import actions, queries
from reciproca.purchases.errors import BuyerUnknown, CardBlocked, PurchaseUnknown
from reciproca.purchases.forms import LineBack, LineIn, RefundIn, SaleIn
from reciproca.registry import queries as registry
from reciproca.valueback import queries as valueback

router = Router(tags=["purchases"])

Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""Words without NUL, which no column holds."""

Key = Annotated[
    Text,
    Field(min_length=1, max_length=100, description="Your own id of this act; unique per seller."),
]
Cents = Annotated[int, Field(ge=0, le=100_000_000_00, description="Whole euro cents.")]


class Refusal(Schema):
    """What every refusal looks like."""

    code: str
    message: str


class SaleLine(Schema):
    category: Annotated[Text, Field(max_length=40)] = ""
    amount_cents: Cents
    description: Annotated[Text, Field(max_length=200)] = ""


class NewSale(Schema):
    """A sale. Without `card` the buyer is no member and nothing is given back."""

    key: Key
    card: Text | None = None
    happened_at: AwareDatetime | None = None
    lines: Annotated[list[SaleLine], Field(min_length=1, max_length=500)]
    credit_cents: Cents = 0
    credit_up_to: bool = False


class LineToGiveBack(Schema):
    position: Annotated[int, Field(ge=1)]
    amount_cents: Annotated[int, Field(gt=0, le=100_000_000_00)]


class NewRefund(Schema):
    """A refund; without `lines` all that is left of the purchase."""

    key: Key
    lines: Annotated[list[LineToGiveBack], Field(min_length=1, max_length=500)] | None = None
    reason: Annotated[Text, Field(max_length=300)] = ""


class NewUndo(Schema):
    key: Key
    reason: Annotated[Text, Field(max_length=300)] = ""


class PurchaseOut(Schema):
    """
    A purchase, refund or undo as it was recorded; all amounts in whole cents, negative when given
    back.
    """

    id: UUID
    kind: str
    key: str
    happened_at: datetime
    recorded_at: datetime
    total_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int
    policy: str | None = Field(alias="policy_id")
    corrects: UUID | None = Field(alias="corrects_id")
    is_undo: bool
    reason: str


class PurchasePage(Schema):
    """Newest first; `before` is the id to ask the next page with, null on the last one."""

    purchases: list[PurchaseOut]
    before: UUID | None


class BuyerOut(Schema):
    """What a till may know of who stands in front of it."""

    card: str
    spendable_cents: int


class Request(HttpRequest):
    """A request whose caller is known: `auth` is the actor that the key stands for."""

    auth: Any


REFUSALS = {401: Refusal, 404: Refusal, 409: Refusal, 422: Refusal}


@router.post("/sales", response={201: PurchaseOut, **REFUSALS}, url_name="sales")
def record_sale(request: Request, body: NewSale) -> Status[Any]:
    """Record a sale; send it again with the same key as often as you like."""
    now = timezone.now()
    sale = SaleIn(
        key=body.key,
        seller_id=request.auth.node_id,
        buyer_id=_buyer(body.card, sent_before=partial(_is_recorded, request, body.key)),
        happened_at=body.happened_at or now,
        lines=tuple(
            LineIn(line.category, line.amount_cents, line.description) for line in body.lines
        ),
        credit_cents=body.credit_cents,
        up_to=body.credit_up_to,
        happened_now=body.happened_at is None,
    )
    return Status(201, actions.record_sale(sale=sale, recorded_by=None, recorded_at=now))


@router.get("/purchases", response={200: PurchasePage, **REFUSALS}, url_name="purchases")
def list_purchases(
    request: Request, before: UUID | None = None, limit: Annotated[int, Field(ge=1, le=500)] = 100
) -> PurchasePage:
    """List your own purchases and refunds, the last recorded first."""
    rows = queries.recorded_by_seller(seller_id=request.auth.node_id, before=before, limit=limit)
    last = rows[-1].id if len(rows) == limit else None
    return PurchasePage(purchases=rows, before=last)  # type: ignore[arg-type]


@router.get(
    "/purchases/{purchase_id}", response={200: PurchaseOut, **REFUSALS}, url_name="purchase"
)
def show_purchase(request: Request, purchase_id: UUID) -> Any:
    """Show one of your own purchases."""
    return _own(request, purchase_id)


@router.post(
    "/purchases/{purchase_id}/undo", response={201: PurchaseOut, **REFUSALS}, url_name="undo"
)
def undo_purchase(request: Request, purchase_id: UUID, body: NewUndo) -> Status[Any]:
    """
    Undo one of your own purchases: freely for ten minutes, with a reason until its day is over.
    """
    undone = actions.undo_purchase(
        purchase_id=_own(request, purchase_id).id,
        key=body.key,
        reason=body.reason,
        recorded_by=None,
        recorded_at=timezone.now(),
    )
    return Status(201, undone)


@router.post(
    "/purchases/{purchase_id}/refunds", response={201: PurchaseOut, **REFUSALS}, url_name="refunds"
)
def refund_purchase(request: Request, purchase_id: UUID, body: NewRefund) -> Status[Any]:
    """Give one of your own purchases back, in part or whole."""
    now = timezone.now()
    refund = RefundIn(
        key=body.key,
        purchase_id=_own(request, purchase_id).id,
        happened_at=now,
        lines=tuple(LineBack(line.position, line.amount_cents) for line in body.lines)
        if body.lines
        else None,
        reason=body.reason,
    )
    return Status(201, actions.refund_purchase(refund=refund, recorded_by=None, recorded_at=now))


@router.get("/cards/{number}", response={200: BuyerOut, **REFUSALS}, url_name="card")
def show_card(request: Request, number: Text) -> BuyerOut:
    """
    Tell whether a card may buy here, and how much credit its holder can spend at your till: nothing
    else.
    """
    member = _buyer(number)
    assert member is not None
    today = timezone.localdate()
    held = valueback.spendable(member_id=member, on=today).cents
    seller = request.auth.node_id
    takes = valueback.terms(seller_ids=[seller]).limit_bp(seller_id=seller, on=today)
    return BuyerOut(card=number, spendable_cents=held if takes else 0)


def _buyer(card: str | None, *, sent_before: Callable[[], bool] = lambda: False) -> UUID | None:
    """Return whose card it is; a sale that was recorded before the card was blocked stays one."""
    if card is None:
        return None
    holder = registry.holder_of(number=card)
    if holder is None:
        raise BuyerUnknown
    if holder.is_blocked and not sent_before():
        raise CardBlocked
    return holder.person_id


def _is_recorded(request: Request, key: str) -> bool:
    return bool(queries.recorded_keys([(request.auth.node_id, key)]))


def _own(request: Request, purchase_id: UUID) -> Any:
    purchase = queries.purchase_of_seller(purchase_id=purchase_id, seller_id=request.auth.node_id)
    if purchase is None:
        raise PurchaseUnknown
    return purchase
