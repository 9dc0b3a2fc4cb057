"""Prices, credits and where the money goes. Source: docs/rules/market.md."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from reciproca.shared.money import half_up

WHOLE = 1_000
"""Quantities are thousandths of a unit: 1,250 of a kilogram is 1.25 kg."""


def line_cents(*, price_cents: int, quantity_milli: int) -> int:
    """
    Return what a quantity costs at a price per unit, half up to the cent.

    Source: docs/rules/market.md
    """
    return half_up(Fraction(price_cents * quantity_milli, WHOLE))


def credit_by_order(*, balance_cents: int, limits_cents: Sequence[int]) -> list[int]:
    """
    Return what credit pays of each order: as much as its seller takes, the first orders first.

    Never more than there is; what one order cannot take is there for the next.

    Source: docs/rules/market.md
    """
    spent = []
    for limit in limits_cents:
        part = max(0, min(limit, balance_cents))
        balance_cents -= part
        spent.append(part)
    return spent


class EuroSplit(NamedTuple):
    """
    Where what a buyer pays ends up, in whole cents; together they are the total.

    The seller has what is left when the bank, the platform and the value back have had theirs.
    """

    seller_cents: int
    bank_cents: int
    platform_cents: int
    back_cents: int
    common_cents: int


def euro_split(
    *, total_cents: int, bank_cents: int = 0, back_cents: int = 0, common_cents: int = 0
) -> EuroSplit:
    """
    Return where a total goes: nothing of it to the platform, ever.

    `bank_cents` is what a bank keeps of a payment, `back_cents` what the seller gives back to the
    buyer, `common_cents` what it gives to funds.

    Source: docs/rules/market.md
    """
    seller = total_cents - bank_cents - back_cents - common_cents
    return EuroSplit(seller, bank_cents, 0, back_cents, common_cents)
