"""What somebody may read of their own purchases."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Sum

from reciproca.purchases.models import Kind, Line, Purchase
from reciproca.purchases.queries.periods import Period
from reciproca.shared.timeline import ANYTHING, Moment, Sought


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """One purchase, refund or undo in a list; amounts in whole cents, negative when given back."""

    id: UUID
    kind: str
    is_undo: bool
    seller_id: UUID
    seller_name: str
    happened_at: datetime
    total_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int
    policy_digest: str | None
    is_pooled: bool

    @property
    def moment(self) -> Moment:
        return Moment(self.happened_at, self.id)


class SellerValue(NamedTuple):
    """What was born at one seller in a period, in whole cents; `base_cents` was paid in money."""

    seller_id: UUID
    name: str
    purchase_count: int
    base_cents: int
    cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


class BoughtLine(NamedTuple):
    """A line of a purchase with all its value was computed from, in whole cents."""

    purchase_id: UUID
    position: int
    category: str
    description: str
    amount_cents: int
    credit_cents: int
    rate_bp: int
    value_cents: int
    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


def purchases_of(
    *,
    buyer_id: UUID,
    before: Moment | None = None,
    kind: str = "",
    ids: Collection[UUID] | None = None,
    sought: Sought = ANYTHING,
    limit: int = 50,
) -> list[PurchaseRow]:
    """
    Return somebody's purchases (of a kind, or these ones), latest first, in one SQL query.

    `before` is where the page before ended.
    """
    rows = Purchase.objects.filter(_condition(sought), buyer=buyer_id).select_related("seller")
    if kind:
        rows = rows.filter(kind=kind)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    if before is not None:
        rows = rows.filter(before.earlier(at="happened_at"))
    return [purchase_row(row) for row in rows.order_by("-happened_at", "-id")[:limit]]


def facts_of_buyers(people: Collection[UUID], /) -> set[UUID]:
    """Return the ids of all that these people bought or gave back, in one SQL query."""
    return set(Purchase.objects.filter(buyer__in=people).values_list("id", flat=True))


def last_bought_at(people: Collection[UUID], /) -> datetime | None:
    """Return when one of these people last bought or gave back, None if never; one SQL query."""
    last: datetime | None = Purchase.objects.filter(buyer__in=people).aggregate(
        last=Max("happened_at")
    )["last"]
    return last


def lines_of_buyer(*, buyer_id: UUID) -> list[BoughtLine]:
    """Return every line of what somebody ever bought or gave back, in one SQL query."""
    rows = Line.objects.filter(purchase__buyer=buyer_id)
    return [
        BoughtLine(*row)
        for row in rows.order_by("purchase__happened_at", "purchase_id", "position").values_list(
            *BoughtLine._fields
        )
    ]


def sellers_of(*, buyer_id: UUID) -> list[tuple[UUID, str]]:
    """Return where somebody ever bought, by name, in one SQL query."""
    rows = Purchase.objects.filter(buyer=buyer_id).values_list("seller_id", "seller__name")
    return list(rows.distinct().order_by("seller__name", "seller_id"))


def value_by_seller(*, buyer_id: UUID, period: Period) -> list[SellerValue]:
    """Return what was born from somebody at each seller, the most first, in one SQL query."""
    rows = (
        Purchase.objects.filter(period.purchases(), buyer=buyer_id)
        .values_list("seller_id", "seller__name")
        .annotate(
            purchases=Count("id", filter=Q(kind=Kind.SALE)),
            base=Sum(F("total_cents") - F("credit_cents")),
            born=Sum("value_cents"),
            member=Sum("member_cents"),
            common=Sum("common_cents"),
            territory=Sum("territory_cents"),
            solidarity=Sum("solidarity_cents"),
        )
        .order_by("-born", "seller__name", "seller_id")
    )
    return [SellerValue(*row) for row in rows]


def value_of(*, buyer_id: UUID, period: Period) -> int:
    """Return what was born from somebody in a period, in whole cents, in one SQL query."""
    rows = Purchase.objects.filter(period.purchases(), buyer=buyer_id)
    total: int = rows.aggregate(cents=Sum("value_cents", default=0))["cents"]
    return total


def policies_applied(*, buyer_id: UUID, period: Period) -> list[str]:
    """Return the hashes of the policies that somebody's purchases of a period followed."""
    rows = Purchase.objects.filter(period.purchases(), buyer=buyer_id, policy__isnull=False)
    return list(rows.values_list("policy_id", flat=True).distinct().order_by("policy_id"))


def purchase_row(purchase: Purchase) -> PurchaseRow:
    """Return a purchase, read with its seller, as a list shows it."""
    return PurchaseRow(
        id=purchase.id,
        kind=purchase.kind,
        is_undo=purchase.is_undo,
        seller_id=purchase.seller_id,
        seller_name=purchase.seller.name,
        happened_at=purchase.happened_at,
        total_cents=purchase.total_cents,
        credit_cents=purchase.credit_cents,
        value_cents=purchase.value_cents,
        member_cents=purchase.member_cents,
        common_cents=purchase.common_cents,
        territory_cents=purchase.territory_cents,
        solidarity_cents=purchase.solidarity_cents,
        policy_digest=purchase.policy_id,
        is_pooled=purchase.policy_id is not None and purchase.expires_on is None,
    )


def _condition(sought: Sought) -> Q:
    lines = Line.objects.filter(purchase=OuterRef("pk"))
    said = Q(description__icontains=sought.text) | Q(category__icontains=sought.text)
    return sought.condition(
        node="seller",
        amount="total_cents",
        at="happened_at",
        words=Q(Exists(lines.filter(said))),
    )
