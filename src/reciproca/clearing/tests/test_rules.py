"""Debts become few payments, and nobody's position changes."""

import random
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from reciproca.clearing.rules import (
    Obligation,
    Redemption,
    gross_cents,
    net_internal_debt_cents,
    netted_payments,
    obligations_of,
    positions,
)

nodes = st.sampled_from("ABCDEFG")
debts = st.lists(st.builds(Obligation, nodes, nodes, st.integers(0, 50)), max_size=25)


def test_four_cooperatives_with_two_cycles() -> None:
    obligations = [
        Obligation("A", "B", 10_000),
        Obligation("B", "C", 8_000),
        Obligation("C", "A", 6_000),
        Obligation("C", "D", 5_000),
        Obligation("D", "B", 2_000),
        Obligation("A", "D", 1_000),
    ]

    net = positions(obligations)

    assert gross_cents(obligations) == 32_000
    assert net == {"A": -5_000, "B": 4_000, "C": -3_000, "D": 4_000}
    assert net_internal_debt_cents(net) == 8_000
    assert netted_payments(net) == [("A", "B", 4_000), ("C", "D", 3_000), ("A", "D", 1_000)]


def test_credits_spent_elsewhere_are_owed_and_those_spent_at_home_are_not() -> None:
    spent = [
        Redemption("coopA", "coopB", 1_500),
        Redemption("coopC", "coopA", 900),
        Redemption("coopA", "coopA", 500),
        Redemption("coopC", "coopA", 650),
    ]

    assert obligations_of(spent) == [("coopA", "coopB", 1_500), ("coopC", "coopA", 1_550)]


def test_who_owes_nothing_in_the_end_pays_nothing() -> None:
    net = positions([Obligation("A", "B", 5), Obligation("B", "A", 5)])

    assert net == {"A": 0, "B": 0}
    assert netted_payments(net) == []


@given(obligations=debts)
def test_payments_keep_every_position(obligations: list[Obligation]) -> None:
    net = positions(obligations)

    payments = netted_payments(net)

    after: dict[str, int] = defaultdict(int, positions(payments))
    assert sum(net.values()) == 0
    assert all(after[node] == cents for node, cents in net.items())
    assert gross_cents(payments) == net_internal_debt_cents(net)


@given(obligations=debts)
def test_payments_are_few_and_nobody_both_pays_and_is_paid(obligations: list[Obligation]) -> None:
    net = positions(obligations)

    payments = netted_payments(net)

    payers = {payment.debtor for payment in payments}
    paid = {payment.creditor for payment in payments}
    assert not payers & paid
    assert all(payment.amount_cents > 0 for payment in payments)
    assert len(payments) <= max(0, sum(1 for cents in net.values() if cents) - 1)


@given(obligations=debts, data=st.data())
def test_the_order_of_the_debts_changes_nothing(
    obligations: list[Obligation], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(obligations))

    assert netted_payments(positions(shuffled)) == netted_payments(positions(obligations))


def test_three_hundred_thousand_debts_leave_fewer_payments_than_there_are_nodes() -> None:
    chance = random.Random(1)
    pairs = [chance.sample(range(5_000), 2) for _ in range(300_000)]
    obligations = [Obligation(one, other, chance.randint(1, 10**6)) for one, other in pairs]

    payments = netted_payments(positions(obligations))

    assert len(payments) < 5_000
