"""
What may still be done to a purchase, and how long its detail is kept.

Source: docs/rules/spending-and-refunds.md, docs/rules/retention.md
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from reciproca.shared.allocation import split_by_weight
from reciproca.shared.errors import DomainError
from reciproca.shared.money import format_euro

UNDO_FREELY = timedelta(minutes=10)


class RefundAbovePurchase(DomainError):
    code = "refund-above-purchase"
    message = _("Di questo acquisto si possono ancora rendere %(left)s: riduci l'importo.")


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


def refund_by_line(*, left_cents: Sequence[int], amount_cents: int) -> list[int]:
    """
    Return how much of each line goes back when only a sum is named.

    `left_cents` is what each line can still give back. By what is left, largest remainder, ties in
    line order: so nobody has to choose lines at the counter, and no line gives more than it has.

    Raises: RefundAbovePurchase.
    """
    left = [max(cents, 0) for cents in left_cents]
    if amount_cents > sum(left):
        raise RefundAbovePurchase(left=format_euro(sum(left)))
    return split_by_weight(total=amount_cents, weights=left)
