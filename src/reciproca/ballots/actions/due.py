"""Ballots whose hour has come are closed, by the database's clock."""

import logging

from reciproca.ballots import queries
from reciproca.ballots.actions.casting import BallotClosed
from reciproca.ballots.actions.closing import UrnNotCounted, close_ballot
from reciproca.ballots.models import Ballot

logger = logging.getLogger(__name__)


def close_due_ballots() -> int:
    """
    Close every ballot whose hour has come, each for itself, and return how many were closed.

    Whoever asks for one meanwhile may close it just as well.
    """
    now = queries.database_now()
    due = Ballot.objects.filter(closing=None, closes_at__lte=now).order_by("closes_at", "id")
    closed = 0
    for ballot_id in list(due.values_list("id", flat=True)):
        try:
            close_ballot(ballot_id=ballot_id, closed_by=None, closed_at=now)
        except (BallotClosed, UrnNotCounted):
            # Somebody else closed it, or its urn is counted first: it is asked again in a minute.
            continue
        except Exception:
            # The others are closed all the same; this one stays as it is for whoever looks into it.
            logger.exception("ballot %s cannot be closed", ballot_id)
            continue
        closed += 1
    return closed
