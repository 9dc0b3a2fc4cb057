"""Budgets: the worked example, the properties of equal shares, real elections."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reciproca.ballots.rules.budgeting import (
    UTILITIES,
    Group,
    Utility,
    bought,
    completed,
    equal_share,
    equal_shares,
    greedy,
)
from reciproca.ballots.rules.choices import Method

Election = tuple[dict[str, int], list[Group], int]

NAMES = "abcdefg"
COSTS = {
    "bikepath": 35,
    "courses": 12,
    "lights": 25,
    "oven": 15,
    "square": 40,
    "vanshare": 20,
}
GROUPS = [
    Group(6, dict.fromkeys(["square", "bikepath", "lights"], 1)),
    Group(3, dict.fromkeys(["vanshare", "oven"], 1)),
    Group(1, dict.fromkeys(["vanshare", "courses"], 1)),
]

utilities = st.sampled_from(UTILITIES)
budgets = st.integers(1, 400)
all_costs = st.lists(st.integers(1, 120), min_size=1, max_size=7).map(
    lambda costs: dict(zip(NAMES, costs, strict=False))
)


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """Return costs, groups who approve or give points, and a budget."""
    costs = draw(all_costs)
    points = st.dictionaries(
        st.sampled_from(sorted(costs)), st.integers(1, draw(st.integers(1, 4)))
    )
    groups = draw(st.lists(st.builds(Group, st.integers(1, 9), points), min_size=1, max_size=6))
    return costs, groups, draw(budgets)


def test_sixty_percent_take_everything_greedily_and_their_part_by_equal_shares() -> None:
    by_votes = greedy(costs=COSTS, groups=GROUPS, budget=100, utility="cost")
    shares = equal_shares(costs=COSTS, groups=GROUPS, share=Fraction(10), utility="cost")

    assert sorted(by_votes) == ["bikepath", "lights", "square"]
    assert [tuple(each) for each in shares.purchases] == [
        ("bikepath", Fraction(1, 6), Fraction(35, 6)),
        ("lights", Fraction(1, 6), Fraction(25, 6)),
        ("vanshare", Fraction(1, 4), Fraction(5)),
        ("oven", Fraction(1, 3), Fraction(5)),
    ]
    assert [str(each) for each in shares.left] == ["0", "0", "5"]


@given(election=elections(), utility=utilities)
def test_supporters_pay_exactly_what_is_bought_and_nobody_is_below_zero(
    election: Election, utility: Utility
) -> None:
    costs, groups, budget = election
    share = equal_share(groups=groups, budget=budget)

    shares = equal_shares(costs=costs, groups=groups, share=share, utility=utility)

    balances = [share for _ in groups]
    for purchase in shares.purchases:
        paid = Fraction(0)
        for number, group in enumerate(groups):
            due = purchase.payment * group.points.get(purchase.project, 0)
            part = min(balances[number], due)
            balances[number] -= part
            paid += part * group.voters
        assert paid == costs[purchase.project]
    assert list(shares.left) == balances
    assert min(balances) >= 0
    assert sum(costs[each] for each in shares.projects) <= budget
    # What is left cannot be afforded by those who want it.
    for project in costs.keys() - set(shares.projects):
        theirs = sum(
            balance * group.voters
            for balance, group in zip(balances, groups, strict=True)
            if project in group.points
        )
        assert theirs < costs[project]


@given(election=elections(), utility=utilities)
def test_each_purchase_is_the_cheapest_there_was(election: Election, utility: Utility) -> None:
    costs, groups, budget = election
    share = equal_share(groups=groups, budget=budget)

    bought = equal_shares(costs=costs, groups=groups, share=share, utility=utility).purchases

    assert [each.rho for each in bought] == sorted(each.rho for each in bought)
    for purchase in bought:
        worth = costs[purchase.project] if utility == "cost" else 1
        assert purchase.rho == purchase.payment / worth


@given(
    election=elections(), utility=utilities, method=st.sampled_from(["greedy", "mes", "mes-add1"])
)
def test_no_method_spends_more_than_there_is(
    election: Election, utility: Utility, method: str
) -> None:
    costs, groups, budget = election

    found = bought(
        method=Method(method), costs=costs, groups=groups, budget=budget, utility=utility
    )

    assert sum(costs[each] for each in found) <= budget
    assert len(set(found)) == len(found)
    assert all(any(each in group.points for group in groups) for each in found)


@given(election=elections(), utility=utilities)
def test_voters_apart_count_as_voters_together(election: Election, utility: Utility) -> None:
    costs, groups, budget = election
    apart = [Group(1, group.points) for group in groups for _ in range(group.voters)]
    share = equal_share(groups=groups, budget=budget)

    together = equal_shares(costs=costs, groups=groups, share=share, utility=utility)
    single = equal_shares(costs=costs, groups=apart[::-1], share=share, utility=utility)

    assert together.purchases == single.purchases


@given(election=elections(), utility=utilities)
def test_one_who_wants_nothing_only_makes_the_shares_smaller(
    election: Election, utility: Utility
) -> None:
    costs, groups, budget = election
    more = [*groups, Group(1, {})]
    share = equal_share(groups=more, budget=budget)

    with_them = equal_shares(costs=costs, groups=more, share=share, utility=utility)
    without = equal_shares(costs=costs, groups=groups, share=share, utility=utility)

    assert share < equal_share(groups=groups, budget=budget)
    assert with_them.purchases == without.purchases


@given(election=elections(), utility=utilities)
def test_raised_shares_go_on_until_nothing_fits_or_the_next_step_costs_too_much(
    election: Election, utility: Utility
) -> None:
    costs, groups, budget = election

    found = completed(costs=costs, groups=groups, budget=budget, utility=utility).projects

    share, step = equal_share(groups=groups, budget=budget), 0
    left = budget - sum(costs[each] for each in found)
    wanted = {project for group in groups for project in group.points}
    if any(costs[each] <= left for each in wanted.difference(found)):
        while True:
            tried = equal_shares(
                costs=costs, groups=groups, share=share + step, utility=utility
            ).projects
            if sum(costs[each] for each in tried) > budget:
                break
            last, step = tried, step + 1
        assert last == found
