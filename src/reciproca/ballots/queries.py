"""Reads of ballots: what is open, and what a closed one came to."""

import json
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db import connection

from reciproca.ballots.models import Closing
from reciproca.ballots.rules.counting import Outcome


def database_now() -> datetime:
    """Return the time by the database's clock: the one by which ballots open and close."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


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
    )
