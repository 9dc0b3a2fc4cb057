"""What may be told of a count, and which months can be compared."""

import pytest

from reciproca.control_room.rules import growth_bp, months_over, shown


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (4, None), (5, 5), (3_180, 3_180)])
def test_a_count_that_could_point_at_somebody_is_not_told(count: int, told: int | None) -> None:
    assert shown(count) == told


def test_only_months_that_are_over_are_compared() -> None:
    assert list(months_over(year=2026, this_year=2026, this_month=3)) == [1, 2]
    assert list(months_over(year=2026, this_year=2026, this_month=1)) == []
    assert list(months_over(year=2025, this_year=2026, this_month=3)) == list(range(1, 13))


@pytest.mark.parametrize(
    ("now", "before", "growth"),
    [
        ({1: 118, 2: 0}, {1: 100, 2: 0}, 1_800),
        ({1: 90}, {1: 100, 3: 500}, -1_000),
        ({1: 1_005}, {1: 1_000}, 100),
        ({1: 1_004}, {1: 1_000}, 0),
        ({1: 100}, {3: 100}, None),
        ({3: 100}, {1: 100}, None),
    ],
)
def test_growth_is_over_the_same_months_of_the_year_before(
    now: dict[int, int], before: dict[int, int], growth: int | None
) -> None:
    assert growth_bp(now=now, before=before, months=[1, 2]) == growth
