"""How near two words are, for whoever types in a hurry. Source: docs/rules/market.md."""

SHORT = 5
"""Up to so many letters one slip is forgiven, beyond it two."""


def trigrams(word: str, /) -> list[str]:
    """Return the three-letter pieces of a word, its beginning and end told apart, in order."""
    padded = f"  {word} "
    return sorted({padded[at : at + 3] for at in range(len(padded) - 2)})


def slips(one: str, other: str, /) -> int:
    """
    Return how many slips of the hand lie between two words.

    A letter missing, added, changed, or two neighbours swapped is one (optimal string alignment).
    """
    before, last = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]


def meant(word: str, candidates: list[str], /) -> list[str]:
    """Return those of the candidates that a mistyped word may mean: the fewest slips, in order."""
    most = 1 if len(word) <= SHORT else 2
    near = [(count, each) for each in candidates if (count := slips(word, each)) <= most]
    fewest = min((count for count, _each in near), default=0)
    return sorted(each for count, each in near if count == fewest)
