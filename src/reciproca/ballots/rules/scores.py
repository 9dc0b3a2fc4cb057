"""
Scores from 0 to 5: the sum of the points, or the median.

Source: docs/rules/majorities.md
"""

from collections.abc import Iterable, Mapping, Sequence

TOP = 5


def spread(
    papers: Iterable[tuple[int, Mapping[str, int]]], /, *, options: Sequence[str]
) -> dict[str, list[int]]:
    """Return for each option how many votes gave it 0, 1, … 5; one that is not scored has 0."""
    found = {option: [0] * (TOP + 1) for option in options}
    for votes, scores in papers:
        for option in options:
            found[option][scores.get(option, 0)] += votes
    return found


def points(votes: Sequence[int], /) -> int:
    """Return the sum of the points of one option."""
    return sum(score * count for score, count in enumerate(votes))


def median(votes: Sequence[int], /) -> int:
    """Return the highest score that more than half of the votes reach: of two middles the lower."""
    above = 0
    for score in range(TOP, 0, -1):
        above += votes[score]
        if 2 * above > sum(votes):
            return score
    return 0
