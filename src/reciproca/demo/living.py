"""
The year as it reaches the network, in order, through the same actions as a till's.

Two hands record it side by side, as many tills would: members with an even and with an odd index.
What a member holds is touched by one hand only, so the figures do not depend on who is faster.
"""

import multiprocessing
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from multiprocessing.sharedctypes import Synchronized
from uuid import UUID

from django.db import connection, connections

from reciproca.demo.days import DAYS, instant_of
from reciproca.demo.events import GiftPlan, PurchasePlan, RefundPlan, YearEvent
from reciproca.demo.founding import Nodes
from reciproca.demo.habits import Habit
from reciproca.demo.year import plan_year
from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import RefundIn, SaleIn
from reciproca.shared.progress import Progress
from reciproca.valueback import actions as valueback
from reciproca.valueback import queries as values

HANDS = 2
LAST_MINUTE = 24 * 60 - 1
DAYS_AT_ONCE = 3
"""A batch's cost is mostly its statements: three quiet days together cost hardly more than one."""

SECONDS_BETWEEN_LOOKS = 0.2


class YearInterrupted(Exception):
    """One of the hands stopped before the year was over."""


def live(
    *, habits: tuple[Habit, ...], nodes: Nodes, year: int, count: int, progress: Progress
) -> None:
    """
    Record a year of `count` purchases and all that follows them.

    The caller's own database connections are closed: a forked process must not share them.
    """
    _close_connections()
    context = multiprocessing.get_context("fork")
    days = context.Value("i", 0)
    hands = [
        context.Process(target=_hand, args=(hand, habits, nodes, year, count, days))
        for hand in range(HANDS)
    ]
    for each in hands:
        each.start()
    try:
        while any(each.is_alive() for each in hands):
            hands[0].join(SECONDS_BETWEEN_LOOKS)
            progress("purchases", days.value, DAYS)
            if any(each.exitcode for each in hands):
                raise YearInterrupted
    finally:
        for each in hands:
            if each.is_alive():
                each.terminate()
            each.join()
    if any(each.exitcode for each in hands):
        raise YearInterrupted


@dataclass(slots=True)
class _Year:
    """What the days of a year must know of each other: which key became which purchase."""

    nodes: Nodes
    year: int
    ids: dict[str, UUID] = field(default_factory=dict)

    def at(self, day: int, minute: int) -> datetime:
        return instant_of(year=self.year, day=day, minute=minute)


def _hand(
    hand: int,
    habits: tuple[Habit, ...],
    nodes: Nodes,
    year: int,
    count: int,
    days: "Synchronized[int]",
) -> None:
    with connection.cursor() as cursor:
        # Nobody is told yet that anything is kept: an interrupted building is begun anew, and the
        # commit that says it is whole takes all that came before it to the disk.
        cursor.execute("SET synchronous_commit = off")
    lived = _Year(nodes, year)
    events = plan_year(habits=habits, year=year, purchases=count)
    for turn, of_days in groupby(events, key=lambda event: event.recorded_day // DAYS_AT_ONCE):
        own = [event for event in of_days if event.member % HANDS == hand]
        _live_some_days(lived, own)
        with days.get_lock():
            days.value = max(days.value, turn * DAYS_AT_ONCE)


def _live_some_days(lived: _Year, events: list[YearEvent]) -> None:
    """Record a few days on the last one's evening: purchases, then what came back, then gifts."""
    if not events:
        return
    evening = lived.at(events[-1].recorded_day, LAST_MINUTE)
    sold = [event for event in events if isinstance(event, PurchasePlan)]
    if sold:
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


def _close_connections() -> None:
    for each in connections.all(initialized_only=True):
        each.close()
        close_pool = getattr(each, "close_pool", None)
        if close_pool:
            close_pool()
