"""Purchases as the close of a year needs them: sums, buyers, what stands behind a debt."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from reciproca.purchases.models import Kind, MonthTotal, Purchase
from reciproca.shared.calendar import year_span


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What happened in a calendar year, in all sellers: sales, and cents net of refunds."""

    purchase_count: int
    total_cents: int
    credit_cents: int
    value_cents: int


def year_figures(*, year: int) -> YearFigures:
    """Return the sums of a year's months, in one SQL query; see `actions.refresh_month_totals`."""
    months = MonthTotal.objects.filter(month__range=(date(year, 1, 1), date(year, 12, 1)))
    sums = months.aggregate(
        purchases=Sum("purchase_count", default=0),
        total=Sum("total_cents", default=0),
        credit=Sum("credit_cents", default=0),
        value=Sum("value_cents", default=0),
    )
    return YearFigures(sums["purchases"], sums["total"], sums["credit"], sums["value"])


def figures_by_seller(*, year: int) -> dict[UUID, YearFigures]:
    """Return the sums of a year's months for each seller, in one SQL query."""
    months = MonthTotal.objects.filter(month__range=(date(year, 1, 1), date(year, 12, 1)))
    rows = months.values_list("seller").annotate(
        Sum("purchase_count"), Sum("total_cents"), Sum("credit_cents"), Sum("value_cents")
    )
    return {seller: YearFigures(*sums) for seller, *sums in rows}


def buyers_of(*, year: int) -> list[UUID]:
    """Return who bought anything that belongs to a year, in one SQL query."""
    bought = Purchase.objects.filter(year=year, buyer__isnull=False)
    return list(bought.order_by("buyer").values_list("buyer", flat=True).distinct())


def anything_until(*, year: int) -> bool:
    """Tell whether anything was bought by the end of a year."""
    return Purchase.objects.filter(happened_at__lt=year_span(year)[1]).exists()


@dataclass(frozen=True, slots=True)
class SoldFact:
    """One purchase at one's own counter, as a page that opens a debt lists it."""

    id: UUID
    key: str
    happened_at: datetime
    total_cents: int
    credit_cents: int


def sold_among(*, seller_id: UUID, ids: Collection[UUID]) -> list[SoldFact]:
    """Return those of these facts that this seller recorded, latest first; nobody else's."""
    rows = Purchase.objects.filter(seller=seller_id, id__in=ids).order_by("-happened_at", "-id")
    columns = ("id", "key", "happened_at", "total_cents", "credit_cents")
    return [SoldFact(*row) for row in rows.values_list(*columns)]


@dataclass(frozen=True, slots=True)
class BoughtAt:
    """What a member bought at one seller in a year, net of refunds, and what was born of it."""

    seller_id: UUID
    name: str
    purchase_count: int
    total_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


def bought_by_seller(*, buyer_id: UUID, year: int) -> list[BoughtAt]:
    """Return what somebody bought in a year, the most first, in one SQL query."""
    rows = (
        Purchase.objects.filter(buyer=buyer_id, year=year)
        .values_list("seller_id", "seller__name")
        .annotate(
            purchases=Count("id", filter=Q(kind=Kind.SALE)),
            total=Sum("total_cents"),
            credit=Sum("credit_cents"),
            born=Sum("value_cents"),
            member=Sum("member_cents"),
            common=Sum("common_cents"),
            territory=Sum("territory_cents"),
            solidarity=Sum("solidarity_cents"),
        )
        .order_by("-total", "seller__name", "seller_id")
    )
    return [BoughtAt(*row) for row in rows]
