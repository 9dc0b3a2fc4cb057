"""
Who is there, who is represented by whom, how much each vote weighs, and whether that is enough.

Source: docs/rules/assembly.md
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from reciproca.ballots.rules.majorities import financing_coefficient

Id = TypeVar("Id", bound=Hashable)


class Refusal(StrEnum):
    """Why a mandate does not count; the words are those of the worked example."""

    HOLDER_ABSENT = "holder absent"
    HOLDER_LIMIT = "holder limit reached"
    GIVER_PRESENT = "giver present"
    ALREADY_REPRESENTED = "already represented"
    WITHOUT_VOTE = "without vote"


@dataclass(frozen=True, slots=True)
class Voter(Generic[Id]):
    """Somebody on the frozen roll; `financing` is a member whose votes have a common ceiling."""

    id: Id
    votes: int
    financing: bool = False


@dataclass(frozen=True, slots=True)
class Mandate(Generic[Id]):
    """`giver` lets `holder` vote in their place."""

    holder: Id
    giver: Id


@dataclass(frozen=True, slots=True)
class RefusedMandate(Generic[Id]):
    """A mandate that does not count, and why."""

    giver: Id
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Attendance(Generic[Id]):
    """
    Who votes today. `cast_by` names for each voter who is there or represented whoever casts it.

    `weight` is what one vote of a financing member counts, 1 unless their ceiling is passed.
    """

    cast_by: Mapping[Id, Id]
    refused: Sequence[RefusedMandate[Id]]
    without_vote: Sequence[Id]
    votes: int
    entitled: int
    weight: Fraction
    effective: Mapping[Id, Fraction]

    @property
    def effective_total(self) -> Fraction:
        """Return the sum of all votes that can be cast, as they weigh."""
        return sum(self.effective.values(), Fraction())


def attendance(
    *,
    roll: Sequence[Voter[Id]],
    present: Collection[Id],
    mandates: Sequence[Mandate[Id]],
    most_mandates: int,
) -> Attendance[Id]:
    """
    Return who votes, out of those on the roll, given who is there and the mandates in their order.

    A mandate counts if its holder votes and is there, its giver is not, and the holder has fewer
    than `most_mandates`. No chains: whoever is represented is not there, and holds for nobody.
    """
    voters = {voter.id: voter for voter in roll}
    there = [each for each in present if each in voters]
    cast_by: dict[Id, Id] = {each: each for each in there}
    held: dict[Id, int] = dict.fromkeys(there, 0)
    refused = []
    for mandate in mandates:
        if refusal := _refusal(mandate, voters, cast_by, held, most_mandates):
            refused.append(RefusedMandate(mandate.giver, refusal))
            continue
        cast_by[mandate.giver] = mandate.holder
        held[mandate.holder] += 1
    weight = _financing_weight([voters[each] for each in cast_by])
    return Attendance(
        cast_by=cast_by,
        refused=refused,
        without_vote=[each for each in present if each not in voters],
        votes=sum(voters[each].votes for each in cast_by),
        entitled=sum(voter.votes for voter in roll),
        weight=weight,
        effective={
            each: voters[each].votes * (weight if voters[each].financing else Fraction(1))
            for each in cast_by
        },
    )


@dataclass(frozen=True, slots=True)
class Stay:
    """From an instant to an instant, None while it lasts."""

    begins_at: datetime
    ends_at: datetime | None


def was_represented(*, given: Stay, meeting: Stay, holder: Stay, giver: Sequence[Stay]) -> bool:
    """
    Tell whether a proxy spoke for its giver in a meeting: at some moment of it the proxy stood, its
    holder was there and its giver was not.
    """
    stays = (given, meeting, holder)
    at = max(stay.begins_at for stay in stays)
    end = min((stay.ends_at for stay in stays if stay.ends_at is not None), default=None)
    for own in sorted(giver, key=lambda stay: stay.begins_at):
        if own.begins_at > at:
            break
        if own.ends_at is None or (end is not None and own.ends_at >= end):
            return False
        at = max(at, own.ends_at)
    return end is None or at <= end


def _refusal(
    mandate: Mandate[Id],
    voters: Mapping[Id, Voter[Id]],
    cast_by: Mapping[Id, Id],
    held: Mapping[Id, int],
    most_mandates: int,
) -> Refusal | None:
    if mandate.giver not in voters:
        return Refusal.WITHOUT_VOTE
    if cast_by.get(mandate.giver) == mandate.giver:
        return Refusal.GIVER_PRESENT
    if mandate.holder not in held:
        return Refusal.HOLDER_ABSENT
    if mandate.giver in cast_by:
        return Refusal.ALREADY_REPRESENTED
    if held[mandate.holder] >= most_mandates:
        return Refusal.HOLDER_LIMIT
    return None


def _financing_weight(voting: Collection[Voter[Id]]) -> Fraction:
    financing = sum(voter.votes for voter in voting if voter.financing)
    ordinary = sum(voter.votes for voter in voting) - financing
    return financing_coefficient(ordinary=ordinary, financing=financing)
