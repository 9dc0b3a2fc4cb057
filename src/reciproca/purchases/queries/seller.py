"""What a seller may read of its own purchases: the list, its sums, what can still come back."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from reciproca.purchases.models import Kind, Line, MonthTotal, Purchase
from reciproca.purchases.rules import OWN_KEYS, receipt_number
from reciproca.shared.calendar import end_of_day, first_instant, year_span
from reciproca.shared.timeline import Moment

LATEST = 500
"""How many purchases are looked through for the categories that a seller uses."""


@dataclass(frozen=True, slots=True)
class Filters:
    """
    What somebody looks for among a seller's purchases; empty means all.

    `year` is the one they belong to, the days are those they happened on. `kind` is `sale`,
    `refund` or `undo`. `text` is how a key begins, or it named these `buyers`.
    """

    first_day: date | None = None
    last_day: date | None = None
    year: int | None = None
    kind: str = ""
    category: str = ""
    with_credit: bool = False
    text: str = ""
    buyers: Collection[UUID] = ()

    @property
    def narrowed(self) -> int:
        """Return how many filters are set besides kind and text."""
        asked = (self.first_day, self.last_day, self.year, self.category, self.with_credit)
        return sum(1 for each in asked if each)

    def condition(self) -> Q:
        """Return the condition that keeps what is looked for."""
        wanted = self._when() & _KINDS.get(self.kind, Q())
        if self.category:
            lines = Line.objects.filter(purchase=OuterRef("pk"), category=self.category)
            wanted &= Q(Exists(lines))
        if self.with_credit:
            wanted &= ~Q(credit_cents=0)
        if self.text:
            keys = (Q(key__startswith=f"{own}{self.text}") for own in ("", *OWN_KEYS))
            wanted &= reduce(or_, keys, Q(buyer__in=self.buyers))
        return wanted

    def _when(self) -> Q:
        wanted = Q()
        if self.first_day:
            wanted &= Q(happened_at__gte=first_instant(self.first_day))
        if self.last_day:
            wanted &= Q(happened_at__lt=end_of_day(self.last_day))
        if self.year:
            # Nothing belongs to a year before it happened; the index is on the instant.
            wanted &= Q(year=self.year, happened_at__lt=year_span(self.year)[1])
        return wanted


_KINDS = {
    "sale": Q(kind=Kind.SALE, is_undo=False),
    "refund": Q(kind=Kind.REFUND, is_undo=False),
    "undo": Q(is_undo=True),
}


@dataclass(frozen=True, slots=True)
class SoldRow:
    """
    One purchase, refund or undo in a seller's list; cents, negative when given back.

    `back_cents` is what its corrections gave back of it. The buyer is None for who has no card.
    """

    id: UUID
    kind: str
    is_undo: bool
    key: str
    happened_at: datetime
    buyer_id: UUID | None
    buyer_name: str | None
    total_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int
    back_cents: int

    @property
    def moment(self) -> Moment:
        return Moment(self.happened_at, self.id)

    @property
    def number(self) -> str:
        """Return the number of its receipt."""
        return receipt_number(self.key)

    @property
    def is_all_back(self) -> bool:
        """Tell whether nothing is left of it."""
        return bool(self.total_cents) and self.total_cents + self.back_cents == 0


class SoldFigures(NamedTuple):
    """A purchase as a file holds it, in whole cents; negative when given back."""

    happened_at: datetime
    kind: str
    is_undo: bool
    key: str
    buyer: UUID | None
    total_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


@dataclass(frozen=True, slots=True)
class SoldTotal:
    """The sums of a list: how many sales and how many given back, cents net of refunds."""

    sale_count: int
    back_count: int
    total_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of a purchase, and how much of it (money and credits) can still come back."""

    position: int
    category: str
    description: str
    amount_cents: int
    left_cents: int


@dataclass(frozen=True, slots=True)
class SoldMonth:
    """A month of one seller, as `components` and charts take it: its first day and its value."""

    on: date
    cents: int
    purchase_count: int
    total_cents: int


