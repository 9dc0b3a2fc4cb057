"""A proxy that is given or taken back while a vote is open, and its giver coming and going."""

from uuid import UUID

import pytest
from tests.makers import NOON, Cast, make_cast

from reciproca.assemblies import actions
from reciproca.assemblies.actions.proxies import ProxyVoting
from reciproca.assemblies.models import Assembly, Motion
from reciproca.assemblies.tests.world import (
    FIRST,
    call,
    close_vote,
    come,
    draft,
    give,
    line,
    make_body,
    members_of,
    open_meeting,
    open_vote,
    propose,
    vote,
)
from reciproca.ballots.actions import AlreadyVoted, BallotUnknown, PaperInUrn, put_in_urn

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def in_advance(cast: Cast, *, secret: bool = False) -> tuple[Assembly, Motion, UUID]:
    """Return an assembly of Ada and Bruno, and a motion on which they vote already at home."""
    assembly = draft(make_body(cast.lievito_id, advance_votes=True))
    motion = propose(assembly, secret=secret)
    call(assembly)
    return assembly, motion, open_vote(motion, at=NOON)


def take_back(proxy_id: UUID) -> None:
    actions.revoke_proxy(proxy_id=proxy_id, revoked_by=None, revoked_at=NOON)


def test_given_after_a_vote_in_advance_was_opened_its_holder_votes(cast: Cast) -> None:
    assembly, motion, ballot = in_advance(cast)
    ada, bruno = cast.ada.id, cast.bruno.id

    give(assembly, bruno, ada)

    with pytest.raises(BallotUnknown):
        vote(ballot, bruno, "no")
    vote(ballot, bruno, "yes", by=ada)
    vote(ballot, ada, "yes")
    come(assembly, ada)
    open_meeting(assembly, chair=ada)
    assert close_vote(motion).tally == {"yes": 2, "no": 0, "abstain": 0}


def test_whoever_has_voted_keeps_the_vote_when_a_proxy_is_given(cast: Cast) -> None:
    assembly, _motion, ballot = in_advance(cast)
    vote(ballot, cast.bruno.id, "no")

    give(assembly, cast.bruno.id, cast.ada.id)

    with pytest.raises(BallotUnknown):
        vote(ballot, cast.bruno.id, "yes", by=cast.ada.id)
    vote(ballot, cast.bruno.id, "abstain")


def test_taken_back_its_giver_votes_alone_and_may_change_what_was_cast(cast: Cast) -> None:
    assembly, motion, ballot = in_advance(cast)
    ada, bruno = cast.ada.id, cast.bruno.id
    proxy = give(assembly, bruno, ada)
    vote(ballot, bruno, "yes", by=ada)

    take_back(proxy)

    with pytest.raises(BallotUnknown):
        vote(ballot, bruno, "abstain", by=ada)
    vote(ballot, bruno, "no")
    come(assembly, ada, bruno)
    open_meeting(assembly, chair=ada)
    assert close_vote(motion).tally["no"] == 1


def test_a_secret_vote_that_was_cast_stays_whoever_takes_the_proxy_back(cast: Cast) -> None:
    assembly, _motion, ballot = in_advance(cast, secret=True)
    ada, bruno = cast.ada.id, cast.bruno.id
    proxy = give(assembly, bruno, ada)
    vote(ballot, bruno, "yes", by=ada)

    take_back(proxy)

    with pytest.raises(BallotUnknown):
        vote(ballot, bruno, "no")
    with pytest.raises(AlreadyVoted):
        vote(ballot, bruno, "no", by=ada)


def test_whose_paper_is_in_the_urn_has_voted(cast: Cast) -> None:
    assembly, _motion, ballot = in_advance(cast, secret=True)
    put_in_urn(ballot_id=ballot, member_id=cast.bruno.id, put_by=cast.ada.id, put_at=NOON)

    give(assembly, cast.bruno.id, cast.ada.id)

    with pytest.raises(PaperInUrn):
        vote(ballot, cast.bruno.id, "yes")
    with pytest.raises(BallotUnknown):
        vote(ballot, cast.bruno.id, "yes", by=cast.ada.id)


def test_a_vote_in_the_meeting_keeps_its_roll_and_the_proxy_waits_for_its_close(
    cast: Cast,
) -> None:
    third = members_of(cast, 1)[0].id
    ada, bruno = cast.ada.id, cast.bruno.id
    assembly = draft(make_body(cast.lievito_id))
    motion, later = propose(assembly), propose(assembly)
    call(assembly)
    proxy = give(assembly, bruno, ada)
    come(assembly, ada)
    open_meeting(assembly, chair=ada)
    ballot = open_vote(motion)

    with pytest.raises(ProxyVoting):
        take_back(proxy)
    give(assembly, third, ada)
    with pytest.raises(BallotUnknown):
        vote(ballot, third, "no", by=ada)
    come(assembly, bruno)
    vote(ballot, bruno, "yes", by=ada)
    assert close_vote(motion).cast == 1

    take_back(proxy)
    ballot = open_vote(later)
    vote(ballot, bruno, "no")
    vote(ballot, third, "no", by=ada)
    assert close_vote(later).tally["no"] == 2


def test_who_comes_votes_in_person_on_what_was_opened_before_until_they_leave(cast: Cast) -> None:
    assembly, _motion, ballot = in_advance(cast)
    ada, bruno = cast.ada.id, cast.bruno.id
    give(assembly, bruno, ada)

    come(assembly, bruno)
    with pytest.raises(BallotUnknown):
        vote(ballot, bruno, "yes", by=ada)
    elector = line(assembly, bruno).id
    actions.leave(assembly_id=assembly.id, elector_id=elector, left_at=FIRST)
    vote(ballot, bruno, "yes", by=ada)
    come(assembly, bruno)

    vote(ballot, bruno, "no")
