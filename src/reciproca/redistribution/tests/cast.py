"""A community that collects the members' part in a pool, and a policy that divides it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any
from uuid import UUID

from tests.makers import (
    FIRST_DAY,
    NOON,
    Cast,
    adopt_policy,
    make_cast,
    make_fund,
    make_membership,
    make_organisation,
    make_person,
)
from tests.makers import make_member as make_person_who_signs_in

from reciproca.governance import actions as governance
from reciproca.governance.forms import AdoptionIn, ResolutionIn
from reciproca.purchases.actions import record_sale, refund_purchase
from reciproca.purchases.forms import LineIn, RefundIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.redistribution import actions
from reciproca.redistribution.models import Run
from reciproca.redistribution.rules import Criterion, RedistributionPolicy
from reciproca.valueback.actions import commit_rate

ENDS_ON = date(2025, 6, 30)
AFTERWARDS = datetime(2025, 7, 2, 9, tzinfo=UTC)
"""When the first half of 2025 is over and divided."""

HALF = (date(2025, 1, 1), ENDS_ON)


@dataclass
class Valley:
    """The standing cast, its pool, and short ways to do what people do."""

    cast: Cast
    pool: UUID
    social: UUID
    people: list[UUID] = field(default_factory=list)
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def buy(
        self,
        member: UUID,
        cents: int,
        *,
        at: datetime = NOON,
        shop: UUID | None = None,
        category: str = "",
        recorded_at: datetime | None = None,
    ) -> Purchase:
        sale = SaleIn(
            key=f"k{next(self.keys)}",
            seller_id=shop or self.cast.lievito_id,
            buyer_id=member,
            happened_at=at,
            lines=(LineIn(category, cents),),
        )
        return record_sale(sale=sale, recorded_by=None, recorded_at=recorded_at or at)

    def give_back(self, purchase: Purchase, *, at: datetime = NOON) -> Purchase:
        refund = RefundIn(
            key=f"r{next(self.keys)}", purchase_id=purchase.id, happened_at=at, lines=None
        )
        return refund_purchase(refund=refund, recorded_by=None, recorded_at=at)

    def policy(self, *criteria: Criterion, **changes: Any) -> RedistributionPolicy:
        return RedistributionPolicy(
            **{
                "title": "Riparto del monte",
                "pool_id": self.pool,
                "common_id": self.cast.common_id,
                "common_share": Fraction(1, 5),
                "criteria": criteria or (Criterion("patronage", Fraction(1)),),
                **changes,
            }
        )

    def adopt(self, *criteria: Criterion, in_force_on: date = FIRST_DAY, **changes: Any) -> str:
        return governance.adopt_policy(
            adoption=AdoptionIn(
                document=self.policy(*criteria, **changes).as_document(),
                in_force_on=in_force_on,
                resolution=ResolutionIn(
                    body_id=self.cast.federation_id,
                    title="Criteri di riparto",
                    adopted_on=FIRST_DAY,
                    protocol_number=f"R{next(self.keys)}",
                ),
                legal_basis="Regolamento della comunità",
                legal_basis_confirmed_by="Avv. Rita Prova",
            ),
            recorded_by=None,
            recorded_at=NOON,
        )

    def open(self, *, period: tuple[date, date] = HALF, at: datetime = AFTERWARDS) -> Run:
        return actions.open_run(
            starts_on=period[0], ends_on=period[1], opened_by=OPENER, opened_at=at
        )

    def measure(self, run: Run, at: datetime = AFTERWARDS) -> Run:
        return actions.measure_run(run_id=run.id, measured_at=at)

    def approve(self, run: Run, at: datetime = AFTERWARDS) -> Run:
        return actions.approve_run(run_id=run.id, approved_by=APPROVER, approved_at=at)

    def pay(self, run: Run, at: datetime = AFTERWARDS) -> Run:
        return actions.pay_run(run_id=run.id, paid_at=at)

    def run(self, *, period: tuple[date, date] = HALF, at: datetime = AFTERWARDS) -> Run:
        """Open, measure, approve and pay the run of a period."""
        opened = self.open(period=period, at=at)
        self.measure(opened, at)
        self.approve(opened, at)
        return self.pay(opened, at)

    def correct(self, run: Run, at: datetime = AFTERWARDS + timedelta(days=5)) -> Run:
        """Open, measure, approve and pay a correction."""
        opened = actions.open_correction(
            run_id=run.id, reason="Un acquisto mancava", opened_by=OPENER, opened_at=at
        )
        self.measure(opened, at)
        self.approve(opened, at)
        return self.pay(opened, at)


OPENER, APPROVER = UUID(int=0x0FE), UUID(int=0xA99)


def make_valley() -> Valley:
    """Open the community; of everything bought ten per cent lands in the pool."""
    cast = make_cast()
    pool = make_fund(held_by=cast.federation_id, name="Monte dei soci", kind="pool")
    adopt_policy(
        cast,
        branches=[
            {"key": "member", "name": {"it": "A te", "en": "To you"}, "share": "1", "node": None}
        ],
        member_part="pooled",
        pool=str(pool),
    )
    social = make_organisation(name="Le Formiche Operose", sector="social")
    for seller in (cast.lievito_id, cast.roncolago_id, social):
        commit_rate(seller_id=seller, rate_bp=1_000, valid_from=FIRST_DAY, recorded_by=None)
    return Valley(cast, pool, social)


__all__ = [
    "AFTERWARDS",
    "APPROVER",
    "ENDS_ON",
    "HALF",
    "OPENER",
    "Valley",
    "make_membership",
    "make_person",
    "make_person_who_signs_in",
    "make_valley",
]
