"""
Euro cents and exact fractions, to and from text. No float ever touches an amount.

Source: docs/rules/README.md
"""

import re
from fractions import Fraction
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

# Far above any cooperative's turnover, and far below a 64-bit overflow even when a hundred thousand
# such amounts are added up.
_MAX_EURO_DIGITS = 11
_FRACTION = re.compile(r"(\d{1,18})(?:/(\d{1,18}))?", re.ASCII)
_HARD_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "€": ""})


class AmountUnreadable(DomainError):
    code = "amount-unreadable"
    message = _(
        "Non riusciamo a leggere l'importo “%(text)s”. Scrivilo in cifre, per esempio %(example)s."
    )
    status = 422


class AmountTooPrecise(DomainError):
    code = "amount-too-precise"
    message = _("L'importo “%(text)s” ha più di due decimali: arrotondalo al centesimo.")
    status = 422


class AmountTooLarge(DomainError):
    code = "amount-too-large"
    message = _("L'importo “%(text)s” è troppo grande: controlla le cifre e i separatori.")
    status = 422


class FractionUnreadable(DomainError):
    code = "fraction-unreadable"
    message = _("“%(text)s” non è una frazione: scrivila come due interi, per esempio 2/5.")
    status = 422


def half_up(value: Fraction) -> int:
    """Return `value` rounded to the nearest integer, halves upwards (-1/2 gives 0)."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def ceiling(value: Fraction) -> int:
    """Return the smallest integer not below `value`."""
    return -(-value.numerator // value.denominator)


def parse_fraction(text: str) -> Fraction:
    """
    Return the exact fraction written as `n/d` or `n`, without sign.

    Raises: FractionUnreadable (other text, or zero below the line).
    """
    found = _FRACTION.fullmatch(text.strip())
    if found is None or (found[2] is not None and int(found[2]) == 0):
        raise FractionUnreadable(text=text)
    return Fraction(int(found[1]), int(found[2] or 1))


def format_fraction(value: Fraction) -> str:
    """Return `n/d`, or `n` for a whole number: the text `parse_fraction` reads."""
    return str(value)


def parse_cents(*, text: str, decimal_mark: str = ",", thousands: str = ".") -> int:
    """
    Return the whole cents of an amount of euro written as text.

    `decimal_mark` and `thousands` are single characters; `thousands` may be empty. A thousands
    separator must stand before groups of exactly three digits, so that `1.50` read with the wrong
    marks is refused rather than taken for another amount. A sign may stand before or after; the
    euro sign and outer blanks are ignored. More than two decimals pass only when the others are
    zeros.

    Raises: AmountUnreadable, AmountTooPrecise, AmountTooLarge.
    """
    bare = text.translate(_HARD_SPACES).strip()
    found = _amount_pattern(decimal_mark, thousands).fullmatch(bare)
    if found is None:
        raise AmountUnreadable(text=text, example=f"12{decimal_mark}50")
    sign, whole, decimals, sign_after = found.groups(default="")
    if sign and sign_after:
        raise AmountUnreadable(text=text, example=f"12{decimal_mark}50")
    if len(decimals) > 2 and decimals[2:].strip("0"):
        raise AmountTooPrecise(text=text)
    digits = (whole.replace(thousands, "") if thousands else whole).lstrip("0")
    if len(digits) > _MAX_EURO_DIGITS:
        raise AmountTooLarge(text=text)
    cents = int(digits + decimals[:2].ljust(2, "0"))
    return cents if (sign or sign_after) in ("", "+") else -cents


def format_cents(cents: int, *, decimal_mark: str = ",", thousands: str = ".") -> str:
    """Return an amount with two decimals, as `1.234,56`; `parse_cents` reads it back."""
    euro, rest = divmod(abs(cents), 100)
    whole = f"{euro:,}".replace(",", thousands)
    return f"{'-' if cents < 0 else ''}{whole}{decimal_mark}{rest:02d}"


def format_euro(cents: int) -> str:
    """Return an amount as an Italian sentence carries it: `1.234,56 €`, with a hard space."""
    return f"{format_cents(cents)}\u00a0€"


def format_euro_here(cents: int) -> str:
    """Return an amount in the language of the moment: `1.234,56 €` or `€1,234.56`."""
    if (get_language() or "it").startswith("en"):
        return f"€{format_cents(cents, decimal_mark='.', thousands=',')}"
    return format_euro(cents)


def format_dot(cents: int) -> str:
    """Return an amount as bank files write it: `1234.56`."""
    return format_cents(cents, decimal_mark=".", thousands="")


@lru_cache(maxsize=32)
def _amount_pattern(decimal_mark: str, thousands: str) -> re.Pattern[str]:
    """Return the pattern of (sign, whole part, decimals, sign after)."""
    grouped = rf"|\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+" if thousands else ""
    mark = re.escape(decimal_mark)
    return re.compile(
        rf"([-+\u2212])? ?(\d+{grouped}|(?={mark}\d))(?:{mark}(\d*))? ?([-\u2212])?", re.ASCII
    )
