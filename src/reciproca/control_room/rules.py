"""What the control room may show, and how it compares."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from reciproca.shared.money import half_up

FEWEST = 5
"""A count of people or purchases below this could point at somebody."""

MONTHS = 12

QUIET = timedelta(days=30)
"""Who sells nothing for longer, while others do, may have a program that stopped."""

ENDS_SOON = timedelta(days=100)
"""Credit that ends sooner is worth telling its holders about."""


def shown(count: int) -> int | None:
    """Return a count of people or purchases, None where it is so small that it is not told."""
    return count if count == 0 or count >= FEWEST else None


def months_over(*, year: int, this_year: int, this_month: int) -> range:
    """Return the months of a year that are over: those that can be compared."""
    return range(1, this_month if year == this_year else MONTHS + 1)


def growth_bp(
    *, now: Mapping[int, int], before: Mapping[int, int], months: Collection[int]
) -> int | None:
    """
    Return by how much the figures of these months grew over a year before, in basis points.

    Rounded to whole percent, halves up; below zero they shrank. `now` and `before` map months to
    cents. None where one of the two years has nothing in these months: nothing can be compared.
    """
    these, those = (sum(year.get(month, 0) for month in months) for year in (now, before))
    if these <= 0 or those <= 0:
        return None
    return 100 * half_up(Fraction(100 * (these - those), those))


def fell_silent(last_sold: Mapping[UUID, datetime], /) -> dict[UUID, datetime]:
    """
    Return who sold nothing for longer than QUIET, and when they last did.

    Measured by the last sale of all: where nobody sells, nobody fell silent.
    """
    if not last_sold:
        return {}
    latest = max(last_sold.values())
    return {seller: at for seller, at in last_sold.items() if latest - at > QUIET}


def ends_soon(*, expires_on: date, today: date) -> bool:
    """Return whether credit that ends on a day, its last day of use, is worth an alert today."""
    return today <= expires_on <= today + ENDS_SOON
