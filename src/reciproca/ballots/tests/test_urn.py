"""An urn holds papers without names, is counted by two people apart, and once against the roll."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.makers import NOON

from reciproca.ballots import actions, queries
from reciproca.ballots.actions import Reading, close_due_ballots
from reciproca.ballots.forms import Elector, OptionIn, UrnIn
from reciproca.ballots.models import Channel, PaperReading, SecretVote, UrnPaper
from reciproca.ballots.models import Elector as Line
from reciproca.ballots.rules.choices import ABSTAIN, Choice, Method, written
from reciproca.ballots.rules.papers import PaperOverfull, PaperUnreadable, counted
from reciproca.ballots.tests.world import LATER, close, make_ballot, make_electors, vote
from reciproca.notices.models import Notice

pytestmark = pytest.mark.django_db

ONE, OTHER = uuid4(), uuid4()
NAMES = ("Ada", "Bruno", "Carla")
OPTIONS = [OptionIn(name.lower(), name) for name in NAMES]
KEYS = [each.key for each in OPTIONS]


def put(ballot: UUID, *electors: Elector) -> None:
    for each in electors:
        actions.put_in_urn(ballot_id=ballot, member_id=each.member_id, put_by=ONE, put_at=NOON)


def count(
    ballot: UUID,
    papers: Mapping[str, int],
    *,
    by: UUID = ONE,
    at: datetime = NOON,
    financing: bool = False,
) -> Reading:
    urn = UrnIn(
        ballot, {json.dumps(choice): number for choice, number in papers.items()}, financing
    )
    return actions.count_urn(urn=urn, entered_by=by, entered_at=at)


def test_an_urn_counts_when_two_people_count_the_same_and_the_roll_says_who_voted_on_paper() -> (
    None
):
    electors = make_electors(4)
    ballot = make_ballot(electors, secret=True)
    vote(ballot, electors[0], "no")
    put(ballot, *electors[1:])
    assert set(Notice.objects.values_list("recipient", "kind")) == {
        (each.member_id, "paper-in-the-urn") for each in electors[1:]
    }

    assert count(ballot, {"yes": 2, "no": 1}) is Reading.WAITS
    assert count(ballot, {"yes": 2, "no": 1}, by=OTHER) is Reading.COUNTED

    assert not PaperReading.objects.exists()
    assert not UrnPaper.objects.exists()
    assert Line.objects.filter(channel=Channel.PAPER).count() == 3
    assert close(ballot).tally == {"yes": 2, "no": 2, "abstain": 0}


def test_whoever_put_a_paper_in_votes_in_no_other_way_and_who_voted_puts_none_in() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, secret=True)
    put(ballot, electors[0])

    with pytest.raises(actions.PaperInUrn):
        vote(ballot, electors[0], "yes")
    with pytest.raises(actions.PaperInUrn):
        put(ballot, electors[0])
    vote(ballot, electors[1], "yes")
    with pytest.raises(actions.AlreadyVoted):
        put(ballot, electors[1])
    with pytest.raises(actions.BallotUnknown):
        put(ballot, *make_electors(1))
    with pytest.raises(actions.UrnOfOpenBallot):
        put(make_ballot(electors), electors[0])


def test_a_line_written_by_mistake_is_taken_back_until_the_urn_is_counted() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, secret=True)
    put(ballot, *electors)
    take_back(ballot, electors[0])
    vote(ballot, electors[0], "no")

    count(ballot, {"yes": 1})
    count(ballot, {"yes": 1}, by=OTHER)
    with pytest.raises(actions.NotInUrn):
        take_back(ballot, electors[1])
    assert close(ballot).tally == {"yes": 1, "no": 1, "abstain": 0}


def take_back(ballot: UUID, elector: Elector) -> None:
    actions.take_from_urn(ballot_id=ballot, member_id=elector.member_id)


def test_there_are_as_many_papers_as_votes_of_those_who_put_one_in() -> None:
    electors = [*make_electors(1), *make_electors(1, votes=3)]
    ballot = make_ballot(electors, secret=True)
    with pytest.raises(actions.UrnUnbalanced):
        count(ballot, {})
    put(ballot, *electors)

    for papers in ({"yes": 3}, {"yes": 4, "no": 1}):
        with pytest.raises(actions.UrnUnbalanced):
            count(ballot, papers)
    # One elector's papers may say different things.
    count(ballot, {"yes": 2, "no": 2})
    assert count(ballot, {"yes": 2, "no": 2}, by=OTHER) is Reading.COUNTED
    assert close(ballot).cast == 4


def test_counts_that_differ_say_where_and_count_nothing() -> None:
    electors = make_electors(3)
    ballot = make_ballot(electors, secret=True)
    put(ballot, *electors)
    count(ballot, {"yes": 2, "no": 1})

    assert count(ballot, {"yes": 1, "no": 2}, by=OTHER) is Reading.DIFFERS

    found = queries.differences(ballot_id=ballot, financing=False, person_id=OTHER)
    assert found is not None
    assert [(row.key, row.mine, row.theirs) for row in found[0]] == [
        ('"no"', "2", "1"),
        ('"yes"', "1", "2"),
    ]
    assert not SecretVote.objects.exists()
    assert count(ballot, {"yes": 2, "no": 1}, by=OTHER) is Reading.COUNTED


def test_papers_of_financing_members_have_an_urn_of_their_own() -> None:
    ordinary, financing = make_electors(2), make_electors(2, financing=True)
    ballot = make_ballot([*ordinary, *financing], secret=True)
    put(ballot, *ordinary, *financing)

    with pytest.raises(actions.UrnUnbalanced):
        count(ballot, {"yes": 4})
    for by in (ONE, OTHER):
        count(ballot, {"yes": 2}, by=by)
        count(ballot, {"no": 2}, by=by, financing=True)
    assert close(ballot).tally == {"yes": 2, "no": 1, "abstain": 0}


def test_a_ballot_with_papers_in_the_urn_closes_once_they_are_counted() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, secret=True)
    put(ballot, *electors)

    with pytest.raises(actions.UrnNotCounted):
        close(ballot)
    assert close_due_ballots() == 0
    # After its hour nobody puts a paper in, and those that are in are still counted.
    with pytest.raises(actions.BallotClosed):
        actions.put_in_urn(
            ballot_id=ballot, member_id=electors[0].member_id, put_by=ONE, put_at=LATER
        )
    for by in (ONE, OTHER):
        count(ballot, {"no": 2}, by=by, at=LATER)
    assert close_due_ballots() == 1
    with pytest.raises(actions.BallotClosed):
        count(ballot, {"no": 2}, at=LATER)


def test_a_void_ballot_forgets_its_urn() -> None:
    electors = make_electors(1)
    ballot = make_ballot(electors, secret=True)
    put(ballot, *electors)

    actions.void_ballot(ballot_id=ballot, voided_by=None, voided_at=NOON)

    assert not UrnPaper.objects.exists()


@given(heaps=st.dictionaries(st.sampled_from([*KEYS, ABSTAIN]), st.integers(1, 99)))
def test_heaps_and_papers_one_by_one_are_the_same_count(heaps: dict[str, int]) -> None:
    def typed(key: str) -> str:
        return "-" if key == ABSTAIN else str(KEYS.index(key) + 1)

    def read(lines: list[str]) -> Counter[str]:
        return counted("\n".join(lines), method=Method.APPROVAL, options=KEYS, most=1)

    one_by_one = read([typed(key) for key, number in heaps.items() for _paper in range(number)])

    assert one_by_one == read([f"{number} x {typed(key)}" for key, number in heaps.items()])
    assert one_by_one == {kept(key): number for key, number in heaps.items()}


def kept(key: str) -> str:
    choice: Choice = key if key == ABSTAIN else [key]
    return written(choice, method=Method.APPROVAL, options=KEYS, most=1)


@pytest.mark.parametrize(
    ("method", "line"),
    [
        (Method.APPROVAL, "4"),
        (Method.APPROVAL, "0"),
        (Method.APPROVAL, "Ada"),
        (Method.APPROVAL, "0 x 1"),
        (Method.SCHULZE, "1 > x"),
        (Method.SCORE_SUM, "1"),
        (Method.SCORE_SUM, "1:5 1:3"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(method: Method, line: str) -> None:
    with pytest.raises(PaperUnreadable, match="non si legge"):
        counted(line, method=method, options=KEYS, most=None)


def test_a_paper_with_too_many_names_is_spoilt_and_not_counted_as_one_of_them() -> None:
    with pytest.raises(PaperOverfull, match="scheda nulla"):
        counted("1 2", method=Method.APPROVAL, options=KEYS, most=1)
