"""What this room tells sellers and whoever buys or complains."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.market.models import Complaint, Offer, Order
from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind, topic
from reciproca.registry.telling import OFFICE, managers_of

MARKET = topic(name="market", title=_("I tuoi ordini e le tue segnalazioni al mercato"))

HIDDEN = kind(
    name="offer-hidden",
    topic=OFFICE,
    sentence=_("“%(title)s” non è più al mercato. Il motivo: %(reason)s"),
)
KEPT = kind(
    name="offer-kept",
    topic=OFFICE,
    sentence=_("Una segnalazione su “%(title)s” non è stata accolta. Il motivo: %(reason)s"),
)
COMPLAINT_HEARD = kind(
    name="complaint-heard",
    topic=MARKET,
    sentence=_("“%(title)s” è stata tolta dal mercato, come chiedevi. Il motivo: %(reason)s"),
)
COMPLAINT_NOT_HEARD = kind(
    name="complaint-not-heard",
    topic=MARKET,
    sentence=_("“%(title)s” resta al mercato. Il motivo: %(reason)s"),
)


def tell_decided(*, complaint: Complaint, offer: Offer, told_at: datetime) -> None:
    """Tell whoever complained and whoever offers what was decided, and why."""
    params: notices.Params = {"title": offer.title, "reason": complaint.answer}
    notices.tell(
        recipients=[complaint.made_by_id],
        kind=COMPLAINT_HEARD if complaint.hides else COMPLAINT_NOT_HEARD,
        params=params,
        told_at=told_at,
        url="/market/",
    )
    notices.tell(
        recipients=managers_of(node_id=offer.seller_id, at=told_at),
        kind=HIDDEN if complaint.hides else KEPT,
        params=params,
        told_at=told_at,
        url="/market/own/",
    )


ORDERED = kind(
    name="order-placed",
    topic=OFFICE,
    sentence=_("Un nuovo ordine al mercato: %(total_cents)s."),
)
READY = kind(
    name="order-ready",
    topic=MARKET,
    sentence=_("Il tuo ordine da %(seller)s è pronto: ti aspetta fino al %(kept_on)s."),
)
COLLECTED = kind(
    name="order-collected",
    topic=MARKET,
    sentence=_("Hai ritirato il tuo ordine da %(seller)s: %(paid_cents)s."),
)
COLLECTED_IN_PART = kind(
    name="order-collected-in-part",
    topic=MARKET,
    sentence=_(
        "%(seller)s ti ha consegnato una parte del tuo ordine: paghi solo quella, %(paid_cents)s."
    ),
)
CANCELLED_BY_SELLER = kind(
    name="order-cancelled-by-seller",
    topic=MARKET,
    sentence=_("%(seller)s ha annullato il tuo ordine. Il motivo: %(reason)s"),
)
CANCELLED_BY_BUYER = kind(
    name="order-cancelled-by-buyer",
    topic=OFFICE,
    sentence=_("Un ordine al mercato da %(total_cents)s è stato annullato da chi l’aveva fatto."),
)
EXPIRED = kind(
    name="order-expired",
    topic=MARKET,
    sentence=_("Il tuo ordine da %(seller)s è scaduto: non paghi niente e i crediti sono liberi."),
)
EXPIRED_AT_SELLER = kind(
    name="order-expired-at-seller",
    topic=OFFICE,
    sentence=_("Un ordine al mercato da %(total_cents)s è scaduto senza ritiro."),
)
WRITTEN_BY_SELLER = kind(
    name="order-message",
    topic=MARKET,
    sentence=_("%(seller)s ti ha scritto del tuo ordine."),
)
WRITTEN_BY_BUYER = kind(
    name="order-message-to-seller",
    topic=OFFICE,
    sentence=_("Ti hanno scritto di un ordine al mercato."),
)


def tell_confirmed(*, orders: Sequence[Order], told_at: datetime) -> None:
    """Tell each seller of an order."""
    for order in orders:
        _tell_seller(ORDERED, order, told_at)


def tell_ready(*, order: Order, told_at: datetime) -> None:
    """Tell the buyer that an order can be picked up, and until when."""
    # It is kept until a day is over: the last that counts is the one before that moment.
    last = localdate(order.expires_at - timedelta(microseconds=1))
    _tell_buyer(READY, order, told_at, kept_on=last.isoformat())


def tell_collected(*, order: Order, in_part: bool, told_at: datetime) -> None:
    """Tell the buyer what was paid for what was handed over."""
    assert order.purchase is not None
    paid = order.purchase.total_cents
    _tell_buyer(COLLECTED_IN_PART if in_part else COLLECTED, order, told_at, paid_cents=paid)


def tell_cancelled(*, order: Order, by_seller: bool, told_at: datetime) -> None:
    """Tell the other side that an order was cancelled."""
    if by_seller:
        _tell_buyer(CANCELLED_BY_SELLER, order, told_at, reason=order.reason)
    else:
        _tell_seller(CANCELLED_BY_BUYER, order, told_at)


def tell_expired(*, order: Order, told_at: datetime) -> None:
    """Tell both sides that nobody picked an order up in time."""
    _tell_buyer(EXPIRED, order, told_at)
    _tell_seller(EXPIRED_AT_SELLER, order, told_at)


def tell_written(*, order: Order, from_seller: bool, told_at: datetime) -> None:
    """Tell the other side that there is a message."""
    if from_seller:
        _tell_buyer(WRITTEN_BY_SELLER, order, told_at)
    else:
        _tell_seller(WRITTEN_BY_BUYER, order, told_at)


def _tell_buyer(what: str, order: Order, told_at: datetime, **params: str | int) -> None:
    notices.tell(
        recipients=[order.buyer_id],
        kind=what,
        params={"seller": order.seller.name, **params},
        told_at=told_at,
        url=f"/market/orders/{order.id}/",
    )


def _tell_seller(what: str, order: Order, told_at: datetime) -> None:
    notices.tell(
        recipients=managers_of(node_id=order.seller_id, at=told_at),
        kind=what,
        params={"total_cents": order.total_cents},
        told_at=told_at,
        url=f"/market/orders/{order.id}/",
    )
