"""
Codes for invented people and organisations: every check digit holds, nobody real bears them.

Birthplaces use a letter that no municipality has (X), banks a code that no bank has (99999), and
companies the last numbers of their office: a code made here cannot be somebody's.
"""

import unicodedata
from datetime import date

from stdnum import luhn
from stdnum.iso7064 import mod_97_10
from stdnum.it import codicefiscale

MONTHS = "ABCDEHLMPRST"
VOWELS = "AEIOU"
# The check letter of an Italian account number weighs the digits in odd places like this.
ODD_PLACES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
OFFICE_OF_TRENTO = "022"
NO_BANK = "99999"
NO_BRANCH = "35000"


def tax_code(
    *, first_name: str, last_name: str, female: bool, born_on: date, birthplace: int
) -> str:
    """
    Return the codice fiscale of an invented person, 16 characters.

    `birthplace` from 0 to 999 numbers a municipality that does not exist.
    """
    day = born_on.day + (40 if female else 0)
    body = (
        f"{_surname_letters(last_name)}{_name_letters(first_name)}"
        f"{born_on.year % 100:02d}{MONTHS[born_on.month - 1]}{day:02d}X{birthplace:03d}"
    )
    return body + str(codicefiscale.calc_check_digit(body))


def vat_number(*, number: int) -> str:
    """Return the partita IVA of an invented company of Trento; `number` is below 100,000."""
    body = f"99{number:05d}{OFFICE_OF_TRENTO}"
    return body + str(luhn.calc_check_digit(body))


def iban(*, number: int) -> str:
    """Return the IBAN of an invented account, with the Italian check letter and the ISO one."""
    digits = f"{NO_BANK}{NO_BRANCH}{number:012d}"
    account = account_check_letter(digits) + digits
    return f"IT{mod_97_10.calc_check_digits(account + 'IT')}{account}"


def account_check_letter(digits: str) -> str:
    """Return the letter (CIN) before bank, branch and account, 22 digits in all."""
    total = sum(
        int(digit) if place % 2 else ODD_PLACES[int(digit)] for place, digit in enumerate(digits)
    )
    return chr(ord("A") + total % 26)


def plain_letters(text: str) -> str:
    """Return the letters of a name in capitals, without accents, spaces and apostrophes."""
    bare = unicodedata.normalize("NFKD", text.upper())
    return "".join(letter for letter in bare if "A" <= letter <= "Z")


def _surname_letters(name: str) -> str:
    letters = plain_letters(name)
    consonants = [letter for letter in letters if letter not in VOWELS]
    vowels = [letter for letter in letters if letter in VOWELS]
    return "".join([*consonants, *vowels, "X", "X"][:3])


def _name_letters(name: str) -> str:
    consonants = [letter for letter in plain_letters(name) if letter not in VOWELS]
    if len(consonants) > 3:
        del consonants[1]
        return "".join(consonants[:3])
    return _surname_letters(name)
