"""What is born from a purchase, line by line."""

from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.shared.exchange import lines_with_credit
from reciproca.valueback.rules import ValueBackPolicy, line_value
from reciproca.valueback.tests.policies import policy

rates = st.fractions(0, 1, max_denominator=10_000)
bases = st.integers(-(10**7), 10**7)


@st.composite
def policies(draw: st.DrawFn) -> ValueBackPolicy:
    weights = draw(st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any))
    keys = ("member", "common", "territory", "solidarity")
    shares = {
        key: str(Fraction(weight, sum(weights))) for key, weight in zip(keys, weights, strict=True)
    }
    return policy(shares)


@pytest.mark.parametrize(
    ("base", "rate", "share", "value", "own", "common"),
    [
        (4_599, "3/100", "1/3", 137, 92, 45),
        (1_250, "1/20", "1/4", 62, 47, 15),
        (33, "3/100", "1/3", 0, 0, 0),
        (-1_599, "3/100", "1/3", -47, -32, -15),
        (9_999, "1/20", "1/4", 499, 375, 124),
    ],
)
def test_the_worked_example(
    base: int, rate: str, share: str, value: int, own: int, common: int
) -> None:
    adopted = policy({"member": str(1 - Fraction(share)), "common": share})

    found = line_value(policy=adopted, rate=Fraction(rate), base_cents=base)

    assert (found.value_cents, *found.parts) == (value, own, common)


def test_credits_give_no_value_and_each_line_is_floored_on_its_own() -> None:
    lines = lines_with_credit(lines=[("pane", 2_440), ("latte", 1_040)], credit_cents=1_000)
    adopted = policy({"member": "2/3", "common": "1/3"})

    found = [
        line_value(policy=adopted, rate=Fraction(3, 100), base_cents=line.base_cents)
        for line in lines
    ]

    assert [line.base_cents for line in found] == [1_739, 741]
    assert [line.value_cents for line in found] == [52, 22]
    assert [line.parts for line in found] == [(35, 17), (15, 7)]


@given(adopted=policies(), rate=rates, base=bases)
def test_the_branches_sum_to_the_value(adopted: ValueBackPolicy, rate: Fraction, base: int) -> None:
    found = line_value(policy=adopted, rate=rate, base_cents=base)

    assert sum(found.parts) == found.value_cents
    assert abs(found.value_cents) == int(abs(base) * rate)
    signs = {part > 0 for part in found.parts if part}
    assert signs <= {base > 0}


@given(adopted=policies(), rate=rates, base=bases)
def test_a_returned_item_mirrors_a_sold_one(
    adopted: ValueBackPolicy, rate: Fraction, base: int
) -> None:
    sold = line_value(policy=adopted, rate=rate, base_cents=base)
    back = line_value(policy=adopted, rate=rate, base_cents=-base)

    assert [-part for part in sold.parts] == list(back.parts)


@given(adopted=policies(), rate=rates, base=bases)
def test_rounding_favours_the_member(adopted: ValueBackPolicy, rate: Fraction, base: int) -> None:
    found = line_value(policy=adopted, rate=rate, base_cents=abs(base))

    exact = adopted.branches[0].share * found.value_cents
    assert 0 <= found.parts[0] - exact < len(found.parts)


def test_a_year_of_lines_takes_seconds() -> None:
    adopted, rate = policy(), Fraction(3, 100)

    begin = perf_counter()
    for base in range(50_000):
        line_value(policy=adopted, rate=rate, base_cents=base)

    assert perf_counter() - begin < 1
