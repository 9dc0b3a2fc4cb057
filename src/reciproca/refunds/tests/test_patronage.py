"""Each member's refund: in proportion to the exchange, within the ceiling, paid as decided."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.refunds.rules import (
    ExchangeKind,
    MemberExchange,
    PaymentSplit,
    patronage_refund,
    split_payment,
)
from reciproca.shared.allocation import TakerTwice

WORKER_CAP = Fraction(3, 10)
WORKERS = [
    MemberExchange("w1", 1_700, 1, 2_400_000),
    MemberExchange("w2", 1_700, Fraction(5, 4), 3_000_000),
    MemberExchange("w3", 400, 1, 500_000),
    MemberExchange("w4", 1_500, Fraction(3, 2), 1_900_000),
]
SHOPPERS = [
    MemberExchange("u1", 123_456, yearly_cents=123_456),
    MemberExchange("u2", 98_765, yearly_cents=98_765),
    MemberExchange("u3", 1, yearly_cents=1),
    MemberExchange("u4", 250_000, yearly_cents=250_000),
]

members = st.lists(
    st.tuples(st.integers(0, 10**7), st.fractions(0, 3, max_denominator=8), st.integers(0, 10**8)),
    min_size=1,
    max_size=12,
).map(lambda rows: [MemberExchange(f"m{i}", *row) for i, row in enumerate(rows)])


def test_workers_in_proportion_to_hours_and_coefficient_and_one_at_the_ceiling() -> None:
    refund = patronage_refund(
        run_id="bilancio-2025",
        kind=ExchangeKind.WORK,
        pot_cents=2_100_000,
        members=WORKERS,
        worker_cap=WORKER_CAP,
    )

    assert refund.ceilings_cents == [720_000, 900_000, 150_000, 570_000]
    assert refund.allocation.cents == [615_621, 769_527, 144_852, 570_000]
    assert refund.allocation.exact_cents[0] == Fraction(104_040_000, 169)
    assert refund.allocation.bound == ["", "", "", "upper"]


def test_consumers_in_proportion_to_what_they_bought() -> None:
    refund = patronage_refund(
        run_id="bilancio-2025",
        kind=ExchangeKind.CONSUMER,
        pot_cents=50_000,
        members=SHOPPERS,
        worker_cap=WORKER_CAP,
    )

    assert refund.allocation.cents == [13_072, 10_457, 0, 26_471]


def test_no_consumer_gets_more_than_was_spent() -> None:
    refund = patronage_refund(
        run_id="r",
        kind=ExchangeKind.CONSUMER,
        pot_cents=1_000_000,
        members=SHOPPERS,
        worker_cap=WORKER_CAP,
    )

    assert refund.allocation.cents == [member.yearly_cents for member in SHOPPERS]
    assert refund.allocation.undistributed_cents == 1_000_000 - 472_222


def test_the_law_sets_no_ceiling_to_those_who_bring_goods() -> None:
    refund = patronage_refund(
        run_id="r",
        kind=ExchangeKind.CONTRIBUTION,
        pot_cents=1_000,
        members=SHOPPERS[:1],
        worker_cap=WORKER_CAP,
    )

    assert refund.ceilings_cents == [None]
    assert refund.allocation.cents == [1_000]


def test_one_person_is_one_row() -> None:
    with pytest.raises(TakerTwice):
        patronage_refund(
            run_id="r",
            kind=ExchangeKind.CONSUMER,
            pot_cents=1_000,
            members=[SHOPPERS[0], SHOPPERS[0]],
            worker_cap=WORKER_CAP,
        )


@pytest.mark.parametrize(
    ("amount", "paid"),
    [
        (13_072, PaymentSplit(0, 8_072, 2, 5_000)),
        (10_457, PaymentSplit(0, 5_457, 2, 5_000)),
        (0, PaymentSplit(0, 0, 0, 0)),
        (26_471, PaymentSplit(0, 13_971, 5, 12_500)),
    ],
)
def test_half_in_cash_and_the_rest_in_whole_shares(amount: int, paid: PaymentSplit) -> None:
    half = Fraction(1, 2)

    found = split_payment(amount_cents=amount, cash=half, capital=half, share_value_cents=2_500)

    assert found == paid


def test_what_is_neither_cash_nor_capital_is_credit() -> None:
    found = split_payment(
        amount_cents=10_001, cash=Fraction(0), capital=Fraction(0), share_value_cents=2_500
    )

    assert found == PaymentSplit(10_001, 0, 0, 0)


@given(pot=st.integers(0, 10**9), members=members, kind=st.sampled_from(ExchangeKind))
def test_the_pot_is_divided_to_the_cent_and_no_ceiling_is_passed(
    pot: int, members: list[MemberExchange], kind: ExchangeKind
) -> None:
    refund = patronage_refund(
        run_id="r", kind=kind, pot_cents=pot, members=members, worker_cap=WORKER_CAP
    )
    found = refund.allocation

    assert sum(found.cents) + found.undistributed_cents == pot
    for cents, ceiling in zip(found.cents, refund.ceilings_cents, strict=True):
        assert cents >= 0
        assert ceiling is None or cents <= ceiling


@given(
    amount=st.integers(0, 10**8),
    cash=st.fractions(0, 1, max_denominator=20),
    rest=st.fractions(0, 1, max_denominator=20),
    share_value=st.integers(1, 10_000),
)
def test_a_refund_is_paid_in_full(
    amount: int, cash: Fraction, rest: Fraction, share_value: int
) -> None:
    found = split_payment(
        amount_cents=amount, cash=cash, capital=(1 - cash) * rest, share_value_cents=share_value
    )

    assert found.credit_cents + found.cash_cents + found.share_capital_cents == amount
    assert min(found.credit_cents, found.cash_cents, found.new_shares) >= 0
    assert found.share_capital_cents == found.new_shares * share_value
    assert found.cash_cents >= int(amount * cash)
