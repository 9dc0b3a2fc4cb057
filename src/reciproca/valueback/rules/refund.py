"""What goes back, to whom and from where, when all or part of a purchase is refunded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.ledger.rules import Move
from reciproca.shared.errors import DomainError
from reciproca.shared.money import format_euro
from reciproca.valueback.rules.lots import Lot, taken_in_order
from reciproca.valueback.rules.policy import ValueBackPolicy
from reciproca.valueback.rules.postings import Standing, credit_back_moves, value_moves
from reciproca.valueback.rules.value import LineValue, line_value


class MoreThanLeft(DomainError):
    code = "refund-more-than-left"
    message = _("Di questa riga si possono ancora rendere %(left)s: riduci l'importo.")


@dataclass(frozen=True, slots=True)
class SoldLine:
    """
    A line as sold, and what earlier refunds already gave back of it, all in whole cents.

    `rate` is what the seller had committed for it.
    """

    rate: Fraction
    amount_cents: int
    credit_cents: int = 0
    money_back_cents: int = 0
    credit_back_cents: int = 0

    @property
    def money_left_cents(self) -> int:
        """Return the money not yet given back, which is the base that still gives value."""
        return self.amount_cents - self.credit_cents - self.money_back_cents

    @property
    def left_cents(self) -> int:
        """Return what can still be refunded, money and credits."""
        return self.amount_cents - self.money_back_cents - self.credit_back_cents


class LineRefund(NamedTuple):
    """What goes back of one line, and the value of the line before and after."""

    money_cents: int
    credit_cents: int
    before: LineValue
    after: LineValue

    @property
    def parts(self) -> tuple[int, ...]:
        """
        Return the change of each branch, value after less value before: mostly below zero.

        The member's may be above zero by a few cents: the other branches are floored one by one,
        so of a smaller value they may leave more to the member.
        """
        pairs = zip(self.before.parts, self.after.parts, strict=True)
        return tuple(after - before for before, after in pairs)


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """
    A refund, decided: the euro to hand back, the lines with their reasons, and the moves to post.

    `value_cents` and `parts` (one for each branch) are the change, as the contrary purchase
    records it. `credit_back` says which lots the credits go to.
    """

    money_cents: int
    credit_cents: int
    value_cents: int
    parts: tuple[int, ...]
    lines: tuple[LineRefund, ...]
    credit_back: tuple[Lot, ...]
    moves: tuple[Move, ...]


def refund_of_line(
    *, policy: ValueBackPolicy | None, line: SoldLine, amount_cents: int
) -> LineRefund:
    """
    Return the refund of `amount_cents` of a line: money first, then the credits spent on it.

    `policy` is the one of the sale, None if it gave no value back. Raises: MoreThanLeft.
    """
    left = line.left_cents
    if not min(left, 0) <= amount_cents <= max(left, 0):
        raise MoreThanLeft(left=format_euro(left))
    # An item returned within a basket is a negative line, without credits; an undo takes it too.
    money = min(amount_cents, line.money_left_cents) if amount_cents > 0 else amount_cents
    return LineRefund(
        money_cents=money,
        credit_cents=amount_cents - money,
        before=_value(policy, line, line.money_left_cents),
        after=_value(policy, line, line.money_left_cents - money),
    )


def plan_refund(
    *,
    policy: ValueBackPolicy | None,
    member_id: UUID,
    seller_id: UUID,
    refunded_on: date,
    lines: Iterable[tuple[SoldLine, int]],
    standing: Standing,
    spent: Sequence[Lot] = (),
    credit_back_cents: int = 0,
) -> RefundPlan:
    """
    Return everything that the refund of some cents of each line sets in motion.

    `policy` is the one of the sale, None if it gave no value back; an undo is the refund of all
    that is left. `spent` and `credit_back_cents` are as in `credit_back`, which says which lots are
    filled again. Then value before less value after goes back: see `value_moves`. No lot goes below
    zero.

    Raises: MoreThanLeft.
    Source: docs/rules/spending-and-refunds.md
    """
    refunds = tuple(
        refund_of_line(policy=policy, line=line, amount_cents=amount) for line, amount in lines
    )
    parts = tuple(map(sum, zip(*(refund.parts for refund in refunds), strict=True)))
    credit_cents = sum(refund.credit_cents for refund in refunds)
    back = credit_back(
        spent=spent,
        credit_back_cents=credit_back_cents,
        wanted_cents=credit_cents,
        refunded_on=refunded_on,
        now_expires_on=standing.now_expires_on,
    )
    moves = credit_back_moves(member_id=member_id, acceptor_id=seller_id, returned=back)
    if policy is not None and parts:
        moves += value_moves(
            policy=policy,
            member_id=member_id,
            seller_id=seller_id,
            parts=parts,
            standing=standing._replace(lots=_refilled(standing.lots, back, seller_id)),
        )
    return RefundPlan(
        money_cents=sum(refund.money_cents for refund in refunds),
        credit_cents=credit_cents,
        value_cents=sum(parts),
        parts=parts,
        lines=refunds,
        credit_back=back,
        moves=tuple(moves),
    )


def credit_back(
    *,
    spent: Sequence[Lot],
    credit_back_cents: int,
    wanted_cents: int,
    refunded_on: date,
    now_expires_on: date,
) -> tuple[Lot, ...]:
    """
    Return the lots that get `wanted_cents` of spent credit back.

    `spent` is what the purchase took from each lot, in spending order, and `credit_back_cents` what
    earlier refunds of it returned. Credits come back to the lots they left, the last one spent
    first, so that what lives longest returns first. A lot that ended is replaced by its issuer's
    lot of today, which ends on `now_expires_on`.

    Source: docs/rules/spending-and-refunds.md
    """
    before, _ = taken_in_order(lots=reversed(spent), wanted_cents=credit_back_cents)
    after, missing = taken_in_order(
        lots=reversed(spent), wanted_cents=credit_back_cents + wanted_cents
    )
    if missing:
        raise ValueError("a purchase cannot return more credit than it took")
    done = [lot.amount_cents for lot in before] + [0] * len(after)
    return tuple(
        Lot(
            lot.issuer_id,
            now_expires_on if lot.expires_on < refunded_on else lot.expires_on,
            lot.amount_cents - earlier,
        )
        for lot, earlier in zip(after, done, strict=False)
        if lot.amount_cents > earlier
    )


def _value(policy: ValueBackPolicy | None, line: SoldLine, base_cents: int) -> LineValue:
    if policy is None:
        return LineValue(base_cents, 0, ())
    return line_value(policy=policy, rate=line.rate, base_cents=base_cents)


def _refilled(lots: Sequence[Lot], back: Iterable[Lot], seller_id: UUID) -> list[Lot]:
    """Return the seller's lots with the credits just returned to them."""
    held = {lot.expires_on: lot.amount_cents for lot in lots}
    for issuer_id, expires_on, amount in back:
        if issuer_id == seller_id:
            held[expires_on] = held.get(expires_on, 0) + amount
    return [Lot(seller_id, expires_on, amount) for expires_on, amount in held.items()]
