"""
A year's surplus down the steps that law prescribes.

Source: docs/rules/surplus-waterfall.md
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from reciproca.refunds.rules.steps import Reason, Step, StepKey
from reciproca.shared.errors import DomainError
from reciproca.shared.money import ceiling, half_up


class LossForYear(DomainError):
    code = "no-surplus"
    message = _("L'esercizio chiude in perdita: non c'è un avanzo da dividere.")


class Accounting(StrEnum):
    """Whether the refund is a cost, which lowers the profit first, or a use of the profit."""

    COST = "cost"
    APPROPRIATION = "appropriation"


@dataclass(frozen=True, slots=True)
class LegalLimits:
    """What law says in the year, from the dated table of parameters."""

    legal_reserve_min: Fraction
    mutual_fund_rate: Fraction
    dividend_spread: Fraction
    dividend_equity_debt_min: Fraction


@dataclass(frozen=True, slots=True)
class YearAccounts:
    """
    The approved accounts, in whole cents.

    With the refund as a cost, `net_profit_cents` is the profit before it. `postal_bond_max_rate` is
    the highest rate of postal savings bonds. The cap on dividends and the indivisible reserve bind
    where mutuality prevails.
    """

    net_profit_cents: int
    member_surplus_cents: int
    ristorno_proposed_cents: int
    paid_up_capital_cents: int
    postal_bond_max_rate: Fraction
    dividend_proposed_cents: int
    net_equity_cents: int
    total_debt_cents: int
    accounting: Accounting = Accounting.APPROPRIATION
    mutuality_prevails: bool = True


@dataclass(frozen=True, slots=True)
class Surplus:
    """A divided surplus: its steps in order sum to the profit."""

    steps: tuple[Step, ...]
    dividend_cap_cents: int
    dividend_allowed_by_debt_ratio: bool

    def amount_cents(self, key: StepKey) -> int:
        """Return what a step took."""
        return sum(step.amount_cents for step in self.steps if step.key is key)


def divide_surplus(*, accounts: YearAccounts, limits: LegalLimits) -> Surplus:
    """
    Return the steps of a year's surplus.

    Legal reserve = ceil(its share), mutual fund = half-up(3%), then the refund (at most what was
    proposed, the surplus from exchanges with members, and what is left), then the dividend (at most
    floor(paid-up capital x (postal rate + spread)), and none unless equity / debt is strictly above
    the ratio), and the rest to the indivisible reserve. A refund booked as a cost comes first, and
    the shares are those of what it leaves.

    Raises: LossForYear.
    Source: docs/rules/surplus-waterfall.md
    """
    if accounts.net_profit_cents < 0:
        raise LossForYear
    steps: list[Step] = []
    if accounts.accounting is Accounting.COST:
        steps = [_refund(accounts, left=accounts.net_profit_cents)]
    steps += _reserves(accounts.net_profit_cents - _sum(steps), limits)
    if accounts.accounting is Accounting.APPROPRIATION:
        steps.append(_refund(accounts, left=accounts.net_profit_cents - _sum(steps)))
    cap = _dividend_cap(accounts, limits)
    allowed = _debt_ratio_allows(accounts, limits)
    steps.append(_dividend(accounts, cap, allowed, left=accounts.net_profit_cents - _sum(steps)))
    steps.append(_rest(accounts, left=accounts.net_profit_cents - _sum(steps)))
    return Surplus(tuple(steps), cap, allowed)


def _reserves(profit: int, limits: LegalLimits) -> list[Step]:
    # Law sets a lowest share of the reserve: it is rounded up, and never past what there is.
    reserve = min(ceiling(limits.legal_reserve_min * profit), profit)
    fund = min(half_up(limits.mutual_fund_rate * profit), profit - reserve)
    return [
        Step(StepKey.LEGAL_RESERVE, reserve, reserve, Reason.BY_LAW),
        Step(StepKey.MUTUAL_FUND, fund, fund, Reason.BY_LAW),
    ]


def _refund(accounts: YearAccounts, *, left: int) -> Step:
    proposed, surplus = accounts.ristorno_proposed_cents, max(accounts.member_surplus_cents, 0)
    limit = min(surplus, left)
    reason = Reason.AS_PROPOSED
    if proposed > limit:
        reason = Reason.MEMBER_SURPLUS if surplus <= left else Reason.WHAT_IS_LEFT
    return Step(StepKey.PATRONAGE_REFUND, min(proposed, limit), limit, reason)


def _dividend(accounts: YearAccounts, cap: int, allowed: bool, *, left: int) -> Step:
    if not accounts.mutuality_prevails:
        cap = left
    proposed, limit = accounts.dividend_proposed_cents, min(cap, left) if allowed else 0
    reason = Reason.AS_PROPOSED
    if proposed > limit:
        reason = Reason.DIVIDEND_CAP if cap < left else Reason.WHAT_IS_LEFT
        reason = reason if allowed else Reason.DEBT_RATIO
    return Step(StepKey.DIVIDEND, min(proposed, limit), limit, reason)


def _rest(accounts: YearAccounts, *, left: int) -> Step:
    if accounts.mutuality_prevails:
        return Step(StepKey.INDIVISIBLE_RESERVE, left, None, Reason.REMAINDER)
    return Step(StepKey.OTHER_RESERVES, left, None, Reason.DIVISIBLE_REMAINDER)


def _dividend_cap(accounts: YearAccounts, limits: LegalLimits) -> int:
    rate = accounts.postal_bond_max_rate + limits.dividend_spread
    return accounts.paid_up_capital_cents * rate.numerator // rate.denominator


def _debt_ratio_allows(accounts: YearAccounts, limits: LegalLimits) -> bool:
    # Multiplied out, so that a cooperative without debts needs no case of its own.
    return accounts.net_equity_cents > limits.dividend_equity_debt_min * accounts.total_debt_cents


def _sum(steps: list[Step]) -> int:
    return sum(step.amount_cents for step in steps)
