"""Credits that pay part of a basket are spread over its lines by amount."""

from hypothesis import given
from hypothesis import strategies as st

from reciproca.shared.exchange import lines_with_credit


def test_ten_euro_of_credit_over_three_lines() -> None:
    lines = lines_with_credit(
        lines=[("pane", 2_440), ("latte", 1_040), ("frutta", 1_100)], credit_cents=1_000
    )

    assert [line.credit_cents for line in lines] == [533, 227, 240]
    assert [line.base_cents for line in lines] == [1_907, 813, 860]


def test_a_returned_item_in_the_basket_carries_no_credit() -> None:
    lines = lines_with_credit(lines=[("pane", 500), ("vuoto reso", -100)], credit_cents=400)

    assert [line.credit_cents for line in lines] == [400, 0]


@given(
    amounts=st.lists(st.integers(0, 10**6), min_size=1, max_size=8),
    part=st.fractions(0, 1, max_denominator=100),
)
def test_no_line_is_paid_more_than_it_costs(amounts: list[int], part: float) -> None:
    credit = int(sum(amounts) * part)

    lines = lines_with_credit(lines=[("", amount) for amount in amounts], credit_cents=credit)

    assert sum(line.credit_cents for line in lines) == credit
    assert all(0 <= line.credit_cents <= line.amount_cents for line in lines)
