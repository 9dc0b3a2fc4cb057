"""Worked examples of votes: an assembly's tally, rankings, and a budget divided."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from reciproca.ballots.rules import budgeting, proxies, schulze
from reciproca.ballots.rules.budgeting import Group, Purchase, Utility
from reciproca.ballots.rules.choices import ABSTAIN, NO, YES, Method, written
from reciproca.ballots.rules.counting import Attendance, Rule, outcome
from reciproca.ballots.rules.majorities import Majority, Quorum
from reciproca.shared.worked_examples import Adapter, ExampleUnreadable, Part

DAYS_IN_REGISTER = 90
"""Art. 2538 of the civil code; an example states how long each member has been there."""

ANY = Quorum(Fraction(0), strict=True)


def assembly_tally(given: Part) -> object:
    """Admit proxies, count who is there, and what they decide."""
    members = {each.at("id").text(): each for each in given.at("members").each()}
    votes = {
        name: member.at("votes").positive()
        for name, member in members.items()
        if member.at("days_in_register").not_negative() >= DAYS_IN_REGISTER
    }
    present = [each.choice(*members) for each in given.at("present").each()]
    held = proxies.admitted(
        [
            (each.at("holder").choice(*members), each.at("principal").choice(*members))
            for each in given.at("proxies").each()
        ],
        present=present,
        with_vote=votes,
        most=given.at("max_proxies").not_negative(),
    )
    there = [name for name in votes if name in present or name in held.holders]
    financing = {name for name in votes if members[name].at("type").text() == "sovventore"}
    choices = {
        name: choice.choice(YES, NO, ABSTAIN)
        for name, choice in given.at("ballots").fields().items()
    }
    papers = Counter[tuple[str, bool]]()
    for name in there:
        # A proxy may say what to vote; otherwise who holds it votes as for themselves.
        choice = choices.get(name) or choices.get(held.holders.get(name, ""))
        if choice:
            papers[written(choice, method=Method.MOTION, options=()), name in financing] += votes[
                name
            ]
    attendance = Attendance(
        ordinary=sum(votes[name] for name in there if name not in financing),
        financing=sum(votes[name] for name in there if name in financing),
        entitled=sum(votes.values()),
    )
    base = given.at("majority_of").choice("cast", "present")
    rule = Rule(
        method=Method.MOTION,
        options=(YES, NO),
        majority=Majority(base="present" if base == "present" else "cast"),
        quorum=Quorum(given.at("first_call_quorum").fraction(), strict=True),
        seats=1,
        seed="",
    )
    first = outcome(rule=rule, papers=papers, attendance=attendance)
    second = outcome(rule=replace(rule, quorum=ANY), papers=papers, attendance=attendance)
    return {
        "rejected_proxies": [list(each) for each in held.refused],
        "present_without_vote": [name for name in present if name not in votes],
        "represented_votes_raw": attendance.present,
        "entitled_votes": attendance.entitled,
        "first_call_quorum_met": first.quorum_reached,
        "second_call_quorum_met": second.quorum_reached,
        "sovventori_coefficient": str(attendance.coefficient),
        "effective_votes_total": str(attendance.effective),
        "tally": {each: str(count) for each, count in second.tally.items() if count},
        "passed": second.passed,
    }


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
    "assembly_tally": Adapter(assembly_tally),
    "schulze": Adapter(schulze_method),
    "participatory_budget": Adapter(participatory_budget),
}
