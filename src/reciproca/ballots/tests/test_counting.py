"""Every method counted from papers: what is tallied, who wins, who is equal."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproca.ballots.rules import scores
from reciproca.ballots.rules.choices import (
    ABSTAIN,
    ChoiceUnreadable,
    Method,
    TooManyChosen,
    written,
)
from reciproca.ballots.rules.counting import Attendance, Outcome, Rule, outcome
from reciproca.ballots.rules.drawing import drawn, seed_digest
from reciproca.ballots.rules.majorities import ANY_NUMBER, SIMPLE, financing_coefficient

OPTIONS = ("ada", "bruno", "carla")


def counted(
    method: str,
    papers: list[tuple[object, int]],
    *,
    financing: list[tuple[object, int]] | None = None,
    **fields: object,
) -> Outcome:
    """Count papers, each a choice with its votes, of ordinary and of financing members."""
    rule: dict[str, object] = {
        "method": Method(method),
        "options": OPTIONS,
        "majority": None,
        "quorum": ANY_NUMBER,
        "seats": 1,
        "seed": "seme",
        **fields,
    }
    sheets = {
        (written(choice, method=Method(method), options=OPTIONS), poor): votes
        for poor, stated in ((False, papers), (True, financing or []))
        for choice, votes in stated
    }
    ordinary = sum(votes for _, votes in papers)
    theirs = sum(votes for _, votes in financing or [])
    return outcome(
        rule=Rule(**rule),  # type: ignore[arg-type]
        papers=sheets,
        attendance=Attendance(ordinary, theirs, ordinary + theirs),
    )


def test_the_most_approved_take_the_seats() -> None:
    found = counted("approval", [(["ada", "carla"], 3), (["bruno"], 4), (ABSTAIN, 1)], seats=2)

    assert found.tally == {"ada": 3, "bruno": 4, "carla": 3, ABSTAIN: 1}
    assert found.winners == ["bruno", drawn(["ada", "carla"], seed="seme")[0]]


def test_an_option_without_a_vote_takes_no_seat() -> None:
    assert counted("approval", [(["ada"], 1)], seats=3).winners == ["ada"]


def test_a_choice_among_proposals_may_ask_for_more_than_half() -> None:
    papers: list[tuple[object, int]] = [(["ada"], 4), (["bruno"], 3), (["carla"], 2)]

    assert counted("approval", papers).winners == ["ada"]
    found = counted("approval", papers, majority=SIMPLE)
    assert (found.passed, found.winners) == (False, [])


def test_points_are_added_and_of_equal_options_the_one_with_more_fives_wins() -> None:
    found = counted("score-sum", [({"ada": 5, "bruno": 3}, 1), ({"ada": 1, "bruno": 3}, 1)])

    assert found.tally == {"ada": 6, "bruno": 6, "carla": 0, ABSTAIN: 0}
    assert found.winners == ["ada"]


def test_the_median_of_two_middles_is_the_lower() -> None:
    found = counted("score-median", [({"ada": 5}, 2), ({"ada": 2, "bruno": 3}, 2)])

    assert found.tally["ada"] == 2
    assert found.tally["bruno"] == 0


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6).filter(any))
def test_a_median_is_the_middle_of_the_scores_in_order(votes: list[int]) -> None:
    in_order = [score for score, count in enumerate(votes) for _ in range(count)]

    assert scores.median(votes) == in_order[(len(in_order) - 1) // 2]
    assert scores.points(votes) == sum(in_order)


def test_rankings_elect_who_beats_everybody() -> None:
    found = counted("schulze", [([["ada"], ["bruno"]], 3), ([["bruno"], ["ada"]], 2)], seats=2)

    assert found.winners == ["ada", "bruno"]
    assert found.tally == {"ada": 2, "bruno": 1, "carla": 0, ABSTAIN: 0}


@pytest.mark.parametrize("method", ["approval", "score-sum", "score-median", "schulze", "mes"])
def test_where_everybody_abstains_nobody_wins(method: str) -> None:
    costs = dict.fromkeys(OPTIONS, 100)

    found = counted(method, [(ABSTAIN, 3)], budget_cents=1_000, costs=costs)

    assert (found.passed, found.winners, found.cast) == (False, [], 3)


def test_a_budget_buys_what_its_voters_can_pay() -> None:
    costs = {"ada": 40_000, "bruno": 30_001, "carla": 30_000}
    papers: list[tuple[object, int]] = [(["ada", "bruno"], 7), (["carla"], 3)]

    shared = counted("mes", papers, budget_cents=100_000, costs=costs)
    greedy = counted("greedy", papers, budget_cents=71_000, costs=costs)

    assert "carla" in shared.winners
    assert len(shared.winners) == 2
    assert sorted(greedy.winners) == ["ada", "bruno"]


def test_votes_of_financing_members_count_their_fraction_in_every_method() -> None:
    # Four against ten: each of the ten counts a fifth.
    found = counted("approval", [(["ada"], 4)], financing=[(["bruno"], 10)])
    budget = counted(
        "mes",
        [(["ada"], 4)],
        financing=[(["bruno"], 10)],
        budget_cents=600,
        costs={"ada": 400, "bruno": 201, "carla": 1},
    )

    assert found.tally == {"ada": 4, "bruno": 2, "carla": 0, ABSTAIN: 0}
    assert budget.winners == ["ada"]


@given(st.integers(0, 50), st.integers(0, 50))
def test_financing_members_never_pass_a_third(ordinary: int, financing: int) -> None:
    counts = financing * financing_coefficient(ordinary=ordinary, financing=financing)

    assert counts <= Fraction(ordinary + counts, 3)
    assert counts == financing or 3 * counts == ordinary + counts


def test_a_draw_is_repeated_by_anybody_who_has_the_seed() -> None:
    # printf seme:ada | sha256sum, and so on.
    digests: Mapping[str, str] = {each: seed_digest(f"seme:{each}") for each in OPTIONS}

    assert drawn(OPTIONS, seed="seme") == sorted(OPTIONS, key=digests.__getitem__)
    assert drawn(OPTIONS, seed="seme") == drawn(reversed(OPTIONS), seed="seme")


@pytest.mark.parametrize(
    ("method", "choice"),
    [
        ("motion", "forse"),
        ("motion", ["yes"]),
        ("approval", "ada"),
        ("approval", []),
        ("approval", ["ada", "ada"]),
        ("approval", ["dario"]),
        ("approval", [1]),
        ("score-sum", ["ada"]),
        ("score-sum", {"ada": 6}),
        ("score-sum", {"ada": True}),
        ("score-sum", {"dario": 1}),
        ("schulze", ["ada"]),
        ("schulze", [["ada"], ["ada", "bruno"]]),
        ("schulze", [[]]),
        ("mes", None),
    ],
)
def test_what_is_no_choice_is_refused(method: str, choice: object) -> None:
    with pytest.raises(ChoiceUnreadable):
        written(choice, method=Method(method), options=OPTIONS)


def test_a_choice_is_written_in_one_way() -> None:
    def as_written(method: str, choice: object) -> str:
        return written(choice, method=Method(method), options=OPTIONS)

    assert as_written("approval", ["carla", "ada"]) == '["ada","carla"]'
    assert as_written("score-sum", {"carla": 2, "bruno": 0, "ada": 1}) == '{"ada":1,"carla":2}'
    assert as_written("schulze", [["carla", "ada"], []]) == '[["ada","carla"]]'
    with pytest.raises(TooManyChosen):
        written(["ada", "bruno"], method=Method.APPROVAL, options=OPTIONS, most=1)
