"""
From the papers of a ballot to its outcome.

Papers are counted alike where the ballot was secret and where it was open: how many votes chose
what, apart for ordinary and financing members.

Source: docs/rules/majorities.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from reciproca.ballots.rules import budgeting, choices, schulze, scores
from reciproca.ballots.rules.budgeting import Group, Utility
from reciproca.ballots.rules.choices import ABSTAIN, BUDGETS, NO, SCORES, YES, Method
from reciproca.ballots.rules.drawing import drawn
from reciproca.ballots.rules.majorities import (
    SIMPLE,
    Majority,
    Quorum,
    financing_coefficient,
    majority_reached,
    quorum_reached,
)

Papers = Mapping[tuple[str, bool], int]
"""How many votes chose what: (the choice as it is written, cast by financing members)."""

EURO_CENTS = 100
"""By how much `mes-add1` raises the share of every vote at each step."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a ballot is counted. `seed` decides between options that are equal."""

    method: Method
    options: Sequence[str]
    majority: Majority | None
    quorum: Quorum
    seats: int
    seed: str
    budget_cents: int = 0
    utility: Utility = "cost"
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attendance:
    """Votes present or represented, ordinary and of financing members, and all entitled ones."""

    ordinary: int
    financing: int
    entitled: int

    @property
    def present(self) -> int:
        return self.ordinary + self.financing

    @property
    def coefficient(self) -> Fraction:
        return financing_coefficient(ordinary=self.ordinary, financing=self.financing)

    @property
    def effective(self) -> Fraction:
        """Return the votes present as they count, those of financing members under their cap."""
        return self.ordinary + self.coefficient * self.financing


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a ballot came to.

    `passed`: the motion has its majority, or the election a winner, and the quorum is reached.
    Below the quorum there is neither tally nor winner. `winners` stand in the order in which they
    won: `yes` or `no`, who is elected, what is bought. `tally` tells of each option its votes, its
    points, its median, or how many others it beats, and how many votes abstained; fractions, where
    those of financing members are capped. `cast`, `present` and `entitled` are votes, by one each.
    """

    passed: bool
    tally: Mapping[str, Fraction]
    winners: Sequence[str]
    cast: int
    present: int
    entitled: int
    quorum_reached: bool
    coefficient: Fraction


@dataclass(frozen=True, slots=True)
class Weighed:
    """
    The papers as they count, in whole numbers: a full vote weighs `unit`.

    `chosen` are those that chose something, each with its weight; `abstained` weighs the others.
    """

    chosen: Sequence[tuple[int, Any]]
    abstained: int
    unit: int

    @property
    def total(self) -> int:
        return sum(weight for weight, _ in self.chosen)

    def votes(self, weight: int) -> Fraction:
        return Fraction(weight, self.unit)


def outcome(*, rule: Rule, papers: Papers, attendance: Attendance) -> Outcome:
    """Count a ballot."""
    enough = quorum_reached(
        quorum=rule.quorum, present=attendance.present, entitled=attendance.entitled
    )
    tally, winners = _counted(rule, papers, attendance) if enough else ({}, [])
    return Outcome(
        passed=bool(winners) and winners != [NO],
        tally=tally,
        winners=winners,
        cast=sum(papers.values()),
        present=attendance.present,
        entitled=attendance.entitled,
        quorum_reached=enough,
        coefficient=attendance.coefficient,
    )


def weighed(papers: Papers, /, *, coefficient: Fraction) -> Weighed:
    """Return papers as they count, where the votes of financing members count `coefficient`."""
    weights = {False: coefficient.denominator, True: coefficient.numerator}
    read = [
        (votes * weights[financing], choices.read(text))
        for (text, financing), votes in sorted(papers.items())
    ]
    return Weighed(
        chosen=[(weight, choice) for weight, choice in read if weight and choice != ABSTAIN],
        abstained=sum(weight for weight, choice in read if choice == ABSTAIN),
        unit=coefficient.denominator,
    )


def approvals(cast: Weighed, /, *, options: Sequence[str]) -> dict[str, int]:
    """Return the weight of the papers that chose each option."""
    found = dict.fromkeys(options, 0)
    for weight, choice in cast.chosen:
        for option in [choice] if isinstance(choice, str) else choice:
            found[option] += weight
    return found


def groups(cast: Weighed, /) -> list[Group]:
    """Return the voters of a budget: a vote is as many as its weight, who share what it has."""
    chosen = [Group(weight, dict.fromkeys(choice, 1)) for weight, choice in cast.chosen]
    return [*chosen, Group(cast.abstained, {})] if cast.abstained else chosen


Counted = tuple[dict[str, Fraction], list[str]]


def _counted(rule: Rule, papers: Papers, attendance: Attendance) -> Counted:
    """Return the tally and the winners."""
    cast = weighed(papers, coefficient=attendance.coefficient)
    if rule.method is Method.MOTION:
        tally, winners = _motion(rule, cast, attendance)
    elif rule.method in SCORES:
        tally, winners = _scores(rule, cast)
    elif rule.method is Method.SCHULZE:
        tally, winners = _schulze(rule, cast)
    elif rule.method in BUDGETS:
        tally, winners = _budget(rule, cast)
    else:
        tally, winners = _approval(rule, cast, attendance)
    return {**tally, ABSTAIN: cast.votes(cast.abstained)}, winners


def _motion(rule: Rule, cast: Weighed, attendance: Attendance) -> Counted:
    tally = _votes(cast, approvals(cast, options=rule.options))
    won = _has_majority(rule.majority or SIMPLE, tally[YES], cast, attendance)
    return tally, [YES if won else NO]


def _approval(rule: Rule, cast: Weighed, attendance: Attendance) -> Counted:
    tally = _votes(cast, approvals(cast, options=rule.options))
    first = sorted(drawn(rule.options, seed=rule.seed), key=lambda each: -tally[each])
    return tally, [
        each
        for each in first[: rule.seats]
        if tally[each]
        and (rule.majority is None or _has_majority(rule.majority, tally[each], cast, attendance))
    ]


def _scores(rule: Rule, cast: Weighed) -> Counted:
    """Count scores: of equal options the one with more top scores is first, then the draw's."""
    spread = scores.spread(cast.chosen, options=rule.options)
    if rule.method is Method.SCORE_SUM:
        tally = _votes(cast, {each: scores.points(votes) for each, votes in spread.items()})
    else:
        tally = {each: Fraction(scores.median(votes)) for each, votes in spread.items()}
    first = sorted(
        drawn(rule.options, seed=rule.seed),
        key=lambda each: (-tally[each], -spread[each][scores.TOP]),
    )
    return tally, first[: rule.seats] if cast.chosen else []


