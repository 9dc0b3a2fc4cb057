"""
The roll of a ballot is kept as long as its decision can be challenged; then it is forgotten.

Source: docs/rules/retention.md
"""

import logging
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils.timezone import localdate

from reciproca.ballots import locks, sql, telling
from reciproca.ballots.keeping import still_needed
from reciproca.ballots.models import (
    AssistedVote,
    Ballot,
    Channel,
    Closing,
    Elector,
    OpenVote,
    ReplacedVote,
    RollForgotten,
)
from reciproca.ballots.published import votes_are_told
from reciproca.parameters.queries import value_on
from reciproca.transparency import actions as transparency
from reciproca.transparency.actions import NothingToErase

logger = logging.getLogger(__name__)

GROUND = "gdpr-5-1-e"
"""Kept no longer than needed (GDPR, article 5, paragraph 1, letter e)."""


def kept_since(on: date) -> date:
    """Return the day since whose end rolls are kept on another day."""
    return on - timedelta(days=int(value_on(name="ballot_roll_retention", on=on)))


def forget_rolls(*, at: datetime) -> int:
    """
    Forget every roll whose time is over, each for itself, and return how many.

    Those that a room still needs (minutes that are not approved) wait, and so does one whose votes
    have no place in the log yet.
    """
    since = kept_since(localdate(at))
    due = Ballot.objects.filter(closing__closed_at__date__lt=since, forgotten=None)
    ids = list(due.order_by("closing__closed_at", "id").values_list("id", flat=True))
    needed, forgotten = still_needed(ids), []
    for ballot_id in ids:
        if ballot_id in needed:
            continue
        try:
            forget_roll(ballot_id=ballot_id, at=at)
        except NothingToErase:
            logger.warning("the roll of %s waits: its votes have no place in the log", ballot_id)
            continue
        forgotten.append(ballot_id)
    telling.forget(forgotten)
    return len(forgotten)


@transaction.atomic
def forget_roll(*, ballot_id: UUID, at: datetime) -> None:
    """
    Delete the roll of a closed ballot, and who voted what: code and choice of each vote stay.

    What the log opens of open votes is erased; its entries stay, and say nothing of anybody.

    Raises: transparency.NothingToErase.
    """
    locks.for_closing(ballot_id)
    roll = Elector.objects.filter(ballot=ballot_id)
    counts = roll.aggregate(
        electors=Count("id"), voted=Count("id", filter=~Q(channel=Channel.NONE))
    )
    votes = OpenVote.objects.filter(elector__ballot=ballot_id)
    replaced = ReplacedVote.objects.filter(ballot=ballot_id)
    facts = [*votes.values_list("code", flat=True), *replaced.values_list("code", flat=True)]
    if facts:
        transparency.erase(facts=facts, ground=GROUND, erased_at=at)
    if votes_are_told(Closing.objects.get(pk=ballot_id)):
        with connection.cursor() as cursor:
            cursor.execute(sql.LET_GO, [ballot_id])
    RollForgotten.objects.create(ballot_id=ballot_id, forgotten_at=at, **counts)
    AssistedVote.objects.filter(elector__ballot=ballot_id).delete()
    replaced.delete()
    votes.delete()
    roll.delete()
