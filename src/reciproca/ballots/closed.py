"""
What follows from the close of a ballot: each room that opens ballots hands in what it does then.

It is done with the close or not at all, whoever closes: the chair, an officer, or the hour. This
room knows none of them. Source: docs/decisions/0010-rooms-hand-in.md
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from reciproca.ballots.rules.counting import Outcome

Follower = Callable[[UUID, Outcome, UUID | None, datetime], None]
"""Given the ballot, what it came to, the login of whoever closed it (None: the hour), and when."""

_followers: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """Hand in what to do when a ballot is closed; a ballot that is void has no followers."""
    _followers.append(follower)


def follow(
    ballot_id: UUID, outcome: Outcome, /, *, closed_by: UUID | None, closed_at: datetime
) -> None:
    """Do all that follows from a close."""
    for follower in _followers:
        follower(ballot_id, outcome, closed_by, closed_at)
