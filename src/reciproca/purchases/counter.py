"""Selling to whoever shows a card: the card is used for this one sale, and its credit if proved."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reciproca.purchases import queries
from reciproca.purchases.forms import SaleIn
from reciproca.purchases.models import Purchase
from reciproca.purchases.recording import record_sale
from reciproca.registry import actions as registry
from reciproca.registry import queries as cards
from reciproca.registry.actions.card_proofs import ShownTooLongAgo


def sell(
    *, sale: SaleIn, shown_id: UUID | None, recorded_by: UUID | None, recorded_at: datetime
) -> Purchase:
    """
    Record a sale at a counter to the holder of a card that was shown there.

    Without a showing to `sale.buyer_id`, or to nobody. Sent again, the key is answered as the
    first time, though its showing is used up.

    Raises: registry's ShownTooLongAgo, SpendingNotProved, CardIsBlocked; what `record_sale`
    raises. Source: docs/rules/card-codes.md
    """
    told = sale._replace(buyer_id=cards.holder_shown(shown_id=shown_id)) if shown_id else sale
    try:
        with transaction.atomic():
            if shown_id and not _is_recorded(sale):
                registry.use_shown(
                    shown_id=shown_id,
                    seller_id=sale.seller_id,
                    spends=sale.credit_cents > 0,
                    used_at=recorded_at,
                )
            return record_sale(sale=told, recorded_by=recorded_by, recorded_at=recorded_at)
    except ShownTooLongAgo:
        # Used by this very sale, perhaps, which another sending recorded meanwhile.
        if _is_recorded(sale):
            return record_sale(sale=told, recorded_by=recorded_by, recorded_at=recorded_at)
        raise


def _is_recorded(sale: SaleIn) -> bool:
    return bool(queries.recorded_keys([(sale.seller_id, sale.key)]))
