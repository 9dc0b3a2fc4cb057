"""What `purchases` tells `valueback` about an exchange; neither knows the other's tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reciproca.shared.allocation import split_by_weight


@dataclass(frozen=True, slots=True)
class ExchangeLine:
    """One line of a purchase in whole cents; `credit_cents` is what credits paid of it."""

    category: str
    amount_cents: int
    credit_cents: int = 0

    @property
    def base_cents(self) -> int:
        """Return what was paid in money: the only part that gives value back."""
        return self.amount_cents - self.credit_cents


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    One buyer, one seller, one amount, at one moment.

    `purchase_id` is the fact's id, from which its transfers take theirs. `buyer_id` is None for
    somebody who is no member. `corrects_id` names the purchase that a refund or an undo corrects;
    the amounts of such an exchange are negative. `policy_id` is the value-back policy in force, or
    None before the first one, when the purchase is recorded and moves nothing.
    """

    purchase_id: UUID
    buyer_id: UUID | None
    seller_id: UUID
    happened_at: datetime
    lines: tuple[ExchangeLine, ...]
    policy_id: UUID | None = None
    corrects_id: UUID | None = None

    @property
    def amount_cents(self) -> int:
        """Return the whole amount, money and credits."""
        return sum(line.amount_cents for line in self.lines)

    @property
    def credit_cents(self) -> int:
        """Return what credits paid."""
        return sum(line.credit_cents for line in self.lines)


def lines_with_credit(
    *, lines: Sequence[tuple[str, int]], credit_cents: int
) -> tuple[ExchangeLine, ...]:
    """
    Return the lines (category, amount in cents) of a sale with the spent credit spread over them.

    By amount, largest remainder, ties in line order; a returned item (negative amount) in a basket
    carries no credit. `credit_cents` is at most the sum of the positive amounts.

    Source: docs/rules/value-back.md
    """
    weights = [max(amount, 0) for _, amount in lines]
    spread = split_by_weight(total=credit_cents, weights=weights)
    return tuple(
        ExchangeLine(category, amount, credit)
        for (category, amount), credit in zip(lines, spread, strict=True)
    )
