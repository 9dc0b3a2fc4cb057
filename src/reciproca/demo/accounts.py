"""
The cooperatives' annual accounts, each a case of the waterfall worth seeing.

The names of the fields are those of the accounts that a manager enters. Only cooperatives of
users propose a refund: it follows what members bought, and that is what the network knows.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from reciproca.demo.chance import Chance
from reciproca.demo.cooperatives import CooperativePlan, YearStory, cooperatives
from reciproca.demo.days import DAYS
from reciproca.demo.memberships import MembershipPlan

# The most that a postal savings bond paid, in hundredths of a percent, in the invented year.
POSTAL_BOND_RATE_BP = 300


@dataclass(frozen=True, slots=True)
class AccountsPlan:
    """
    One cooperative's approved accounts, in whole cents, and its assembly's resolution.

    `cooperative` is a position in the plan. `assembly_day` counts from 1 January of the year of
    the accounts, so it lies in the next one. `share_value_cents` is one share of the capital.
    """

    cooperative: int
    net_profit_cents: int
    member_surplus_cents: int
    refund_proposed_cents: int
    refund_accounting: Literal["cost", "appropriation"]
    paid_up_capital_cents: int
    dividend_proposed_cents: int
    postal_bond_rate_bp: int
    net_equity_cents: int
    total_debt_cents: int
    cash_share_bp: int
    capital_share_bp: int
    share_value_cents: int
    assembly_day: int
    protocol_number: str


@dataclass(slots=True)
class _Draft:
    """Accounts being told; every story changes what makes it different."""

    profit: int
    surplus: int
    refund: int
    dividend: int
    equity: int
    debt: int
    accounting: Literal["cost", "appropriation"] = "appropriation"


def plan_accounts(*, memberships: Sequence[MembershipPlan]) -> tuple[AccountsPlan, ...]:
    """Return the accounts of every cooperative; its capital is what its members paid."""
    capital: Counter[int] = Counter()
    for line in memberships:
        if line.registered_day is not None and line.left_day is None:
            capital[line.cooperative] += line.capital_cents
    return tuple(
        _accounts(position, cooperative, capital[position])
        for position, cooperative in enumerate(cooperatives())
    )


def _accounts(position: int, cooperative: CooperativePlan, capital: int) -> AccountsPlan:
    chance = Chance("accounts", cooperative.key)
    draft = _ordinary(cooperative, capital)
    STORIES[cooperative.story](draft, capital)
    return AccountsPlan(
        cooperative=position,
        net_profit_cents=draft.profit,
        member_surplus_cents=draft.surplus,
        refund_proposed_cents=draft.refund if cooperative.exchange == "users" else 0,
        refund_accounting=draft.accounting,
        paid_up_capital_cents=capital,
        dividend_proposed_cents=draft.dividend,
        postal_bond_rate_bp=POSTAL_BOND_RATE_BP,
        net_equity_cents=draft.equity,
        total_debt_cents=draft.debt,
        cash_share_bp=cooperative.cash_bp,
        capital_share_bp=cooperative.capital_bp,
        share_value_cents=cooperative.share_cents,
        assembly_day=DAYS + chance.whole(95, 118),
        protocol_number=f"{chance.whole(3, 48)}/A",
    )


def _ordinary(cooperative: CooperativePlan, capital: int) -> _Draft:
    """Return a good year: two thirds of the profit come from members, a third goes back to them."""
    profit = cooperative.surplus_cents
    return _Draft(
        profit=profit,
        surplus=profit * 2 // 3,
        refund=profit * 3 // 10,
        dividend=capital // 50,
        equity=capital * 3 + profit * 8,
        debt=capital * 4 + profit * 12,
    )


def _nothing_refunded(draft: _Draft, capital: int) -> None:
    draft.refund = draft.dividend = 0


def _break_even(draft: _Draft, capital: int) -> None:
    draft.profit = draft.surplus = draft.refund = draft.dividend = 0


def _loss(draft: _Draft, capital: int) -> None:
    draft.profit, draft.surplus, draft.refund, draft.dividend = -draft.profit, 0, 0, 0


def _tiny_refund(draft: _Draft, capital: int) -> None:
    """So little for so many that most get a cent or nothing: the remainders decide."""
    draft.refund, draft.dividend = 137, 0


def _refund_as_cost(draft: _Draft, capital: int) -> None:
    draft.accounting = "cost"


def _refund_above_member_surplus(draft: _Draft, capital: int) -> None:
    draft.surplus = draft.profit // 4
    draft.refund = draft.profit // 3


def _refund_above_what_is_left(draft: _Draft, capital: int) -> None:
    draft.surplus = draft.profit * 19 // 20
    draft.refund = draft.profit * 9 // 10


def _refund_above_what_was_spent(draft: _Draft, capital: int) -> None:
    """A legacy makes the profit larger than everything that members bought in the year."""
    draft.surplus = draft.profit * 3 // 5
    draft.refund = draft.profit * 3 // 5


def _dividend_above_cap(draft: _Draft, capital: int) -> None:
    draft.dividend = capital * 9 // 100


def _weak_equity(draft: _Draft, capital: int) -> None:
    """Equity is exactly a quarter of the debt, and the law wants more than that for a dividend."""
    draft.debt = draft.equity * 4


def _no_debt(draft: _Draft, capital: int) -> None:
    draft.debt = draft.refund = 0


def _as_it_is(draft: _Draft, capital: int) -> None:
    """An ordinary year needs no change."""


STORIES: dict[YearStory, Callable[[_Draft, int], None]] = {
    "ordinary": _as_it_is,
    "nothing_refunded": _nothing_refunded,
    "break_even": _break_even,
    "loss": _loss,
    "tiny_refund": _tiny_refund,
    "refund_as_cost": _refund_as_cost,
    "refund_above_member_surplus": _refund_above_member_surplus,
    "refund_above_what_is_left": _refund_above_what_is_left,
    "refund_above_what_was_spent": _refund_above_what_was_spent,
    "dividend_above_cap": _dividend_above_cap,
    "weak_equity": _weak_equity,
    "no_debt": _no_debt,
}