def _schulze(rule: Rule, cast: Weighed) -> Counted:
    preferred = schulze.preferences(cast.chosen, options=rule.options)
    paths = schulze.strongest_paths(preferred, options=rule.options)
    beaten = schulze.beaten_by(paths, options=rule.options)
    first = sorted(drawn(rule.options, seed=rule.seed), key=beaten.__getitem__)
    beats = schulze.beats(paths, options=rule.options)
    tally = {each: Fraction(count) for each, count in beats.items()}
    return tally, first[: rule.seats] if cast.chosen else []


def _budget(rule: Rule, cast: Weighed) -> Counted:
    """Divide a budget; among equals the draw decides, by the order in which costs are handed in."""
    bought = budgeting.bought(
        method=rule.method,
        costs={each: rule.costs[each] for each in drawn(rule.options, seed=rule.seed)},
        groups=groups(cast),
        budget=rule.budget_cents,
        utility=rule.utility,
        step=Fraction(EURO_CENTS, cast.unit),
    )
    return _votes(cast, approvals(cast, options=rule.options)), bought


def _has_majority(
    majority: Majority, votes: Fraction, cast: Weighed, attendance: Attendance
) -> bool:
    base = cast.votes(cast.total) if majority.base == "cast" else attendance.effective
    return majority_reached(majority=majority, votes=votes, base=base)


def _votes(cast: Weighed, weights: Mapping[str, int]) -> dict[str, Fraction]:
    return {option: cast.votes(weight) for option, weight in weights.items()}
