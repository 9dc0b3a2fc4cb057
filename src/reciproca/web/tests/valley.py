"""A community where people buy, give back and give away, for the tests of members' pages."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from tests.makers import NOON, Cast, Member, adopt_policy, make_cast

from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import LineBack, LineIn, RefundIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.valueback import actions as valueback
from reciproca.valueback.models import Gift

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Valley:
    """The standing cast with a policy from 2025 on; both cooperatives give five percent back."""

    cast: Cast
    policy: str

    @property
    def bruno(self) -> Member:
        return self.cast.bruno

    def buy(
        self,
        cents: int = 10_000,
        *,
        by: Member | None = None,
        seller: UUID | None = None,
        at: datetime = NOON,
        credit: int = 0,
        lines: tuple[LineIn, ...] = (),
    ) -> Purchase:
        sale = SaleIn(
            key=f"s{next(_keys)}",
            seller_id=seller or self.cast.lievito_id,
            buyer_id=(by or self.bruno).id,
            happened_at=at,
            lines=lines or (LineIn("", cents),),
            credit_cents=credit,
        )
        elsa = self.cast.elsa.user.id
        return purchases.record_sale(sale=sale, recorded_by=elsa, recorded_at=max(at, NOON))

    def give_back(self, purchase: Purchase, *lines: tuple[int, int], reason: str = "") -> Purchase:
        refund = RefundIn(
            key=f"r{next(_keys)}",
            purchase_id=purchase.id,
            happened_at=NOON,
            lines=tuple(LineBack(*line) for line in lines) or None,
            reason=reason,
        )
        return purchases.refund_purchase(refund=refund, recorded_by=None, recorded_at=NOON)

    def give(self, cents: int, *, by: Member | None = None) -> Gift:
        return valueback.give_credit(
            key=f"g{next(_keys)}",
            giver_id=(by or self.bruno).id,
            project_id=self.cast.project_id,
            amount_cents=cents,
            happened_at=NOON,
            recorded_by=None,
        )

    def sum_months(self) -> None:
        purchases.refresh_month_totals(since=NOON - timedelta(days=3_650))


def make_valley(**policy: object) -> Valley:
    """Open the community, adopt a policy of 2/5 for the member and 1/5 for each fund."""
    cast = make_cast()
    digest = adopt_policy(cast, **policy)  # type: ignore[arg-type]
    for seller in (cast.lievito_id, cast.roncolago_id):
        valueback.commit_rate(
            seller_id=seller, rate_bp=500, valid_from=date(2024, 1, 1), recorded_by=None
        )
    return Valley(cast, digest)
