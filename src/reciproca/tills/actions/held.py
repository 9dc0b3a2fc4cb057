"""What a person decides of a sale that could not be recorded as it came."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import SaleIn
from reciproca.registry import queries as registry
from reciproca.registry.actions.card_proofs import CardUnknown
from reciproca.tills.actions.places import locked_till
from reciproca.tills.errors import AlreadySettled, NotReadable, ReasonMissing, SaleUnknown
from reciproca.tills.forms import lines_in, read_payload
from reciproca.tills.models import HeldSale, Settlement, TillSale
from reciproca.tills.rules import purchase_key


@transaction.atomic
def record_held(
    *,
    held_id: UUID,
    organisation_id: UUID,
    card: str,
    settled_by: UUID | None,
    settled_at: datetime,
) -> UUID:
    """
    Record a held sale to the holder of a card, to nobody with none, and return its purchase.

    A blocked card's holder is taken too: who decides knows whom it was. The sale follows the policy
    of the moment in which it happened, and belongs to the till's day that is open now.

    Raises: SaleUnknown, AlreadySettled, NotReadable, CardUnknown, and what `record_sale` raises.
    """
    held = _open(held_id, organisation_id)
    told = read_payload(held.payload)
    if told is None or held.happened_at is None:
        raise NotReadable
    till = locked_till(till_id=held.till_id)
    purchase = purchases.record_sale(
        sale=SaleIn(
            key=purchase_key(f"held:{held.id}"),
            seller_id=organisation_id,
            buyer_id=_holder(card),
            happened_at=min(held.happened_at, settled_at),
            lines=lines_in(told.lines),
        ),
        recorded_by=settled_by,
        recorded_at=settled_at,
    )
    TillSale.objects.create(
        purchase=purchase,
        till=till,
        day_number=till.day_number,
        operator_id=held.operator_id,
        offline=True,
        received_at=settled_at,
    )
    Settlement.objects.create(
        held_sale=held, purchase=purchase, settled_by=settled_by, settled_at=settled_at
    )
    return purchase.id


@transaction.atomic
def drop_held(
    *,
    held_id: UUID,
    organisation_id: UUID,
    reason: str,
    settled_by: UUID | None,
    settled_at: datetime,
) -> None:
    """
    Decide that a held sale is not recorded; it stays to be read, with the reason.

    Raises: SaleUnknown, AlreadySettled, ReasonMissing.
    """
    held = _open(held_id, organisation_id)
    if not reason.strip():
        raise ReasonMissing
    Settlement.objects.create(
        held_sale=held, reason=reason.strip()[:300], settled_by=settled_by, settled_at=settled_at
    )


def _open(held_id: UUID, organisation_id: UUID) -> HeldSale:
    """Return a held sale that nobody decided on; whoever asks meanwhile waits."""
    rows = HeldSale.objects.select_for_update(no_key=True)
    held = rows.filter(pk=held_id, organisation=organisation_id).first()
    if held is None:
        raise SaleUnknown
    if Settlement.objects.filter(held_sale=held).exists():
        raise AlreadySettled
    return held


def _holder(card: str) -> UUID | None:
    bare = "".join(card.split())
    if not bare:
        return None
    holder = registry.holder_of(number=bare)
    if holder is None:
        raise CardUnknown
    return holder.person_id
