"""
What may still be done to a purchase; on which year pages of years open.

Source: docs/rules/spending-and-refunds.md
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

UNDO_FREELY = timedelta(minutes=10)
MONTHS_THAT_TELL = 2
"""A running year with purchases in fewer months than these is too young to be shown first."""


OWN_KEYS = ("till:", "desk:")
"""How keys begin that our own tills and desks make up; random signs follow."""
_OWN_KEY = re.compile(r"(?:till|desk):([0-9a-f]{8})-[0-9a-f-]{27}")


def receipt_number(key: str) -> str:
    """
    Return the number by which people speak of a purchase.

    It is what the seller's own software calls it, or how a key of ours begins: with that much of
    it the purchase is found again.
    """
    own = _OWN_KEY.fullmatch(key)
    return own[1] if own else key


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


def year_to_open(*, months: Iterable[date], today: date) -> int:
    """
    Return the year on which a page opens when nobody asked for one.

    `months` are days of the months with purchases. This year, once enough of its months have some;
    before that the last year that had any; this one again where there is none before.
    """
    lived = {(month.year, month.month) for month in months}
    earlier = [year for year, _month in lived if year < today.year]
    of_this = sum(year == today.year for year, _month in lived)
    return max(earlier) if earlier and of_this < MONTHS_THAT_TELL else today.year
