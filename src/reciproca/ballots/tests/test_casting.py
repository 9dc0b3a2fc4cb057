"""Votes are cast once, in time, by whom the roll names, and count as the rule says."""

import json
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.makers import NOON, make_person

from reciproca.ballots import actions, queries
from reciproca.ballots.forms import VoteIn
from reciproca.ballots.models import Elector as Line
from reciproca.ballots.models import OpenVote, SecretVote
from reciproca.ballots.rules.majorities import Majority, Quorum
from reciproca.ballots.tests.world import (
    LATER,
    close,
    fresh_codes,
    make_ballot,
    make_electors,
    vote,
)
from reciproca.transparency.models import Opening
from reciproca.transparency.rules.leaves import canonical

pytestmark = pytest.mark.django_db


def test_a_motion_passes_with_more_than_half_of_the_votes_for_and_against() -> None:
    electors = make_electors(5)
    ballot = make_ballot(electors)
    for elector, choice in zip(electors, ("yes", "yes", "no", "abstain"), strict=False):
        vote(ballot, elector, choice)

    close(ballot)

    found = queries.outcome(ballot)
    assert found is not None
    assert found.passed
    assert found.tally == {"yes": 2, "no": 1, "abstain": 1}
    assert (found.cast, found.present, found.entitled) == (4, 4, 5)


def test_a_tie_lets_the_motion_fall() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors)
    vote(ballot, electors[0], "yes")
    vote(ballot, electors[1], "no")

    assert not close(ballot).passed


def test_of_those_present_one_who_abstains_or_keeps_silent_counts_against() -> None:
    electors = make_electors(4, present=True)
    ballot = make_ballot(electors, majority=Majority(base="present"))
    vote(ballot, electors[0], "yes")
    vote(ballot, electors[1], "yes")
    vote(ballot, electors[2], "abstain")

    assert not close(ballot).passed


def test_who_comes_later_is_marked_present() -> None:
    electors = make_electors(4)
    ballot = make_ballot(electors)

    assert actions.mark_present(ballot_id=ballot, members=[electors[0].member_id]) == 1
    assert close(ballot).present == 1


def test_below_the_quorum_nothing_is_told_of_the_votes() -> None:
    electors = make_electors(4)
    ballot = make_ballot(electors, quorum=Quorum(Fraction(1, 2), strict=True))
    vote(ballot, electors[0], "yes")
    vote(ballot, electors[1], "yes")

    found = close(ballot)

    assert not found.quorum_reached
    assert not found.passed
    assert found.tally == {}


def test_financing_members_have_a_third_of_the_votes_at_most() -> None:
    ordinary, financing = make_electors(4), make_electors(1, financing=True, votes=5)
    ballot = make_ballot([*ordinary, *financing])
    for elector in ordinary:
        vote(ballot, elector, "no")
    vote(ballot, financing[0], "yes")

    found = close(ballot)

    assert found.coefficient == Fraction(2, 5)
    assert found.tally == {"yes": 2, "no": 4, "abstain": 0}


def test_no_secret_vote_is_opened_whose_files_would_tell_what_few_financing_members_chose() -> None:
    ordinary, few = make_electors(3), make_electors(2, financing=True)

    with pytest.raises(actions.FinancingTooFew):
        make_ballot([*ordinary, *few], secret=True)
    make_ballot([*ordinary, *few])
    make_ballot([*ordinary, *make_electors(1), *few], secret=True)
    make_ballot([*ordinary, *make_electors(5, financing=True)], secret=True)


def test_the_opening_commits_to_the_rule_the_text_and_the_roll() -> None:
    electors = make_electors(2)

    def content(**fields: Any) -> dict[str, Any]:
        ballot = make_ballot(electors, **fields)
        told: list[dict[str, Any]] = [
            json.loads(each.payload) for each in Opening.objects.filter(kind="V")
        ]
        (found,) = (each for each in told if each["ballot"] == str(ballot))
        return found

    plain = content(text="La domenica.")
    roll = sorted([str(e.member_id), e.votes, str(e.member_id), False] for e in electors)
    assert plain["text_sha256"] == sha256(b"La domenica.").hexdigest()
    assert plain["roll_sha256"] == sha256(canonical(roll)).hexdigest()
    other = content(
        majority=Majority(base="cast", share=Fraction(2, 3), strict=False),
        quorum=Quorum(share=Fraction(1, 2), strict=True),
    )
    for name in ("majority", "quorum", "text_sha256"):
        assert plain[name] != other[name]


