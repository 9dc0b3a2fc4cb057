"""What is near, what comes back, and where each cent of an order goes."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.market.rules import (
    CancellationStep,
    Origin,
    PolicyUnordered,
    cancelled,
    credit_by_order,
    euro_split,
    line_cents,
    reach,
)

RADIUS = 70_000
STARTS = datetime(2026, 12, 20, 10, tzinfo=UTC)
STEPS = [
    CancellationStep(168, Fraction(1)),
    CancellationStep(48, Fraction(1, 2)),
    CancellationStep(0, Fraction(0)),
]
CENTS = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("origins", "is_km0"),
    [
        ([Origin(70_000, False)], True),
        ([Origin(70_001, False)], False),
        ([Origin(70_001, True)], True),
        # Raw milk from ten kilometres, made into cheese at ninety.
        ([Origin(10_000, True), Origin(90_000, False)], False),
        ([Origin(10_000, True), Origin(90_000, True)], True),
    ],
)
def test_kilometre_zero_is_seventy_kilometres_or_the_same_province(
    origins: list[Origin], is_km0: bool
) -> None:
    found = reach(origins=origins, radius_metres=RADIUS)

    assert found == (max(each.metres for each in origins), is_km0)


def test_what_does_not_say_where_it_comes_from_is_never_kilometre_zero() -> None:
    assert reach(origins=[], radius_metres=RADIUS) is None


@given(
    st.lists(st.tuples(st.integers(0, 2 * RADIUS), st.booleans()), min_size=1),
    st.integers(0, RADIUS),
)
def test_a_place_more_never_makes_something_nearer(
    told: list[tuple[int, bool]], metres: int
) -> None:
    origins = [Origin(*each) for each in told]
    before = reach(origins=origins, radius_metres=RADIUS)
    after = reach(origins=[*origins, Origin(metres, False)], radius_metres=RADIUS)

    assert before is not None
    assert after is not None
    assert after.farthest_metres >= before.farthest_metres
    assert after.is_km0 == before.is_km0


@pytest.mark.parametrize(
    ("before", "refund_cents"),
    [
        (timedelta(hours=168), 4_501),
        (timedelta(hours=168, minutes=-1), 2_250),
        (timedelta(hours=48), 2_250),
        (timedelta(hours=48, seconds=-1), 0),
        (timedelta(), 0),
        (timedelta(hours=-1), 0),
    ],
)
def test_a_step_is_reached_at_its_very_minute(before: timedelta, refund_cents: int) -> None:
    found = cancelled(
        policy=STEPS, starts_at=STARTS, cancelled_at=STARTS - before, paid_cents=4_501
    )

    assert found == (refund_cents, 4_501 - refund_cents)


@given(
    st.lists(
        st.tuples(st.integers(-500, 500), st.fractions(0, 1, max_denominator=100)),
        unique_by=lambda step: step[0],
    ),
    st.integers(-40_000, 40_000),
    CENTS,
)
def test_what_comes_back_and_what_is_kept_are_what_was_paid(
    told: list[tuple[int, Fraction]], minutes: int, paid_cents: int
) -> None:
    policy = [CancellationStep(*step) for step in sorted(told, reverse=True)]
    found = cancelled(
        policy=policy,
        starts_at=STARTS,
        cancelled_at=STARTS - timedelta(minutes=minutes),
        paid_cents=paid_cents,
    )

    assert found.refund_cents + found.kept_cents == paid_cents
    assert 0 <= found.refund_cents <= paid_cents


@pytest.mark.parametrize(
    "policy",
    [
        [CancellationStep(48, Fraction(1, 2)), CancellationStep(168, Fraction(1))],
        [CancellationStep(48, Fraction(1)), CancellationStep(48, Fraction(0))],
        [CancellationStep(48, Fraction(3, 2))],
        [CancellationStep(48, Fraction(-1, 2))],
    ],
)
def test_steps_that_nobody_could_read_are_refused(policy: list[CancellationStep]) -> None:
    with pytest.raises(PolicyUnordered):
        cancelled(policy=policy, starts_at=STARTS, cancelled_at=STARTS, paid_cents=1)


@pytest.mark.parametrize(
    ("price_cents", "quantity_milli", "cents"),
    [(890, 1_000, 890), (333, 500, 167), (1, 499, 0), (1, 500, 1), (1_999, 1_250, 2_499)],
)
def test_a_weight_costs_its_part_of_the_price(
    price_cents: int, quantity_milli: int, cents: int
) -> None:
    assert line_cents(price_cents=price_cents, quantity_milli=quantity_milli) == cents


@given(CENTS, st.lists(CENTS))
def test_credit_pays_as_much_as_it_can_and_no_cent_twice(balance: int, limits: list[int]) -> None:
    spent = credit_by_order(balance_cents=balance, limits_cents=limits)

    assert all(0 <= part <= limit for part, limit in zip(spent, limits, strict=True))
    assert sum(spent) == min(balance, sum(limits))


def test_a_euro_says_where_it_goes() -> None:
    assert euro_split(total_cents=2_000, bank_cents=35) == (1_965, 35, 0, 0, 0)


@given(CENTS, CENTS, CENTS, CENTS)
def test_no_cent_of_a_total_is_lost_and_none_is_the_platforms(
    total: int, bank: int, back: int, common: int
) -> None:
    found = euro_split(total_cents=total, bank_cents=bank, back_cents=back, common_cents=common)

    assert sum(found) == total
    assert found.platform_cents == 0
