"""Amounts are read exactly or refused with a sentence; what is written is read back."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.shared.money import (
    AmountTooLarge,
    AmountTooPrecise,
    AmountUnreadable,
    FractionUnreadable,
    ceiling,
    format_cents,
    format_dot,
    format_euro,
    half_up,
    parse_cents,
    parse_fraction,
)

MARKS = [(",", "."), (".", ","), (".", ""), (",", ""), (",", " "), (".", "'")]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,56", 123_456),
        ("1234,56", 123_456),
        ("12", 1_200),
        ("12,5", 1_250),
        ("-12,50", -1_250),
        ("12,50-", -1_250),
        ("\u221212,50", -1_250),
        ("€ 3,00", 300),
        ("3,00\u00a0€", 300),
        (" 0,01 ", 1),
        (",5", 50),
        ("3,", 300),
        ("1,230000", 123),
        ("0", 0),
        ("-0,00", 0),
        ("007,10", 710),
    ],
)
def test_an_italian_amount_is_read_to_the_cent(text: str, cents: int) -> None:
    assert parse_cents(text=text) == cents


@pytest.mark.parametrize(
    "text",
    ["", "   ", "abc", "1.23", "1.2.3,4", "1,2,3", "12 50", "--1", "-1-", "1e5", "٣,00", "."],
)
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(AmountUnreadable, match="12,50"):
        parse_cents(text=text)


def test_the_wrong_marks_never_turn_one_amount_into_another() -> None:
    with pytest.raises(AmountUnreadable):
        parse_cents(text="11.77")
    assert parse_cents(text="11.77", decimal_mark=".", thousands="") == 1_177


def test_a_third_decimal_passes_only_when_it_is_a_zero() -> None:
    assert parse_cents(text="2,990") == 299
    with pytest.raises(AmountTooPrecise, match="2,999"):
        parse_cents(text="2,999")


def test_an_amount_that_no_ledger_could_hold_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        parse_cents(text="9" * 20)


@given(cents=st.integers(-(10**13) + 1, 10**13 - 1), marks=st.sampled_from(MARKS))
def test_what_is_written_is_read_back(cents: int, marks: tuple[str, str]) -> None:
    decimal_mark, thousands = marks
    text = format_cents(cents, decimal_mark=decimal_mark, thousands=thousands)

    assert parse_cents(text=text, decimal_mark=decimal_mark, thousands=thousands) == cents


def test_amounts_are_written_for_sentences_and_for_banks() -> None:
    assert format_euro(-123_456) == "-1.234,56\u00a0€"
    assert format_dot(123_456) == "1234.56"


@pytest.mark.parametrize(
    ("value", "rounded"), [("1/2", 1), ("3/2", 2), ("49/100", 0), ("-1/2", 0), ("7", 7)]
)
def test_halves_go_up(value: str, rounded: int) -> None:
    assert half_up(Fraction(value)) == rounded


def test_a_ceiling_is_never_below() -> None:
    assert ceiling(Fraction(37037034, 10)) == 3_703_704
    assert ceiling(Fraction(5)) == 5


def test_a_fraction_is_two_whole_numbers() -> None:
    assert parse_fraction("2/5") == Fraction(2, 5)
    assert parse_fraction("1") == 1


@pytest.mark.parametrize("text", ["", "1/0", "0.5", "-1/2", "1/2/3", "1/", "un mezzo"])
def test_anything_else_is_no_fraction(text: str) -> None:
    with pytest.raises(FractionUnreadable):
        parse_fraction(text)