@pytest.mark.parametrize("secret", [False, True])
def test_a_vote_sent_again_is_the_same_vote(secret: bool) -> None:
    (elector,) = make_electors(1)
    ballot = make_ballot([elector], secret=secret)
    codes = fresh_codes()

    assert vote(ballot, elector, "yes", codes=codes) == vote(ballot, elector, "yes", codes=codes)
    assert close(ballot).cast == 1


@pytest.mark.parametrize("secret", [False, True])
def test_a_second_vote_is_refused(secret: bool) -> None:
    (elector,) = make_electors(1)
    ballot = make_ballot([elector], secret=secret)
    vote(ballot, elector, "yes")

    with pytest.raises(actions.AlreadyVoted):
        vote(ballot, elector, "no")


def test_an_open_vote_is_changed_where_the_ballot_allows_it() -> None:
    (elector,) = make_electors(1, votes=3)
    ballot = make_ballot([elector], may_change=True)
    vote(ballot, elector, "yes")
    vote(ballot, elector, "no")

    assert close(ballot).tally == {"yes": 0, "no": 3, "abstain": 0}


def test_a_proxy_votes_and_the_one_represented_does_not() -> None:
    holder = make_person()
    (elector,) = make_electors(1, cast_by=holder)
    ballot = make_ballot([elector])

    with pytest.raises(actions.BallotUnknown):
        actions.cast_vote(
            vote=VoteIn(ballot, elector.member_id, "yes", fresh_codes()),
            cast_by=elector.member_id,
            cast_at=NOON,
        )
    vote(ballot, elector, "yes")
    assert close(ballot).cast == 1


def test_votes_come_in_between_the_opening_and_the_close() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors)

    with pytest.raises(actions.BallotNotOpen):
        vote(ballot, electors[0], "yes", at=NOON - timedelta(seconds=1))
    with pytest.raises(actions.BallotClosed):
        vote(ballot, electors[0], "yes", at=LATER)
    with pytest.raises(actions.ClosesLater):
        close(ballot, at=LATER - timedelta(seconds=1))
    vote(ballot, electors[0], "yes", at=LATER - timedelta(seconds=1))
    close(ballot)
    with pytest.raises(actions.BallotClosed):
        vote(ballot, electors[1], "yes")
    with pytest.raises(actions.BallotClosed):
        close(ballot)


def test_without_an_hour_the_chair_closes() -> None:
    electors = make_electors(1)
    ballot = make_ballot(electors, closes_at=None)
    vote(ballot, electors[0], "yes")

    assert close(ballot, at=NOON).passed


@pytest.mark.parametrize("secret", [False, True])
def test_the_database_keeps_what_is_closed(secret: bool) -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, secret=secret)
    vote(ballot, electors[0], "yes")
    close(ballot)
    votes = SecretVote if secret else OpenVote

    for change in (
        lambda: votes.objects.all().delete(),
        lambda: votes.objects.update(choice='"no"'),
        lambda: Line.objects.update(channel="paper"),
        lambda: Line.objects.filter(channel="").delete(),
    ):
        with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
            change()


def test_a_roll_never_unlearns_that_somebody_voted() -> None:
    electors = make_electors(1)
    ballot = make_ballot(electors)
    vote(ballot, electors[0], "yes")

    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        Line.objects.update(channel="")


def test_votes_that_are_not_as_many_as_the_roll_says_stop_the_count() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, secret=True)
    vote(ballot, electors[0], "yes")
    SecretVote.objects.all().delete()

    with pytest.raises(actions.closing.VotesAndRollDiffer):
        close(ballot)


@pytest.mark.parametrize(
    ("trouble", "fields"),
    [
        ("la domanda", {"question": " "}),
        ("proposte", {"method": "approval"}),
        ("segreto", {"secret": True, "may_change": True}),
        ("prima", {"closes_at": NOON}),
    ],
)
def test_a_ballot_that_lacks_something_is_not_opened(
    trouble: str, fields: dict[str, object]
) -> None:
    with pytest.raises(actions.BallotIncomplete, match=trouble):
        make_ballot(make_electors(1), **fields)


def test_a_ballot_asks_somebody_and_nobody_twice() -> None:
    with pytest.raises(actions.NobodyToAsk):
        make_ballot([])
    with pytest.raises(actions.BallotIncomplete):
        make_ballot(make_electors(1) * 2)


def test_codes_of_another_vote_are_refused() -> None:
    electors = make_electors(2)
    ballot = make_ballot(electors, secret=True)
    codes = fresh_codes()
    vote(ballot, electors[0], "yes", codes=codes)

    with pytest.raises(actions.CodesUnusable):
        vote(ballot, electors[1], "yes", codes=codes)
    with pytest.raises(actions.CodesUnusable):
        vote(ballot, electors[1], "yes", codes=fresh_codes(2))
