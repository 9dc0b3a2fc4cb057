"""The front door: what sellers, buyers, whoever complains and officers do."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from reciproca.market.actions.fulfilling import (
    cancel_order,
    expire_orders,
    forget_orders_of,
    hand_over,
    mark_ready,
    write_about,
)
from reciproca.market.actions.moderating import complain, decide_complaint
from reciproca.market.actions.offering import (
    change_offer,
    clean_ean,
    end_imported,
    end_offer,
    keep_products,
    make_offer,
    make_offers,
)
from reciproca.market.actions.ordering import confirm_cart, put_in_cart
from reciproca.market.actions.pickups import close_pickup, open_pickup
from reciproca.market.models import Complaint

__all__ = [
    "cancel_order",
    "change_offer",
    "clean_ean",
    "close_pickup",
    "complain",
    "confirm_cart",
    "decide_complaint",
    "end_imported",
    "end_offer",
    "expire_orders",
    "forget_people",
    "hand_over",
    "keep_products",
    "make_offer",
    "make_offers",
    "mark_ready",
    "open_pickup",
    "put_in_cart",
    "write_about",
]


def forget_people(people: Collection[UUID], /, *, at: datetime) -> None:
    """Empty what people who are erased wrote and ordered; what was decided, and amounts, stay."""
    forget_orders_of(people, at=at)
    Complaint.objects.filter(made_by__in=people).update(text="")
