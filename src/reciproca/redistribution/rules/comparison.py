"""
Policies side by side: how even each is, who gains and who loses, what kinds of people get.

No figure is told of fewer than five people: a neighbour's part could be guessed from it.

Source: docs/rules/redistribution.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

FEWEST = 5
"""A group of fewer people is not told of."""

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Change:
    """How many get more, less and the same as under another policy; None: too few to tell."""

    more: int | None
    less: int | None
    same: int | None


def gini(amounts: Sequence[int]) -> Fraction:
    """
    Return how uneven amounts are, exactly: 0 when all are equal, near 1 when one has everything.

    2 · Σ place · amount / (n · Σ amount) − (n + 1) / n over the amounts in rising order, places
    from 1. Of nothing it is 0.
    """
    total, count = sum(amounts), len(amounts)
    if not total:
        return Fraction()
    ranked = sum(place * amount for place, amount in enumerate(sorted(amounts), start=1))
    return Fraction(2 * ranked, count * total) - Fraction(count + 1, count)


def tenths(amounts: Sequence[int]) -> list[int] | None:
    """Return the sums of ten groups as equal as can be, who gets least first; None for too few."""
    count = len(amounts)
    if count < FEWEST * TENTHS:
        return None
    ranked = sorted(amounts)
    edges = [count * tenth // TENTHS for tenth in range(TENTHS + 1)]
    return [sum(ranked[a:b]) for a, b in pairwise(edges)]


def change(*, before: Sequence[int], after: Sequence[int]) -> Change:
    """Return how many gain and lose; if one of the groups is too small, none is told."""
    pairs = list(zip(before, after, strict=True))
    more = sum(1 for was, now in pairs if now > was)
    less = sum(1 for was, now in pairs if now < was)
    groups = (more, less, len(pairs) - more - less)
    if any(0 < size < FEWEST for size in groups):
        return Change(None, None, None)
    return Change(*groups)


def archetypes(
    *, bought: Sequence[int], local: Sequence[int], social: Sequence[int]
) -> Mapping[str, list[int]]:
    """
    Return the places of named kinds of people, by what they bought, in cents.

    Those who bought something, in three parts of equal number by how much; those who bought local
    goods, or from social cooperatives, for at least half of it; those who bought nothing.
    """
    buyers = sorted((i for i, cents in enumerate(bought) if cents), key=lambda i: (bought[i], i))
    third, two_thirds = len(buyers) // 3, 2 * len(buyers) // 3
    return {
        "little": buyers[:third],
        "middle": buyers[third:two_thirds],
        "much": buyers[two_thirds:],
        "local": [i for i in buyers if 2 * local[i] >= bought[i]],
        "social": [i for i in buyers if 2 * social[i] >= bought[i]],
        "nothing": [i for i, cents in enumerate(bought) if not cents],
    }


def typical(amounts: Sequence[int], places: Sequence[int]) -> int | None:
    """Return the middle amount of a kind of people (the lower of two), None for too few."""
    if len(places) < FEWEST:
        return None
    return sorted(amounts[place] for place in places)[(len(places) - 1) // 2]
