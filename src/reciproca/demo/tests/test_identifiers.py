"""Codes for the invented are made as the real ones are."""

from datetime import date

import pytest

from reciproca.demo.identifiers import account_check_letter, iban, tax_code, vat_number
from reciproca.shared.identifiers import is_identifier


@pytest.mark.parametrize(
    ("first_name", "last_name", "letters"),
    [
        ("Mario", "Rossi", "RSSMRA"),
        ("Giulia", "Bianchi", "BNCGLI"),
        ("Francesca", "Fo", "FOXFNC"),
        ("Ugo", "El Idrissi", "LDRGUO"),
        ("Niccolò", "D'Aprà", "DPRNCL"),
    ],
)
def test_a_tax_code_begins_with_the_letters_of_the_name(
    first_name: str, last_name: str, letters: str
) -> None:
    code = tax_code(
        first_name=first_name,
        last_name=last_name,
        female=False,
        born_on=date(1985, 12, 10),
        birthplace=562,
    )

    assert code.startswith(f"{letters}85T10X562")
    assert is_identifier(kind="codice_fiscale_person", value=code)


def test_a_woman_s_day_of_birth_has_forty_added() -> None:
    code = tax_code(
        first_name="Ada", last_name="Rossi", female=True, born_on=date(1990, 1, 5), birthplace=0
    )

    assert code[6:11] == "90A45"


def test_numbers_of_companies_and_accounts_are_valid() -> None:
    for number in (0, 1, 63, 99_999):
        assert is_identifier(kind="partita_iva", value=vat_number(number=number))
        assert is_identifier(kind="iban", value=iban(number=number))


def test_the_italian_check_letter_is_the_banks_own() -> None:
    # IT60 X 05428 11101 000000123456 is the example that everybody prints: its letter is X.
    assert account_check_letter("0542811101000000123456") == "X"
