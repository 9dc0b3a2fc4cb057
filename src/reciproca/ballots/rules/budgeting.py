"""
A budget divided among projects: greedy, and the Method of Equal Shares.

Whole numbers and exact fractions throughout. Money is in one unit, whatever it is; voters who give
the same points are one `Group`, since they always pay the same. Ties go to the project that stands
first in `costs`.

Source: docs/rules/equal-shares.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Literal, NamedTuple

from reciproca.ballots.rules.choices import Method

Utility = Literal["cost", "cardinality"]
"""What a voter values: the money spent on projects they support, or how many those are."""

UTILITIES: tuple[Utility, ...] = ("cost", "cardinality")

Costs = Mapping[str, int]


class Group(NamedTuple):
    """So many voters who gave the same points; a project that is approved has one point."""

    voters: int
    points: Mapping[str, int]


class Purchase(NamedTuple):
    """A project bought: the price of one unit of utility, and of one point, for who can pay it."""

    project: str
    rho: Fraction
    payment: Fraction


@dataclass(frozen=True, slots=True)
class Shares:
    """What equal shares bought, in order, and what a voter of each group has left."""

    purchases: Sequence[Purchase]
    left: Sequence[Fraction]

    @property
    def projects(self) -> list[str]:
        return [each.project for each in self.purchases]


class _Backer(NamedTuple):
    group: int
    voters: int
    points: int


def bought(
    *,
    method: Method,
    costs: Costs,
    groups: Sequence[Group],
    budget: int,
    utility: Utility,
    step: Fraction = Fraction(1),
) -> list[str]:
    """Return the projects that a method of `choices.BUDGETS` buys, in order."""
    if method is Method.GREEDY:
        return greedy(costs=costs, groups=groups, budget=budget, utility=utility)
    if method is Method.MES:
        share = equal_share(groups=groups, budget=budget)
        return equal_shares(costs=costs, groups=groups, share=share, utility=utility).projects
    assert method is Method.MES_ADD1
    return completed(costs=costs, groups=groups, budget=budget, utility=utility, step=step).projects


def greedy(
    *,
    costs: Costs,
    groups: Sequence[Group],
    budget: int,
    utility: Utility,
    already: Sequence[str] = (),
) -> list[str]:
    """
    Return the projects that are bought most utility per money first, while they can be paid.

    With the utility `cost` that is by points alone. Those in `already` are bought beforehand.
    """
    points = dict.fromkeys(costs, 0)
    for group in groups:
        for project, given in group.points.items():
            points[project] += group.voters * given
    worth = {
        project: Fraction(points[project], 1 if utility == "cost" else cost)
        for project, cost in costs.items()
    }
    bought = list(already)
    left = budget - sum(costs[project] for project in bought)
    for project in sorted(costs, key=lambda each: -worth[each]):
        if points[project] and project not in already and costs[project] <= left:
            bought.append(project)
            left -= costs[project]
    return bought


def equal_shares(
    *, costs: Costs, groups: Sequence[Group], share: Fraction, utility: Utility
) -> Shares:
    """
    Return what voters buy who each have `share`: every project is paid by its supporters alone.

    Again and again the project whose utility costs its supporters least is bought: each pays the
    same for a point, or all they have left.
    """
    backers = {
        project: [
            _Backer(number, group.voters, points)
            for number, group in enumerate(groups)
            if (points := group.points.get(project, 0))
        ]
        for project in costs
    }
    # All balances are whole numbers of 1/scale. A project's price never falls as balances do, so
    # the last one known is a bound, and most prices need not be computed again.
    scale, balances = share.denominator, [share.numerator] * len(groups)
    bound = {project: Fraction(0) for project in costs if backers[project]}
    purchases: list[Purchase] = []
    while True:
        best: tuple[Fraction, str, int, int] | None = None
        for project in sorted(bound, key=bound.__getitem__):
            if best and bound[project] > best[0]:
                break
            price = _price(costs[project] * scale, backers[project], balances)
            if price is None:
                del bound[project]
                continue
            value = costs[project] if utility == "cost" else 1
            bound[project] = rho = Fraction(price[0], price[1] * scale * value)
            if best is None or (rho, _place(costs, project)) < (best[0], _place(costs, best[1])):
                best = rho, project, *price
        if best is None:
            return Shares(purchases, [Fraction(each, scale) for each in balances])
        rho, project, money, points = best
        del bound[project]
        scale *= points
        balances = [each * points for each in balances]
        for backer in backers[project]:
            paid = money * backer.points
            balances[backer.group] = max(balances[backer.group] - paid, 0)
        purchases.append(Purchase(project, rho, Fraction(money, scale)))


def completed(
    *,
    costs: Costs,
    groups: Sequence[Group],
    budget: int,
    utility: Utility,
    step: Fraction = Fraction(1),
) -> Shares:
    """
    Return what equal shares buy when every share is raised by `step` as long as that can be paid.

    A budget is often not used up by its own shares. The last outcome within it is kept; once no
    supported project fits any more, higher shares would only exchange one for another.
    """
    supported = {project for group in groups for project in group.points}
    share = equal_share(groups=groups, budget=budget)
    found = equal_shares(costs=costs, groups=groups, share=share, utility=utility)
    while any(
        costs[project] <= budget - _spent(costs, found)
        for project in supported.difference(found.projects)
    ):
        share += step
        more = equal_shares(costs=costs, groups=groups, share=share, utility=utility)
        if _spent(costs, more) > budget:
            break
        found = more
    return found


def equal_share(*, groups: Sequence[Group], budget: int) -> Fraction:
    """Return each voter's part of the budget, of those too who support nothing."""
    return Fraction(budget, sum(group.voters for group in groups) or 1)


def _price(
    cost: int, backers: Sequence[_Backer], balances: Sequence[int]
) -> tuple[int, int] | None:
    """
    Return what one point costs, as a fraction in lowest terms; None if backers cannot pay.

    Who has less than their points cost pays all they have, and the others the rest.
    """
    rest = backers
    while rest:
        points = sum([each.voters * each.points for each in rest])
        # The most that somebody has who cannot pay for so many points.
        short = {number: (cost * number - 1) // points for number in {each.points for each in rest}}
        poor = [each for each in rest if balances[each.group] <= short[each.points]]
        if not poor:
            shared = gcd(cost, points)
            return cost // shared, points // shared
        cost -= sum([balances[each.group] * each.voters for each in poor])
        rest = [each for each in rest if balances[each.group] > short[each.points]]
    return None


def _place(costs: Costs, project: str) -> int:
    return list(costs).index(project)


def _spent(costs: Costs, shares: Shares) -> int:
    return sum(costs[project] for project in shares.projects)
