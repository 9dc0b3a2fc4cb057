"""
Real elections: budgets of Pabulib against stored outcomes, rankings of PrefLib against a library.
"""

import json
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reciproca.ballots.pabulib import ElectionUnreadable, read_election
from reciproca.ballots.preflib import RankingsUnreadable, read_rankings
from reciproca.ballots.rules.budgeting import Utility, bought
from reciproca.ballots.rules.choices import Method
from reciproca.ballots.rules.schulze import preferences, strongest_paths
from reciproca.ballots.tests.test_schulze import library_paths

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("RECIPROCA_SHARED_DATA", ROOT.parent / "shared" / "data"))
BUDGETS, RANKINGS = SHARED / "pabulib", SHARED / "preflib_ballots"

real_files = pytest.mark.skipif(
    not BUDGETS.is_dir() or not RANKINGS.is_dir(),
    reason="real files are not at hand (RECIPROCA_SHARED_DATA)",
)

BY_METHOD: dict[str, tuple[Method, Utility]] = {
    "greedy_by_votes": (Method.GREEDY, "cost"),
    "mes_cost_sat": (Method.MES, "cost"),
    "mes_cardinality_sat": (Method.MES, "cardinality"),
    "mes_cost_sat_add1": (Method.MES_ADD1, "cost"),
}


def references() -> list[dict[str, Any]]:
    path = BUDGETS / "reference_outcomes.json"
    found: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    return found


def selected(file: str, method: Method, utility: Utility = "cost") -> tuple[list[str], Fraction]:
    """Return what a method buys in a file, in the order of names, and what that costs."""
    election = read_election((BUDGETS / file).read_text(encoding="utf-8"))
    projects = bought(
        method=method,
        costs=election.costs,
        groups=election.groups,
        budget=election.budget,
        utility=utility,
        step=Fraction(election.unit),
    )
    return sorted(projects), Fraction(sum(election.costs[each] for each in projects), election.unit)


COMPARABLE = [(each["file"], key) for each in references() for key in BY_METHOD if key in each]


@real_files
@pytest.mark.parametrize(("file", "key"), COMPARABLE)
def test_a_real_budget_is_divided_as_pabutools_divides_it(file: str, key: str) -> None:
    [reference] = [each for each in references() if each["file"] == file]

    projects, cost = selected(file, *BY_METHOD[key])

    assert projects == reference[key]["projects"]
    assert cost == reference[key]["cost"]


@real_files
@pytest.mark.parametrize(
    "file",
    [
        each["file"]
        for each in references()
        if each["recorded_selected"] and each["vote_type"] != "approval"
    ],
)
def test_points_and_places_reproduce_what_cities_decided_greedily(file: str) -> None:
    [reference] = [each for each in references() if each["file"] == file]

    assert selected(file, Method.GREEDY) == (
        reference["recorded_selected"],
        reference["recorded_cost"],
    )


@real_files
@pytest.mark.parametrize("file", sorted(path.name for path in BUDGETS.glob("*.pb")))
def test_every_real_budget_is_divided_within_it(file: str) -> None:
    election = read_election((BUDGETS / file).read_text(encoding="utf-8"))

    for utility in ("cost", "cardinality"):
        projects, cost = selected(file, Method.MES, "cost" if utility == "cost" else "cardinality")
        assert projects
        assert cost <= Fraction(election.budget, election.unit)


@real_files
@pytest.mark.parametrize("file", sorted(path.name for path in RANKINGS.glob("*.[st]o[ci]")))
def test_real_rankings_have_the_paths_that_a_library_finds(file: str) -> None:
    read = read_rankings((RANKINGS / file).read_text(encoding="utf-8"))
    options = list(read.names)

    ours = strongest_paths(preferences(read.rankings, options=options), options=options)

    assert ours == library_paths(read.rankings, options)


PB = "META\nkey;value\nbudget;{budget}\nvote_type;{kind}\nPROJECTS\nproject_id;cost;name\n"
PB += '1;10,50;"Una; due"\n2;20;Forno\nVOTES\nvoter_id;vote;points\n7;{vote};{points}\n8;2;1\n'


def pb(*, budget: str = "30.5", kind: str = "approval", vote: str = "1,2", points: str = "") -> str:
    return PB.format(budget=budget, kind=kind, vote=vote, points=points)


def test_money_with_decimals_is_exact() -> None:
    election = read_election(pb())

    assert (election.budget, election.costs, election.unit) == (61, {"1": 21, "2": 40}, 2)


@pytest.mark.parametrize(
    ("kind", "points", "expected"),
    [
        ("approval", "", {"1": 1, "2": 1}),
        ("cumulative", "3,4", {"1": 3, "2": 4}),
        ("ordinal", "", {"1": 2, "2": 1}),
    ],
)
def test_each_kind_of_ballot_gives_its_points(
    kind: str, points: str, expected: dict[str, int]
) -> None:
    [first, _other] = read_election(pb(kind=kind, points=points)).groups

    assert first.points == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "META\nkey;value\n",
        pb(budget="molto"),
        pb(budget="-3"),
        pb(vote="1,1"),
        pb(vote="9"),
        pb(kind="cumulative", points="1"),
        pb(kind="cumulative", points="1,x"),
        pb(kind="veto"),
    ],
)
def test_a_file_that_is_no_election_is_refused(text: str) -> None:
    with pytest.raises(ElectionUnreadable):
        read_election(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3: 1,2",
        "# ALTERNATIVE NAME 1: A\nx: 1",
        "# ALTERNATIVE NAME 1: A\n2: 1,1",
        "# ALTERNATIVE NAME 1: A\n2: 1,{2",
        "# ALTERNATIVE NAME 1: A\n2: 2",
    ],
)
def test_a_file_without_rankings_is_refused(text: str) -> None:
    with pytest.raises(RankingsUnreadable):
        read_rankings(text)
