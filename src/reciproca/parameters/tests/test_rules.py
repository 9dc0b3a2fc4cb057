"""Which of several dated values holds on a day."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pytest

from reciproca.parameters.rules import ParameterUnknown, values_in_force


@dataclass
class Row:
    name: str
    value: str
    valid_from: date | None = None
    valid_to: date | None = None


ROWS = [
    Row("limit", "100", date(2025, 1, 1), date(2027, 12, 31)),
    Row("limit", "25"),
    Row("rate", "3/10", date(2004, 1, 1)),
]


def limit_on(day: str) -> Fraction:
    found = values_in_force(rows=ROWS, names=["limit"], on=date.fromisoformat(day))
    return found["limit"]


def test_a_dated_value_wins_over_the_ordinary_one_on_its_days_ends_included() -> None:
    assert [limit_on(day) for day in ("2024-12-31", "2025-01-01", "2027-12-31", "2028-01-01")] == [
        25,
        100,
        100,
        25,
    ]


def test_values_are_exact_fractions() -> None:
    found = values_in_force(rows=ROWS, names=["rate", "limit"], on=date(2026, 1, 1))

    assert found == {"rate": Fraction(3, 10), "limit": 100}


def test_a_day_before_every_value_is_refused_with_the_name() -> None:
    with pytest.raises(ParameterUnknown, match="rate"):
        values_in_force(rows=ROWS, names=["rate"], on=date(1999, 1, 1))
