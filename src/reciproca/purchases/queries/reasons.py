"""Why a purchase came to its figures: everything that they were computed from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localtime

from reciproca.purchases.models import Line, Purchase
from reciproca.purchases.queries.member import PurchaseRow, purchase_row
from reciproca.purchases.rules import receipt_number
from reciproca.valueback import queries as valueback
from reciproca.valueback.queries import PolicyInForce
from reciproca.valueback.rules.why import LineWhy, explain_line


@dataclass(frozen=True, slots=True)
class LineReason:
    """
    One line with its figures; those of a refund are the contrary ones.

    `after` is the value of what this purchase leaves of the line, and `before`, for a correction,
    of what was there: the line's value is their difference. Both are None without a policy.
    """

    position: int
    category: str
    description: str
    amount_cents: int
    credit_cents: int
    rate_bp: int
    value_cents: int
    before: LineWhy | None
    after: LineWhy | None

    @property
    def base_cents(self) -> int:
        return self.amount_cents - self.credit_cents


@dataclass(frozen=True, slots=True)
class PurchaseReason:
    """A purchase with its lines, its policy, what corrects it and what it corrects."""

    row: PurchaseRow
    key: str
    year: int
    recorded_at: datetime
    recorded_by: UUID | None
    import_id: UUID | None
    reason: str
    expires_on: date | None
    expired_cents: int
    policy: PolicyInForce | None
    lines: Sequence[LineReason]
    corrected: PurchaseRow | None
    corrections: Sequence[PurchaseRow]

    @property
    def base_cents(self) -> int:
        return self.row.total_cents - self.row.credit_cents

    @property
    def number(self) -> str:
        """Return the number of its receipt."""
        return receipt_number(self.key)

    @property
    def late_year(self) -> int | None:
        """Return the year it belongs to where that is not the year in which it happened."""
        return self.year if self.year != localtime(self.row.happened_at).year else None


def purchase_reason(
    *, purchase_id: UUID, buyer_id: UUID | None = None, seller_id: UUID | None = None
) -> PurchaseReason | None:
    """
    Return why a purchase came to its figures, None if it is not of this buyer or seller.

    Five SQL queries at most.
    """
    mine = Q(buyer=buyer_id) if buyer_id else Q(seller=seller_id)
    purchases = Purchase.objects.filter(mine).select_related("seller", "corrects__seller")
    purchase = purchases.filter(id=purchase_id).first()
    if purchase is None:
        return None
    corrections = purchase.corrections.select_related("seller").order_by("id")
    policy = valueback.adopted_policies().named(purchase.policy_id) if purchase.policy_id else None
    return PurchaseReason(
        row=purchase_row(purchase),
        key=purchase.key,
        year=purchase.year,
        recorded_at=purchase.recorded_at,
        recorded_by=purchase.recorded_by,
        import_id=purchase.imported_by_id,
        reason=purchase.reason,
        expires_on=purchase.expires_on,
        expired_cents=purchase.expired_cents,
        policy=policy,
        lines=_lines(purchase, policy),
        corrected=purchase_row(purchase.corrects) if purchase.corrects else None,
        corrections=[purchase_row(each) for each in corrections],
    )


def _lines(purchase: Purchase, policy: PolicyInForce | None) -> list[LineReason]:
    left = _money_left_before(purchase)
    lines = purchase.lines.order_by("position")
    return [_line(line, policy, left.get(line.position)) for line in lines]


def _line(line: Line, policy: PolicyInForce | None, left_cents: int | None) -> LineReason:
    base = line.amount_cents - line.credit_cents
    return LineReason(
        position=line.position,
        category=line.category,
        description=line.description,
        amount_cents=line.amount_cents,
        credit_cents=line.credit_cents,
        rate_bp=line.rate_bp,
        value_cents=line.value_cents,
        before=None if left_cents is None else _why(line, policy, left_cents),
        after=_why(line, policy, base if left_cents is None else left_cents + base),
    )


def _why(line: Line, policy: PolicyInForce | None, base_cents: int) -> LineWhy | None:
    if policy is None:
        return None
    rate = Fraction(line.rate_bp, 10_000)
    return explain_line(policy=policy.policy, rate=rate, base_cents=base_cents)


def _money_left_before(correction: Purchase) -> dict[int, int]:
    """Return what was paid in money and not yet given back of each line, before a correction."""
    if correction.corrects_id is None:
        return {}
    # Ids sort by time: corrections of one purchase wait for each other before they get theirs.
    earlier = Q(purchase__corrects=correction.corrects_id, purchase__lt=correction.id)
    left: dict[int, int] = defaultdict(int)
    lines = Line.objects.filter(earlier | Q(purchase=correction.corrects_id))
    for position, amount, credit in lines.values_list("position", "amount_cents", "credit_cents"):
        left[position] += amount - credit
    return dict(left)
