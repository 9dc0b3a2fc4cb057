"""The sales of a till that its operators still see: those of today and of the open day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from reciproca.purchases import queries as purchases
from reciproca.purchases.forms import LineIn
from reciproca.purchases.models import Purchase
from reciproca.purchases.rules import UNDO_FREELY
from reciproca.registry.models.nodes import Plain
from reciproca.shared.calendar import first_instant
from reciproca.tills.access import DeviceHere
from reciproca.tills.errors import SaleUnknown
from reciproca.tills.models import TillSale
from reciproca.tills.rules import own_key, purchase_key

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class SaleHere:
    """A sale, refund or undo at a till, in whole cents; negative when given back."""

    id: UUID
    key: str
    kind: str
    is_undo: bool
    corrects: UUID | None
    happened_at: datetime
    recorded_at: datetime
    buyer_id: UUID | None
    buyer_name: str | None
    operator: str | None
    offline: bool
    day_number: int
    total_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int
    back_cents: int

    @property
    def left_cents(self) -> int:
        """Return how much of it can still be given back."""
        return 0 if self.corrects else self.total_cents + self.back_cents

    @property
    def undone(self) -> bool:
        """Tell whether nothing is left of it."""
        return not self.corrects and bool(self.total_cents) and not self.left_cents

    @property
    def undo_until(self) -> datetime:
        """Return until when it is undone without a reason."""
        return self.recorded_at + UNDO_FREELY


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A line of a sale, and how much of it can still come back."""

    position: int
    category: str
    description: str
    amount_cents: int
    left_cents: int


@dataclass(frozen=True, slots=True)
class KnownSale:
    """A sale that was recorded under a key, with its lines as (category, cents)."""

    id: UUID
    lines: Sequence[tuple[str, int]]
    credit_cents: int

    def is_same(self, *, lines: Sequence[LineIn], credit_cents: int) -> bool:
        """Tell whether this is that sale again."""
        return self.has_lines(lines) and self.credit_cents == credit_cents

    def has_lines(self, lines: Sequence[LineIn], /) -> bool:
        """Tell whether it has these lines."""
        return list(self.lines) == [(line.category, line.amount_cents) for line in lines]


def sales_today(*, device: DeviceHere, now: datetime, text: str = "") -> list[SaleHere]:
    """Return a till's latest sales of today and its open day, the last first, in one SQL query."""
    rows = _of(device, now)
    if text := text.strip():
        rows = rows.filter(
            Q(purchase__key__startswith=purchase_key(own_key(text)))
            | Q(purchase__buyer__name_key__contains=Plain(Value(text)))
        )
    return sale_rows(rows.order_by("-received_at", "-purchase_id")[:MOST_ROWS])


def one_sale(*, device: DeviceHere, purchase_id: UUID, now: datetime) -> SaleHere:
    """Return one of them, in one SQL query. Raises: SaleUnknown."""
    found = sale_rows(_of(device, now).filter(purchase_id=purchase_id))
    if not found:
        raise SaleUnknown
    return found[0]


def sale_of(*, device: DeviceHere, purchase_id: UUID, now: datetime) -> TillSale:
    """Return where one of them was made, in one SQL query. Raises: SaleUnknown."""
    found = _of(device, now).filter(purchase_id=purchase_id).first()
    if found is None:
        raise SaleUnknown
    return found


def days_of(purchase_ids: Collection[UUID], /) -> dict[UUID, int]:
    """Return to which day of their till these sales belong, in one SQL query."""
    made = TillSale.objects.filter(purchase__in=purchase_ids)
    return dict(made.values_list("purchase_id", "day_number"))


def lines_of(*, purchase_id: UUID) -> list[SaleLine]:
    """Return the lines of a sale with what is left of each, in two SQL queries."""
    return [
        SaleLine(line.position, line.category, line.description, line.amount_cents, line.left_cents)
        for line in purchases.lines_left(purchase_id=purchase_id)
    ]


def recorded_sales(*, organisation_id: UUID, keys: Collection[str]) -> dict[str, KnownSale]:
    """Return what was recorded under these keys of tills, in one SQL query or two."""
    names = [(organisation_id, purchase_key(key)) for key in keys]
    found = purchases.recorded_keys(names)
    if not found:
        return {}
    lines = purchases.lines_of([purchase_id for purchase_id, _content in found.values()])
    return {
        own_key(key): KnownSale(
            purchase_id,
            [(line.category, line.amount_cents) for line in lines[purchase_id]],
            sum(line.credit_cents for line in lines[purchase_id]),
        )
        for (_seller, key), (purchase_id, _content) in found.items()
    }


def _of(device: DeviceHere, now: datetime) -> QuerySet[TillSale]:
    today = first_instant(localdate(now))
    return TillSale.objects.filter(
        Q(day_number=device.day_number) | Q(received_at__gte=today), till=device.till_id
    )


def sale_rows(sales: QuerySet[TillSale]) -> list[SaleHere]:
    """Return these sales as a till shows them, in one SQL query."""
    back = (
        Purchase.objects.filter(corrects=OuterRef("purchase_id"))
        .order_by()
        .values("corrects")
        .annotate(cents=Sum("total_cents"))
        .values("cents")
    )
    found = sales.annotate(back=Coalesce(Subquery(back), 0)).values_list(
        "purchase_id",
        "purchase__key",
        "purchase__kind",
        "purchase__is_undo",
        "purchase__corrects",
        "purchase__happened_at",
        "purchase__recorded_at",
        "purchase__buyer",
        "purchase__buyer__name",
        "operator__name",
        "offline",
        "day_number",
        "purchase__total_cents",
        "purchase__credit_cents",
        "purchase__value_cents",
        "purchase__member_cents",
        "purchase__common_cents",
        "purchase__territory_cents",
        "purchase__solidarity_cents",
        "back",
    )
    return [SaleHere(row[0], own_key(row[1]), *row[2:]) for row in found]
