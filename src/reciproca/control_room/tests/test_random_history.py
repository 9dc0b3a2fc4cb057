"""Whatever happens in whatever order, every figure stays right: histories drawn at random."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from reciproca.clearing import actions as clearing
from reciproca.clearing.models import Payment
from reciproca.control_room.sums import refresh_pairs
from reciproca.control_room.verification.all import run_checks
from reciproca.ledger.models import Account
from reciproca.purchases import actions as purchases
from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.community import Community, make_community
from reciproca.shared.errors import DomainError
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2025, 1, 10, 12, tzinfo=UTC)
LATEST = datetime(2026, 11, 1, 12, tzinfo=UTC)
"""Ids are made by the real clock: nothing can have been recorded before it happened."""

shop = st.integers(0, 2)
member = st.integers(0, 1)
cents = st.integers(0, 60_000)
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("sale"), shop, member, cents, st.integers(0, 3_000)),
        st.tuples(st.just("part"), st.integers(0, 50), st.integers(1, 100)),
        st.tuples(st.just("undo"), st.integers(0, 50)),
        st.tuples(st.just("unlinked"), shop, member, cents),
        st.tuples(st.just("gift"), member, st.integers(1, 2_000)),
        st.tuples(st.just("time"), st.integers(1, 500)),
        st.tuples(st.just("clear")),
        st.tuples(st.just("settle"), st.integers(0, 20)),
    ),
    min_size=5,
    max_size=30,
)


class History:
    """One community living through what was drawn; what the rules refuse does not happen."""

    def __init__(self) -> None:
        self.here: Community = make_community(expires_after_years=0)
        self.now = BEGINNING
        self.done = 0

    def happen(self, what: str, *with_: int) -> None:
        self.done += 1
        try:
            with transaction.atomic():
                getattr(self, what)(*with_)
        except DomainError:
            pass  # A refusal leaves nothing behind; that is what the checks after it look for.

    def sale(self, shop: int, member: int, amount: int, credit: int) -> None:
        here = self.here
        buyer = (here.ada, here.bruno)[member]
        lines = [("", amount // 3), ("", amount - amount // 3)]
        here.buy(lines, shop=here.shops[shop], member=buyer, credit=credit, up_to=True, at=self.now)

    def unlinked(self, shop: int, member: int, amount: int) -> None:
        here = self.here
        buyer = (here.ada, here.bruno)[member]
        here.buy(-amount, shop=here.shops[shop], member=buyer, at=self.now)

    def part(self, which: int, share: int) -> None:
        purchase = self._one(which)
        if purchase is not None:
            last = purchase.lines.order_by("-position")[0]
            amount = last.amount_cents * share // 100
            self.here.give_back(purchase, (last.position, amount), at=self.now)

    def undo(self, which: int) -> None:
        purchase = self._one(which)
        if purchase is not None:
            self.here.give_back(purchase, at=self.now)

    def gift(self, member: int, amount: int) -> None:
        here = self.here
        valueback.give_credit(
            key=f"g{self.done}",
            giver_id=(here.ada, here.bruno)[member].id,
            project_id=here.project.id,
            amount_cents=amount,
            happened_at=self.now,
            recorded_by=None,
        )

    def time(self, days: int) -> None:
        self.now = min(self.now + timedelta(days=days), LATEST)
        valueback.expire_lots(on=self.now.date(), recorded_at=self.now)

    def clear(self) -> None:
        with suppress(clearing.NothingOwed):
            clearing.run_clearing(
                label=f"c{self.done}",
                until=self.now.date() - timedelta(days=1),
                recorded_by=None,
                recorded_at=self.now,
            )

    def settle(self, which: int) -> None:
        open_payments = Payment.objects.filter(settlement=None).order_by("id")
        for payment in open_payments[which % 3 : which % 3 + 1]:
            clearing.confirm_payments(
                confirmations=[clearing.Confirmation(payment.id, f"CRO{self.done}")],
                settled_on=self.now.date(),
                confirmed_by=None,
                recorded_at=self.now,
            )

    def _one(self, which: int) -> Purchase | None:
        sales = Purchase.objects.filter(kind="sale", corrects=None).order_by("id")
        return sales[which % len(sales)] if sales else None


@settings(max_examples=8)
@given(drawn=happenings)
def test_any_history_leaves_every_figure_right(drawn: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        history = History()
        for what, *with_ in drawn:
            history.happen(what, *with_)

        purchases.refresh_month_totals(since=BEGINNING - timedelta(days=1))
        refresh_pairs()
        wrong = [v for v in run_checks() if not v.ok]
        below = Account.objects.filter(purpose="credit", credits_posted__lt=F("debits_posted"))
        overdrawn = list(below)
        transaction.set_rollback(True)
    assert wrong == []
    assert overdrawn == []
