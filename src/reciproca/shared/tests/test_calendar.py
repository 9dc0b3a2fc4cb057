"""Days and years begin at midnight where people live, whatever the clocks do in between."""

from datetime import UTC, date, datetime, timedelta

from reciproca.shared.calendar import end_of_day, first_instant, next_working_day, year_span


def test_a_year_begins_at_local_midnight() -> None:
    begins, ends = year_span(2025)

    assert begins == datetime(2024, 12, 31, 23, tzinfo=UTC)
    assert ends == datetime(2025, 12, 31, 23, tzinfo=UTC)


def test_the_day_on_which_clocks_change_has_its_own_length() -> None:
    spring, autumn = date(2025, 3, 30), date(2025, 10, 26)

    assert end_of_day(spring) - first_instant(spring) == timedelta(hours=24)
    assert end_of_day(spring).astimezone(UTC) - first_instant(spring).astimezone(UTC) == timedelta(
        hours=23
    )
    assert end_of_day(autumn).astimezone(UTC) - first_instant(autumn).astimezone(UTC) == timedelta(
        hours=25
    )


def test_banks_are_closed_on_saturday_and_sunday() -> None:
    friday = date(2026, 1, 2)

    assert next_working_day(date(2026, 1, 1)) == friday
    assert next_working_day(friday) == date(2026, 1, 5)
    assert next_working_day(date(2026, 1, 3)) == date(2026, 1, 5)
    assert next_working_day(date(2026, 1, 4)) == date(2026, 1, 5)
