"""Codes with check digits are believed only when they are right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.shared.identifiers import (
    IdentifierRefused,
    card_number,
    clean_card_number,
    clean_creditor_id,
    clean_entity_tax_code,
    clean_iban,
    clean_person_tax_code,
    clean_rea,
    clean_tax_code,
    clean_vat_number,
    is_identifier,
)


def test_codes_are_kept_without_the_blanks_that_people_put_in() -> None:
    assert clean_iban("it60 x054 2811 1010 0000 0123 456") == "IT60X0542811101000000123456"
    assert clean_person_tax_code(" rssmra85t10a562s ") == "RSSMRA85T10A562S"
    assert clean_vat_number("IT 01234560124") == "01234560124"
    assert clean_rea("tn-98765") == "TN-98765"


def test_a_tax_code_with_substituted_digits_is_right_too() -> None:
    assert clean_tax_code("RSSMRA85T10A56NH") == "RSSMRA85T10A56NH"


def test_an_organisation_has_eleven_digits_and_never_only_zeros() -> None:
    assert clean_tax_code("05975830828") == "05975830828"
    with pytest.raises(IdentifierRefused, match="00000000000"):
        clean_entity_tax_code("00000000000")


def test_the_check_of_a_creditor_skips_the_business_code() -> None:
    assert clean_creditor_id("IT58 001 0000012345678901") == "IT580010000012345678901"
    assert clean_creditor_id("IT58ZZZ0000012345678901") == "IT58ZZZ0000012345678901"


def test_a_province_that_is_no_more_still_numbers_its_firms() -> None:
    assert is_identifier(kind="rea", value="PS-12345")
    assert not is_identifier(kind="rea", value="XX-12")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("codice_fiscale_person", "05975830828"),
        ("codice_fiscale_entity", "RSSMRA85T10A562S"),
        ("partita_iva", "0123456012"),
        ("partita_iva", "٠١٢٣٤٥٦٠١٢٤"),
        ("iban", ""),
        ("sepa_creditor_id", "IT580010000012345678"),
        ("rea", "RM-12345678"),
        ("ateco_shape", "47.1.1"),
        ("card", "4006381333931"),
    ],
)
def test_what_only_looks_like_a_code_is_refused(kind: str, value: str) -> None:
    assert not is_identifier(kind=kind, value=value)


@given(body=st.integers(0, 9_999_999_999), wrong=st.integers(1, 9), place=st.integers(2, 12))
def test_a_card_number_is_right_and_one_wrong_digit_is_seen(
    body: int, wrong: int, place: int
) -> None:
    number = card_number(body)
    digit = (int(number[place]) + wrong) % 10

    assert clean_card_number(number) == number
    assert not is_identifier(kind="card", value=f"{number[:place]}{digit}{number[place + 1 :]}")


def test_a_card_has_no_more_than_ten_digits_of_its_own() -> None:
    with pytest.raises(ValueError, match="ten digits"):
        card_number(10**10)
    with pytest.raises(ValueError, match="ten digits"):
        card_number(-1)
