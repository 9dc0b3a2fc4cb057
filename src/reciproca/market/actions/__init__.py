"""The front door: what sellers, whoever complains and officers do with offers."""

from collections.abc import Collection
from uuid import UUID

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
from reciproca.market.actions.pickups import close_pickup, open_pickup
from reciproca.market.models import Complaint

__all__ = [
    "change_offer",
    "clean_ean",
    "close_pickup",
    "complain",
    "decide_complaint",
    "end_imported",
    "end_offer",
    "forget_people",
    "keep_products",
    "make_offer",
    "make_offers",
    "open_pickup",
]


def forget_people(people: Collection[UUID], /) -> None:
    """Empty what people who are erased wrote of offers; what was decided of it stays."""
    Complaint.objects.filter(made_by__in=people).update(text="")
