"""Whole amounts are divided exactly: nothing lost, no bound passed, no order that matters."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reciproca.shared.allocation import (
    Allocation,
    Claim,
    FloorsAboveTotal,
    TakerTwice,
    allocate,
    largest_remainder,
    split_by_weight,
    tie_key,
)

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    count = draw(st.integers(1, 10))
    made = []
    for i in range(count):
        weight = draw(st.fractions(0, 1000, max_denominator=60))
        lower = draw(st.sampled_from([0, 0, 0, 5, 40])) if weight else 0
        upper = draw(st.one_of(st.none(), st.integers(lower, 300)))
        made.append(Claim(f"m{i}", weight, lower, upper))
    return made


def divide(total: int, asked: list[Claim]) -> Allocation:
    assume(sum(claim.lower_cents for claim in asked) <= total)
    return allocate(total_cents=total, claims=asked, run_id="run")


def test_the_odd_cent_goes_to_the_smallest_key() -> None:
    claims = [Claim(name, 50_000) for name in ("m1", "m2", "m3")]

    found = allocate(total_cents=10_000, claims=claims, run_id="2026-Q1")

    assert found.cents == [3_334, 3_333, 3_333]
    assert found.exact_cents == [Fraction(10_000, 3)] * 3
    assert min("m1", "m2", "m3", key=lambda m: tie_key(run_id="2026-Q1", member_id=m)) == "m1"


def test_floors_and_ceilings_are_met_and_the_rest_is_spread_over_the_others() -> None:
    purchases = {"a": 900_000, "b": 300_000, "c": 150_000, "d": 1_000}
    claims = [Claim(name, cents, 1_500, 60_000) for name, cents in purchases.items()]

    found = allocate(total_cents=180_000, claims=[*claims, Claim("e", 0, 0, 60_000)], run_id="Q3")

    assert found.cents == [60_000, 60_000, 58_500, 1_500, 0]
    assert found.bound == ["upper", "upper", "", "lower", ""]
    assert found.undistributed_cents == 0


def test_what_no_ceiling_absorbs_stays_undistributed() -> None:
    claims = [Claim("a", 3, 0, 200), Claim("b", 1, 0, 200)]

    found = allocate(total_cents=1_000, claims=claims, run_id="Q")

    assert found.cents == [200, 200]
    assert found.undistributed_cents == 600


def test_nobody_who_claims_nothing_gets_anything() -> None:
    found = allocate(total_cents=100, claims=[Claim("a", 0), Claim("b", 0)], run_id="Q")

    assert found.cents == [0, 0]
    assert found.undistributed_cents == 100


def test_floors_that_sum_to_more_than_there_is_are_refused() -> None:
    with pytest.raises(FloorsAboveTotal):
        allocate(total_cents=9, claims=[Claim("a", 1, 5), Claim("b", 1, 5)], run_id="Q")


def test_one_person_may_not_come_twice() -> None:
    with pytest.raises(TakerTwice, match="ada"):
        allocate(total_cents=9, claims=[Claim("ada", 1), Claim("ada", 2)], run_id="Q")


def test_a_larger_pool_may_lower_somebody_by_a_cent() -> None:
    """Example 7 of the domain, the Alabama paradox: cents are not monotone, fractions are."""
    claims = [Claim("x", 6), Claim("y", 6), Claim("z", 2)]

    assert allocate(total_cents=10, claims=claims, run_id="Q").cents == [4, 4, 2]
    assert allocate(total_cents=11, claims=claims, run_id="Q").cents == [5, 5, 1]


@given(total=st.integers(0, 2_000), asked=claims())
def test_nothing_is_lost_and_no_bound_is_passed(total: int, asked: list[Claim]) -> None:
    found = divide(total, asked)

    assert sum(found.cents) + found.undistributed_cents == total
    assert sum(found.exact_cents) == sum(found.cents)
    assert found.undistributed_cents >= 0
    for claim, cents, exact in zip(asked, found.cents, found.exact_cents, strict=True):
        assert claim.lower_cents <= cents
        assert claim.upper_cents is None or cents <= claim.upper_cents
        assert abs(cents - exact) < 1
        if not claim.weight:
            assert cents == claim.lower_cents


@given(total=st.integers(0, 2_000), asked=claims())
def test_each_share_is_the_scaled_claim_between_its_bounds(total: int, asked: list[Claim]) -> None:
    found = divide(total, asked)

    for claim, exact in zip(asked, found.exact_cents, strict=True):
        scaled = max(found.scale * claim.weight, claim.lower_cents)
        if claim.upper_cents is not None:
            scaled = min(scaled, claim.upper_cents)
        assert exact == (scaled if claim.weight else claim.lower_cents)


@given(total=st.integers(0, 2_000), asked=claims(), data=st.data())
def test_the_order_of_the_claims_changes_nothing(
    total: int, asked: list[Claim], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(asked))

    first, second = divide(total, asked), divide(total, shuffled)

    by_id = {claim.taker_id: cents for claim, cents in zip(shuffled, second.cents, strict=True)}
    assert [by_id[claim.taker_id] for claim in asked] == first.cents


@given(total=st.integers(0, 2_000), asked=claims())
def test_seven_times_every_claim_changes_nothing(total: int, asked: list[Claim]) -> None:
    larger = [
        Claim(claim.taker_id, claim.weight * 7, claim.lower_cents, claim.upper_cents)
        for claim in asked
    ]

    assert divide(total, larger).cents == divide(total, asked).cents


@given(total=st.integers(0, 2_000), asked=claims(), more=st.fractions(0, 50, max_denominator=9))
def test_a_larger_claim_never_gets_a_smaller_fraction(
    total: int, asked: list[Claim], more: Fraction
) -> None:
    first = asked[0]
    assume(first.weight)
    larger = Claim(first.taker_id, first.weight + more, first.lower_cents, first.upper_cents)

    before, after = divide(total, asked), divide(total, [larger, *asked[1:]])

    assert after.exact_cents[0] >= before.exact_cents[0]


@given(total=st.integers(0, 2_000), asked=claims())
def test_who_claims_nothing_may_leave_and_nobody_notices(total: int, asked: list[Claim]) -> None:
    with_null = divide(total, [*asked, Claim("nobody", 0)])

    assert with_null.cents[:-1] == divide(total, asked).cents


@given(parts=weights, total=st.integers(0, 10**9))
def test_a_split_over_lines_sums_to_the_amount(parts: list[int], total: int) -> None:
    assume(sum(parts))

    split = split_by_weight(total=total, weights=parts)

    assert sum(split) == total
    for part, weight in zip(split, parts, strict=True):
        assert abs(part - Fraction(total * weight, sum(parts))) < 1


def test_equal_remainders_go_to_the_first_line() -> None:
    assert split_by_weight(total=100, weights=[1, 1, 1]) == [34, 33, 33]


def test_nothing_can_be_split_over_lines_that_weigh_nothing() -> None:
    assert split_by_weight(total=0, weights=[0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="weigh nothing"):
        split_by_weight(total=1, weights=[0, 0])


@given(shares=weights, total=st.integers(0, 1_000))
def test_largest_remainder_moves_each_share_by_less_than_one(shares: list[int], total: int) -> None:
    assume(sum(shares))
    exact = [Fraction(total * share, sum(shares)) for share in shares]

    found = largest_remainder(exact=exact, key=str)

    assert sum(found) == total
    assert all(abs(whole - share) < 1 for whole, share in zip(found, exact, strict=True))


def test_a_hundred_thousand_members_share_to_the_cent() -> None:
    claims = [Claim(f"m{i}", Fraction(i % 9_973 + 1, 4), 0, 5_000) for i in range(100_000)]

    found = allocate(total_cents=2 * 10**8, claims=claims, run_id="Q")

    assert sum(found.cents) == 2 * 10**8
