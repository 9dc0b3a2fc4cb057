"""Which credits pay: the first to end, then by issuer."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.ledger.rules import Move, clearing, credit, issued
from reciproca.valueback.rules import (
    Lot,
    NotSpendable,
    expiry_moves,
    lots_to_spend,
    spendable_cents,
    spendable_here_cents,
    spending_moves,
)
from reciproca.valueback.tests.policies import ADA, EXPIRED

A, B = UUID(int=1), UUID(int=2)
TODAY = date(2026, 6, 1)
THIS, NEXT = date(2026, 12, 31), date(2027, 12, 31)

lots_held = st.lists(
    st.builds(
        Lot,
        st.sampled_from([A, B, UUID(int=3)]),
        st.sampled_from([date(2025, 12, 31), THIS, NEXT]),
        st.integers(0, 500),
    ),
    max_size=8,
    unique_by=lambda lot: lot[:2],
)


def test_the_first_to_end_goes_first_then_by_issuer() -> None:
    lots = [Lot(A, NEXT, 500), Lot(B, THIS, 200), Lot(A, THIS, 100)]

    spent = lots_to_spend(lots=lots, amount_cents=450, on=TODAY)

    assert spent == (Lot(A, THIS, 100), Lot(B, THIS, 200), Lot(A, NEXT, 150))


def test_what_ended_is_not_spent_and_the_last_day_still_counts() -> None:
    lots = [Lot(A, THIS, 100)]

    assert lots_to_spend(lots=lots, amount_cents=100, on=THIS) == (Lot(A, THIS, 100),)
    with pytest.raises(NotSpendable, match="0,00"):
        lots_to_spend(lots=lots, amount_cents=100, on=date(2027, 1, 1))


def test_more_than_there_is_is_refused_with_what_there_is() -> None:
    with pytest.raises(NotSpendable, match="1,00"):
        lots_to_spend(lots=[Lot(A, THIS, 100)], amount_cents=101, on=TODAY)


def test_a_seller_may_take_credits_for_a_part_of_the_sale_only() -> None:
    assert spendable_here_cents(balance_cents=5_000, amount_cents=1_999, limit_bp=5_000) == 999
    assert spendable_here_cents(balance_cents=300, amount_cents=1_999, limit_bp=10_000) == 300
    assert spendable_here_cents(balance_cents=300, amount_cents=-5, limit_bp=10_000) == 0


def test_credit_of_another_makes_that_other_owe_the_acceptor() -> None:
    spent = [Lot(A, THIS, 100), Lot(B, THIS, 50)]

    moves = spending_moves(member_id=ADA, acceptor_id=A, spent=spent)

    assert moves == [
        Move(credit(member=ADA, issuer=A, expires_on=THIS), issued(issuer=A), 100, "spend"),
        Move(credit(member=ADA, issuer=B, expires_on=THIS), issued(issuer=B), 50, "spend"),
        Move(clearing(node=B), clearing(node=A), 50, "spend-owed"),
    ]


def test_a_gift_is_a_spend_that_a_project_takes() -> None:
    project = UUID(int=9)

    moves = spending_moves(
        member_id=ADA, acceptor_id=project, spent=[Lot(A, THIS, 100)], why="gift"
    )

    assert [move.code for move in moves] == ["gift", "gift-owed"]
    assert moves[1].credit == clearing(node=project)


def test_what_ends_unspent_is_owed_to_the_fund() -> None:
    moves = expiry_moves(member_id=ADA, expired=Lot(A, THIS, 70), fund_id=EXPIRED)

    assert moves == [
        Move(credit(member=ADA, issuer=A, expires_on=THIS), issued(issuer=A), 70, "expiry"),
        Move(clearing(node=A), clearing(node=EXPIRED), 70, "expiry-owed"),
    ]


def test_a_fund_owes_nothing_to_itself() -> None:
    moves = expiry_moves(member_id=ADA, expired=Lot(EXPIRED, THIS, 70), fund_id=EXPIRED)

    assert [move.code for move in moves] == ["expiry"]


@given(lots=lots_held, part=st.fractions(0, 1, max_denominator=50))
def test_spending_takes_the_amount_and_no_lot_goes_below_zero(lots: list[Lot], part: float) -> None:
    amount = int(spendable_cents(lots=lots, on=TODAY) * part)
    held = {lot[:2]: lot.amount_cents for lot in lots}

    spent = lots_to_spend(lots=lots, amount_cents=amount, on=TODAY)

    assert sum(lot.amount_cents for lot in spent) == amount
    assert all(0 < lot.amount_cents <= held[lot[:2]] for lot in spent)
    order = [(lot.expires_on, lot.issuer_id) for lot in spent]
    assert order == sorted(order)
    # All lots before the last one that pays are emptied.
    assert all(lot.amount_cents == held[lot[:2]] for lot in spent[:-1])
