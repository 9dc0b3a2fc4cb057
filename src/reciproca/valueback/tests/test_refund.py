"""What goes back when a purchase is refunded: the rows of the events table, one by one."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.ledger.rules import CODES, Move, clearing, credit, issued, recovery
from reciproca.valueback.rules import (
    ExpiredAmount,
    Lot,
    MoreThanLeft,
    RefundPlan,
    SoldLine,
    Standing,
    credit_back,
    plan_refund,
    refund_of_line,
    value_moves,
)
from reciproca.valueback.tests.policies import ADA, COMMON, EXPIRED, POOL, policy, pooled

SHOP, OTHER = UUID(int=1), UUID(int=2)
TODAY = date(2026, 6, 1)
LAST, THIS, NEXT = date(2025, 12, 31), date(2026, 12, 31), date(2027, 12, 31)
TWO_THIRDS = {"member": "2/3", "common": "1/3"}
RATE = Fraction(3, 100)


def standing(**changes: Any) -> Standing:
    given = {"today": TODAY, "born_expires_on": THIS, "now_expires_on": THIS, **changes}
    return Standing(**given)


def refund(line: SoldLine, cents: int, **changes: Any) -> RefundPlan:
    given = {"policy": policy(TWO_THIRDS), "standing": standing(), **changes}
    return plan_refund(
        member_id=ADA, seller_id=SHOP, refunded_on=TODAY, lines=[(line, cents)], **given
    )


def own_lot(expires_on: date = THIS) -> Any:
    return credit(member=ADA, issuer=SHOP, expires_on=expires_on)


DEBT = recovery(member=ADA, seller=SHOP)
MIRROR = issued(issuer=SHOP)


def test_the_worked_refund_takes_back_value_before_less_value_after() -> None:
    """45.99 at 3% gave 0.92 and 0.45; with 15.99 back, 30.00 would have given 0.60 and 0.30."""
    plan = refund(SoldLine(RATE, 4_599), 1_599, standing=standing(lots=[Lot(SHOP, THIS, 500)]))

    assert (plan.money_cents, plan.credit_cents) == (1_599, 0)
    assert (plan.value_cents, plan.parts) == (-47, (-32, -15))
    assert plan.moves == (
        Move(own_lot(), MIRROR, 32, "refund-value"),
        Move(clearing(node=COMMON), clearing(node=SHOP), 15, "refund-branch"),
    )


def test_money_goes_back_first_and_then_the_credits() -> None:
    line = SoldLine(RATE, 1_000, credit_cents=300)

    assert refund_of_line(policy=policy(), line=line, amount_cents=700)[:2] == (700, 0)
    assert refund_of_line(policy=policy(), line=line, amount_cents=800)[:2] == (700, 100)


def test_a_second_refund_goes_on_where_the_first_stopped() -> None:
    line = SoldLine(RATE, 1_000, credit_cents=300, money_back_cents=700, credit_back_cents=100)

    found = refund_of_line(policy=policy(), line=line, amount_cents=200)

    assert found[:2] == (0, 200)
    assert set(found.parts) == {0}
    with pytest.raises(MoreThanLeft, match="2,00"):
        refund_of_line(policy=policy(), line=line, amount_cents=201)


def test_an_item_returned_in_the_basket_is_undone_with_it() -> None:
    line = SoldLine(RATE, -100)

    plan = refund(line, -100)

    assert plan.money_cents == -100
    assert plan.value_cents == 3
    with pytest.raises(MoreThanLeft):
        refund(line, 1)


def test_credits_return_to_their_lots_and_issuers_owe_no_longer() -> None:
    line = SoldLine(RATE, 500, credit_cents=500)
    spent = [Lot(SHOP, THIS, 200), Lot(OTHER, NEXT, 300)]

    plan = refund(line, 400, spent=spent)

    other_lot = credit(member=ADA, issuer=OTHER, expires_on=NEXT)
    assert plan.moves == (
        Move(issued(issuer=OTHER), other_lot, 300, "refund-spend"),
        Move(clearing(node=SHOP), clearing(node=OTHER), 300, "refund-spend-owed"),
        Move(MIRROR, own_lot(), 100, "refund-spend"),
    )


def test_a_lot_that_ended_is_replaced_by_the_issuers_lot_of_today() -> None:
    plan = refund(SoldLine(RATE, 500, credit_cents=500), 500, spent=[Lot(OTHER, LAST, 500)])

    assert plan.credit_back == (Lot(OTHER, THIS, 500),)


def test_what_was_returned_is_there_to_be_taken_back() -> None:
    """All was paid with credits of the shop but one euro; they come back before value goes."""
    line = SoldLine(Fraction(1), 1_000, credit_cents=900)

    plan = refund(line, 1_000, spent=[Lot(SHOP, THIS, 900)], policy=policy({"member": "1"}))

    codes = [move.code for move in plan.moves]
    assert codes == ["refund-spend", "refund-value"]


def test_the_own_part_comes_from_the_sales_year_first_then_by_date() -> None:
    lots = [Lot(SHOP, NEXT, 10), Lot(SHOP, LAST, 5), Lot(SHOP, THIS, 10)]

    plan = refund(SoldLine(RATE, 4_599), 4_599, standing=standing(lots=lots))

    taken = [(move.debit, move.amount) for move in plan.moves if move.code == "refund-value"]
    assert taken == [(own_lot(THIS), 10), (own_lot(LAST), 5), (own_lot(NEXT), 10)]
    assert plan.moves[3] == Move(DEBT, MIRROR, 67, "refund-recovery")


def test_what_ended_is_given_back_by_the_fund_that_got_it() -> None:
    state = standing(born_expires_on=LAST, expired=[ExpiredAmount(EXPIRED, 60)])

    plan = refund(SoldLine(RATE, 4_599), 4_599, standing=state)

    assert plan.moves[0] == Move(clearing(node=EXPIRED), clearing(node=SHOP), 60, "refund-expired")
    assert plan.moves[1] == Move(DEBT, MIRROR, 32, "refund-recovery")


def test_a_pooled_member_part_goes_back_from_the_pool() -> None:
    plan = refund(SoldLine(RATE, 4_599), 4_599, policy=pooled(TWO_THIRDS))

    assert plan.moves[0] == Move(clearing(node=POOL), clearing(node=SHOP), 92, "refund-branch")
    assert all(move.debit.unit == "EUR" for move in plan.moves)


def test_a_purchase_that_gave_nothing_only_gives_its_money_and_credits_back() -> None:
    line = SoldLine(Fraction(0), 500, credit_cents=200)

    plan = refund(line, 500, spent=[Lot(OTHER, THIS, 200)], policy=None)

    assert (plan.money_cents, plan.credit_cents, plan.value_cents) == (300, 200, 0)
    assert {move.code for move in plan.moves} == {"refund-spend", "refund-spend-owed"}


def test_new_value_repays_what_is_to_be_recovered_first() -> None:
    state = standing(recovery_debt_cents=30)

    moves = value_moves(
        policy=policy(TWO_THIRDS), member_id=ADA, seller_id=SHOP, parts=(92, 45), standing=state
    )

    assert moves == [
        Move(MIRROR, DEBT, 30, "recovery"),
        Move(MIRROR, own_lot(), 62, "value-back"),
        Move(clearing(node=SHOP), clearing(node=COMMON), 45, "branch"),
    ]


def test_flooring_may_leave_the_member_a_cent_more_of_a_smaller_value() -> None:
    """Of 4 cents the three funds take one each, of 3 they take none: the member then has all 3."""
    adopted = policy({"member": "1/4", "common": "1/4", "territory": "1/4", "solidarity": "1/4"})

    plan = refund(SoldLine(Fraction(1), 4), 1, policy=adopted)

    assert plan.parts == (2, -1, -1, -1)
    assert plan.value_cents == -1
    assert plan.moves[0] == Move(MIRROR, own_lot(), 2, "value-back")


def test_more_credit_than_was_spent_cannot_come_back() -> None:
    with pytest.raises(ValueError, match="more credit than it took"):
        credit_back(
            spent=[Lot(SHOP, THIS, 5)],
            credit_back_cents=3,
            wanted_cents=3,
            refunded_on=TODAY,
            now_expires_on=THIS,
        )


def test_the_last_lot_spent_is_the_first_to_return() -> None:
    spent = [Lot(SHOP, THIS, 5), Lot(OTHER, NEXT, 5)]

    halves = [
        credit_back(
            spent=spent,
            credit_back_cents=already,
            wanted_cents=4,
            refunded_on=TODAY,
            now_expires_on=THIS,
        )
        for already in (0, 4)
    ]

    assert halves == [
        (Lot(OTHER, NEXT, 4),),
        (Lot(OTHER, NEXT, 1), Lot(SHOP, THIS, 3)),
    ]


def test_every_code_is_one_that_the_ledger_knows() -> None:
    state = standing(lots=[Lot(SHOP, THIS, 5)], expired=[ExpiredAmount(EXPIRED, 5)])
    line = SoldLine(RATE, 5_000, credit_cents=100)

    plan = refund(line, 5_000, standing=state, spent=[Lot(OTHER, THIS, 100)])

    assert {move.code for move in plan.moves} <= CODES.keys()


@given(
    amount=st.integers(1, 50_000),
    paid_in_credit=st.fractions(0, 1, max_denominator=20),
    cuts=st.lists(st.integers(0, 50_000), max_size=6),
    rate=st.fractions(0, 1, max_denominator=100),
)
def test_partial_refunds_add_up_to_the_whole_sale(
    amount: int, paid_in_credit: Fraction, cuts: list[int], rate: Fraction
) -> None:
    """In whatever pieces a line goes back, in the end value, money and credits are all back."""
    adopted, credit_cents = policy(), int(amount * paid_in_credit)
    line = SoldLine(rate, amount, credit_cents)
    born = refund_of_line(policy=adopted, line=line, amount_cents=0).before.parts
    bounds = [0, *sorted(min(cut, amount) for cut in cuts), amount]

    money = in_credit = 0
    parts = [0, 0, 0, 0]
    for begin, end in pairwise(bounds):
        sold = SoldLine(rate, amount, credit_cents, money, in_credit)
        found = refund_of_line(policy=adopted, line=sold, amount_cents=end - begin)
        money, in_credit = money + found.money_cents, in_credit + found.credit_cents
        parts = [part + change for part, change in zip(parts, found.parts, strict=True)]

    assert (money, in_credit) == (amount - credit_cents, credit_cents)
    assert parts == [-part for part in born]
