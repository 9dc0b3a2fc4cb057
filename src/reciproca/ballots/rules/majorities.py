"""
Quorum, majority, and the third of the votes that financing members never pass.

Source: docs/rules/majorities.md
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Base = Literal["cast", "present"]


@dataclass(frozen=True, slots=True)
class Majority:
    """
    The share of the votes that a motion needs: more than it when `strict`, otherwise at least it.

    Of the votes `cast` for or against, where abstaining counts for neither; or of all those
    `present` or represented, where abstaining counts against.
    """

    base: Base = "cast"
    share: Fraction = Fraction(1, 2)
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Quorum:
    """The share of the entitled votes that must be present: more than it when `strict`."""

    share: Fraction = Fraction(0)
    strict: bool = False


SIMPLE = Majority()
TWO_THIRDS = Majority(share=Fraction(2, 3), strict=False)
ANY_NUMBER = Quorum()


def quorum_reached(*, quorum: Quorum, present: int, entitled: int) -> bool:
    """Tell whether enough of the entitled votes are present or represented to decide at all."""
    return _reached(Fraction(present), quorum.share * entitled, strict=quorum.strict)


def majority_reached(*, majority: Majority, votes: Fraction, base: Fraction) -> bool:
    """Tell whether so many votes are the majority of a base. A tie is none: the motion falls."""
    return votes > 0 and _reached(votes, majority.share * base, strict=majority.strict)


def financing_coefficient(*, ordinary: int, financing: int) -> Fraction:
    """
    Return what each vote of a financing member counts, from the votes present or represented.

    Together financing members (*soci sovventori*) never have more than a third of the votes: above
    half of the `ordinary` ones, theirs count less, all by the same fraction.
    """
    if 2 * financing <= ordinary:
        return Fraction(1)
    return Fraction(ordinary, 2 * financing)


def _reached(votes: Fraction, needed: Fraction, *, strict: bool) -> bool:
    return votes > needed if strict else votes >= needed
