"""The Schulze method: its worked examples, its properties, and an independent library."""

from itertools import permutations

import votelib.convert
import votelib.evaluate.condorcet
from hypothesis import given
from hypothesis import strategies as st

from reciproca.ballots.rules.schulze import (
    Ranking,
    beaten_by,
    beats,
    preferences,
    strongest_paths,
)

Rankings = list[tuple[int, Ranking]]

OPTIONS = ["a", "b", "c", "d", "e"]


@st.composite
def rankings(draw: st.DrawFn, options: tuple[str, ...] = tuple(OPTIONS)) -> Rankings:
    """Return rankings with ties, some of which leave options out."""
    papers: Rankings = []
    for _ in range(draw(st.integers(1, 6))):
        places = draw(st.permutations(options))[: draw(st.integers(1, len(options)))]
        ranking: list[list[str]] = []
        tied = draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places)))
        for option, level_with_last in zip(places, tied, strict=True):
            if ranking and level_with_last:
                ranking[-1].append(option)
            else:
                ranking.append([option])
        papers.append((draw(st.integers(1, 9)), ranking))
    return papers


def winners(papers: Rankings, options: list[str] = OPTIONS) -> set[str]:
    paths = strongest_paths(preferences(papers, options=options), options=options)
    return {each for each, count in beaten_by(paths, options=options).items() if not count}


def test_the_textbook_case_puts_e_first_and_d_last() -> None:
    papers: Rankings = [
        (5, list("ACBED")),
        (5, list("ADECB")),
        (8, list("BEDAC")),
        (3, list("CABED")),
        (7, list("CAEBD")),
        (2, list("CBADE")),
        (7, list("DCEBA")),
        (8, list("EBADC")),
    ]
    options = list("ABCDE")
    preferred = preferences(papers, options=options)
    paths = strongest_paths(preferred, options=options)

    assert (preferred["A", "B"], preferred["E", "D"]) == (20, 31)
    assert (paths["A", "B"], paths["A", "E"], paths["E", "A"]) == (28, 24, 25)
    assert sorted(options, key=beaten_by(paths, options=options).__getitem__) == list("EACBD")
    assert beats(paths, options=options) == {"E": 4, "A": 3, "C": 2, "B": 1, "D": 0}


def test_a_tied_level_and_an_option_left_out_leave_two_winners() -> None:
    papers: Rankings = [
        (4, [["bike"], ["oven"], ["bus"]]),
        (3, [["oven"], ["bus"], ["bike"]]),
        (2, [["bus"], ["bike"], ["oven"]]),
        (1, [["bus", "oven"]]),
    ]

    assert winners(papers, ["bike", "bus", "oven"]) == {"bike", "oven"}


@given(papers=rankings())
def test_who_wins_every_pair_wins_alone(papers: Rankings) -> None:
    preferred = preferences(papers, options=OPTIONS)
    condorcet = {
        a for a in OPTIONS if all(preferred[a, b] > preferred[b, a] for b in OPTIONS if a != b)
    }

    assert not condorcet or winners(papers) == condorcet


@given(papers=rankings())
def test_somebody_wins_and_beating_is_transitive(papers: Rankings) -> None:
    paths = strongest_paths(preferences(papers, options=OPTIONS), options=OPTIONS)
    beaten = {(a, b) for a, b in permutations(OPTIONS, 2) if paths[a, b] > paths[b, a]}

    assert winners(papers)
    assert all((a, d) in beaten for a, b in beaten for c, d in beaten if b == c)


@given(papers=rankings(), data=st.data())
def test_the_order_of_papers_and_options_is_irrelevant(
    papers: Rankings, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(papers))
    apart: Rankings = [(1, ranking) for votes, ranking in shuffled for _ in range(votes)]

    assert winners(apart, data.draw(st.permutations(OPTIONS))) == winners(papers)


@given(papers=rankings(options=("a", "b", "c")), more=st.integers(1, 3), data=st.data())
def test_clones_of_an_option_neither_help_nor_harm_the_others(
    papers: Rankings, more: int, data: st.DataObject
) -> None:
    clones = [f"a{number}" for number in range(more)]

    def cloned(ranking: Ranking) -> Ranking:
        """Put clones beside their original, in whatever order within its place."""
        found = []
        for level in ranking:
            if "a" not in level:
                found.append(level)
                continue
            inner = data.draw(st.permutations(["a", *clones]))
            if len(level) > 1:
                found.append([*level, *clones])
            else:
                found += [[each] for each in inner]
        return found

    before = winners(papers, ["a", "b", "c"])
    after = winners(
        [(votes, cloned(ranking)) for votes, ranking in papers], ["a", "b", "c", *clones]
    )

    assert after - {"a", *clones} == before - {"a"}
    assert bool(after & {"a", *clones}) == ("a" in before)


@given(papers=rankings())
def test_an_independent_library_finds_the_same_paths(papers: Rankings) -> None:
    paths = strongest_paths(preferences(papers, options=OPTIONS), options=OPTIONS)

    assert paths == library_paths(papers, OPTIONS)


def library_paths(papers: Rankings, options: list[str]) -> dict[tuple[str, str], int]:
    """Return what `votelib` makes of the same papers, which are written out for it to the end."""
    votes: dict[tuple[object, ...], int] = {}
    for count, ranking in papers:
        left = [each for each in options if not any(each in level for level in ranking)]
        levels = [*ranking, left] if left else ranking
        written = tuple(frozenset(level) if len(level) > 1 else level[0] for level in levels)
        votes[written] = votes.get(written, 0) + count
    pairs = votelib.convert.RankedToCondorcetVotes().convert(votes)
    found = votelib.evaluate.condorcet.Schulze.widest_paths(pairs)
    return {pair: found.get(pair, 0) for pair in permutations(options, 2)}
