"""Figures and dates as people read them, in both languages."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils.translation import override

from reciproca.web import words

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("cents", "italian", "english"),
    [
        (123_456, "1.234,56\u00a0€", "€1,234.56"),
        (-1_000, "−10,00\u00a0€", "−€10.00"),
        (0, "0,00\u00a0€", "€0.00"),
        (1_234_567_890, "12.345.678,90\u00a0€", "€12,345,678.90"),
    ],
)
def test_an_amount_is_written_to_the_cent(cents: int, italian: str, english: str) -> None:
    with override("it"):
        assert words.euro(cents) == italian
    with override("en"):
        assert words.euro(cents) == english


@pytest.mark.parametrize(
    ("cents", "italian", "english"),
    [
        (Fraction(6_999, 20), "3,4995\u00a0€", "€3.4995"),
        (Fraction(-1_047, 10), "−1,047\u00a0€", "−€1.047"),
        (Fraction(350), "3,50\u00a0€", "€3.50"),
        (Fraction(0), "0,00\u00a0€", "€0.00"),
        (Fraction(123_456_789, 1_000), "1.234,56789\u00a0€", "€1,234.56789"),
    ],
)
def test_an_exact_amount_has_all_its_decimals(cents: Fraction, italian: str, english: str) -> None:
    with override("it"):
        assert words.exact_euro(cents) == italian
    with override("en"):
        assert words.exact_euro(cents) == english


def test_an_exact_amount_without_an_end_keeps_its_fraction() -> None:
    with override("it"):
        assert words.exact_euro(Fraction(349, 3)) == "1,16\u00a0€ e 1/3 di centesimo"
        assert words.exact_euro(Fraction(-349, 3)) == "−1,16\u00a0€ e 1/3 di centesimo"


def test_a_distance_is_in_whole_kilometres() -> None:
    with override("it"):
        assert words.distance(2_140) == "2\u00a0km"
        assert words.distance(1_499_500) == "1.500\u00a0km"


def test_a_gain_shows_its_plus_and_nothing_shows_none() -> None:
    with override("it"):
        assert words.euro(50, signed=True) == "+0,50\u00a0€"
        assert words.euro(-50, signed=True) == "−0,50\u00a0€"
        assert words.euro(0, signed=True) == "0,00\u00a0€"


def test_a_big_number_is_rounded_to_the_euro_half_up() -> None:
    with override("it"):
        assert words.whole_euro(16_420_049) == "164.200\u00a0€"
        assert words.whole_euro(150) == "2\u00a0€"
        assert words.whole_euro(-40) == "0\u00a0€"
    with override("en"):
        assert words.whole_euro(16_420_049) == "€164,200"


def test_a_count_has_its_thousands_apart_from_four_digits_on() -> None:
    with override("it"):
        assert [words.count(n) for n in (999, 3_180, 1_000_000)] == ["999", "3.180", "1.000.000"]
    with override("en"):
        assert words.count(3_180) == "3,180"


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (450, "4,5%"),
        (10_000, "100%"),
        (0, "0%"),
        (Fraction(1, 3), "33,33%"),
        (Fraction(2, 5), "40%"),
        (Fraction(1, 1000), "0,1%"),
    ],
)
def test_a_share_has_at_most_two_decimals(share: Fraction | int, written: str) -> None:
    with override("it"):
        assert words.percent(share) == written


@pytest.mark.parametrize(
    ("style", "italian", "english"),
    [
        ("", "venerdì 27 novembre", "Friday 27 November"),
        ("short", "27 nov", "27 Nov"),
        ("month", "novembre 2026", "November 2026"),
        ("full", "27 novembre 2026", "27 November 2026"),
        ("near", "venerdì", "Friday"),
    ],
)
def test_a_date_is_said_in_words(style: str, italian: str, english: str) -> None:
    friday = date(2026, 11, 27)
    with override("it"):
        assert words.when(friday, style=style, today=TODAY) == italian
    with override("en"):
        assert words.when(friday, style=style, today=TODAY) == english


def test_the_year_is_said_when_it_is_another() -> None:
    with override("it"):
        assert words.when(date(2025, 3, 1), today=TODAY) == "sabato 1 marzo 2025"
        assert words.when(date(2025, 3, 1), style="short", today=TODAY) == "1 mar 2025"


def test_yesterday_today_and_tomorrow_have_their_names() -> None:
    with override("it"):
        said = [words.when(date(2026, 11, d), style="near", today=TODAY) for d in (21, 22, 23, 12)]
    assert said == ["ieri", "oggi", "domani", "12 nov"]


def test_an_instant_is_said_at_the_clock_of_the_community() -> None:
    eight_in_rome = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
    with override("it"):
        assert words.when(eight_in_rome, today=TODAY) == "venerdì 27 novembre alle 20"
        five_past_one = datetime(2026, 11, 27, 0, 5, tzinfo=UTC)
        assert words.when(five_past_one, today=TODAY) == "venerdì 27 novembre all’1:05"
        assert words.when(eight_in_rome, style="day", today=TODAY) == "venerdì 27 novembre"
    with override("en"):
        assert words.when(eight_in_rome, today=TODAY) == "Friday 27 November at 20:00"


def test_templates_write_a_dash_where_there_is_no_figure() -> None:
    text = Template("{% load reciproca %}{{ a|euro }} {{ a|count }} {{ a|percent }} {{ a|when }}")
    assert text.render(Context({"a": None})) == "– – – –"
