"""Whatever is asked in whatever order, the ledger ends as a model of thirty lines does."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from reciproca.ledger import actions, queries, rules
from reciproca.ledger.errors import (
    ContentDiffers,
    MoreThanReserved,
    PostingRefused,
    ReservationOver,
)
from reciproca.ledger.models import Account, Transfer
from reciproca.ledger.reserving import Take, release, release_expired, reserve, take
from reciproca.ledger.rules import PURPOSES, AccountKey, Move, Posting
from reciproca.ledger.tests.postings import NOON, YEAR_END
from reciproca.shared.ids import fact_id, transfer_id

pytestmark = pytest.mark.django_db

Step = tuple[int, int, int]
"""(debit, credit, amount), the accounts by their number."""


class Model:
    """Balances and open reservations as anybody would keep them on paper."""

    def __init__(self, limits: Sequence[tuple[int | None, int | None]]) -> None:
        self.limits = limits
        self.balance, self.leaving, self.coming = Counter[int](), Counter[int](), Counter[int]()
        self.open: dict[UUID, tuple[Step, datetime]] = {}

    def holds(self, account: int) -> bool:
        floor, ceiling = self.limits[account]
        lowest = self.balance[account] - self.leaving[account]
        highest = self.balance[account] + self.coming[account]
        return (floor is None or lowest >= floor) and (ceiling is None or highest <= ceiling)

    def post(self, steps: Sequence[Step], sign: int = 1) -> bool:
        for number, (debit, credit, amount) in enumerate(steps):
            self.balance[debit] -= sign * amount
            self.balance[credit] += sign * amount
            if sign > 0 and not (self.holds(debit) and self.holds(credit)):
                self.post(steps[: number + 1], -1)
                return False
        return True

    def hold(self, step: Step, sign: int = 1) -> bool:
        debit, credit, amount = step
        self.leaving[debit] += sign * amount
        self.coming[credit] += sign * amount
        return self.holds(debit) and self.holds(credit)

    def reserve(self, ids: Sequence[UUID], steps: Sequence[Step], until: datetime) -> bool:
        held = [self.hold(step) for step in steps]
        if not all(held):
            for step in steps:
                self.hold(step, -1)
            return False
        self.open |= {each: (step, until) for each, step in zip(ids, steps, strict=True)}
        return True

    def end(self, reservation: UUID, taken: int = 0) -> None:
        (debit, credit, amount), _ = self.open.pop(reservation)
        self.hold((debit, credit, amount), -1)
        self.post([(debit, credit, taken)])


class Ledger:
    """The same, asked of the ledger; each request is compared with what the model says."""

    def __init__(self) -> None:
        shop, members = uuid4(), [uuid4(), uuid4()]
        self.keys: list[AccountKey] = [
            rules.issued(issuer=shop),
            *(rules.credit(member=each, issuer=shop, expires_on=YEAR_END) for each in members),
            rules.recovery(member=members[0], seller=shop),
        ]
        self.model = Model([PURPOSES[key.purpose][1:] for key in self.keys])
        self.now = NOON
        self.posted: list[Posting] = []
        self.reserved: list[UUID] = []

    def posting(self, steps: Sequence[Step], reference: UUID | None = None) -> Posting:
        moves = [Move(self.keys[d], self.keys[c], cents, "spend") for d, c, cents in steps]
        return Posting(reference or fact_id(), NOON, moves)

    def post(self, steps: list[Step]) -> None:
        posting = self.posting(steps)
        if self.model.post(steps):
            assert not actions.post([posting]).already_posted
            self.posted.append(posting)
        else:
            refused(PostingRefused, lambda: actions.post([posting]))

    def replay(self, number: int, more: int) -> None:
        if self.posted:
            posting = self.posted[number % len(self.posted)]
            assert actions.post([posting]).already_posted
            first, *others = posting.moves
            other = posting._replace(moves=[first._replace(amount=first.amount + more), *others])
            refused(ContentDiffers, lambda: actions.post([other]))

    def reserve(self, steps: list[Step], minutes: int) -> None:
        posting, until = self.posting(steps), self.now + timedelta(minutes=minutes)
        ids = [transfer_id(fact=posting.reference, number=n + 1) for n in range(len(steps))]
        if self.model.reserve(ids, steps, until):
            assert not reserve([posting], expires_at=until).already_posted
            assert reserve([posting], expires_at=until).already_posted
            self.reserved += ids
        else:
            refused(PostingRefused, lambda: reserve([posting], expires_at=until))

    def take(self, number: int, cents: int) -> None:
        if not self.reserved:
            return
        reservation, sale = self.reserved[number % len(self.reserved)], fact_id()

        def ask() -> actions.Receipt:
            return take([Take(reservation, cents)], reference=sale, taken_at=self.now)

        (_, _, amount), until = self.model.open.get(reservation, ((0, 0, 0), self.now))
        if until <= self.now:
            refused(ReservationOver, ask)
        elif not 0 < cents <= amount:
            refused(MoreThanReserved, ask)
        else:
            self.model.end(reservation, cents)
            assert not ask().already_posted
            assert ask().already_posted

    def release(self, number: int) -> None:
        if self.reserved:
            reservation = self.reserved[number % len(self.reserved)]
            if reservation in self.model.open:
                self.model.end(reservation)
                assert release([reservation], released_at=self.now) == 1

    def time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        for reservation, (_, until) in list(self.model.open.items()):
            if until <= self.now:
                self.model.end(reservation)
        release_expired(at=self.now)

    def totals(self) -> list[tuple[int, int, int]]:
        ids, balances = actions.open_accounts(self.keys), queries.balances(self.keys)
        rows = Account.objects.in_bulk(ids.values())
        kept = [rows[ids[key]] for key in self.keys]
        return [
            (balances[key], each.debits_pending, each.credits_pending)
            for key, each in zip(self.keys, kept, strict=True)
        ]

    def counted(self) -> list[int]:
        """Return the balances as the transfers themselves say."""
        ids = actions.open_accounts(self.keys)
        sums = Counter[int]()
        for row in Transfer.objects.filter(debit_account__in=ids.values()):
            sums[row.debit_account_id] -= row.amount
            sums[row.credit_account_id] += row.amount
        return [sums[ids[key]] for key in self.keys]


def refused(kind: type[Exception], ask: object) -> None:
    assert callable(ask)
    with pytest.raises(kind), transaction.atomic():
        ask()


step = st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(1, 60)).map(
    lambda drawn: (drawn[0], (drawn[0] + drawn[1]) % 4, drawn[2])
)
steps = st.lists(step, min_size=1, max_size=5)
lot = st.integers(1, 2)
spent = st.tuples(lot, st.just(0), st.integers(1, 60)).map(lambda drawn: [drawn])
minutes = st.integers(0, 30)
which = st.integers(0, 20)
requests = st.lists(
    st.one_of(
        st.tuples(st.just("post"), spent),
        st.tuples(st.just("post"), steps),
        st.tuples(st.just("replay"), which, st.integers(1, 9)),
        st.tuples(st.just("reserve"), st.one_of(spent, steps), minutes),
        st.tuples(st.just("take"), which, st.integers(0, 60)),
        st.tuples(st.just("release"), which),
        st.tuples(st.just("time"), minutes),
    ),
    min_size=4,
    max_size=25,
)


@settings(max_examples=200)
@given(asked=requests)
def test_the_ledger_ends_as_the_model_does(asked: list[tuple[str, object]]) -> None:
    ledger = Ledger()
    ledger.post([(0, 1, 100), (0, 2, 100)])

    for what, *with_ in asked:
        getattr(ledger, what)(*with_)

    model = ledger.model
    expected = [(model.balance[n], model.leaving[n], model.coming[n]) for n in range(4)]
    assert ledger.totals() == expected
    assert ledger.counted() == [balance for balance, _, _ in expected]
    assert sum(balance for balance, _, _ in expected) == 0
