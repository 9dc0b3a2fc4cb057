"""
Why each project of a call won or lost, counted again from the votes.

Source: docs/rules/projects.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reciproca.ballots.rules.budgeting import (
    Group,
    Shares,
    Utility,
    completed,
    equal_share,
    equal_shares,
    greedy,
)
from reciproca.ballots.rules.choices import Method

EURO_CENTS = 100
"""By how much `mes-add1` raises every voter's share at each step."""


@dataclass(frozen=True, slots=True)
class Why:
    """
    What decided about a project; amounts in cents, exact.

    `supporters` voted for it. `place` is its place among those that won, None for one that lost.
    By equal shares `each_at_most` is what a supporter paid at most (who had less paid all they
    had), and for one that lost `together` is what its supporters had left. Greedily `together` is
    what was left of the budget at its turn. `share` is what every voter had at first.
    """

    supporters: int
    place: int | None
    share: Fraction | None = None
    each_at_most: Fraction | None = None
    together: Fraction | None = None


def reasons(
    *,
    method: Method,
    costs: Mapping[str, int],
    groups: Sequence[Group],
    budget: int,
    utility: Utility,
) -> dict[str, Why]:
    """Return why each project won or lost."""
    backed = {
        project: sum(group.voters for group in groups if project in group.points)
        for project in costs
    }
    if method is Method.GREEDY:
        return _greedily(costs, groups, budget, utility, backed)
    if method is Method.MES:
        share = equal_share(groups=groups, budget=budget)
        found = equal_shares(costs=costs, groups=groups, share=share, utility=utility)
    else:
        step = Fraction(EURO_CENTS)
        found = completed(costs=costs, groups=groups, budget=budget, utility=utility, step=step)
    return _by_shares(costs, groups, found, backed)


def _by_shares(
    costs: Mapping[str, int], groups: Sequence[Group], found: Shares, backed: Mapping[str, int]
) -> dict[str, Why]:
    voters = sum(group.voters for group in groups)
    spent = sum(costs[project] for project in found.projects)
    left = sum(
        (group.voters * cents for group, cents in zip(groups, found.left, strict=True)), Fraction()
    )
    # Nothing is lost on the way: what voters paid and what they have left is what they had.
    share = (spent + left) / voters if voters else Fraction()
    paid = {each.project: (place, each) for place, each in enumerate(found.purchases, start=1)}
    told = {}
    for project in costs:
        if project in paid:
            place, purchase = paid[project]
            told[project] = Why(backed[project], place, share, purchase.payment)
            continue
        together = sum(
            (
                group.voters * cents
                for group, cents in zip(groups, found.left, strict=True)
                if project in group.points
            ),
            Fraction(),
        )
        told[project] = Why(backed[project], None, share, together=together)
    return told


def _greedily(
    costs: Mapping[str, int],
    groups: Sequence[Group],
    budget: int,
    utility: Utility,
    backed: Mapping[str, int],
) -> dict[str, Why]:
    won = greedy(costs=costs, groups=groups, budget=budget, utility=utility)
    worth = {
        project: Fraction(backed[project], 1 if utility == "cost" else cost)
        for project, cost in costs.items()
    }
    told, left = {}, budget
    for project in sorted(costs, key=lambda each: -worth[each]):
        is_in = project in won
        place = won.index(project) + 1 if is_in else None
        told[project] = Why(backed[project], place, together=Fraction(left))
        left -= costs[project] if is_in else 0
    return told
