"""The figures of docs/rules/till.md."""

from datetime import UTC, datetime, timedelta

import pytest

from reciproca.tills.rules import (
    CLOCK_MAY_DIFFER,
    ClockAhead,
    DayTotals,
    TooOld,
    by_our_clock,
    check_age,
    masked,
)

NOON = datetime(2026, 6, 5, 12, tzinfo=UTC)
SOLD = datetime(2026, 6, 5, 10, tzinfo=UTC)


def test_a_fast_clock_is_put_right() -> None:
    wrong = timedelta(days=3, minutes=7)
    assert wrong.total_seconds() == 259_620

    assert by_our_clock(told=SOLD + wrong, device_time=NOON + wrong, now=NOON) == SOLD
    assert by_our_clock(told=SOLD - wrong, device_time=NOON - wrong, now=NOON) == SOLD


def test_a_clock_that_is_nearly_right_is_left_alone() -> None:
    for seconds, moved in ((119, 0), (120, 0), (121, 121)):
        fast = timedelta(seconds=seconds)
        at = by_our_clock(told=SOLD + fast, device_time=NOON + fast, now=NOON)
        assert at == SOLD + fast - timedelta(seconds=moved)


def test_the_future_and_the_far_past_are_for_a_person() -> None:
    check_age(at=NOON + CLOCK_MAY_DIFFER, now=NOON)
    with pytest.raises(ClockAhead):
        check_age(at=NOON + timedelta(seconds=121), now=NOON)
    check_age(at=NOON - timedelta(days=60), now=NOON)
    with pytest.raises(TooOld):
        check_age(at=NOON - timedelta(days=60, seconds=1), now=NOON)


def test_what_should_be_in_the_drawer() -> None:
    assert DayTotals(3, 3_700, 300, 1, 250).money_cents == 3_150


def test_of_a_card_the_last_four_digits_are_shown() -> None:
    assert masked("2900482193703") == "•••• 3703"
