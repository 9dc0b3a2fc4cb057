"""The front door: closing a year, keeping alerts, and proving that every figure is right."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from reciproca.control_room.alerts.keeping import (
    assign_alert,
    refresh_alerts,
    reopen_alert,
    resolve_alert,
)
from reciproca.control_room.sums import refresh_pairs, refresh_sums
from reciproca.control_room.verification.all import CHECKS, Verdict, run_checks
from reciproca.control_room.verification.base import Check
from reciproca.control_room.year import STEPS, close_year
from reciproca.purchases.actions import refresh_month_totals
from reciproca.shared.progress import Progress, silent

__all__ = [
    "CHECKS",
    "STEPS",
    "Verdict",
    "assign_alert",
    "close_year",
    "refresh_alerts",
    "refresh_sums",
    "reopen_alert",
    "resolve_alert",
    "verify",
]

NOT_YET_SUMMED = timedelta(days=1)
"""Sums of months follow purchases with a short delay; what is older was summed long ago."""


def verify(
    *, verified_at: datetime, checks: Sequence[Check] = CHECKS, progress: Progress = silent
) -> list[Verdict]:
    """Run every check on one snapshot of the database and return what each found."""
    refresh_month_totals(since=verified_at - NOT_YET_SUMMED)
    refresh_pairs()
    return run_checks(checks=checks, progress=progress)
