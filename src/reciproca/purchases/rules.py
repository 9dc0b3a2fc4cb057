"""
What may still be done to a purchase.

Source: docs/rules/spending-and-refunds.md
"""

from datetime import datetime, timedelta
from enum import StrEnum

UNDO_FREELY = timedelta(minutes=10)


class Undo(StrEnum):
    """What taking a purchase back needs: nothing, a reason, or a refund in its place."""

    FREE = "free"
    WITH_REASON = "with_reason"
    AS_REFUND = "as_refund"


def undo_needs(*, recorded_at: datetime, now: datetime, day_is_open: bool) -> Undo:
    """
    Return what an undo needs: nothing up to ten minutes, a reason while the day is open.

    Both instants are aware; `day_is_open` is whether the seller's day of the purchase still is.
    """
    if now - recorded_at <= UNDO_FREELY:
        return Undo.FREE
    return Undo.WITH_REASON if day_is_open else Undo.AS_REFUND
