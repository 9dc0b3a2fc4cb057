"""What comes back when somebody cancels in time. Source: docs/rules/market.md."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

HOUR = timedelta(hours=1)


class PolicyUnordered(DomainError):
    code = "cancellation-unordered"
    message = _("Scrivi i passi della disdetta dal più lontano al più vicino, fra 0 e tutto.")
    status = 422


class CancellationStep(NamedTuple):
    """Up to `hours_before` the start, `refund` (a share of what was paid, 0 to 1) comes back."""

    hours_before: int
    refund: Fraction


class Refunded(NamedTuple):
    """What comes back and what is kept, in whole cents; together what was paid."""

    refund_cents: int
    kept_cents: int


def cancelled(
    *,
    policy: Sequence[CancellationStep],
    starts_at: datetime,
    cancelled_at: datetime,
    paid_cents: int,
) -> Refunded:
    """
    Return what comes back: the first step that was reached in time decides, rounded down.

    A step is reached at its very minute. After the last step nothing comes back. Both instants
    are of the same kind, with a zone or both without.

    Raises: PolicyUnordered (steps not from the earliest to the latest, or a share beyond 0 to 1).
    Source: docs/rules/market.md
    """
    hours = [step.hours_before for step in policy]
    if hours != sorted(set(hours), reverse=True) or not all(0 <= s.refund <= 1 for s in policy):
        raise PolicyUnordered
    left = starts_at - cancelled_at
    share = next((s.refund for s in policy if left >= s.hours_before * HOUR), Fraction(0))
    refund = paid_cents * share.numerator // share.denominator
    return Refunded(refund, paid_cents - refund)
