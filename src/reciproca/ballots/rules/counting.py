"""
From the papers of a ballot to its outcome.

Papers are counted alike where the ballot was secret and where it was open: how many votes chose
what, apart for ordinary and financing members.

Source: docs/rules/majorities.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reciproca.ballots.rules import choices
from reciproca.ballots.rules.choices import ABSTAIN, NO, YES, Method
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


@dataclass(frozen=True, slots=True)
class Rule:
    """How a ballot is counted. `seed` decides between options that are equal."""

    method: Method
    options: Sequence[str]
    majority: Majority | None
    quorum: Quorum
    seats: int
    seed: str


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
    Below the quorum there is neither tally nor winner. `tally` is each option's votes, as they
    count (fractions, where those of financing members are capped), `abstain` among them. `cast`,
    `present` and `entitled` are votes, by one each.
    """

    passed: bool
    tally: Mapping[str, Fraction]
    winners: Sequence[str]
    cast: int
    present: int
    entitled: int
    quorum_reached: bool
    coefficient: Fraction


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


def _counted(
    rule: Rule, papers: Papers, attendance: Attendance
) -> tuple[dict[str, Fraction], list[str]]:
    """Return the tally and the winners."""
    tally = _approvals(rule, papers, attendance.coefficient)
    if rule.method is Method.MOTION:
        base = tally[YES] + tally[NO] if _of_cast(rule) else attendance.effective
        majority = rule.majority or SIMPLE
        won = majority_reached(majority=majority, votes=tally[YES], base=base)
        return tally, [YES if won else NO]
    order = drawn(rule.options, seed=rule.seed)
    chosen = sorted(order, key=lambda each: -tally[each])[: rule.seats]
    return tally, [each for each in chosen if _may_win(rule, tally, each, papers, attendance)]


def _approvals(rule: Rule, papers: Papers, coefficient: Fraction) -> dict[str, Fraction]:
    tally = dict.fromkeys([*rule.options, ABSTAIN], Fraction(0))
    for (text, financing), votes in papers.items():
        choice = choices.read(text)
        for option in [choice] if isinstance(choice, str) else choice:
            tally[option] += votes * (coefficient if financing else 1)
    return tally


def _of_cast(rule: Rule) -> bool:
    return (rule.majority or SIMPLE).base == "cast"


def _may_win(
    rule: Rule,
    tally: Mapping[str, Fraction],
    option: str,
    papers: Papers,
    attendance: Attendance,
) -> bool:
    """Tell whether an approved option has votes, and the majority if the ballot asks for one."""
    if rule.majority is None:
        return tally[option] > 0
    coefficient = attendance.coefficient
    cast = sum(
        votes * (coefficient if financing else 1) for (_, financing), votes in papers.items()
    )
    base = cast - tally[ABSTAIN] if _of_cast(rule) else attendance.effective
    return majority_reached(majority=rule.majority, votes=tally[option], base=base)
