"""What sellers committed to give back, and how much credit they take."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import F, Min

from reciproca.shared.arrays import array_of_uuids
from reciproca.shared.prepared import fetch
from reciproca.valueback.models import AcceptanceLimit, CommittedRate

ALL_OF_IT_BP = 10_000


@dataclass(slots=True)
class Terms:
    """
    What sellers committed to and accept, over time. Each list is (first day, basis points), by day.
    """

    rates: dict[tuple[UUID, str], list[tuple[date, int]]] = field(default_factory=dict)
    limits: dict[UUID, list[tuple[date, int]]] = field(default_factory=dict)

    def rate_bp(self, *, seller_id: UUID, category: str, on: date) -> int:
        """
        Return the share of a line that a seller gives back: of its category, else the general one,
        else 0.
        """
        general = _in_force(self.rates.get((seller_id, ""), []), on, otherwise=0)
        return _in_force(self.rates.get((seller_id, category), []), on, otherwise=general)

    def limit_bp(self, *, seller_id: UUID, on: date) -> int:
        """
        Return the largest share of a sale that a seller takes in credits; all of it unless it said
        less.
        """
        return _in_force(self.limits.get(seller_id, []), on, otherwise=ALL_OF_IT_BP)


TERMS = """
SELECT seller_id, category, valid_from, rate_bp, id FROM valueback_committedrate
WHERE seller_id = ANY(%(sellers)s::uuid[])
UNION ALL
SELECT seller_id, NULL, valid_from, share_bp, id FROM valueback_acceptancelimit
WHERE seller_id = ANY(%(sellers)s::uuid[])
ORDER BY valid_from, id
"""
"""Rates, and limits without a category; every sale asks for them."""


def terms(*, seller_ids: Collection[UUID]) -> Terms:
    """Return the commitments of these sellers, in one SQL query."""
    found = Terms(rates=defaultdict(list), limits=defaultdict(list))
    rows = fetch(TERMS, {"sellers": array_of_uuids(seller_ids)})
    for seller, category, day, bp, _id in rows:
        kept = found.limits[seller] if category is None else found.rates[seller, category]
        kept.append((day, bp))
    return found


def first_rates(*, seller_ids: Collection[UUID]) -> dict[UUID, date]:
    """Return since when each of these sellers gives back anything at all, in one SQL query."""
    rates = CommittedRate.objects.filter(seller__in=seller_ids, rate_bp__gt=0)
    return dict(rates.values_list("seller").annotate(first=Min("valid_from")).order_by())


@dataclass(frozen=True, slots=True)
class RateRow:
    """One commitment as a page shows it."""

    category: str
    rate_bp: int
    valid_from: date


def rates_of(*, seller_id: UUID, on: date) -> list[RateRow]:
    """Return what a seller gives back on a day, general rate first, in one SQL query."""
    rows = (
        CommittedRate.objects.filter(seller=seller_id, valid_from__lte=on)
        .order_by("category", F("valid_from").desc(), "-id")
        .distinct("category")
    )
    return [RateRow(row.category, row.rate_bp, row.valid_from) for row in rows]


def general_rates(*, seller_ids: Collection[UUID], on: date) -> dict[UUID, int]:
    """
    Return what these sellers give back of what has no rate of its own, in basis points.

    Those that committed nothing are left out. One SQL query.
    """
    latest = (
        CommittedRate.objects.filter(seller__in=seller_ids, category="", valid_from__lte=on)
        .order_by("seller", F("valid_from").desc(), "-id")
        .distinct("seller")
    )
    return dict(latest.values_list("seller", "rate_bp"))


def sellers_taking_none(*, on: date) -> set[UUID]:
    """Return the sellers that take no credits at all on a day, in one SQL query."""
    latest = (
        AcceptanceLimit.objects.filter(valid_from__lte=on)
        .order_by("seller", F("valid_from").desc(), "-id")
        .distinct("seller")
        .values_list("seller", "share_bp")
    )
    return {seller for seller, share_bp in latest if share_bp == 0}


def _in_force(steps: list[tuple[date, int]], on: date, *, otherwise: int) -> int:
    begun = bisect_right(steps, on, key=lambda step: step[0])
    return steps[begun - 1][1] if begun else otherwise
