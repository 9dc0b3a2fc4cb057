"""Selling to whoever shows a card: the card is used for this one sale, and its credit if proved."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from reciproca.purchases import queries
from reciproca.purchases.forms import SaleIn
from reciproca.purchases.models import Purchase
from reciproca.purchases.recording import record_sale
from reciproca.registry import actions as registry
from reciproca.registry.actions.card_proofs import ShownTooLongAgo


def sell(
    *, sale: SaleIn, shown_id: UUID | None, recorded_by: UUID | None, recorded_at: datetime
) -> Purchase:
    """
    Record a sale at a counter to the holder of a card that was shown there, or to nobody.

    `sale.buyer_id` is what the showing says. Sent again, the key is answered as the first time,
    though its showing is used up.

    Raises: registry's ShownTooLongAgo, SpendingNotProved, CardIsBlocked; what `record_sale`
    raises. Source: docs/rules/card-codes.md
    """
    earlier = _buyer_of(sale)
    if earlier is None:
        try:
            return _sell(sale, shown_id, recorded_by, recorded_at)
        except ShownTooLongAgo:
            # Used by this very sale, perhaps, which another sending recorded meanwhile.
            earlier = _buyer_of(sale)
            if earlier is None:
                raise
    known = replace(sale, buyer_id=earlier[0])
    return record_sale(sale=known, recorded_by=recorded_by, recorded_at=recorded_at)


@transaction.atomic
def _sell(
    sale: SaleIn, shown_id: UUID | None, recorded_by: UUID | None, recorded_at: datetime
) -> Purchase:
    buyer = shown_id and registry.use_shown(
        shown_id=shown_id,
        seller_id=sale.seller_id,
        spends=sale.credit_cents > 0,
        used_at=recorded_at,
    )
    told = replace(sale, buyer_id=buyer)
    return record_sale(sale=told, recorded_by=recorded_by, recorded_at=recorded_at)


def _buyer_of(sale: SaleIn) -> tuple[UUID | None] | None:
    """Return who bought under this key, in a tuple since it may be nobody; None when it is new."""
    known = queries.recorded_keys([(sale.seller_id, sale.key)])
    if not known:
        return None
    [(purchase_id, _content)] = known.values()
    return (Purchase.objects.values_list("buyer", flat=True).get(pk=purchase_id),)
