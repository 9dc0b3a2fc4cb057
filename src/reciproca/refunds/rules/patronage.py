"""
The patronage refund: each member's part of the pot, and how it is paid.

Source: docs/rules/patronage-refund.md
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from reciproca.shared.allocation import Allocation, Claim, allocate


class ExchangeKind(StrEnum):
    """What members exchange with their cooperative, which decides the ceiling of a refund."""

    CONSUMER = "consumer"
    WORK = "work"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class MemberExchange:
    """
    What one person exchanged in the year: the claim is `quantity x quality`.

    `yearly_cents` is what the ceiling looks at: what a consumer spent, a worker's whole pay.
    """

    member_id: str
    quantity: Fraction | int
    quality: Fraction | int = 1
    yearly_cents: int = 0


@dataclass(frozen=True, slots=True)
class PatronageRefund:
    """The pot, divided: ceilings (None: none by law) and amounts, in the order of the members."""

    ceilings_cents: list[int | None]
    allocation: Allocation


@dataclass(frozen=True, slots=True)
class PaymentSplit:
    """How one refund is paid: credit, cash and whole new shares, in cents."""

    credit_cents: int
    cash_cents: int
    new_shares: int
    share_capital_cents: int


def ceiling_cents(*, kind: ExchangeKind, yearly_cents: int, worker_cap: Fraction) -> int | None:
    """
    Return the most that a member may get.

    A consumer no more than was spent; a worker at most `worker_cap` of the yearly pay, floored;
    for what members bring to their cooperative the law sets none.
    """
    if kind is ExchangeKind.CONSUMER:
        return yearly_cents
    if kind is ExchangeKind.WORK:
        return yearly_cents * worker_cap.numerator // worker_cap.denominator
    return None


def patronage_refund(
    *,
    run_id: str,
    kind: ExchangeKind,
    pot_cents: int,
    members: Sequence[MemberExchange],
    worker_cap: Fraction,
) -> PatronageRefund:
    """
    Divide the pot in proportion to the claims, nobody above the ceiling.

    What a ceiling turns away is spread over the others; what no ceiling can absorb stays
    undistributed. Cents by largest remainder, ties by SHA-256 of `run_id:member_id`.

    Source: docs/rules/patronage-refund.md, docs/rules/allocation.md
    """
    ceilings = [
        ceiling_cents(kind=kind, yearly_cents=member.yearly_cents, worker_cap=worker_cap)
        for member in members
    ]
    claims = [
        Claim(member.member_id, member.quantity * member.quality, upper_cents=ceiling)
        for member, ceiling in zip(members, ceilings, strict=True)
    ]
    return PatronageRefund(ceilings, allocate(total_cents=pot_cents, claims=claims, run_id=run_id))


def split_payment(
    *, amount_cents: int, cash: Fraction, capital: Fraction, share_value_cents: int
) -> PaymentSplit:
    """
    Return how a refund is paid: a part in cash, a part in whole shares, the rest in credit.

    `cash` and `capital` are shares of the amount, together at most 1. Credit and cash are floored,
    the capital part takes the rest, and what does not make a whole share is paid in cash.

    Source: docs/rules/patronage-refund.md
    """
    credit = _floor(amount_cents * (1 - cash - capital))
    in_cash = _floor(amount_cents * cash)
    for_shares = amount_cents - credit - in_cash
    shares = for_shares // share_value_cents if capital else 0
    invested = shares * share_value_cents
    return PaymentSplit(credit, in_cash + for_shares - invested, shares, invested)


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
