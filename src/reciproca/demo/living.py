"""The year as it reaches the network, day by day, through the same actions as a till's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from reciproca.demo.days import DAYS, instant_of
from reciproca.demo.events import GiftPlan, PurchasePlan, RefundPlan, YearEvent
from reciproca.demo.founding import Nodes
from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import RefundIn, SaleIn
from reciproca.shared.progress import Progress
from reciproca.valueback import actions as valueback
from reciproca.valueback import queries as values

LAST_MINUTE = 24 * 60 - 1


@dataclass(slots=True)
class _Year:
    """What the days of a year must know of each other: which key became which purchase."""

    nodes: Nodes
    year: int
    ids: dict[str, UUID] = field(default_factory=dict)

    def at(self, day: int, minute: int) -> datetime:
        return instant_of(year=self.year, day=day, minute=minute)


def live(*, events: Iterable[YearEvent], nodes: Nodes, year: int, progress: Progress) -> None:
    """
    Record a year of events, each day at its end: its purchases, then what came back, then gifts.
    """
    lived = _Year(nodes, year)
    for day, of_day in groupby(events, key=lambda event: event.recorded_day):
        progress("purchases", day, DAYS)
        _live_a_day(lived, day, list(of_day))
    progress("purchases", DAYS, DAYS)
    purchases.refresh_month_totals(since=lived.at(0, 0))


def _live_a_day(lived: _Year, day: int, events: list[YearEvent]) -> None:
    evening = lived.at(day, LAST_MINUTE)
    sold = [event for event in events if isinstance(event, PurchasePlan)]
    recorded = purchases.record_sales(
        sales=list(_sales(lived, sold)), recorded_by=None, recorded_at=evening
    )
    lived.ids |= {plan.key: each.purchase_id for plan, each in zip(sold, recorded, strict=True)}
    back = [event for event in events if isinstance(event, RefundPlan)]
    if back:
        purchases.refund_purchases(
            refunds=list(_refunds(lived, back)), recorded_by=None, recorded_at=evening
        )
    for event in events:
        if isinstance(event, GiftPlan):
            _give(lived, event)


def _sales(lived: _Year, plans: Iterable[PurchasePlan]) -> Iterator[SaleIn]:
    for plan in plans:
        yield SaleIn(
            key=plan.key,
            seller_id=lived.nodes.cooperatives[plan.seller],
            buyer_id=lived.nodes.people[plan.member],
            happened_at=lived.at(plan.day, plan.minute),
            lines=plan.lines,
            credit_cents=plan.credit_wish_cents,
            up_to=True,
        )


def _refunds(lived: _Year, plans: Iterable[RefundPlan]) -> Iterator[RefundIn]:
    for plan in plans:
        yield RefundIn(
            key=plan.key,
            purchase_id=lived.ids[plan.purchase_key],
            happened_at=lived.at(plan.recorded_day, plan.recorded_minute),
            lines=plan.lines,
            reason=plan.reason,
            is_undo=plan.is_undo,
        )


def _give(lived: _Year, plan: GiftPlan) -> None:
    giver, at = lived.nodes.people[plan.member], lived.at(plan.recorded_day, plan.recorded_minute)
    there = values.spendable(member_id=giver, on=at.date()).cents
    if there == 0:
        return
    valueback.give_credit(
        key=plan.key,
        giver_id=giver,
        project_id=lived.nodes.by_key[plan.project],
        amount_cents=min(there, plan.amount_cents),
        happened_at=at,
        recorded_by=giver,
    )
