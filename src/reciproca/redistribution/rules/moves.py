"""
What a run moves in the ledger: a person's credit, the common share, and both back.

Source: docs/rules/redistribution.md, docs/rules/ledger.md
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

# The chart of accounts is as pure as these rules.
from reciproca.ledger.rules import Move, clearing, credit, issued, recovery


class Standing(NamedTuple):
    """Where a person stands with a pool, in cents: the debt not negative, the lot what is left."""

    debt_cents: int = 0
    lot_cents: int = 0


def part_moves(
    *, pool_id: UUID, member_id: UUID, cents: int, expires_on: date, standing: Standing
) -> list[Move]:
    """
    Return the moves of one person's part; below zero it is taken back.

    A part first repays what a correction left to recover. What is taken back comes from the lot;
    what was spent of it is a debt that the pool's next runs repay.
    """
    source = issued(issuer=pool_id)
    lot = credit(member=member_id, issuer=pool_id, expires_on=expires_on)
    debt = recovery(member=member_id, seller=pool_id)
    if cents >= 0:
        repaid = min(cents, standing.debt_cents)
        moves = [
            Move(source, debt, repaid, "redistributed-recovery"),
            Move(source, lot, cents - repaid, "redistributed"),
        ]
    else:
        taken = min(-cents, standing.lot_cents)
        moves = [
            Move(lot, source, taken, "redistributed-back"),
            Move(debt, source, -cents - taken, "redistributed-debt"),
        ]
    return [move for move in moves if move.amount]


def common_moves(*, pool_id: UUID, common_id: UUID, cents: int) -> list[Move]:
    """Return the move of the common share; below zero the fund gives it back."""
    pool, fund = clearing(node=pool_id), clearing(node=common_id)
    if cents > 0:
        return [Move(pool, fund, cents, "redistributed-common")]
    return [Move(fund, pool, -cents, "redistributed-returned")] if cents else []
