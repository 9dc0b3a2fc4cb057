"""Quantities as people write them, to and from thousandths of a unit, and price ladders."""

import re

from django.utils.translation import gettext_lazy as _

from reciproca.joint_buying.rules import FINEST
from reciproca.shared.errors import DomainError
from reciproca.shared.money import format_cents, parse_cents

_QUANTITY = re.compile(r"(\d{1,9})(?:[.,](\d*))?", re.ASCII)
_DECIMALS = 3


class QuantityUnreadable(DomainError):
    code = "quantity-unreadable"
    message = _("“%(text)s” non è una quantità: scrivila in cifre, per esempio 2,5.")
    status = 422


class QuantityTooPrecise(DomainError):
    code = "quantity-too-precise"
    message = _("“%(text)s” ha più di tre decimali: arrotondala al millesimo.")
    status = 422


class LadderUnreadable(DomainError):
    code = "ladder-unreadable"
    message = _(
        "Gli scaglioni “%(text)s” non si leggono: scrivili come 30:1,95; 60:1,80, ognuno più in"
        " alto e meno caro di quello prima."
    )
    status = 422


def parse_quantity(text: str) -> int:
    """
    Return the thousandths of a quantity written with a comma or a dot.

    There is no mark of thousands. Raises: QuantityUnreadable, QuantityTooPrecise.
    """
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        raise QuantityUnreadable(text=text)
    whole, decimals = found[1], found[2] or ""
    if decimals[_DECIMALS:].strip("0"):
        raise QuantityTooPrecise(text=text)
    return int(whole) * FINEST + int(decimals[:_DECIMALS].ljust(_DECIMALS, "0"))


def format_quantity(thousandths: int, *, decimal_mark: str = ",") -> str:
    """Return a quantity with the decimals that it needs; `parse_quantity` reads it back."""
    whole, rest = divmod(thousandths, FINEST)
    return f"{whole}{decimal_mark}{rest:03d}".rstrip("0").removesuffix(decimal_mark)


def parse_ladder(text: str, *, price_cents: int) -> list[list[int]]:
    """
    Return the rungs of `30:1,95; 60:1,80` as pairs of thousandths and cents.

    Each begins above the one before and costs less, the first less than `price_cents`.

    Raises: LadderUnreadable.
    """
    rungs: list[list[int]] = []
    for written in filter(None, map(str.strip, text.split(";"))):
        quantity, _colon, price = written.partition(":")
        try:
            rung = [
                parse_quantity(quantity),
                parse_cents(text=price.replace(".", ","), thousands=""),
            ]
        except DomainError as refusal:
            raise LadderUnreadable(text=text) from refusal
        before = rungs[-1] if rungs else [0, price_cents]
        if rung[0] <= before[0] or not 0 <= rung[1] < before[1]:
            raise LadderUnreadable(text=text)
        rungs.append(rung)
    return rungs


def format_ladder(ladder: list[list[int]]) -> str:
    """Return rungs as a file carries them; `parse_ladder` reads them back."""
    return "; ".join(
        f"{format_quantity(quantity)}:{format_cents(cents, thousands='')}"
        for quantity, cents in ladder
    )
