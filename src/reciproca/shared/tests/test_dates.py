"""Terms of months, with the ends that months have."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.shared.dates import add_months, kept, kept_until

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("on", "months", "then"),
    [
        ("2025-11-20", 12, "2026-11-20"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-02-28", 12, "2024-02-28"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
    ],
)
def test_a_month_without_that_day_ends_on_its_last(on: str, months: int, then: str) -> None:
    found = add_months(on=date.fromisoformat(on), months=months)

    assert found == date.fromisoformat(then)


def test_detail_is_kept_on_the_last_day_and_not_on_the_next() -> None:
    assert kept(on=date(2025, 11, 20), months=12, checked_on=date(2026, 11, 20))
    assert not kept(on=date(2025, 11, 19), months=12, checked_on=date(2026, 11, 20))


@given(on=days, months=st.integers(0, 240))
def test_a_later_day_is_never_dropped_before_an_earlier_one(on: date, months: int) -> None:
    later = on + timedelta(days=1)

    assert kept_until(on=on, months=months) <= kept_until(on=later, months=months)
