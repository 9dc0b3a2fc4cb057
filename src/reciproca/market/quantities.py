"""Quantities as people write them, and as thousandths of a unit."""

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from reciproca.market.rules import WHOLE
from reciproca.shared.errors import DomainError

LARGEST_MILLI = 1_000_000 * WHOLE


class QuantityUnreadable(DomainError):
    code = "quantity-unreadable"
    message = _("“%(text)s” non è una quantità: scrivila in cifre, per esempio 2 oppure 1,5.")
    status = 422


class QuantityBeyond(DomainError):
    code = "quantity-beyond"
    message = _("Scrivi una quantità da zero a un milione, con tre decimali al massimo.")
    status = 422


def read_quantity(text: str, /) -> int:
    """
    Return a quantity, three decimals at most, in thousandths of the unit.

    Raises: QuantityUnreadable, QuantityBeyond.
    """
    bare = text.strip().replace(",", ".")
    # No exponents, no other alphabets' digits, no “infinity”: what Decimal takes and nobody means.
    if not bare.isascii() or not set(bare) <= set("0123456789."):
        raise QuantityUnreadable(text=text[:20])
    try:
        milli = Decimal(bare) * WHOLE
    except InvalidOperation as mistake:
        raise QuantityUnreadable(text=text[:20]) from mistake
    if milli % 1 or not 0 <= milli <= LARGEST_MILLI:
        raise QuantityBeyond
    return int(milli)


def quantity_words(milli: int, /) -> str:
    """Return a quantity as one writes it: `1,25`."""
    whole, part = divmod(milli, WHOLE)
    return f"{whole},{part:03}".rstrip("0").rstrip(",")
