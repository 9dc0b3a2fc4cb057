"""Papers of an open ballot are read by two people apart, and count once against the roll."""

from uuid import UUID, uuid4

import pytest
from tests.makers import NOON

from reciproca.ballots import actions, queries
from reciproca.ballots.actions import Reading
from reciproca.ballots.forms import Elector, PapersIn
from reciproca.ballots.models import PaperReading
from reciproca.ballots.rules.choices import Choice
from reciproca.ballots.tests.world import close, make_ballot, make_electors, vote

pytestmark = pytest.mark.django_db

ONE, OTHER, THIRD = uuid4(), uuid4(), uuid4()


def enter(
    ballot: UUID, electors: list[Elector], choices: list[Choice], *, by: UUID = ONE
) -> Reading:
    papers = PapersIn(ballot, [each.member_id for each in electors], choices)
    return actions.enter_papers(papers=papers, entered_by=by, entered_at=NOON)


def test_papers_count_when_a_second_person_reads_the_same() -> None:
    electors = make_electors(4)
    ballot = make_ballot(electors)
    vote(ballot, electors[0], "no")

    assert enter(ballot, electors[1:], ["yes", "no", "yes"]) is Reading.WAITS
    assert enter(ballot, electors[1:], ["yes", "no", "yes"], by=OTHER) is Reading.COUNTED

    assert not PaperReading.objects.exists()
    assert close(ballot).tally == {"yes": 2, "no": 2, "abstain": 0}


def test_readings_that_differ_count_nothing_and_say_where_until_two_agree() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors)
    first, second = (str(each.member_id) for each in electors)
    assert enter(ballot, electors, ["yes", "no"]) is Reading.WAITS

    def seen(by: UUID) -> set[tuple[str, str, str]] | None:
        found = queries.differences(ballot_id=ballot, financing=False, person_id=by)
        return found and {(row.key, row.mine, row.theirs) for row in found[0]}

    # Nobody sees a reading who has not made their own.
    assert seen(ONE) is None
    assert seen(OTHER) is None
    assert enter(ballot, electors, ["no", "no"], by=OTHER) is Reading.DIFFERS
    assert seen(ONE) == {(first, '"yes"', '"no"')}
    assert seen(OTHER) == {(first, '"no"', '"yes"')}
    assert second not in {row[0] for row in seen(ONE) or ()}
    assert enter(ballot, electors, ["no", "no"]) is Reading.COUNTED
    assert close(ballot).tally["no"] == 2


def test_nobody_reads_both_times() -> None:
    electors = make_electors(1)
    ballot = make_ballot(electors)

    for _again in range(2):
        assert enter(ballot, electors, ["yes"]) is Reading.WAITS
    assert close(ballot).cast == 0
    assert not PaperReading.objects.exists()


def test_who_voted_hands_in_no_paper_and_who_handed_one_in_votes_no_more() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors)
    vote(ballot, electors[0], "yes")

    with pytest.raises(actions.AlreadyVoted):
        enter(ballot, electors, ["yes", "yes"])
    enter(ballot, electors[1:], ["no"])
    # Until the papers count, one may still think better of it and vote oneself.
    vote(ballot, electors[1], "yes")
    with pytest.raises(actions.AlreadyVoted):
        enter(ballot, electors[1:], ["no"], by=OTHER)
    assert close(ballot).tally == {"yes": 2, "no": 0, "abstain": 0}


def test_papers_have_names_only_where_the_vote_is_open() -> None:
    electors = make_electors(2)

    with pytest.raises(actions.PapersSecret):
        enter(make_ballot(electors, secret=True), electors, ["yes", "no"])
    with pytest.raises(actions.PapersOfNobody):
        enter(make_ballot(electors), make_electors(1), ["yes"])
    with pytest.raises(actions.PapersOfNobody):
        enter(make_ballot(electors), [], [])
