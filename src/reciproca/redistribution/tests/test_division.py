"""A pool is divided by its policy to the cent: every property that the rule promises."""

import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reciproca.redistribution.rules import (
    Criterion,
    Division,
    Measured,
    RedistributionPolicy,
    ZeroCriterion,
)
from reciproca.redistribution.tests.policies import division, measured, policy, runs
from reciproca.shared.allocation import FloorsAboveTotal, TakerTwice
from reciproca.shared.money import half_up

Run = tuple[RedistributionPolicy, int, Measured]


def divided(run: Run, run_key: str = "2026") -> Division:
    """Divide, leaving out the runs whose floors are too high: those are refused as a whole."""
    try:
        return division(*run, run_key)
    except FloorsAboveTotal:
        assume(False)
        raise


def shuffled(scores: Measured, order: list[int]) -> Measured:
    return Measured(
        [scores.people[i] for i in order],
        [[column[i] for i in order] for column in scores.scores],
        [scores.carried_cents[i] for i in order],
    )


@given(runs())
def test_common_and_allocated_make_the_pool(run: Run) -> None:
    found = divided(run)

    assert found.common_cents + sum(found.allocated_cents) == run[1]
    assert min(found.allocated_cents) >= 0
    assert found.common_cents >= 0


@given(runs(), st.randoms(use_true_random=False))
def test_the_order_of_people_and_of_criteria_changes_nothing(run: Run, chance: object) -> None:
    given_policy, pool, scores = run
    order = list(range(len(scores.people)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    turned = replace(given_policy, criteria=given_policy.criteria[::-1])
    there = Measured(scores.people, scores.scores[::-1], scores.carried_cents)

    first, second = divided(run), divided((turned, pool, shuffled(there, order)))

    assert [first.allocated_cents[i] for i in order] == second.allocated_cents
    assert first.common_cents == second.common_cents


@given(runs())
def test_other_names_move_a_cent_only_between_equals(run: Run) -> None:
    given_policy, pool, scores = run
    others = Measured([f"q{p}" for p in scores.people], scores.scores, scores.carried_cents)

    first, second = divided(run), divided((given_policy, pool, others))

    places = range(len(scores.people))
    assert [first.exact_cents(i) for i in places] == [second.exact_cents(i) for i in places]
    remainders = [first.exact_cents(i) % 1 for i in places]
    for i, (before, after) in enumerate(
        zip(first.allocated_cents, second.allocated_cents, strict=True)
    ):
        assert before == after or remainders.count(remainders[i]) > 1


@given(runs(linear=True), st.data())
def test_a_higher_score_never_lowers_the_exact_share(run: Run, data: st.DataObject) -> None:
    given_policy, pool, scores = run
    person = data.draw(st.integers(0, len(scores.people) - 1))
    criterion = data.draw(st.integers(0, len(scores.scores) - 1))
    # A criterion that wakes up takes weight from the others: that is another policy.
    assume(sum(scores.scores[criterion]) > 0)
    higher = [list(column) for column in scores.scores]
    higher[criterion][person] += data.draw(st.integers(1, 1_000))

    before, after = divided(run), divided((given_policy, pool, replace(scores, scores=higher)))

    assert after.exact_cents(person) >= before.exact_cents(person)
    assert after.allocated_cents[person] >= before.allocated_cents[person] - 1


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=8), st.integers(0, 10**6), st.data())
def test_one_who_comes_as_two_gains_a_cent_at_most(
    scores: list[int], pool: int, data: st.DataObject
) -> None:
    part = data.draw(st.integers(0, scores[0]))
    one = division(policy(), pool, measured(scores))
    two = division(policy(), pool, measured([part, scores[0] - part, *scores[1:]]))

    assert abs(sum(two.allocated_cents[:2]) - one.allocated_cents[0]) <= 1
    for before, after in zip(one.allocated_cents[1:], two.allocated_cents[2:], strict=True):
        assert abs(before - after) <= 1


def test_one_person_in_two_rows_is_refused() -> None:
    with pytest.raises(TakerTwice, match="ada"):
        division(policy(), 1_000, measured([3, 2, 1], people=["ada", "bruno", "ada"]))


@given(runs())
def test_nobody_is_worse_off_when_one_who_scored_nothing_leaves(run: Run) -> None:
    given_policy, pool, scores = run
    with_nobody = Measured(
        [*scores.people, "nobody"],
        [[*column, 0] for column in scores.scores],
        [*scores.carried_cents, 0],
    )

    with_them, without = divided((given_policy, pool, with_nobody)), divided(run)

    assert with_them.allocated_cents == [*without.allocated_cents, 0]


@given(runs())
def test_seven_times_every_score_and_its_cap_changes_nothing(run: Run) -> None:
    given_policy, pool, scores = run
    sevenfold = replace(
        given_policy,
        criteria=tuple(
            replace(each, cap=each.cap and each.cap * 7) for each in given_policy.criteria
        ),
    )
    more = replace(scores, scores=[[7 * score for score in column] for column in scores.scores])

    assert divided((sevenfold, pool, more)).allocated_cents == divided(run).allocated_cents


