"""
What a till reads off a card or a phone, and when it proves who holds it. No database, no clock.

Source: docs/rules/card-codes.md
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import clean_card_number

NUMBER_DIGITS = 13
CODE_DIGITS = 8
STEP_SECONDS = 30
STEPS_APART = 2
"""A phone's clock may differ from ours by so many steps, either way."""

PIN_DIGITS = 5
MOST_WRONG_PINS = 5
SECRET_BYTES = 32
SALT_BYTES = 16

_BLANKS = re.compile(r"[\s-]+")
_PIN = re.compile(rf"[0-9]{{{PIN_DIGITS}}}", re.ASCII)


class PinUnfit(DomainError):
    code = "pin-unfit"
    message = _("Il PIN ha cinque cifre, non tutte uguali e non in fila come 12345.")
    status = 422


class PhoneCodeOld(DomainError):
    code = "phone-code-old"
    message = _("Questo codice è scaduto o non è giusto: fai mostrare quello di adesso.")


class PhoneCodeUsed(DomainError):
    code = "phone-code-used"
    message = _("Questo codice è già servito: fra mezzo minuto il telefono ne mostra un altro.")


class Read(NamedTuple):
    """What was read: a card's number, and the phone's code where a phone showed it."""

    number: str
    code: str


def read_text(text: str) -> Read:
    """
    Return the number, and the code, in what a till read or somebody typed.

    A printed card says its 13 digits, a phone the same followed by the eight of its code.

    Raises: identifiers.IdentifierRefused.
    """
    digits = _BLANKS.sub("", text)
    if len(digits) == NUMBER_DIGITS + CODE_DIGITS and digits.isascii() and digits.isdigit():
        return Read(clean_card_number(digits[:NUMBER_DIGITS]), digits[NUMBER_DIGITS:])
    return Read(clean_card_number(digits), "")


def step_at(moment: datetime) -> int:
    """Return which half minute since 1970 a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def phone_code(*, secret: bytes, step: int) -> str:
    """Return the eight digits that a phone shows in a step: TOTP with SHA-256 (RFC 6238)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha256")
    offset = mac[-1] & 0xF
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def step_of(*, code: str, secret: bytes, now: datetime) -> int | None:
    """Return the step near now in which this phone showed this code, None if in none of them."""
    here = step_at(now)
    for step in range(here - STEPS_APART, here + STEPS_APART + 1):
        if hmac.compare_digest(code, phone_code(secret=secret, step=step)):
            return step
    return None


def check_pin_shape(pin: str) -> None:
    """Refuse what is no PIN, and what everybody would try first. Raises: PinUnfit."""
    if not _PIN.fullmatch(pin):
        raise PinUnfit
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise PinUnfit


def new_salt() -> bytes:
    """Return a salt for a PIN."""
    return secrets.token_bytes(SALT_BYTES)


def pin_digest(*, pin: str, salt: bytes, secret: str | None = None) -> bytes:
    """
    Return what is kept of a PIN.

    Whoever stole the database could try all PINs at once whatever the hash; without the
    installation's secret key, which is not in it, they cannot try one.
    """
    return salted_hmac(
        "reciproca.registry.card-pin", salt + pin.encode(), secret=secret, algorithm="sha256"
    ).digest()


def pin_is_right(*, pin: str, salt: bytes, digest: bytes) -> bool:
    """Tell whether this is the PIN; digests under an older secret key count as well."""
    keys: Sequence[str] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        hmac.compare_digest(digest, pin_digest(pin=pin, salt=salt, secret=key)) for key in keys
    )
