"""
Codes of people, companies, accounts and cards: written in one way, checked before they are kept.

Each `clean_…` function returns the code as it is stored, without the blanks and dashes that people
put in for reading, or raises IdentifierRefused. Nothing is ever derived from a tax code: the birth
date and sex it hides are personal data.

Source: docs/rules/identifiers.md
"""

import re
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum import ean, iban, luhn
from stdnum.iso7064 import mod_97_10
from stdnum.it import codicefiscale, iva

from reciproca.shared.errors import DomainError

# The chambers of commerce number by province, and keep the codes of provinces that are no more.
_PROVINCES = (
    "AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CL CN CO CR CS CT CZ EN"
    " FC FE FG FI FM FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OR PA"
    " PC PD PE PG PI PN PO PR PT PU PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN"
    " TO TP TR TS TV UD VA VB VC VE VI VR VT VV"
)
_FORMER_PROVINCES = "CI FO OG OT PS VS"
PROVINCES = frozenset(f"{_PROVINCES} {_FORMER_PROVINCES}".split())
_REA = re.compile(r"([A-Z]{2})-(\d{1,7})", re.ASCII)
_ATECO = re.compile(r"\d{2}(\.\d{1,2}|\.\d{2}\.\d{1,2})?", re.ASCII)
_CREDITOR = re.compile(r"([A-Z]{2})(\d{2})([A-Z0-9]{3})([A-Z0-9]{1,28})", re.ASCII)
_ENTITY = re.compile(r"\d{11}", re.ASCII)
_ENTITY_DIGITS = 11
_ITALIAN_CREDITOR_LENGTH = 23

# Numbers that begin with 2 are left by GS1 to each shop's own use: no product has them.
CARD_PREFIX = "29"
_CARD_BODY_DIGITS = 10


class IdentifierRefused(DomainError):
    code = "identifier-refused"
    message = _("“%(value)s” non è %(what)s: controlla di aver copiato tutto.")
    status = 422


def clean_person_tax_code(text: str) -> str:
    """Return a person's codice fiscale: 16 characters, check letter right, omocodia allowed."""
    code = _bare(text)
    return _accepted(
        text, code, len(code) == 16 and codicefiscale.is_valid(code), _("un codice fiscale valido")
    )


def clean_entity_tax_code(text: str) -> str:
    """Return the codice fiscale of an organisation: 11 digits, check digit right, not all zeros."""
    code = _bare(text)
    sound = bool(_ENTITY.fullmatch(code)) and bool(code.strip("0")) and luhn.is_valid(code)
    return _accepted(text, code, sound, _("un codice fiscale valido di un'organizzazione"))


def clean_tax_code(text: str) -> str:
    """Return a codice fiscale of either kind."""
    if len(_bare(text)) == 16:
        return clean_person_tax_code(text)
    return clean_entity_tax_code(text)


def with_zeros(text: str) -> str:
    """
    Return an organisation's tax code or VAT number with the zeros that a spreadsheet dropped.

    Blanks and a leading `IT` go, and so does the `.0` of a table that took it for a measure. Not
    checked: whoever keeps it cleans it.
    """
    bare = _bare(text).removeprefix("IT")
    digits = bare.removesuffix(".0")
    return digits.zfill(_ENTITY_DIGITS) if digits.isdecimal() else bare


def clean_vat_number(text: str) -> str:
    """Return a partita IVA: 11 digits with a known office code; a leading `IT` is dropped."""
    code = _bare(text).removeprefix("IT")
    return _accepted(text, code, iva.is_valid(code), _("una partita IVA valida"))


def clean_iban(text: str) -> str:
    """Return an IBAN of any country, check digits right, in capitals and without blanks."""
    code = _bare(text)
    return _accepted(text, code, iban.is_valid(code), _("un IBAN valido"))


def clean_creditor_id(text: str) -> str:
    """Return a SEPA creditor identifier; its check skips the business code, characters 5 to 7."""
    code = _bare(text)
    found = _CREDITOR.fullmatch(code)
    sound = found is not None and mod_97_10.is_valid(found[4] + found[1] + found[2])
    if code.startswith("IT"):
        sound = sound and len(code) == _ITALIAN_CREDITOR_LENGTH
    return _accepted(text, code, sound, _("un identificativo del creditore SEPA valido"))


def clean_rea(text: str) -> str:
    """Return a REA number, `RM-1234567`: the code of a province, present or past, and a number."""
    code = text.strip().upper()
    found = _REA.fullmatch(code)
    return _accepted(
        text,
        code,
        found is not None and found[1] in PROVINCES,
        _("un numero REA valido, come RM-1234567"),
    )


def clean_ateco(text: str) -> str:
    """Return an ATECO code of two to six digits, as `47.11.00`; only its shape is checked."""
    code = text.strip()
    sound = _ATECO.fullmatch(code) is not None
    return _accepted(text, code, sound, _("un codice ATECO valido, come 47.11.00"))


def clean_card_number(text: str) -> str:
    """Return a card's number: 13 digits, check digit right, of the range that is ours."""
    code = _bare(text)
    sound = len(code) == 13 and code.startswith(CARD_PREFIX) and ean.is_valid(code)
    return _accepted(text, code, sound, _("un numero di carta valido"))


def card_number(body: int) -> str:
    """
    Return the EAN-13 of a card: our prefix, `body` in ten digits, the check digit.

    `body` is from 0 to 9,999,999,999; drawn at random it tells nothing of who joined when.
    """
    digits = f"{body:0{_CARD_BODY_DIGITS}d}"
    if body < 0 or len(digits) > _CARD_BODY_DIGITS:
        raise ValueError("a card's body has ten digits")
    number = CARD_PREFIX + digits
    return number + ean.calc_check_digit(number)


CLEANERS: dict[str, Callable[[str], str]] = {
    "codice_fiscale_person": clean_person_tax_code,
    "codice_fiscale_entity": clean_entity_tax_code,
    "codice_fiscale": clean_tax_code,
    "partita_iva": clean_vat_number,
    "iban": clean_iban,
    "sepa_creditor_id": clean_creditor_id,
    "rea": clean_rea,
    "ateco_shape": clean_ateco,
    "card": clean_card_number,
}


def is_identifier(*, kind: str, value: str) -> bool:
    """Return whether `value` is a sound code of a kind named in `CLEANERS`."""
    try:
        CLEANERS[kind](value)
    except IdentifierRefused:
        return False
    return True


def _bare(text: str) -> str:
    return re.sub(r"[\s\-]", "", text).upper()


def _accepted(text: str, code: str, sound: bool, what: str | Promise) -> str:
    # The library counts other alphabets' digits as digits; a register does not.
    if not (sound and code.isascii()):
        raise IdentifierRefused(value=text.strip(), what=what)
    return code
