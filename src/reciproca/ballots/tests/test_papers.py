"""Papers are read by two people apart, and count once against the roll."""

from uuid import UUID, uuid4

import pytest
from tests.makers import NOON

from reciproca.ballots import actions
from reciproca.ballots.forms import Elector, PapersIn
from reciproca.ballots.models import PaperCount
from reciproca.ballots.rules.choices import Choice
from reciproca.ballots.tests.world import close, make_ballot, make_electors, vote

pytestmark = pytest.mark.django_db

ONE, OTHER = uuid4(), uuid4()


def enter(ballot: UUID, electors: list[Elector], choices: list[Choice], *, by: UUID = ONE) -> bool:
    papers = PapersIn(ballot, [each.member_id for each in electors], choices)
    return actions.enter_papers(papers=papers, entered_by=by, entered_at=NOON)


@pytest.mark.parametrize("secret", [False, True])
def test_papers_count_when_a_second_person_reads_the_same(secret: bool) -> None:
    electors = make_electors(4)
    ballot = make_ballot(electors, secret=secret)
    vote(ballot, electors[0], "no")

    assert not enter(ballot, electors[1:], ["yes", "no", "yes"])
    assert enter(ballot, electors[1:], ["yes", "no", "yes"], by=OTHER)

    assert not PaperCount.objects.exists()
    assert close(ballot).tally == {"yes": 2, "no": 2, "abstain": 0}


def test_the_order_of_secret_papers_says_nothing() -> None:
    electors = make_electors(1, votes=3)
    ballot = make_ballot(electors, secret=True)
    enter(ballot, electors, ["yes", "no", "yes"])

    assert enter(ballot, electors, ["no", "yes", "yes"], by=OTHER)
    assert close(ballot).tally == {"yes": 2, "no": 1, "abstain": 0}


def test_readings_that_differ_count_nothing() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors)
    enter(ballot, electors, ["yes", "no"])

    with pytest.raises(actions.PapersDiffer):
        enter(ballot, electors, ["no", "yes"], by=OTHER)
    assert not enter(ballot, electors, ["no", "yes"])
    assert enter(ballot, electors, ["no", "yes"], by=OTHER)


def test_nobody_reads_both_times() -> None:
    electors = make_electors(1)
    ballot = make_ballot(electors)
    enter(ballot, electors, ["yes"])

    with pytest.raises(actions.SamePerson):
        enter(ballot, electors, ["yes"])


def test_who_voted_hands_in_no_paper_and_who_handed_one_in_votes_no_more() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, secret=True)
    vote(ballot, electors[0], "yes")

    with pytest.raises(actions.AlreadyVoted):
        enter(ballot, electors, ["yes", "yes"])
    enter(ballot, electors[1:], ["no"])
    # Until the papers count, one may still think better of it and vote oneself.
    vote(ballot, electors[1], "yes")
    with pytest.raises(actions.AlreadyVoted):
        enter(ballot, electors[1:], ["no"], by=OTHER)
    assert close(ballot).tally == {"yes": 2, "no": 0, "abstain": 0}


def test_there_are_as_many_papers_as_votes() -> None:
    electors = make_electors(2)

    with pytest.raises(actions.PapersUnbalanced):
        enter(make_ballot(electors, secret=True), electors, ["yes"])
    with pytest.raises(actions.BallotUnknown):
        enter(make_ballot(electors), make_electors(1), ["yes"])


def test_secret_papers_of_financing_members_are_read_apart() -> None:
    electors = [*make_electors(1), *make_electors(1, financing=True)]

    with pytest.raises(actions.PapersMixed):
        enter(make_ballot(electors, secret=True), electors, ["yes", "no"])
