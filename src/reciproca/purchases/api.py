"""Purchases over HTTP: what a till's own software calls, as often as it likes with the same key."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import AwareDatetime, Field

from reciproca.purchases import actions, queries
from reciproca.purchases.errors import PurchaseUnknown
from reciproca.purchases.forms import NOT_LOOKED_UP, LineBack, LineIn, RefundIn, SaleIn
from reciproca.registry import actions as registry_actions
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
    """
    A sale to whoever showed a card: `shown` names the showing, or `card` is shown here and now.

    Without either the buyer is no member and nothing is given back. Credit is spent with a phone's
    code or the PIN alone.
    """

    key: Key
    shown: UUID | None = None
    card: Annotated[Text, Field(max_length=40)] | None = None
    pin: Annotated[Text, Field(max_length=10)] = ""
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


class NewShowing(Schema):
    """A card as it was read: the printed number, or a phone's code; the PIN where it was typed."""

    card: Annotated[Text, Field(max_length=40)]
    pin: Annotated[Text, Field(max_length=10)] = ""


class ShownOut(Schema):
    """What a till may know of who stands in front of it; null until it is proved."""

    shown: UUID
    card: str
    spendable_cents: int | None


class KeyAsItCame(HttpBearer):
    """A key that is looked up by the act itself, together with those of others."""

    def authenticate(self, request: HttpRequest, token: str) -> str:
        return token


class Request(HttpRequest):
    """A request whose caller is known: `auth` is the actor that the key stands for."""

    auth: Any


REFUSALS = {401: Refusal, 404: Refusal, 409: Refusal, 422: Refusal}


@router.post(
    "/sales", response={201: PurchaseOut, **REFUSALS}, url_name="sales", auth=KeyAsItCame()
)
def record_sale(request: Request, body: NewSale) -> Status[Any]:
    """Record a sale; send it again with the same key as often as you like."""
    now, api_key = timezone.now(), request.auth
    sale = SaleIn(
        key=body.key,
        seller_id=NOT_LOOKED_UP,
        buyer_id=None,
        happened_at=body.happened_at or now,
        lines=tuple(
            LineIn(line.category, line.amount_cents, line.description) for line in body.lines
        ),
        credit_cents=body.credit_cents,
        up_to=body.credit_up_to,
        happened_now=body.happened_at is None,
    )
    if body.shown:
        sale = sale._replace(seller_id=registry.organisation_with_key(secret=api_key))
        made = actions.sell(sale=sale, shown_id=body.shown, recorded_by=None, recorded_at=now)
    else:
        made = actions.sell_at_once(actions.AtOnce(api_key, sale, body.card or "", body.pin, now))
    return Status(201, made)


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


@router.post("/cards", response={201: ShownOut, **REFUSALS}, url_name="cards")
def show_card(request: Request, body: NewShowing) -> Status[ShownOut]:
    """
    Show a card at your till: whether it may buy here, and what its holder can spend once proved.

    A phone's code proves it at once, the printed number with its PIN. Name the showing in the
    sale that follows within twenty minutes.
    """
    now, seller = timezone.now(), request.auth.node_id
    shown = _show(seller, body.card, body.pin, now)
    spendable = _spendable_cents(shown.person_id, seller) if shown.may_spend else None
    return Status(201, ShownOut(shown=shown.id, card=shown.number, spendable_cents=spendable))


def _show(seller_id: UUID, card: str, pin: str, now: datetime) -> registry_actions.Shown:
    shown = registry_actions.show_card(text=card, seller_id=seller_id, shown_at=now)
    if not pin or shown.may_spend:
        return shown
    registry_actions.prove_by_pin(shown_id=shown.id, seller_id=seller_id, pin=pin, asked_at=now)
    return replace(shown, may_spend=True)


def _spendable_cents(person_id: UUID, seller_id: UUID) -> int:
    today = timezone.localdate()
    takes = valueback.terms(seller_ids=[seller_id]).limit_bp(seller_id=seller_id, on=today)
    return valueback.spendable(member_id=person_id, on=today).cents if takes else 0


def _own(request: Request, purchase_id: UUID) -> Any:
    purchase = queries.purchase_of_seller(purchase_id=purchase_id, seller_id=request.auth.node_id)
    if purchase is None:
        raise PurchaseUnknown
    return purchase
