"""Ballots whose hour has come are closed, by the database's clock."""

import logging

from django.db import connection

from reciproca.ballots import queries
from reciproca.ballots.actions.casting import BallotClosed
from reciproca.ballots.actions.closing import VotesAndRollDiffer, close_ballot
from reciproca.ballots.models import Ballot

logger = logging.getLogger(__name__)


def close_due_ballots() -> int:
    """
    Close every ballot whose hour has come, each for itself, and return how many were closed.

    Whoever asks for one meanwhile may close it just as well. Afterwards what the rewriting of a
    secret ballot left behind, rows that no query sees any more, is cleared from the tables.
    """
    now = queries.database_now()
    due = Ballot.objects.filter(closing=None, closes_at__lte=now).order_by("closes_at", "id")
    closed = 0
    for ballot_id, secret in list(due.values_list("id", "secret")):
        try:
            close_ballot(ballot_id=ballot_id, closed_by=None, closed_at=now)
        except BallotClosed:
            continue
        except VotesAndRollDiffer:
            # The others are closed all the same; this one stays as it is for whoever looks into it.
            logger.exception("ballot %s cannot be counted", ballot_id)
            continue
        closed += 1
        if secret:
            wipe()
    return closed


def wipe() -> None:
    """
    Clear rows that were overwritten from the files of roll and votes.

    `FULL` because a plain VACUUM leaves their bytes in the pages, with the transactions that wrote
    them. Who votes elsewhere meanwhile waits: about a second for a hundred thousand lines.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) ballots_elector, ballots_secretvote")
