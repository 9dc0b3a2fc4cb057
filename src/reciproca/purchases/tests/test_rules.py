"""What may still be done to a purchase."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.purchases.rules import RefundAbovePurchase, Undo, refund_by_line, undo_needs

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "day_is_open", "needs"),
    [
        (0, True, Undo.FREE),
        (10, True, Undo.FREE),
        (10, False, Undo.FREE),
        (11, True, Undo.WITH_REASON),
        (11, False, Undo.AS_REFUND),
    ],
)
def test_an_undo_is_free_for_ten_minutes_then_needs_a_reason_then_is_a_refund(
    minutes: int, day_is_open: bool, needs: Undo
) -> None:
    now = NOON + timedelta(minutes=minutes)

    assert undo_needs(recorded_at=NOON, now=now, day_is_open=day_is_open) is needs


def test_a_sum_goes_back_over_the_lines_by_what_is_left_of_them() -> None:
    assert refund_by_line(left_cents=[2_440, 0, 1_040], amount_cents=1_000) == [701, 0, 299]


def test_more_than_is_left_is_refused_with_what_is_left() -> None:
    with pytest.raises(RefundAbovePurchase, match="34,80"):
        refund_by_line(left_cents=[2_440, 1_040], amount_cents=3_481)


@given(
    left=st.lists(st.integers(-500, 10**6), min_size=1, max_size=8),
    part=st.fractions(0, 1, max_denominator=30),
)
def test_no_line_gives_back_more_than_it_has(left: list[int], part: float) -> None:
    there_is = [max(cents, 0) for cents in left]
    amount = int(sum(there_is) * part)

    back = refund_by_line(left_cents=left, amount_cents=amount)

    assert sum(back) == amount
    assert all(0 <= cents <= most for cents, most in zip(back, there_is, strict=True))
