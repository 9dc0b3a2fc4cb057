"""Reads of ballots: what is open, and what a closed one came to."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db import connection

from reciproca.ballots.models import Channel, Closing, Elector, OpenVote
from reciproca.ballots.rules.choices import Choice, read
from reciproca.ballots.rules.counting import Outcome


def database_now() -> datetime:
    """Return the time by the database's clock: the one by which ballots open and close."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def who_voted(ballot_ids: Collection[UUID], /) -> set[UUID]:
    """
    Return the members for whom a vote was cast on any of these ballots: for counting a quorum only,
    as long as one of them is open.
    """
    voted = Elector.objects.filter(ballot__in=ballot_ids).exclude(channel=Channel.NONE)
    return set(voted.values_list("member_id", flat=True))


@dataclass(frozen=True, slots=True)
class NamedVote:
    """What was cast for a member of an open ballot, and by which person."""

    member_id: UUID
    cast_by: UUID
    choice: Choice


def named_votes(ballot_id: UUID, /) -> list[NamedVote]:
    """Return who voted what on an open ballot that is closed, once for each elector."""
    votes = OpenVote.objects.filter(
        elector__ballot=ballot_id, elector__ballot__closing__isnull=False
    )
    rows = votes.filter(unit=1).order_by("elector__member_id")
    return [
        NamedVote(member, cast_by, read(choice))
        for member, cast_by, choice in rows.values_list("elector__member", "cast_by", "choice")
    ]


def outcome(ballot_id: UUID, /) -> Outcome | None:
    """Return what a ballot came to; None as long as it is not closed."""
    closing = Closing.objects.filter(pk=ballot_id).first()
    if closing is None:
        return None
    told = json.loads(closing.outcome)
    return Outcome(
        passed=told["passed"],
        tally={option: Fraction(votes) for option, votes in told["tally"].items()},
        winners=told["winners"],
        cast=told["cast"],
        present=told["present"],
        entitled=told["entitled"],
        quorum_reached=told["quorum_reached"],
        coefficient=Fraction(told["coefficient"]),
        financing_present=told["financing_present"],
    )
