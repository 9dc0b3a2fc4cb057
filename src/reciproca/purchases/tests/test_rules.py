"""What may still be done to a purchase."""

from datetime import UTC, datetime, timedelta

import pytest

from reciproca.purchases.rules import Undo, undo_needs

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
