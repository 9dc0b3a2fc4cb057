"""Debts that run in circles are cancelled, the others become few payments; positions stay."""

import random
from collections import Counter, defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.clearing.rules import (
    MOST_CENTS,
    DebtsTooLarge,
    Obligation,
    Redemption,
    gross_cents,
    net_internal_debt_cents,
    netted_payments,
    obligations_of,
    only_set_off,
    positions,
    set_off,
)

nodes = st.sampled_from("ABCDEFG")
CHAIN_AND_CIRCLE = [
    Obligation("A", "B", 10_000),
    Obligation("B", "C", 10_000),
    Obligation("C", "D", 4_000),
    Obligation("D", "B", 3_000),
]
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


def test_a_circle_is_cancelled_and_what_hangs_on_it_stays() -> None:
    cancelled = set_off(CHAIN_AND_CIRCLE)

    assert cancelled == [("B", "C", 3_000), ("C", "D", 3_000), ("D", "B", 3_000)]
    assert only_set_off(CHAIN_AND_CIRCLE, cancelled)


def test_where_nothing_comes_back_nothing_is_cancelled() -> None:
    assert set_off([Obligation("A", "B", 5), Obligation("B", "C", 5)]) == []
    assert set_off([]) == []


def test_two_ways_of_cancelling_as_much_are_told_apart_from_one() -> None:
    two_ways = [
        Obligation("A", "B", 10),
        Obligation("B", "C", 10),
        Obligation("B", "D", 10),
        Obligation("C", "A", 10),
        Obligation("D", "A", 10),
    ]
    in_part = [*two_ways[:3], Obligation("C", "A", 7), Obligation("D", "A", 7)]

    assert gross_cents(set_off(two_ways)) == 30
    assert not only_set_off(two_ways, set_off(two_ways))
    assert not only_set_off(in_part, set_off(in_part))
    assert only_set_off(two_ways[:2] + two_ways[3:4], two_ways[:2] + two_ways[3:4])


def test_debts_beyond_what_can_be_counted_are_refused() -> None:
    with pytest.raises(DebtsTooLarge):
        set_off([Obligation("A", "B", MOST_CENTS), Obligation("B", "A", 1)])
    most = [Obligation("A", "B", MOST_CENTS // 2), Obligation("B", "A", MOST_CENTS // 2)]
    assert set_off(most) == most


@given(obligations=debts)
def test_a_set_off_changes_no_position_and_makes_no_debt(obligations: list[Obligation]) -> None:
    whole: Counter[tuple[str, str]] = Counter()
    for debtor, creditor, cents in obligations:
        whole[debtor, creditor] += cents

    cancelled = set_off(obligations)

    assert not any(positions(cancelled).values())
    assert all(0 < cents <= whole[debtor, creditor] for debtor, creditor, cents in cancelled)
    stays = Counter(whole)
    for debtor, creditor, cents in cancelled:
        stays[debtor, creditor] -= cents
    left = [Obligation(one, other, cents) for (one, other), cents in stays.items()]
    assert Counter(positions(left)) == Counter(positions(obligations))
    # Whatever stays runs nowhere in a circle, or more could have been cancelled.
    assert set_off(left) == []


@given(obligations=debts, data=st.data())
def test_the_order_of_the_debts_changes_no_set_off(
    obligations: list[Obligation], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(obligations))

    assert set_off(shuffled) == set_off(obligations)
    assert set_off(set_off(obligations)) == set_off(obligations)


small_debts = st.lists(
    st.builds(Obligation, st.sampled_from("ABCD"), st.sampled_from("ABCD"), st.integers(1, 2)),
    max_size=6,
    unique_by=lambda each: each[:2],
)


@given(obligations=small_debts)
def test_no_part_cancels_more_and_one_is_the_only_when_told_so(
    obligations: list[Obligation],
) -> None:
    """Every part of a few small debts is tried."""
    parts = [
        [each._replace(amount_cents=cents) for each, cents in zip(obligations, part, strict=True)]
        for part in product(*(range(each.amount_cents + 1) for each in obligations))
    ]
    balanced = [gross_cents(part) for part in parts if not any(positions(part).values())]

    cancelled = set_off(obligations)

    assert gross_cents(cancelled) == max(balanced)
    assert only_set_off(obligations, cancelled) == (balanced.count(max(balanced)) == 1)


def test_a_published_example_cancels_all_that_goes_round() -> None:
    """The numbers of an example of ledgerloops/strategy-pit; its authors set off 5.3 of each."""
    debts = [
        Obligation(8, 5, 20),
        Obligation(5, 21, 543),
        Obligation(21, 3, 12),
        Obligation(3, 8, 100),
    ]

    cancelled = set_off(debts)

    assert sorted(cancelled) == sorted(each._replace(amount_cents=12) for each in debts)
    assert positions(debts) == {8: 80, 5: -523, 21: 531, 3: -88}
    assert net_internal_debt_cents(positions(debts)) == 611
    assert gross_cents(debts) - gross_cents(cancelled) == 627
