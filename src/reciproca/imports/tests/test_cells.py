from datetime import UTC, datetime

import pytest

from reciproca.imports.cells import (
    BadDate,
    BadNumber,
    amount_marks,
    amount_reader,
    moment_reader,
    month_first_text,
    whole_number,
)
from reciproca.shared.money import AmountTooLarge, AmountTooPrecise, AmountUnreadable

italian = amount_reader(decimal_mark=",", thousands_mark=".")
english = amount_reader(decimal_mark=".", thousands_mark=",")
plain_moment = moment_reader(timezone="Europe/Rome")


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50", 1250),
        ("1.234,5", 123_450),
        ("€ 3", 300),
        ("-4,20", -420),
        ("4,20-", -420),
        ("0", 0),
        ("0,00", 0),
    ],
)
def test_amounts_as_italians_write_them(text: str, cents: int) -> None:
    assert italian(text) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1,234.50", 123_450),
        ("4.440892e-16", 0),
        ("2.1800000000000002", 218),
        ("1e2", 10_000),
        ("1e-05", 0),
    ],
)
def test_amounts_as_programs_write_them(text: str, cents: int) -> None:
    assert english(text) == cents


@pytest.mark.parametrize("text", ["", "tre", "1,2,3", "12.50", "1 000,00 EUR", "NaN", "1e999"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises((AmountUnreadable, AmountTooPrecise, AmountTooLarge)):
        italian(text)


def test_a_part_of_a_cent_is_refused_and_not_rounded() -> None:
    with pytest.raises(AmountTooPrecise):
        english("1.005")
    with pytest.raises(AmountTooPrecise):
        english("1.00002")


def test_a_file_that_counts_cents_has_no_decimals() -> None:
    cents = amount_reader(decimal_mark=",", thousands_mark="", in_cents=True)

    assert cents("1250") == 1250
    assert cents("1250,00") == 1250
    with pytest.raises(AmountTooPrecise):
        cents("1250,5")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-06-02T09:30:00", datetime(2026, 6, 2, 7, 30, tzinfo=UTC)),
        ("2026-01-02 09:30", datetime(2026, 1, 2, 8, 30, tzinfo=UTC)),
        ("2026-06-02T09:30:00Z", datetime(2026, 6, 2, 9, 30, tzinfo=UTC)),
        ("2/6/2026", datetime(2026, 6, 1, 22, tzinfo=UTC)),
        ("02.06.26 9:30", datetime(2026, 6, 2, 7, 30, tzinfo=UTC)),
        ("02-06-2026 09.30.15", datetime(2026, 6, 2, 7, 30, 15, tzinfo=UTC)),
        ("2026/06/02", datetime(2026, 6, 1, 22, tzinfo=UTC)),
        ("20260602", datetime(2026, 6, 1, 22, tzinfo=UTC)),
        ("2026-06-02 09:30:00 UTC", datetime(2026, 6, 2, 9, 30, tzinfo=UTC)),
    ],
)
def test_dates_in_common_forms(text: str, utc: datetime) -> None:
    assert plain_moment(text) == utc


@pytest.mark.parametrize(
    "text", ["", "ieri", "31/02/2026", "12/31/2026", "0026-01-01", "1/1/0026", "1/1/3026"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(BadDate):
        plain_moment(text)


def test_a_form_of_its_own_is_given_by_the_mapping() -> None:
    read = moment_reader(timezone="UTC", date_format="%m/%d/%Y")

    assert read("12/31/2025") == datetime(2025, 12, 31, tzinfo=UTC)
    assert read("4/5/17 16:30") == datetime(2017, 4, 5, 16, 30, tzinfo=UTC)
    with pytest.raises(BadDate) as refusal:
        read("31/12/2025")
    assert "12/31/2026" in str(refusal.value)
    assert moment_reader(timezone="UTC", date_format="%d %m %y")("5 4 17").month == 4


def test_dates_that_can_only_begin_with_the_month_are_told_apart() -> None:
    assert month_first_text(["4/5/2017", "4/14/2017 10:00"]) == "4/14/2017 10:00"
    assert not month_first_text(["4/5/2017", "4/14/2017", "14/4/2017"])
    assert not month_first_text(["4/5/2017", "2017-04-14", "", "ieri"])


@pytest.mark.parametrize(
    ("samples", "marks"),
    [
        (["1,50", "2"], (",", ".")),
        (["1.50", "2"], (".", ",")),
        (["1.234,50"], (",", ".")),
        (["1.234", "0,5"], (",", ".")),
        (["1,234,567"], (".", ",")),
        (["1", "200"], (",", ".")),
        (["1.234"], None),
        (["1.50", "1,50"], None),
    ],
)
def test_the_decimal_mark_shows_in_the_amounts_or_is_asked_for(
    samples: list[str], marks: tuple[str, str] | None
) -> None:
    assert amount_marks(samples) == marks


def test_whole_numbers() -> None:
    assert whole_number("12,0") == 12
    with pytest.raises(BadNumber):
        whole_number("12,5")