def sold_by(
    *, seller_id: UUID, filters: Filters, before: Moment | None = None, limit: int = 50
) -> list[SoldRow]:
    """Return a seller's purchases that are looked for, latest first, in one SQL query."""
    rows = Purchase.objects.filter(filters.condition(), seller=seller_id)
    if before is not None:
        rows = rows.filter(before.earlier(at="happened_at"))
    corrections = Purchase.objects.filter(corrects=OuterRef("pk")).order_by().values("corrects")
    back = corrections.annotate(cents=Sum("total_cents")).values("cents")
    found = rows.annotate(back=Coalesce(Subquery(back), 0)).order_by("-happened_at", "-id")
    columns = (
        "id",
        "kind",
        "is_undo",
        "key",
        "happened_at",
        "buyer",
        "buyer__name",
        "total_cents",
        "credit_cents",
        "value_cents",
        "member_cents",
        "back",
    )
    return [SoldRow(*row) for row in found.values_list(*columns)[:limit]]


def sold_total(*, seller_id: UUID, filters: Filters) -> SoldTotal:
    """Return the sums of a seller's purchases that are looked for, in one SQL query."""
    names = ("total", "credit", "value", "member", "common", "territory", "solidarity")
    sums = Purchase.objects.filter(filters.condition(), seller=seller_id).aggregate(
        sale_count=Count("id", filter=_KINDS["sale"]),
        back_count=Count("id", filter=~_KINDS["sale"]),
        **{f"{name}_cents": Sum(f"{name}_cents", default=0) for name in names},
    )
    return SoldTotal(**sums)


def sold_figures(*, seller_id: UUID, filters: Filters) -> Iterator[SoldFigures]:
    """Yield a seller's purchases that are looked for, latest first, in constant memory."""
    rows = Purchase.objects.filter(filters.condition(), seller=seller_id)
    ordered = rows.order_by("-happened_at", "-id").values_list(*SoldFigures._fields)
    for row in ordered.iterator(chunk_size=2_000):
        yield SoldFigures(*row)


def buyers_sold(*, seller_id: UUID, filters: Filters) -> list[UUID]:
    """Return whose purchases `sold_figures` yields, in one SQL query."""
    rows = Purchase.objects.filter(filters.condition(), seller=seller_id, buyer__isnull=False)
    return list(rows.order_by().values_list("buyer_id", flat=True).distinct())


def years_sold(*, seller_id: UUID) -> list[int]:
    """Return the years in which a seller sold, latest first, in one SQL query."""
    months = MonthTotal.objects.filter(seller=seller_id).values_list("month__year", flat=True)
    return list(months.distinct().order_by("-month__year"))


def months_sold(*, seller_id: UUID, year: int) -> list[SoldMonth]:
    """Return a seller's months of a year that have purchases, in order, in one SQL query."""
    months = MonthTotal.objects.filter(seller=seller_id, month__year=year).order_by("month")
    columns = ("month", "value_cents", "purchase_count", "total_cents")
    return [SoldMonth(*row) for row in months.values_list(*columns)]


def categories_sold(*, seller_id: UUID) -> list[str]:
    """Return the categories of a seller's latest purchases, in one SQL query."""
    latest = Purchase.objects.filter(seller=seller_id).order_by("-happened_at", "-id")
    lines = Line.objects.filter(purchase__in=latest.values("id")[:LATEST]).exclude(category="")
    return list(lines.order_by("category").values_list("category", flat=True).distinct())


def lines_left(*, purchase_id: UUID) -> list[LineLeft]:
    """Return the lines of a purchase with what earlier corrections left of them, in two queries."""
    back = Line.objects.filter(purchase__corrects=purchase_id).values_list("position")
    given = dict(back.annotate(cents=Sum("amount_cents")).order_by("position"))
    lines = Line.objects.filter(purchase=purchase_id).order_by("position")
    return [
        LineLeft(
            position=line.position,
            category=line.category,
            description=line.description,
            amount_cents=line.amount_cents,
            left_cents=line.amount_cents + given.get(line.position, 0),
        )
        for line in lines
    ]
