"""Law is data: a value is asked for by name and day, and its history stays."""

from datetime import date
from fractions import Fraction

import pytest

from reciproca.parameters.actions import seed, shipped
from reciproca.parameters.models import Parameter
from reciproca.parameters.queries import ParameterUnknown, value_on, values_on

pytestmark = pytest.mark.django_db


def test_the_table_is_filled_by_the_migration() -> None:
    assert Parameter.objects.count() == len(shipped()) == 54


def test_filling_it_again_changes_nothing_and_restores_what_was_changed() -> None:
    Parameter.objects.filter(name="mutual_fund_rate").update(value="1/100")

    seed()

    assert Parameter.objects.count() == len(shipped())
    assert value_on(name="mutual_fund_rate", on=date(2025, 12, 31)) == Fraction(3, 100)


def test_a_value_changes_with_the_day() -> None:
    assert value_on(name="share_max_value", on=date(2024, 10, 17)) == 50_000
    assert value_on(name="share_max_value", on=date(2024, 10, 18)) == 71_900


def test_a_special_year_wins_over_the_ordinary_value() -> None:
    assert value_on(name="fringe_limit", on=date(2024, 6, 1)) == 25_823
    assert value_on(name="fringe_limit", on=date(2026, 6, 1)) == 100_000
    assert value_on(name="fringe_limit", on=date(2028, 1, 1)) == 25_823


def test_several_values_come_in_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        values = values_on(names=["legal_reserve_min", "dividend_spread"], on=date(2025, 12, 31))

    assert values == {
        "legal_reserve_min": Fraction(3, 10),
        "dividend_spread": Fraction(25, 1000),
    }


def test_a_day_without_a_value_is_refused_with_its_name() -> None:
    with pytest.raises(ParameterUnknown, match="meal_voucher_electronic"):
        value_on(name="meal_voucher_electronic", on=date(2019, 12, 31))
