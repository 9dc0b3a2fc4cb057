"""`reciproca ballots recount`: another program comes to the same from the published files alone."""

import csv
import io
import json
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from reciproca.ballots import published, queries
from reciproca.ballots.actions.closing import as_told
from reciproca.ballots.forms import OptionIn
from reciproca.ballots.rules.choices import ABSTAIN, NO, YES, Choice, Method, written
from reciproca.ballots.rules.counting import Attendance, Rule, outcome
from reciproca.ballots.rules.majorities import SIMPLE, TWO_THIRDS, Majority, Quorum
from reciproca.ballots.tests.world import close, make_ballot, make_electors, vote
from reciproca.cli.main import main
from reciproca.shared.money import parse_fraction
from reciproca_verifier.recount import recount
from reciproca_verifier.told import Failed

OPTIONS = ["bosco", "forno", "luci", "scuola"]
some = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=4, unique=True)


def choices(method: Method) -> st.SearchStrategy[Choice]:
    """Return what may be chosen by a method, abstaining too."""
    chosen: st.SearchStrategy[Any] = some
    if method is Method.MOTION:
        chosen = st.sampled_from([YES, NO])
    elif method in (Method.SCORE_SUM, Method.SCORE_MEDIAN):
        chosen = st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 5), min_size=1)
    elif method is Method.SCHULZE:
        chosen = some.map(lambda keys: [keys[:2], *([each] for each in keys[2:])])
    return chosen | st.just(ABSTAIN)


@given(
    method=st.sampled_from(Method),
    majority=st.sampled_from([None, SIMPLE, TWO_THIRDS, Majority(base="present")]),
    seats=st.integers(1, 3),
    utility=st.sampled_from(["cost", "cardinality"]),
    silent=st.integers(0, 4),
    seed=st.text("abcdef0123456789", min_size=8, max_size=8),
    data=st.data(),
)
def test_two_programs_come_to_the_same(
    method: Method,
    majority: Majority | None,
    seats: int,
    utility: Any,
    silent: int,
    seed: str,
    data: st.DataObject,
) -> None:
    options = [YES, NO] if method is Method.MOTION else OPTIONS
    cast = data.draw(st.lists(st.tuples(choices(method), st.booleans()), min_size=1, max_size=12))
    sheets = [(written(each, method=method, options=options), poor) for each, poor in cast]
    costs = {key: data.draw(st.integers(100, 3_000)) for key in OPTIONS}
    rule = Rule(
        method=method,
        options=options,
        majority=majority,
        quorum=Quorum(parse_fraction("1/2"), strict=True),
        seats=seats,
        seed=seed,
        budget_cents=data.draw(st.integers(100, 6_000)),
        utility=utility,
        costs=costs,
    )
    financing = sum(poor for _, poor in sheets)
    attendance = Attendance(
        len(sheets) - financing + silent, financing, data.draw(st.integers(len(sheets), 30))
    )
    ours = outcome(rule=rule, papers=Counter(sheets), attendance=attendance)

    found = recount(rule_file(rule, as_told(ours)), votes_file(sheets, tell=ours.coefficient < 1))

    assert found.differences == []


def rule_file(rule: Rule, told: dict[str, object]) -> bytes:
    """Return the rule of a ballot as it is published."""
    majority = rule.majority and {
        "base": rule.majority.base,
        "share": str(rule.majority.share),
        "strict": rule.majority.strict,
    }
    return json.dumps(
        {
            "method": rule.method,
            "options": rule.options,
            "costs_cents": rule.costs,
            "majority": majority,
            "quorum": {"share": str(rule.quorum.share), "strict": rule.quorum.strict},
            "seats": rule.seats,
            "budget_cents": rule.budget_cents,
            "utility": rule.utility,
            "seed": rule.seed,
            "seed_sha256": sha256(rule.seed.encode()).hexdigest(),
            "outcome": told,
        }
    ).encode()


def votes_file(sheets: list[tuple[str, bool]], *, tell: bool) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["code", "choice", "financing"])
    lines.writerows([uuid4(), choice, int(poor and tell)] for choice, poor in sheets)
    return text.getvalue().encode()


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    call = ["ballots", "recount", *map(str, arguments), "--json"]
    result = CliRunner().invoke(main, call)
    answer: dict[str, Any] = json.loads(result.stdout)
    return result.exit_code, answer


@pytest.fixture
def files(db: None, tmp_path: Path) -> tuple[Path, Path]:
    """Return the published files of a closed ballot, in which financing members count less."""
    ordinary, financing = make_electors(4), make_electors(5, financing=True)
    ballot = make_ballot(
        [*ordinary, *financing],
        secret=True,
        method=Method.APPROVAL,
        options=[OptionIn(key, key.title()) for key in OPTIONS],
    )
    for each in ordinary:
        vote(ballot, each, ["bosco"])
    for each in financing:
        vote(ballot, each, ["forno", "luci"])
    close(ballot)
    closing = queries.closing_of(ballot)
    assert closing is not None
    rule, votes = tmp_path / "ballot.json", tmp_path / "votes.csv"
    rule.write_bytes(published.ballot_file(closing))
    votes.write_bytes(published.votes_file(closing))
    return rule, votes


def test_the_published_files_of_a_ballot_are_counted_again(files: tuple[Path, Path]) -> None:
    code, answer = run(*files)

    assert (code, answer["ok"], answer["differences"]) == (0, True, [])
    assert answer["outcome"]["tally"]["forno"] == "2"
    assert answer["votes_sha256"] == sha256(files[1].read_bytes()).hexdigest()


def test_one_vote_that_is_another_is_found(files: tuple[Path, Path]) -> None:
    rule, votes = files
    votes.write_text(votes.read_text().replace("bosco", "scuola", 1))

    code, answer = run(rule, votes)

    assert code == 1
    assert "tally" in answer["differences"]


def test_one_vote_too_few_or_twice_is_found(files: tuple[Path, Path]) -> None:
    rule, votes = files
    lines = votes.read_text().splitlines()

    votes.write_text("\n".join(lines[:-1]))
    assert "cast" in run(rule, votes)[1]["differences"]
    votes.write_text("\n".join([*lines[:-1], lines[1]]))
    assert "codes" in run(rule, votes)[1]["differences"]


def test_another_seed_is_found(files: tuple[Path, Path]) -> None:
    rule, votes = files
    told = json.loads(rule.read_text())
    rule.write_text(json.dumps({**told, "seed": "another"}))

    assert "seed" in run(rule, votes)[1]["differences"]


def test_files_that_are_no_ballot_are_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    rule, votes = files

    assert run(votes, rule)[1]["code"] == "ballot-unreadable"
    assert run(rule, tmp_path / "none.csv")[1]["code"] == "file-unreadable"
    with pytest.raises(Failed):
        recount(b"{}", b"")
