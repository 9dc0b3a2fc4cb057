"""What may still be done to a purchase; on which year pages open."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reciproca.purchases.rules import Undo, undo_needs, year_to_open

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


@pytest.mark.parametrize(
    ("months", "opened"),
    [
        ([], 2026),
        ([(2026, 1)], 2026),
        ([(2025, 3), (2025, 12)], 2025),
        ([(2025, 12), (2026, 1)], 2025),
        ([(2025, 12), (2026, 1), (2026, 1)], 2025),
        ([(2025, 12), (2026, 1), (2026, 2)], 2026),
        ([(2023, 5), (2024, 5), (2026, 6)], 2024),
    ],
)
def test_pages_open_on_the_running_year_once_it_has_more_than_its_first_weeks(
    months: list[tuple[int, int]], opened: int
) -> None:
    days = [date(year, month, 1) for year, month in months]

    assert year_to_open(months=days, today=date(2026, 6, 1)) == opened
