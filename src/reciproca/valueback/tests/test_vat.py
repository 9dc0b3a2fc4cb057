"""VAT when credits pay part of a basket."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.valueback.rules import (
    BasketLine,
    CreditAboveBasket,
    RateTotal,
    Treatment,
    vat_on_redemption,
)

BASKET = [
    BasketLine("l1", 2_440, Fraction(22)),
    BasketLine("l2", 1_040, Fraction(4)),
    BasketLine("l3", 1_100, Fraction(10)),
]

baskets = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from([0, 4, 5, 10, 22])), min_size=1, max_size=6
).map(
    lambda rows: [BasketLine(f"l{i}", gross, Fraction(pct)) for i, (gross, pct) in enumerate(rows)]
)


def test_as_a_payment_the_vat_is_that_of_the_full_price() -> None:
    found = vat_on_redemption(
        run_id="r-77", treatment=Treatment.PAYMENT, credit_cents=1_000, lines=BASKET
    )

    assert found.vat_total_cents == 580
    assert found.cash_due_cents == 3_580
    assert list(found.by_rate) == [4, 10, 22]


def test_as_a_discount_the_credit_lowers_each_line_first() -> None:
    found = vat_on_redemption(
        run_id="r-77", treatment=Treatment.DISCOUNT, credit_cents=1_000, lines=BASKET
    )

    assert found.discount_by_line_cents == {"l1": 533, "l2": 227, "l3": 240}
    assert found.by_rate[Fraction(22)] == RateTotal(1_907, 1_563, 344)
    assert found.vat_total_cents == 453
    assert found.cash_due_cents == 3_580


def test_more_credit_than_the_basket_is_refused() -> None:
    with pytest.raises(CreditAboveBasket):
        vat_on_redemption(run_id="r", treatment=Treatment.PAYMENT, credit_cents=4_581, lines=BASKET)


@given(
    lines=baskets, part=st.fractions(0, 1, max_denominator=50), treatment=st.sampled_from(Treatment)
)
def test_nothing_is_lost_between_gross_net_and_vat(
    lines: list[BasketLine], part: Fraction, treatment: Treatment
) -> None:
    gross = sum(line.gross_cents for line in lines)
    credit = int(gross * part)

    found = vat_on_redemption(run_id="r", treatment=treatment, credit_cents=credit, lines=lines)

    taxed = gross - (credit if treatment is Treatment.DISCOUNT else 0)
    assert sum(total.gross_cents for total in found.by_rate.values()) == taxed
    assert all(t.gross_cents == t.net_cents + t.vat_cents for t in found.by_rate.values())
    assert all(t.vat_cents >= 0 for t in found.by_rate.values())
    assert found.cash_due_cents == gross - credit
