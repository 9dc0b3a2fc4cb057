"""Why a project won or lost is counted again from the votes, and says who paid how much."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.ballots.rules.budgeting import Group, bought
from reciproca.ballots.rules.choices import BUDGETS, Method
from reciproca.projects.rules import EURO_CENTS, reasons

# The example pb_01, in its own unit.
COSTS = {"bikepath": 35, "courses": 12, "lights": 25, "oven": 15, "square": 40, "vanshare": 20}
VOTERS = [
    Group(6, {"square": 1, "bikepath": 1, "lights": 1}),
    Group(3, {"vanshare": 1, "oven": 1}),
    Group(1, {"vanshare": 1, "courses": 1}),
]


def test_equal_shares_tell_who_paid_and_what_was_missing() -> None:
    why = reasons(method=Method.MES, costs=COSTS, groups=VOTERS, budget=100, utility="cost")

    assert {name: each.place for name, each in why.items()} == {
        "bikepath": 1,
        "lights": 2,
        "vanshare": 3,
        "oven": 4,
        "square": None,
        "courses": None,
    }
    assert why["bikepath"].each_at_most == Fraction(35, 6)
    assert all(each.share == 10 for each in why.values())
    assert why["courses"].supporters == 1
    assert why["courses"].together == 5
    assert why["square"].supporters == 6
    assert why["square"].together == 0


def test_greedily_it_is_told_what_was_left_at_the_turn_of_each() -> None:
    why = reasons(method=Method.GREEDY, costs=COSTS, groups=VOTERS, budget=100, utility="cost")

    assert [why[name].place for name in ("square", "bikepath", "lights")] == [3, 1, 2]
    assert why["vanshare"].place is None
    assert why["vanshare"].supporters == 4
    assert why["vanshare"].together == 0


@pytest.mark.parametrize("method", sorted(BUDGETS))
@given(
    costs=st.dictionaries(st.sampled_from("abcde"), st.integers(100, 4_000), min_size=1),
    data=st.data(),
)
def test_the_reasons_name_the_same_winners_as_the_count(
    method: Method, costs: dict[str, int], data: st.DataObject
) -> None:
    chosen = st.sets(st.sampled_from(sorted(costs)))
    papers = data.draw(st.lists(chosen, min_size=1, max_size=6))
    groups = [Group(1, dict.fromkeys(paper, 1)) for paper in papers]
    told = {"costs": costs, "groups": groups, "budget": 5_000, "utility": "cost"}

    why = reasons(method=method, **told)  # type: ignore[arg-type]

    won = bought(method=method, step=Fraction(EURO_CENTS), **told)  # type: ignore[arg-type]
    placed = {name: each.place for name, each in why.items() if each.place}
    assert sorted(placed, key=placed.__getitem__) == won
    assert why.keys() == costs.keys()
    for name, each in why.items():
        if each.place is None and method is not Method.GREEDY and each.supporters:
            assert each.together is not None
            assert each.together < costs[name]
