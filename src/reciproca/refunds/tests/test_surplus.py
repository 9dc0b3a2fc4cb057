"""A surplus goes down the steps of law, and no guard rail is passed."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.refunds.rules import (
    Accounting,
    LegalLimits,
    LossForYear,
    Reason,
    Step,
    StepKey,
    Surplus,
    YearAccounts,
    divide_surplus,
)

LAW = LegalLimits(
    legal_reserve_min=Fraction(3, 10),
    mutual_fund_rate=Fraction(3, 100),
    dividend_spread=Fraction(25, 1000),
    dividend_equity_debt_min=Fraction(1, 4),
)
FIRST = YearAccounts(
    net_profit_cents=12_345_678,
    member_surplus_cents=7_000_000,
    ristorno_proposed_cents=5_000_000,
    paid_up_capital_cents=40_000_000,
    postal_bond_max_rate=Fraction(3, 100),
    dividend_proposed_cents=3_000_000,
    net_equity_cents=90_000_000,
    total_debt_cents=200_000_000,
)
SECOND = YearAccounts(
    net_profit_cents=5_000_001,
    member_surplus_cents=1_000_000,
    ristorno_proposed_cents=2_500_000,
    paid_up_capital_cents=10_000_000,
    postal_bond_max_rate=Fraction(11, 400),
    dividend_proposed_cents=200_000,
    net_equity_cents=20_000_000,
    total_debt_cents=80_000_000,
)

money = st.integers(0, 10**10)
accounts_of_a_year = st.builds(
    YearAccounts,
    net_profit_cents=money,
    member_surplus_cents=st.integers(-(10**9), 10**10),
    ristorno_proposed_cents=money,
    paid_up_capital_cents=money,
    postal_bond_max_rate=st.fractions(0, Fraction(1, 10), max_denominator=400),
    dividend_proposed_cents=money,
    net_equity_cents=st.integers(-(10**9), 10**10),
    total_debt_cents=money,
    accounting=st.sampled_from(Accounting),
    mutuality_prevails=st.booleans(),
)


def divided(accounts: YearAccounts) -> Surplus:
    return divide_surplus(accounts=accounts, limits=LAW)


def amounts(surplus: Surplus) -> dict[str, int]:
    return {step.key.value: step.amount_cents for step in surplus.steps}


def step_of(surplus: Surplus, key: StepKey) -> Step:
    return next(step for step in surplus.steps if step.key is key)


def test_the_first_worked_example_reaches_the_cap_of_the_dividend() -> None:
    surplus = divided(FIRST)

    assert amounts(surplus) == {
        "legal_reserve": 3_703_704,
        "mutual_fund": 370_370,
        "patronage_refund": 5_000_000,
        "dividend": 2_200_000,
        "indivisible_reserve": 1_071_604,
    }
    dividend = step_of(surplus, StepKey.DIVIDEND)
    assert dividend.reason is Reason.DIVIDEND_CAP
    assert dividend.guard_rail_reached
    assert dividend.article == "artt. 2514 e 2545-quinquies c.c."
    assert not step_of(surplus, StepKey.PATRONAGE_REFUND).guard_rail_reached


def test_the_second_is_limited_by_the_surplus_with_members_and_by_debt() -> None:
    surplus = divided(SECOND)

    assert amounts(surplus) == {
        "legal_reserve": 1_500_001,
        "mutual_fund": 150_000,
        "patronage_refund": 1_000_000,
        "dividend": 0,
        "indivisible_reserve": 2_350_000,
    }
    assert surplus.dividend_cap_cents == 525_000
    assert not surplus.dividend_allowed_by_debt_ratio
    reasons = [step.reason for step in surplus.steps]
    assert reasons[2:4] == [Reason.MEMBER_SURPLUS, Reason.DEBT_RATIO]


def test_booked_as_a_cost_the_refund_lowers_the_profit_first() -> None:
    surplus = divided(replace(FIRST, accounting=Accounting.COST))

    assert surplus.steps[0].key is StepKey.PATRONAGE_REFUND
    assert amounts(surplus)["legal_reserve"] == 2_203_704
    assert amounts(surplus)["mutual_fund"] == 220_370


def test_equity_just_above_a_quarter_of_debt_allows_a_dividend() -> None:
    allowed = divided(replace(SECOND, net_equity_cents=20_000_001))

    assert step_of(allowed, StepKey.DIVIDEND).amount_cents == 200_000


def test_without_debts_any_equity_will_do() -> None:
    assert divided(replace(SECOND, total_debt_cents=0)).dividend_allowed_by_debt_ratio
    none = replace(SECOND, total_debt_cents=0, net_equity_cents=0)
    assert not divided(none).dividend_allowed_by_debt_ratio


def test_where_mutuality_does_not_prevail_the_cap_does_not_bind() -> None:
    surplus = divided(replace(FIRST, mutuality_prevails=False))

    assert step_of(surplus, StepKey.DIVIDEND).amount_cents == 3_000_000
    assert amounts(surplus)["other_reserves"] == 271_604


def test_a_year_that_ends_in_a_loss_divides_nothing() -> None:
    with pytest.raises(LossForYear):
        divided(replace(FIRST, net_profit_cents=-1))


def test_a_stored_step_reads_the_same_in_any_language() -> None:
    step = step_of(divided(FIRST), StepKey.DIVIDEND)

    again = Step.from_dict(step.as_dict())

    assert again == step
    assert "buoni postali" in again.why
    assert again.name == "Dividendo"


@given(accounts=accounts_of_a_year)
def test_the_steps_sum_to_the_profit_and_respect_the_law(accounts: YearAccounts) -> None:
    surplus = divided(accounts)
    profit = accounts.net_profit_cents
    by_key = {step.key: step for step in surplus.steps}

    assert sum(step.amount_cents for step in surplus.steps) == profit
    assert all(step.amount_cents >= 0 for step in surplus.steps)
    refund = by_key[StepKey.PATRONAGE_REFUND].amount_cents
    base = profit - refund if accounts.accounting is Accounting.COST else profit
    assert by_key[StepKey.LEGAL_RESERVE].amount_cents >= LAW.legal_reserve_min * base
    assert refund <= max(accounts.member_surplus_cents, 0)
    assert refund <= accounts.ristorno_proposed_cents
    dividend = by_key[StepKey.DIVIDEND].amount_cents
    assert dividend <= accounts.dividend_proposed_cents
    if accounts.mutuality_prevails:
        assert dividend <= surplus.dividend_cap_cents
    if not surplus.dividend_allowed_by_debt_ratio:
        assert dividend == 0


@given(accounts=accounts_of_a_year)
def test_a_guard_rail_is_told_exactly_when_less_than_proposed_is_given(
    accounts: YearAccounts,
) -> None:
    by_key = {step.key: step for step in divided(accounts).steps}

    for key, proposed in (
        (StepKey.PATRONAGE_REFUND, accounts.ristorno_proposed_cents),
        (StepKey.DIVIDEND, accounts.dividend_proposed_cents),
    ):
        step = by_key[key]
        assert step.guard_rail_reached == (step.amount_cents < proposed)
        if step.guard_rail_reached:
            assert step.amount_cents == step.limit_cents
