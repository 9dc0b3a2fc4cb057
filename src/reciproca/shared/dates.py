"""
Months counted as law counts them. No clock: every date comes in as an argument.

Source: docs/rules/retention.md
"""

from calendar import monthrange
from datetime import date


def add_months(*, on: date, months: int) -> date:
    """Return the same day `months` later or earlier; the month's last where there is none."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def kept_until(*, on: date, months: int) -> date:
    """Return the last day on which something of `on` may still be kept for `months`."""
    return add_months(on=on, months=months)


def kept(*, on: date, months: int, checked_on: date) -> bool:
    """Return whether something of `on` is still kept: up to and including the last day."""
    return checked_on <= kept_until(on=on, months=months)
