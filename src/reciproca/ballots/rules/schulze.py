"""
The Schulze method: one order out of many rankings, by the strongest paths between options.

Strengths are winning votes. Levels of a ranking tie the options they hold; options that a ranking
leaves out are below all it names, and tied.

Source: docs/rules/schulze.md
"""

from collections.abc import Iterable, Mapping, Sequence

Ranking = Sequence[Sequence[str]]
Pairs = Mapping[tuple[str, str], int]
"""A whole number for each ordered pair of options."""


def preferences(rankings: Iterable[tuple[int, Ranking]], /, *, options: Sequence[str]) -> Pairs:
    """Return for each pair (a, b) how many votes put a above b; rankings come with their votes."""
    found = {(a, b): 0 for a in options for b in options if a != b}
    for votes, ranking in rankings:
        below = list(options)
        for level in ranking:
            below = [each for each in below if each not in level]
            for better in level:
                for worse in below:
                    found[better, worse] += votes
    return found


def strongest_paths(preferred: Pairs, /, *, options: Sequence[str]) -> Pairs:
    """
    Return for each pair (a, b) the strength of the strongest path from a to b.

    A path is as strong as its weakest link; a link is the votes of a pair that wins against its
    opposite, else nothing.
    """
    paths = {(a, b): votes if votes > preferred[b, a] else 0 for (a, b), votes in preferred.items()}
    for via in options:
        for a in options:
            for b in options:
                if len({a, b, via}) == 3:
                    paths[a, b] = max(paths[a, b], min(paths[a, via], paths[via, b]))
    return paths


def beaten_by(paths: Pairs, /, *, options: Sequence[str]) -> dict[str, int]:
    """
    Return how many options each one is beaten by: none for the winners.

    Beating is transitive, so whoever is beaten by fewer is never beaten by one beaten by more.
    """
    return {b: sum(_beats(paths, a, b) for a in options) for b in options}


def beats(paths: Pairs, /, *, options: Sequence[str]) -> dict[str, int]:
    """Return how many options each one beats."""
    return {a: sum(_beats(paths, a, b) for b in options) for a in options}


def _beats(paths: Pairs, a: str, b: str) -> bool:
    return a != b and paths[a, b] > paths[b, a]
