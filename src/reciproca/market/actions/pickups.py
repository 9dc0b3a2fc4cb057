"""Where sellers hand over."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reciproca.market.errors import PickupInUse, PickupMissing
from reciproca.market.forms import PickupIn
from reciproca.market.models import Offer, PickupPoint
from reciproca.shared.ids import uuid7


def open_pickup(*, seller_id: UUID, pickup: PickupIn, opened_at: datetime) -> PickupPoint:
    """Open a place where a seller hands over."""
    return PickupPoint.objects.create(
        id=uuid7(),
        seller_id=seller_id,
        name=pickup.name,
        municipality_id=pickup.municipality,
        address=pickup.address,
        hours=pickup.hours,
        recorded_at=opened_at,
    )


@transaction.atomic
def close_pickup(*, pickup_id: UUID, seller_id: UUID, closed_at: datetime) -> None:
    """Close a place that no open offer names any more. Raises: PickupMissing, PickupInUse."""
    found = PickupPoint.objects.select_for_update()
    point = found.filter(id=pickup_id, seller=seller_id, closed_at=None).first()
    if point is None:
        raise PickupMissing
    if Offer.objects.filter(pickup=point, ended_at=None).exists():
        raise PickupInUse
    point.closed_at = closed_at
    point.save(update_fields=["closed_at"])
