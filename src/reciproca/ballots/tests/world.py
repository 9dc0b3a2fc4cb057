"""A ballot at Il Lievito with electors of its own, as the tests of this room cast and count it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.makers import NOON, make_organisation, make_person

from reciproca.ballots import actions
from reciproca.ballots.forms import BallotIn, Elector, VoteIn
from reciproca.ballots.models import Channel
from reciproca.ballots.rules.choices import Choice

LATER = NOON + timedelta(hours=8)


def make_electors(count: int, **fields: Any) -> list[Elector]:
    """Return so many people of the register with a right to vote."""
    return [Elector(member_id=make_person(), **fields) for _ in range(count)]


def make_ballot(electors: Sequence[Elector], **fields: Any) -> UUID:
    """Put a motion to the vote from noon until eight in the evening, or as `fields` say."""
    asked: dict[str, Any] = {
        "reference": uuid4(),
        "body_id": fields.pop("body_id", None) or make_organisation(),
        "question": "Apriamo la domenica?",
        "electors": electors,
        "opens_at": NOON,
        "closes_at": LATER,
        **fields,
    }
    return actions.open_ballot(ballot=BallotIn(**asked), opened_by=None, opened_at=NOON)


def vote(
    ballot_id: UUID,
    elector: Elector,
    choice: Choice,
    *,
    at: datetime = NOON,
    codes: Sequence[UUID] = (),
    channel: Channel = Channel.ONLINE,
) -> actions.Receipt:
    """Let an elector, or who votes for them, choose."""
    return actions.cast_vote(
        vote=VoteIn(
            ballot_id=ballot_id,
            member_id=elector.member_id,
            choice=choice,
            codes=codes or fresh_codes(elector.votes),
        ),
        cast_by=elector.cast_by or elector.member_id,
        cast_at=at,
        channel=channel,
    )


def fresh_codes(count: int = 1) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def close(ballot_id: UUID, *, at: datetime = LATER) -> Any:
    return actions.close_ballot(ballot_id=ballot_id, closed_by=None, closed_at=at)