@given(runs())
def test_bounds_are_kept_and_no_share_is_nothing(run: Run) -> None:
    given_policy, found = run[0], divided(run)

    for place, cents in enumerate(found.allocated_cents):
        if not found.share(place):
            assert cents == 0
            continue
        assert cents >= given_policy.floor_cents
        assert given_policy.cap_cents is None or cents <= given_policy.cap_cents


@given(runs(), st.text(min_size=1, max_size=8))
def test_the_same_run_twice_is_the_same_to_the_last_byte(run: Run, key: str) -> None:
    assert divided(run, key) == divided(run, key)


@given(runs())
def test_exact_shares_are_one_in_all(run: Run) -> None:
    found = divided(run)

    shares = [found.share(place) for place in range(len(run[2].people))]
    assert sum(shares) == (1 if any(found.totals) else 0)


def test_more_in_the_pool_may_cost_somebody_a_cent_but_never_a_fraction() -> None:
    ten, eleven = (division(policy(), pool, measured([6, 6, 2])) for pool in (10, 11))

    assert (ten.allocated_cents, eleven.allocated_cents) == ([4, 4, 2], [5, 5, 1])
    assert all(eleven.exact_cents(i) > ten.exact_cents(i) for i in range(3))


def test_floors_that_the_pool_cannot_pay_are_refused() -> None:
    with pytest.raises(FloorsAboveTotal):
        division(policy(floor_cents=60), 100, measured([1, 1]))


@pytest.mark.parametrize("zero_criterion", ZeroCriterion)
def test_where_nobody_scored_at_all_everything_is_common(zero_criterion: ZeroCriterion) -> None:
    given_policy = policy(zero_criterion=zero_criterion, common_share=Fraction(1, 3))

    found = division(given_policy, 100, measured([0, 0]))

    assert (found.common_cents, found.zero_criterion_cents) == (100, 67)
    assert found.allocated_cents == [0, 0]


def test_a_sum_below_the_minimum_waits_and_is_paid_whole_when_it_gets_there() -> None:
    given_policy = policy(min_payout_cents=210)
    first = division(given_policy, 300, measured([2, 1]))
    second = division(given_policy, 150, replace(measured([0, 1]), carried_cents=[0, 100]))

    assert (first.paid_cents, first.carry_out_cents) == ([0, 0], [200, 100])
    assert (second.paid_cents, second.carry_out_cents) == ([0, 250], [0, 0])


def test_a_score_that_is_weighted_by_age_is_capped_in_whole_units() -> None:
    given_policy = policy(Criterion("patronage", Fraction(1), cap=10))
    quarters = Measured(["ada", "bruno"], [[4 * 12, 3 * 10]], [0, 0], finest=4)

    found = division(given_policy, 1_000, quarters)

    assert found.share(0) == Fraction(40, 70)


# --- a real redistribution: the cinque per mille of 2022 ---

SHARED = Path(
    os.environ.get("RECIPROCA_SHARED_DATA", Path(__file__).parents[5] / "shared" / "data")
)
REAL = SHARED / "cinque_per_mille_2022" / "riparto.csv.gz"
RATES = {
    "ets_e_onlus": (Fraction("1.5264734"), Fraction("0.0212931")),
    "asd": (Fraction("5.0746995"), Fraction("0.1434863")),
}
real = pytest.mark.skipif(
    not REAL.exists(), reason="the real redistribution is not at hand (RECIPROCA_SHARED_DATA)"
)


class Beneficiary(NamedTuple):
    category: str
    choices: int
    chosen_cents: int
    generic_cents: int
    small_cents: int
    total_cents: int


@pytest.fixture(scope="module")
def beneficiaries() -> list[Beneficiary]:
    with gzip.open(REAL, "rt", encoding="utf-8") as file:
        return [
            Beneficiary(row[4], int(row[5]), *(int(Fraction(cell) * 100) for cell in row[6:]))
            for row in _rows(file)
        ]


def _rows(file: object) -> Iterator[list[str]]:
    rows = csv.reader(file)  # type: ignore[arg-type]
    next(rows)
    return rows


@real
def test_in_every_real_row_the_parts_make_the_total(beneficiaries: list[Beneficiary]) -> None:
    assert len(beneficiaries) == 35_749
    assert all(
        each.chosen_cents + each.generic_cents + each.small_cents == each.total_cents
        for each in beneficiaries
    )


@real
@pytest.mark.parametrize("category", RATES)
def test_the_published_rates_come_out_of_our_division_to_the_cent(
    category: str, beneficiaries: list[Beneficiary]
) -> None:
    paid = [each for each in beneficiaries if each.category == category and each.total_cents]
    scores = measured([each.choices for each in paid])

    for rate, published in zip(
        RATES[category],
        ([each.generic_cents for each in paid], [each.small_cents for each in paid]),
        strict=True,
    ):
        pool = half_up(rate * sum(each.choices for each in paid) * 100)
        found = division(policy(), pool, scores)

        assert sum(found.allocated_cents) == pool
        # The office rounds each row for itself; before rounding both must say the same.
        same = sum(half_up(found.exact_cents(i)) == cents for i, cents in enumerate(published))
        assert Fraction(same, len(paid)) >= Fraction(994, 1_000)
