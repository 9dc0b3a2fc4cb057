"""The lines of an exchange, as `purchases` hands them to `valueback`."""

from collections.abc import Sequence
from typing import NamedTuple

from reciproca.shared.allocation import split_by_weight


class ExchangeLine(NamedTuple):
    """One line of a purchase in whole cents; `credit_cents` is what credits paid of it."""

    category: str
    amount_cents: int
    credit_cents: int = 0

    @property
    def base_cents(self) -> int:
        """Return what was paid in money: the only part that gives value back."""
        return self.amount_cents - self.credit_cents


def lines_with_credit(
    *, lines: Sequence[tuple[str, int]], credit_cents: int
) -> tuple[ExchangeLine, ...]:
    """
    Return the lines (category, amount in cents) of a sale with the spent credit spread over them.

    By amount, largest remainder, ties in line order; a returned item (negative amount) in a basket
    carries no credit. `credit_cents` is at most the sum of the positive amounts.

    Source: docs/rules/value-back.md
    """
    if not credit_cents:
        return tuple([ExchangeLine(category, amount) for category, amount in lines])
    weights = [max(amount, 0) for _, amount in lines]
    spread = split_by_weight(total=credit_cents, weights=weights)
    return tuple(
        ExchangeLine(category, amount, credit)
        for (category, amount), credit in zip(lines, spread, strict=True)
    )
