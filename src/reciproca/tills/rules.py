"""
Clocks of devices, and what a till's day comes to. No database, no clock.

Source: docs/rules/till.md
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

CLOCK_MAY_DIFFER = timedelta(seconds=120)
"""A device's clock that is wrong by no more is left as it is."""

KEYS_OF_TILLS = "till:"
"""How the keys begin that tills make, beside those of other software of the same seller."""

KEPT_AT_MOST = timedelta(days=60)
"""A sale that was made longer ago is looked at by a person."""


class ClockAhead(DomainError):
    code = "clock-ahead"
    message = _("Secondo il dispositivo questa vendita è nel futuro.")


class TooOld(DomainError):
    code = "too-old"
    message = _("Questa vendita è di più di sessanta giorni fa.")


class DayTotals(NamedTuple):
    """
    What was sold and given back at a till in a day, in whole cents.

    Refunds and undos count as positive; `credit_cents` is credit spent less credit given back.
    """

    sale_count: int = 0
    sale_cents: int = 0
    credit_cents: int = 0
    refund_count: int = 0
    refund_cents: int = 0

    @property
    def money_cents(self) -> int:
        """Return what should be in the drawer."""
        return self.sale_cents - self.refund_cents - self.credit_cents

    @property
    def back_cents(self) -> int:
        """Return what was given back, as what it takes from the day: negative."""
        return -self.refund_cents

    @property
    def credit_paid_cents(self) -> int:
        """Return what credit paid, as what it takes from the drawer: negative."""
        return -self.credit_cents


def by_our_clock(*, told: datetime, device_time: datetime, now: datetime) -> datetime:
    """
    Return when something happened by our clock, though a device told it by its own.

    `told` is what the device said, `device_time` what its clock showed as it sent, `now` what ours
    did. A clock that is wrong by more than two minutes is put right.

    Source: docs/rules/till.md
    """
    wrong_by = device_time - now
    return told - wrong_by if abs(wrong_by) > CLOCK_MAY_DIFFER else told


def check_age(*, at: datetime, now: datetime) -> None:
    """
    Refuse a sale of the future (a few seconds are no mistake), and one of more than sixty days ago.

    Raises: ClockAhead, TooOld. Source: docs/rules/till.md
    """
    if at > now + CLOCK_MAY_DIFFER:
        raise ClockAhead
    if at < now - KEPT_AT_MOST:
        raise TooOld


def purchase_key(key: object) -> str:
    """Return under which key `purchases` knows what a till calls by this one."""
    return f"{KEYS_OF_TILLS}{key}"


def own_key(key: str) -> str:
    """Return what a till calls a purchase of this key."""
    return key.removeprefix(KEYS_OF_TILLS)


def masked(number: str) -> str:
    """Return a card's number as a till and a receipt show it: its last four digits."""
    return f"•••• {number[-4:]}"
