"""A ballot closes: what was cast is counted, and of secret votes the last trace is wiped."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from reciproca.ballots import locks, published, sql
from reciproca.ballots.actions.casting import BallotClosed, BallotUnknown
from reciproca.ballots.closed import follow
from reciproca.ballots.leaves import secret_leaf
from reciproca.ballots.models import (
    AssistedVote,
    Ballot,
    Channel,
    Closing,
    Elector,
    OpenVote,
    PaperReading,
    SecretVote,
    UrnPaper,
)
from reciproca.ballots.reading import rule_of
from reciproca.ballots.rules.counting import Attendance, Outcome, Papers, outcome
from reciproca.ballots.wiping import wipe_soon
from reciproca.shared.errors import DomainError
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import Opening, canonical, entry, leaf


class ClosesLater(DomainError):
    code = "ballot-closes-later"
    message = _("Questa votazione è aperta fino all’ora che è stata annunciata.")


class UrnNotCounted(DomainError):
    code = "urn-not-counted"
    message = _("Nell’urna ci sono schede da contare: contatele in due, poi chiudi.")


class VotesAndRollDiffer(Exception):
    """The votes are not as many as the roll says: somebody changed one of them by hand."""


@transaction.atomic
def close_ballot(*, ballot_id: UUID, closed_by: UUID | None, closed_at: datetime) -> Outcome:
    """
    Close a ballot, count it and return what it came to.

    One with a `closes_at` is closed then or later, by the database's clock; one without when the
    chair says so. Of a secret ballot both tables, roll and votes, are written anew in random
    order, and the leaves of its votes enter the log in random order, all at once; what that
    overwrote is wiped as soon as it is committed, whoever closes.

    Raises: BallotUnknown, BallotClosed, ClosesLater, UrnNotCounted, what follows from
    the close (`closed`).
    Source: docs/rules/majorities.md
    """
    ballot = _open_one(ballot_id)
    if ballot.closes_at is not None and closed_at < ballot.closes_at:
        raise ClosesLater
    if UrnPaper.objects.filter(elector__ballot=ballot).exists():
        raise UrnNotCounted
    result = outcome(rule=rule_of(ballot), papers=_papers(ballot), attendance=_attendance(ballot))
    _close(ballot, result, closed_by, closed_at)
    follow(ballot_id, result, closed_by=closed_by, closed_at=closed_at)
    return result


@transaction.atomic
def void_ballot(*, ballot_id: UUID, voided_by: UUID | None, voided_at: datetime) -> None:
    """
    Close a ballot whose question is no longer the one that was asked: it decides nothing, and its
    votes are told to nobody.

    Raises: BallotUnknown, BallotClosed.
    """
    ballot = _open_one(ballot_id)
    counted = outcome(rule=rule_of(ballot), papers=_papers(ballot), attendance=_attendance(ballot))
    untold = replace(counted, passed=False, tally={}, winners=[])
    _close(ballot, untold, voided_by, voided_at, is_void=True)


def _open_one(ballot_id: UUID) -> Ballot:
    """Return a ballot that is not closed, for this transaction alone."""
    ballot = locks.for_closing(ballot_id)
    if ballot is None:
        raise BallotUnknown
    if Closing.objects.filter(pk=ballot_id).exists():
        raise BallotClosed
    return ballot


def _close(
    ballot: Ballot,
    result: Outcome,
    closed_by: UUID | None,
    closed_at: datetime,
    *,
    is_void: bool = False,
) -> None:
    _check_sums(ballot, result)
    # What nobody confirmed was never cast: nothing of it stays.
    UrnPaper.objects.filter(elector__ballot=ballot).delete()
    AssistedVote.objects.filter(elector__ballot=ballot, cast_at=None).delete()
    PaperReading.objects.filter(ballot=ballot).delete()
    if ballot.secret:
        _wipe_order(ballot, tell_financing=result.coefficient < 1)
        wipe_soon()
    closing = Closing.objects.create(
        ballot=ballot,
        outcome=canonical(as_told(result) | ({"void": True} if is_void else {})).decode(),
        closed_by=closed_by,
        closed_at=closed_at,
    )
    _record(closing)


def _record(closing: Closing) -> None:
    """Let the close leave its leaf: it commits to the two files that are published."""
    content = {
        "step": "closed",
        "ballot": str(closing.ballot_id),
        "ballot_sha256": sha256(published.ballot_file(closing)).hexdigest(),
        "votes_sha256": sha256(published.votes_file(closing)).hexdigest(),
    }
    transparency.record([leaf(kind="V", id=closing.leaf, content=content)])


def _papers(ballot: Ballot) -> Papers:
    """Return how many votes chose what, as the database groups them."""
    if ballot.secret:
        secret = SecretVote.objects.filter(ballot=ballot).values_list("choice", "financing")
        return {
            (choice, financing): count
            for choice, financing, count in secret.annotate(Count("code"))
        }
    cast = OpenVote.objects.filter(elector__ballot=ballot)
    rows = cast.values_list("choice", "elector__financing").annotate(Count("code"))
    return {(choice, financing): count for choice, financing, count in rows}


def _attendance(ballot: Ballot) -> Attendance:
    present = Q(present=True)
    sums = Elector.objects.filter(ballot=ballot).aggregate(
        ordinary=Sum("votes", filter=present & Q(financing=False), default=0),
        financing=Sum("votes", filter=present & Q(financing=True), default=0),
        entitled=Sum("votes", default=0),
    )
    return Attendance(**sums)


def _check_sums(ballot: Ballot, result: Outcome) -> None:
    voted = Elector.objects.filter(ballot=ballot).exclude(channel=Channel.NONE)
    if voted.aggregate(votes=Sum("votes", default=0))["votes"] != result.cast:
        raise VotesAndRollDiffer(ballot.id)


def _wipe_order(ballot: Ballot, *, tell_financing: bool) -> None:
    """Write roll and votes anew, and let the votes into the log, each in an order of its own."""
    with connection.cursor() as cursor:
        cursor.execute(sql.REWRITE_VOTES, [ballot.id, tell_financing])
        cursor.execute(sql.REWRITE_ROLL, [ballot.id])
    openings = list(_openings(ballot))
    random.SystemRandom().shuffle(openings)
    transparency.record_opened(openings)


def _openings(ballot: Ballot) -> Iterator[Opening]:
    for vote in SecretVote.objects.filter(ballot=ballot):
        made, salt = secret_leaf(vote), bytes(vote.salt)
        yield Opening(made, salt, entry(kind=made.kind, salt=salt, payload=made.payload))


def as_told(result: Outcome, /) -> dict[str, object]:
    """Return an outcome as it is kept and committed to."""
    return {
        "passed": result.passed,
        "tally": {option: str(votes) for option, votes in result.tally.items()},
        "winners": list(result.winners),
        "cast": result.cast,
        "present": result.present,
        "entitled": result.entitled,
        "quorum_reached": result.quorum_reached,
        "coefficient": str(result.coefficient),
        "financing_present": result.financing_present,
    }
