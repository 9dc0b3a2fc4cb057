"""Worked examples of meetings: terms in days, and who votes in an assembly with what result."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from reciproca.assemblies.rules import Mandate, Voter, attendance, term_ends
from reciproca.ballots.rules import counting
from reciproca.ballots.rules.choices import ABSTAIN, NO, YES, Method, written
from reciproca.ballots.rules.majorities import Majority, Quorum
from reciproca.shared.worked_examples import Adapter, Part

DAYS_IN_REGISTER = 90
"""Art. 2538 of the civil code; an example states how long each member has been there."""

ANY = Quorum(Fraction(0), strict=True)


def day_terms(given: Part) -> object:
    """Return the day on which each term ends."""
    return [
        term_ends(start=each.at("start").day(), days=each.at("days").not_negative()).isoformat()
        for each in given.each()
    ]


def assembly_tally(given: Part) -> object:
    """Count who is there or represented, and what they decide."""
    members = {each.at("id").text(): each for each in given.at("members").each()}
    voters = {
        name: Voter(
            name,
            member.at("votes").positive(),
            financing=member.at("type").text() == "sovventore",
        )
        for name, member in members.items()
        if member.at("days_in_register").not_negative() >= DAYS_IN_REGISTER
    }
    counted = attendance(
        roll=list(voters.values()),
        present=[each.choice(*members) for each in given.at("present").each()],
        mandates=[
            Mandate(
                holder=each.at("holder").choice(*members),
                giver=each.at("principal").choice(*members),
            )
            for each in given.at("proxies").each()
        ],
        most_mandates=given.at("max_proxies").not_negative(),
    )
    there = [voters[name] for name in counted.cast_by]
    financing = sum(voter.votes for voter in there if voter.financing)
    papers = _papers(given.at("ballots"), voters, counted.cast_by)
    weighed = counting.Attendance(
        ordinary=counted.votes - financing, financing=financing, entitled=counted.entitled
    )
    base = given.at("majority_of").choice("cast", "present")
    rule = counting.Rule(
        method=Method.MOTION,
        options=(YES, NO),
        majority=Majority(base="present" if base == "present" else "cast"),
        quorum=Quorum(given.at("first_call_quorum").fraction(), strict=True),
        seats=1,
        seed="",
    )
    first = counting.outcome(rule=rule, papers=papers, attendance=weighed)
    second = counting.outcome(rule=replace(rule, quorum=ANY), papers=papers, attendance=weighed)
    return {
        "rejected_proxies": [[each.giver, each.refusal.value] for each in counted.refused],
        "present_without_vote": list(counted.without_vote),
        "represented_votes_raw": counted.votes,
        "entitled_votes": counted.entitled,
        "first_call_quorum_met": first.quorum_reached,
        "second_call_quorum_met": second.quorum_reached,
        "sovventori_coefficient": str(counted.weight),
        "effective_votes_total": str(counted.effective_total),
        "tally": {each: str(count) for each, count in second.tally.items() if count},
        "passed": second.passed,
    }


def _papers(
    given: Part, voters: Mapping[str, Voter[str]], cast_by: Mapping[str, str]
) -> counting.Papers:
    """Return the votes cast; a proxy may say what to vote, otherwise its holder's choice counts."""
    choices = {name: choice.choice(YES, NO, ABSTAIN) for name, choice in given.fields().items()}
    papers = Counter[tuple[str, bool]]()
    for name, caster in cast_by.items():
        if choice := choices.get(name) or choices.get(caster):
            paper = written(choice, method=Method.MOTION, options=())
            papers[paper, voters[name].financing] += voters[name].votes
    return papers


ADAPTERS = {"day_terms": Adapter(day_terms), "assembly_tally": Adapter(assembly_tally)}
