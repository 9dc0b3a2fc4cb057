"""Worked examples of votes: rankings, and a budget divided."""

from collections import Counter

from django.utils.translation import gettext_lazy as _

from reciproca.ballots.rules import budgeting, schulze
from reciproca.ballots.rules.budgeting import Group, Purchase, Utility
from reciproca.shared.worked_examples import Adapter, ExampleUnreadable, Part


def schulze_method(given: Part) -> object:
    """Compare options in pairs, find the strongest paths, and order them."""
    options = [each.text() for each in given.at("candidates").each()]
    rankings = [_ranking(each, options) for each in given.at("ballots").each()]
    preferred = schulze.preferences(rankings, options=options)
    paths = schulze.strongest_paths(preferred, options=options)
    beaten = schulze.beaten_by(paths, options=options)
    # Letters stand side by side, words need a sign between them.
    between = "" if all(len(each) == 1 for each in options) else ">"
    return {
        "pairwise": {between.join(pair): votes for pair, votes in preferred.items()},
        "strongest_path": {between.join(pair): votes for pair, votes in paths.items()},
        "winners": sorted(each for each in options if not beaten[each]),
        "order": sorted(options, key=lambda each: (beaten[each], each)),
    }


def participatory_budget(given: Part) -> object:
    """Divide a budget by every method, ties by name."""
    projects = given.at("projects").fields()
    costs = {name: projects[name].positive() for name in sorted(projects)}
    groups = [_group(each, costs) for each in given.at("ballot_groups").each()]
    budget = given.at("budget").not_negative()
    return {utility: _divided(costs, groups, budget, utility) for utility in budgeting.UTILITIES}


def _divided(
    costs: budgeting.Costs, groups: list[Group], budget: int, utility: Utility
) -> dict[str, object]:
    shares = budgeting.equal_shares(
        costs=costs,
        groups=groups,
        share=budgeting.equal_share(groups=groups, budget=budget),
        utility=utility,
    )
    more = budgeting.completed(costs=costs, groups=groups, budget=budget, utility=utility)
    greedy = budgeting.greedy(costs=costs, groups=groups, budget=budget, utility=utility)
    filled = budgeting.greedy(
        costs=costs, groups=groups, budget=budget, utility=utility, already=shares.projects
    )
    return {
        "mes": sorted(shares.projects),
        "mes_trace_project_rho_payment": [_traced(each) for each in shares.purchases],
        "mes_spent": sum(costs[each] for each in shares.projects),
        "mes_leftover_per_group": [str(each) for each in shares.left],
        "mes_add1": sorted(more.projects),
        "mes_then_greedy": sorted(filled),
        "greedy": sorted(greedy),
        "voters_with_a_funded_project": {
            "mes": _served(groups, shares.projects),
            "mes_add1": _served(groups, more.projects),
            "greedy": _served(groups, greedy),
        },
    }


def _traced(purchase: Purchase) -> list[str]:
    return [purchase.project, str(purchase.rho), str(purchase.payment)]


def _served(groups: list[Group], projects: list[str]) -> int:
    return sum(group.voters for group in groups if group.points.keys() & set(projects))


def _group(stated: Part, costs: budgeting.Costs) -> Group:
    voters, approved = stated.each(count=2)
    return Group(
        voters.positive(), dict.fromkeys([each.choice(*costs) for each in approved.each()], 1)
    )


def _ranking(stated: Part, options: list[str]) -> tuple[int, list[list[str]]]:
    votes, levels = stated.each(count=2)
    ranking = [[each.choice(*options) for each in level.each()] for level in levels.each()]
    if max(Counter(each for level in ranking for each in level).values(), default=0) > 1:
        raise ExampleUnreadable(where=levels.where, wanted=_("un ordine senza ripetizioni"))
    return votes.positive(), ranking


ADAPTERS = {
    "schulze": Adapter(schulze_method),
    "participatory_budget": Adapter(participatory_budget),
}
