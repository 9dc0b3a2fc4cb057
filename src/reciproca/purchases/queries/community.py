"""Sums of the whole community, read from the months that are kept summed, never from purchases."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, Sum

from reciproca.purchases.models import MonthTotal


@dataclass(frozen=True, slots=True)
class CommunityTotal:
    """What a community exchanged over some months, and the value that came of it, in cents."""

    purchase_count: int
    seller_count: int
    total_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


def latest_year(*, on: date) -> int | None:
    """Return the last year up to a day in which somebody bought, None before the first purchase."""
    months = MonthTotal.objects.filter(month__lte=on, purchase_count__gt=0)
    latest: date | None = months.aggregate(latest=Max("month"))["latest"]
    return latest.year if latest else None


def community_total(*, first_day: date, next_day: date) -> CommunityTotal:
    """Return the sums of the months from one day up to another, first days of months both."""
    sums = MonthTotal.objects.filter(month__gte=first_day, month__lt=next_day).aggregate(
        seller_count=Count("seller", distinct=True, filter=Q(purchase_count__gt=0)),
        **{
            name: Sum(name, default=0)
            for name in CommunityTotal.__dataclass_fields__
            if name != "seller_count"
        },
    )
    return CommunityTotal(**sums)
