"""An election that came in by device and by an urn is counted again from its published files."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from tests.makers import NOON

from reciproca.ballots import actions, published, queries
from reciproca.ballots.forms import OptionIn, UrnIn
from reciproca.ballots.rules.choices import ABSTAIN, Choice, Method
from reciproca.ballots.rules.papers import counted
from reciproca.ballots.tests.world import close, make_ballot, make_electors, vote
from reciproca.cli.main import main

pytestmark = pytest.mark.django_db

READERS = (uuid4(), uuid4())
KEYS = ["ada", "bruno", "carla"]
OPTIONS = [OptionIn(key, key.title()) for key in KEYS]


@pytest.mark.parametrize(
    ("method", "most", "first", "lines", "winners"),
    [
        (Method.APPROVAL, 2, ["carla"], "2 x 1 3\n3\n-", ["carla", "ada"]),
        (Method.SCHULZE, None, [["bruno"]], "2 x 2 > 1 = 3\n3 2\n-", ["bruno", "carla"]),
        (Method.SCORE_SUM, None, {"bruno": 5}, "1:5 2:1\n2 x 2:4\n-", ["bruno", "ada"]),
    ],
)
def test_papers_of_an_election_are_counted_again_from_the_published_files(
    method: Method,
    most: int | None,
    first: Choice,
    lines: str,
    winners: list[str],
    tmp_path: Path,
) -> None:
    electors = make_electors(5)
    ballot = make_ballot(
        electors, method=method, options=OPTIONS, most_choices=most, seats=2, secret=True
    )
    vote(ballot, electors[0], first)
    for each in electors[1:]:
        actions.put_in_urn(
            ballot_id=ballot, member_id=each.member_id, put_by=READERS[0], put_at=NOON
        )
    papers = counted(lines, method=method, options=KEYS, most=most)
    for by in READERS:
        actions.count_urn(urn=UrnIn(ballot, papers), entered_by=by, entered_at=NOON)

    outcome = close(ballot)

    assert outcome.cast == 5
    assert outcome.tally[ABSTAIN] == 1
    assert outcome.winners == winners
    closing = queries.closing_of(ballot)
    assert closing is not None
    files = [tmp_path / "ballot.json", tmp_path / "votes.csv"]
    files[0].write_bytes(published.ballot_file(closing))
    files[1].write_bytes(published.votes_file(closing))
    told = CliRunner().invoke(main, ["ballots", "recount", *map(str, files), "--json"])
    assert json.loads(told.output)["ok"]
