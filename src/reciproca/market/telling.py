"""What this room tells sellers and whoever buys or complains."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from reciproca.market.models import Complaint, Offer
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
