"""`reciproca ballots`: votes counted from files, without a database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reciproca.cli.main import main

BUDGET = """META
key;value
budget;100
vote_type;approval
PROJECTS
project_id;cost
bikepath;35
courses;12
lights;25
oven;15
square;40
vanshare;20
VOTES
voter_id;vote
"""
VOTES = 6 * ["square,bikepath,lights"] + 3 * ["vanshare,oven"] + ["vanshare,courses"]


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(main, ["ballots", *map(str, arguments), "--json"])
    answer: dict[str, Any] = json.loads(result.stdout)
    return result.exit_code, answer


@pytest.fixture
def budget(tmp_path: Path) -> Path:
    path = tmp_path / "budget.pb"
    path.write_text(BUDGET + "".join(f"{i};{vote}\n" for i, vote in enumerate(VOTES)))
    return path


@pytest.mark.parametrize(
    ("method", "utility", "selected"),
    [
        ("greedy", "cost", ["bikepath", "lights", "square"]),
        ("greedy", "cardinality", ["bikepath", "lights", "oven", "vanshare"]),
        ("mes", "cost", ["bikepath", "lights", "oven", "vanshare"]),
        ("mes-add1", "cardinality", ["bikepath", "lights", "oven", "vanshare"]),
    ],
)
def test_a_budget_is_divided_by_the_method_that_is_named(
    budget: Path, method: str, utility: str, selected: list[str]
) -> None:
    code, answer = run("tally", budget, "--method", method, "--utility", utility)

    assert (code, answer["ok"], answer["selected"]) == (0, True, selected)
    assert answer["budget"] == "100"


def test_voters_value_money_unless_something_else_is_said(budget: Path) -> None:
    assert run("tally", budget, "--method", "greedy")[1]["utility"] == "cost"


def test_rankings_are_put_in_order(tmp_path: Path) -> None:
    path = tmp_path / "rankings.toc"
    names = "".join(f"# ALTERNATIVE NAME {i}: {n}\n" for i, n in enumerate("ABC", start=1))
    path.write_text(f"{names}3: 1,2,3\n2: 2,{{1,3}}\n")

    code, answer = run("tally", path, "--method", "schulze")

    assert (code, answer["winners"], answer["order"]) == (0, ["1"], [["1"], ["2"], ["3"]])


def test_a_file_that_holds_no_election_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.pb"
    path.write_text("Caro archivio")

    assert run("tally", path, "--method", "mes")[1]["code"] == "election-unreadable"
    assert run("tally", tmp_path / "none.pb", "--method", "mes")[1]["code"] == "file-unreadable"
