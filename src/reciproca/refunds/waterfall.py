"""The surplus of one year's accounts, by the law of that year; and what a run keeps of it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from reciproca.parameters import queries as parameters
from reciproca.refunds.models import AnnualAccounts
from reciproca.refunds.rules import (
    Accounting,
    ExchangeKind,
    LegalLimits,
    Step,
    StepKey,
    Surplus,
    YearAccounts,
    divide_surplus,
)
from reciproca.shared.money import format_fraction, parse_fraction

LIMITS = (
    "legal_reserve_min",
    "mutual_fund_rate",
    "dividend_spread",
    "dividend_equity_debt_min",
    "ristorno_worker_cap",
)


@dataclass(frozen=True, slots=True)
class Law:
    """The legal values that a year's surplus and refund depend on."""

    limits: LegalLimits
    worker_cap: Fraction

    @classmethod
    def of_year(cls, year: int) -> "Law":
        """Return what held on the year's last day, in one SQL query."""
        values = parameters.values_on(names=LIMITS, on=date(year, 12, 31))
        return cls.from_values(values)

    @classmethod
    def from_values(cls, values: Mapping[str, Fraction]) -> "Law":
        given = dict(values)
        worker_cap = given.pop("ristorno_worker_cap")
        return cls(LegalLimits(**given), worker_cap)

    def as_values(self) -> dict[str, str]:
        """Return name -> fraction as text; `from_stored` reads it back."""
        values = asdict(self.limits) | {"ristorno_worker_cap": self.worker_cap}
        return {name: format_fraction(value) for name, value in values.items()}

    @classmethod
    def from_stored(cls, stored: Mapping[str, str]) -> "Law":
        return cls.from_values({name: parse_fraction(text) for name, text in stored.items()})


def year_accounts(accounts: AnnualAccounts, *, prevails: bool) -> YearAccounts:
    """Return the accounts as the rules take them."""
    return YearAccounts(
        net_profit_cents=accounts.net_profit_cents,
        member_surplus_cents=accounts.member_surplus_cents,
        ristorno_proposed_cents=accounts.refund_proposed_cents,
        paid_up_capital_cents=accounts.paid_up_capital_cents,
        postal_bond_max_rate=Fraction(accounts.postal_bond_rate_bp, 10_000),
        dividend_proposed_cents=accounts.dividend_proposed_cents,
        net_equity_cents=accounts.net_equity_cents,
        total_debt_cents=accounts.total_debt_cents,
        accounting=Accounting(accounts.refund_accounting),
        mutuality_prevails=prevails,
    )


def surplus_of(*, accounts: AnnualAccounts, law: Law, prevails: bool) -> Surplus:
    """
    Return the accounts' surplus, step by step; `prevails` is whether mutuality does.

    Raises: LossForYear.
    """
    return divide_surplus(accounts=year_accounts(accounts, prevails=prevails), limits=law.limits)


def pot_cents(surplus: Surplus) -> int:
    """Return what the waterfall leaves for the members' refunds."""
    return surplus.amount_cents(StepKey.PATRONAGE_REFUND)


def as_stored(
    *, surplus: Surplus, law: Law, kind: ExchangeKind, prevails: bool | None
) -> dict[str, Any]:
    """
    Return what a run keeps: the steps as shown, the law they followed, what the cooperative was.
    """
    return {
        "kind": kind.value,
        **_mutuality(prevails),
        "law": law.as_values(),
        "steps": [step.as_dict() for step in surplus.steps],
    }


def stored_mutuality(waterfall: Mapping[str, Any]) -> bool | None:
    """
    Return whether mutuality prevailed in a cooperative when its run was made.

    None of the oldest runs, which did not keep it: they divided as if it did.
    """
    kept: bool | None = waterfall.get("mutuality_prevails")
    return kept


def _mutuality(prevails: bool | None) -> dict[str, bool]:
    return {} if prevails is None else {"mutuality_prevails": prevails}


def stored_steps(waterfall: Mapping[str, Any]) -> list[Step]:
    """Return the steps that a run kept."""
    return [Step.from_dict(step) for step in waterfall["steps"]]


def inputs_digest(
    *,
    run_key: str,
    accounts: AnnualAccounts,
    law: Law,
    kind: ExchangeKind,
    prevails: bool | None,
    claims: Iterable[tuple[UUID, int, int | None]],
) -> str:
    """
    Return the SHA-256 of everything a run is computed from.

    One line of JSON with the accounts, the law and what the cooperative was; then one line a
    member, by member id: id, claim, ceiling in cents (`-` where the law sets none).
    """
    head = {
        "run_key": run_key,
        "kind": kind.value,
        **_mutuality(prevails),
        "law": law.as_values(),
        "accounts": {name: getattr(accounts, name) for name in FIGURES},
    }
    digest = hashlib.sha256(json.dumps(head, sort_keys=True).encode())
    for member, claim, ceiling in claims:
        bound = "-" if ceiling is None else ceiling
        digest.update(f"\n{member} {claim} {bound}".encode())
    return digest.hexdigest()


FIGURES = (
    "net_profit_cents",
    "member_surplus_cents",
    "refund_proposed_cents",
    "refund_accounting",
    "paid_up_capital_cents",
    "dividend_proposed_cents",
    "postal_bond_rate_bp",
    "net_equity_cents",
    "total_debt_cents",
    "cash_share_bp",
    "capital_share_bp",
    "share_value_cents",
)
