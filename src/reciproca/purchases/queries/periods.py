"""The years and quarters that a page can show, and the year on which it opens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth, TruncQuarter
from django.utils.timezone import localdate

from reciproca.purchases import rules
from reciproca.purchases.models import MonthTotal, Purchase
from reciproca.shared.calendar import first_instant

QUARTERS = (1, 2, 3, 4)
_KEY = re.compile(r"(19\d\d|2[01]\d\d)(?:-q([1-4]))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """
    A year, or one of its quarters; `key` is what an address says: `2025`, `2025-q3`.

    A year holds what belongs to it, as its statement does; a quarter what happened in it.
    """

    year: int
    quarter: int | None = None

    @classmethod
    def read(cls, key: str) -> "Period | None":
        """Return the period that an address names, None for anything else."""
        found = _KEY.fullmatch(key)
        return found and cls(int(found[1]), int(found[2]) if found[2] else None)

    @property
    def key(self) -> str:
        return f"{self.year}-q{self.quarter}" if self.quarter else str(self.year)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * (self.quarter or 1) - 2, 1)

    @property
    def next_day(self) -> date:
        """Return the first day after it."""
        if self.quarter in (None, 4):
            return date(self.year + 1, 1, 1)
        return date(self.year, 3 * self.quarter + 1, 1)

    def purchases(self) -> Q:
        """Return the condition that keeps the purchases of this period."""
        if self.quarter is None:
            return Q(year=self.year)
        return Q(
            happened_at__gte=first_instant(self.first_day),
            happened_at__lt=first_instant(self.next_day),
        )


def periods_of(*, buyer_id: UUID) -> Sequence[Period]:
    """Return the years and quarters with purchases of somebody, latest first, in one query."""
    found: set[Period] = set()
    rows = Purchase.objects.filter(buyer=buyer_id).values_list("year", TruncQuarter("happened_at"))
    for year, quarter in rows.distinct():
        begins = localdate(quarter)
        found |= {Period(year), Period(begins.year, begins.month // 3 + 1)}
    return sorted(found, key=lambda each: (-each.year, -(each.quarter or 5)))


def year_to_open(*, today: date) -> int:
    """Return the year on which pages of the whole community open, in one SQL query."""
    return _year_of_months(MonthTotal.objects.all(), today)


def sellers_year_to_open(*, seller_id: UUID, today: date) -> int:
    """Return the year on which a seller's pages open, in one SQL query."""
    return _year_of_months(MonthTotal.objects.filter(seller=seller_id), today)


def buyers_year_to_open(*, buyer_id: UUID, today: date) -> int:
    """Return the year on which somebody's own pages open, in one SQL query."""
    bought = Purchase.objects.filter(buyer=buyer_id).annotate(month=TruncMonth("happened_at"))
    months = bought.values_list("month", flat=True).distinct().order_by()
    return rules.year_to_open(months=[localdate(month) for month in months], today=today)


def _year_of_months(totals: QuerySet[MonthTotal], today: date) -> int:
    sold = totals.filter(purchase_count__gt=0)
    months = sold.values_list("month", flat=True).distinct().order_by()
    return rules.year_to_open(months=months, today=today)
