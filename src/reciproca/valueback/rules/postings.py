"""
The movements that value back sets in motion: born, spent, returned, ended.

Each function returns moves of one member and one fact, in the order in which they are posted. They
are the rows of the ledger's table of events.

Source: docs/rules/value-back.md, docs/rules/spending-and-refunds.md, docs/rules/expiry.md
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

# The chart of accounts is as pure as these rules, and repeating it here would be a second truth.
from reciproca.ledger.rules import Move, clearing, credit, issued, recovery
from reciproca.valueback.rules.lots import Lot, taken_in_order
from reciproca.valueback.rules.policy import ValueBackPolicy


class ExpiredAmount(NamedTuple):
    """So much of a seller's credit ended unspent and now lies in `fund_id`."""

    fund_id: UUID
    amount_cents: int


class Standing(NamedTuple):
    """
    Where a buyer stands with a seller when value is born or taken back.

    `born_expires_on` is the end of credit born from the purchase in question, `now_expires_on` of
    credit born `today` (the same for a sale of today). `recovery_debt_cents` is not negative.
    `lots` are the buyer's lots of this seller; `expired` is what ended unspent of the lot that the
    purchase fed, less what refunds already called back: only what takes value back looks at these.
    """

    today: date
    born_expires_on: date
    now_expires_on: date
    recovery_debt_cents: int = 0
    lots: Sequence[Lot] = ()
    expired: Sequence[ExpiredAmount] = ()


def value_moves(
    *,
    policy: ValueBackPolicy,
    member_id: UUID,
    seller_id: UUID,
    parts: Sequence[int],
    standing: Standing,
) -> list[Move]:
    """
    Return the moves of a purchase's value; `parts` follows the branches of the policy.

    A figure above zero is born, one below zero is taken back. The member's own part becomes
    credit, after what is still to be recovered; every other branch, and a pooled member part, is
    owed by the seller to the fund.
    """
    moves = []
    if not policy.pooled:
        moves = _own_part(member_id, seller_id, parts[0], standing)
    seller = clearing(node=seller_id)
    for fund, part in zip(policy.fund_accounts, parts, strict=True):
        if fund is not None and part > 0:
            moves.append(Move(seller, fund, part, "branch"))
        elif fund is not None:
            moves.append(Move(fund, seller, -part, "refund-branch"))
    return _moving(moves)


def spending_moves(
    *, member_id: UUID, acceptor_id: UUID, spent: Iterable[Lot], why: str = "spend"
) -> list[Move]:
    """
    Return the moves of credit spent at `acceptor_id`, or with `why="gift"` given to a project.

    Each lot goes back to its issuer, who owes the acceptor as much unless they are the same.
    """
    moves: list[Move] = []
    for issuer_id, expires_on, amount in spent:
        lot = credit(member=member_id, issuer=issuer_id, expires_on=expires_on)
        issuer, acceptor = clearing(node=issuer_id), clearing(node=acceptor_id)
        moves.append(Move(lot, issued(issuer=issuer_id), amount, why))
        moves.append(Move(issuer, acceptor, amount, f"{why}-owed"))
    return _moving(moves)


def credit_back_moves(*, member_id: UUID, acceptor_id: UUID, returned: Iterable[Lot]) -> list[Move]:
    """Return the moves that fill lots again and end what their issuers owed for them."""
    moves: list[Move] = []
    for issuer_id, expires_on, amount in returned:
        lot = credit(member=member_id, issuer=issuer_id, expires_on=expires_on)
        issuer, acceptor = clearing(node=issuer_id), clearing(node=acceptor_id)
        moves.append(Move(issued(issuer=issuer_id), lot, amount, "refund-spend"))
        moves.append(Move(acceptor, issuer, amount, "refund-spend-owed"))
    return _moving(moves)


def expiry_moves(*, member_id: UUID, expired: Lot, fund_id: UUID) -> list[Move]:
    """Return the moves of a lot that ended: the credit dies, its issuer owes it to the fund."""
    issuer_id, expires_on, amount = expired
    lot = credit(member=member_id, issuer=issuer_id, expires_on=expires_on)
    issuer, fund = clearing(node=issuer_id), clearing(node=fund_id)
    return _moving(
        [
            Move(lot, issued(issuer=issuer_id), amount, "expiry"),
            Move(issuer, fund, amount, "expiry-owed"),
        ]
    )


def _own_part(member_id: UUID, seller_id: UUID, own_cents: int, standing: Standing) -> list[Move]:
    if own_cents < 0:
        return _taken_back(member_id, seller_id, -own_cents, standing)
    repaid = min(own_cents, standing.recovery_debt_cents)
    # A late correction may give a cent to a year that ended: it must still be spendable.
    has_ended = standing.born_expires_on < standing.today
    ends_on = standing.now_expires_on if has_ended else standing.born_expires_on
    debt = recovery(member=member_id, seller=seller_id)
    lot = credit(member=member_id, issuer=seller_id, expires_on=ends_on)
    source = issued(issuer=seller_id)
    return [
        Move(source, debt, repaid, "recovery"),
        Move(source, lot, own_cents - repaid, "value-back"),
    ]


def _taken_back(member_id: UUID, seller_id: UUID, missing: int, standing: Standing) -> list[Move]:
    """Return the own part from lots, the sale's year first; then what ended; then as a debt."""
    target, seller = issued(issuer=seller_id), clearing(node=seller_id)
    in_order = sorted(
        standing.lots,
        key=lambda lot: (lot.expires_on != standing.born_expires_on, lot.expires_on),
    )
    taken, missing = taken_in_order(lots=in_order, wanted_cents=missing)
    moves = []
    for lot in taken:
        source = credit(member=member_id, issuer=seller_id, expires_on=lot.expires_on)
        moves.append(Move(source, target, lot.amount_cents, "refund-value"))
    for fund_id, ended in standing.expired:
        part = min(ended, missing)
        moves.append(Move(clearing(node=fund_id), seller, part, "refund-expired"))
        missing -= part
    debt = recovery(member=member_id, seller=seller_id)
    return [*moves, Move(debt, target, missing, "refund-recovery")]


def _moving(moves: Iterable[Move]) -> list[Move]:
    """
    Return the moves that move something.

    The ledger takes no transfer of zero, nor one from an account to itself: a fund that sells owes
    nothing to itself.
    """
    return [move for move in moves if move.amount and move.debit != move.credit]
