"""Worked examples of a cooperative's year: the surplus and its refund."""

from datetime import date
from fractions import Fraction

from reciproca.parameters.actions import shipped
from reciproca.parameters.rules import values_in_force
from reciproca.refunds.rules import (
    Accounting,
    ExchangeKind,
    LegalLimits,
    MemberExchange,
    StepKey,
    YearAccounts,
    divide_surplus,
    patronage_refund,
    split_payment,
)
from reciproca.shared.worked_examples import Adapter, Part

# The examples carry no date: they were computed under the law of this year.
_LAW_OF = date(2025, 12, 31)
_CEILING_FIELDS = {
    ExchangeKind.CONSUMER: "annual_spend_cents",
    ExchangeKind.WORK: "annual_pay_cents",
}


def surplus_waterfall(given: Part) -> object:
    """Divide a profit; the order of the steps follows `ristorno_accounting` where it is stated."""
    stated = given.get("ristorno_accounting")
    accounting = stated.choice(*Accounting) if stated else Accounting.APPROPRIATION
    surplus = divide_surplus(
        accounts=YearAccounts(
            net_profit_cents=given.at("net_profit_cents").whole(),
            member_surplus_cents=given.at("member_surplus_cents").whole(),
            ristorno_proposed_cents=given.at("ristorno_proposed_cents").not_negative(),
            paid_up_capital_cents=given.at("paid_up_capital_cents").not_negative(),
            postal_bond_max_rate=given.at("postal_bond_max_rate").fraction(),
            dividend_proposed_cents=given.at("dividend_proposed_cents").not_negative(),
            net_equity_cents=given.at("net_equity_cents").whole(),
            total_debt_cents=given.at("total_debt_cents").not_negative(),
            accounting=Accounting(accounting),
        ),
        limits=_limits(),
    )
    return {
        "legal_reserve_cents": surplus.amount_cents(StepKey.LEGAL_RESERVE),
        "mutual_fund_cents": surplus.amount_cents(StepKey.MUTUAL_FUND),
        "ristorno_cents": surplus.amount_cents(StepKey.PATRONAGE_REFUND),
        "dividend_cap_cents": surplus.dividend_cap_cents,
        "dividend_allowed_by_debt_ratio": surplus.dividend_allowed_by_debt_ratio,
        "dividend_cents": surplus.amount_cents(StepKey.DIVIDEND),
        "indivisible_reserve_cents": surplus.amount_cents(StepKey.INDIVISIBLE_RESERVE),
        "check_sum_cents": sum(step.amount_cents for step in surplus.steps),
    }


def ristorno_allocation(given: Part) -> object:
    """Divide a refund over the members and, where a split is stated, say how each is paid."""
    kind = ExchangeKind(given.at("coop_kind").choice(*ExchangeKind))
    members = [_member(each, kind) for each in given.at("members").each()]
    refund = patronage_refund(
        run_id=given.at("run_id").text(),
        kind=kind,
        pot_cents=given.at("ristorno_cents").not_negative(),
        members=members,
        worker_cap=_law("ristorno_worker_cap"),
    )
    ids = [member.member_id for member in members]
    amounts = dict(zip(ids, refund.allocation.cents, strict=True))
    exact = map(str, refund.allocation.exact_cents)
    undistributed = refund.allocation.undistributed_cents
    split = given.get("split")
    return {
        "cap_cents": dict(zip(ids, refund.ceilings_cents, strict=True)),
        "exact_cents": dict(zip(ids, exact, strict=True)),
        "ristorno_cents": amounts,
        "undistributed_cents": undistributed,
        "check_sum_cents": sum(amounts.values()) + undistributed,
        "payment": _payments(split, amounts) if split else {},
    }


def _member(given: Part, kind: ExchangeKind) -> MemberExchange:
    quality, ceiling = given.get("quality"), _CEILING_FIELDS.get(kind)
    return MemberExchange(
        member_id=given.at("id").text(),
        quantity=given.at("quantity").fraction(),
        quality=quality.fraction() if quality else 1,
        yearly_cents=given.at(ceiling).not_negative() if ceiling else 0,
    )


def _payments(split: Part, amounts: dict[str, int]) -> dict[str, object]:
    cash, share_value = split.at("cash").fraction(), split.at("share_value_cents").positive()
    paid = {
        member_id: split_payment(
            amount_cents=cents, cash=cash, capital=1 - cash, share_value_cents=share_value
        )
        for member_id, cents in amounts.items()
    }
    return {
        member_id: {
            "cash_cents": payment.cash_cents,
            "new_shares": payment.new_shares,
            "share_capital_cents": payment.share_capital_cents,
        }
        for member_id, payment in paid.items()
    }


def _limits() -> LegalLimits:
    names = (
        "legal_reserve_min",
        "mutual_fund_rate",
        "dividend_spread",
        "dividend_equity_debt_min",
    )
    return LegalLimits(**values_in_force(rows=shipped(), names=names, on=_LAW_OF))


def _law(name: str) -> Fraction:
    return values_in_force(rows=shipped(), names=[name], on=_LAW_OF)[name]


ADAPTERS = {
    "surplus_waterfall": Adapter(surplus_waterfall),
    "ristorno_allocation": Adapter(ristorno_allocation),
}
