"""
An elector casts a vote, once.

Open votes are kept with who cast them. Of a secret vote the roll keeps that it was cast, and the
vote keeps neither elector nor time: its key is the code that the voter's browser made.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from reciproca.ballots import locks
from reciproca.ballots.forms import VoteIn
from reciproca.ballots.leaves import open_leaf, secret_leaf
from reciproca.ballots.models import (
    Ballot,
    Channel,
    Closing,
    Elector,
    OpenVote,
    ReplacedVote,
    SecretVote,
    UrnPaper,
)
from reciproca.ballots.reading import options_of
from reciproca.ballots.receipts import Receipt, receipt
from reciproca.ballots.rules.choices import Method, written
from reciproca.shared.errors import DomainError
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import SALT_BYTES, entry


class BallotUnknown(DomainError):
    """There is no such ballot, or none on which this person may cast this vote."""

    code = "ballot-unknown"
    message = _("Questa votazione non c’è, o non ti riguarda.")
    status = 404


class BallotNotOpen(DomainError):
    code = "ballot-not-open"
    message = _("La votazione non è ancora aperta: torna fra poco.")


class BallotClosed(DomainError):
    code = "ballot-closed"
    message = _("La votazione è chiusa: il tuo voto è arrivato tardi e non è stato contato.")


class AlreadyVoted(DomainError):
    code = "already-voted"
    message = _("Per questo avente diritto è già stato espresso un voto, e non si può cambiare.")


class PaperInUrn(DomainError):
    code = "paper-in-urn"
    message = _("La sua scheda di carta è già nell’urna: non si vota anche in un altro modo.")


class CodesUnusable(DomainError):
    code = "vote-codes-unusable"
    message = _("La scheda è rimasta aperta troppo a lungo: ricarica la pagina e vota di nuovo.")
    status = 422


@transaction.atomic
def cast_vote(
    *, vote: VoteIn, cast_by: UUID, cast_at: datetime, channel: Channel = Channel.ONLINE
) -> Receipt:
    """
    Cast all the votes of one elector and return their receipt.

    `cast_by` is the person who casts them, the elector or whoever the roll names for it; `cast_at`
    is by the database's clock (`queries.database_now`). Sent again with the same codes it answers
    the same receipt; with others it changes an open vote where the ballot allows that.

    Raises: BallotUnknown, BallotNotOpen, BallotClosed, AlreadyVoted, PaperInUrn,
    CodesUnusable, what `rules.choices.written` raises.
    """
    ballot = locks.for_casting(vote.ballot_id)
    if ballot is None:
        raise BallotUnknown
    elector = (
        Elector.objects.select_for_update()
        .filter(ballot=ballot, member_id=vote.member_id, caster_id=cast_by)
        .first()
    )
    if elector is None:
        raise BallotUnknown
    choice = written(
        vote.choice,
        method=Method(ballot.method),
        options=options_of(ballot),
        most=ballot.most_choices,
    )
    if len(set(vote.codes)) != elector.votes or any(code.version != 4 for code in vote.codes):
        raise CodesUnusable
    if elector.channel and (again := cast_before(ballot, elector, vote.codes, choice)):
        return again
    check_time(ballot, cast_at)
    if elector.channel and not ballot.may_change:
        raise AlreadyVoted
    if ballot.secret and UrnPaper.objects.filter(elector=elector).exists():
        raise PaperInUrn
    elector.channel, elector.present = channel, True
    elector.save(update_fields=["channel", "present"])
    choices = [choice] * elector.votes
    try:
        with transaction.atomic():
            if ballot.secret:
                return _receipt(ballot.id, _keep_secretly(elector, vote.codes, choices))
            keep_openly(elector, vote.codes, choices, cast_by=cast_by, cast_at=cast_at)
    except IntegrityError as mistake:
        raise CodesUnusable from mistake
    return receipt(ballot_id=ballot.id, codes=vote.codes)


def keep_openly(
    elector: Elector,
    codes: Sequence[UUID],
    choices: Sequence[str],
    *,
    cast_by: UUID,
    cast_at: datetime,
) -> None:
    """Keep an elector's open votes in place of those before; the log keeps both."""
    before = OpenVote.objects.filter(elector=elector)
    ReplacedVote.objects.bulk_create(
        ReplacedVote(code=code, ballot_id=elector.ballot_id)
        for code in before.values_list("code", flat=True)
    )
    before.delete()
    votes = [
        OpenVote(
            code=code, elector=elector, unit=unit, choice=choice, cast_by=cast_by, cast_at=cast_at
        )
        for unit, (code, choice) in enumerate(zip(codes, choices, strict=True), start=1)
    ]
    OpenVote.objects.bulk_create(votes)
    transparency.record([open_leaf(each) for each in votes])


def _keep_secretly(
    elector: Elector, codes: Sequence[UUID], choices: Sequence[str]
) -> list[SecretVote]:
    """Keep secret votes apart from their elector; their leaves enter the log at the close."""
    votes = [
        SecretVote(
            code=code,
            ballot_id=elector.ballot_id,
            financing=elector.financing,
            choice=choice,
            salt=os.urandom(SALT_BYTES),
        )
        for code, choice in zip(codes, choices, strict=True)
    ]
    return SecretVote.objects.bulk_create(votes)


def check_time(ballot: Ballot, now: datetime) -> None:
    """Raises: BallotNotOpen, BallotClosed."""
    if now < ballot.opens_at:
        raise BallotNotOpen
    closed = Closing.objects.filter(pk=ballot.id).exists()
    if closed or (ballot.closes_at is not None and now >= ballot.closes_at):
        raise BallotClosed


def cast_before(
    ballot: Ballot, elector: Elector, codes: Sequence[UUID], choice: str
) -> Receipt | None:
    """Return the receipt of these very votes if they were cast before: a try was repeated."""
    if not ballot.secret:
        kept = OpenVote.objects.filter(elector=elector, code__in=codes, choice=choice)
        if kept.count() != len(codes):
            return None
        return receipt(ballot_id=ballot.id, codes=codes)
    votes = SecretVote.objects.filter(ballot=ballot, choice=choice).in_bulk(codes)
    if len(votes) != len(codes):
        return None
    return _receipt(ballot.id, [votes[code] for code in codes])


def _receipt(ballot_id: UUID, votes: Sequence[SecretVote]) -> Receipt:
    entries = [
        entry(kind="B", salt=bytes(each.salt), payload=secret_leaf(each).payload) for each in votes
    ]
    return receipt(ballot_id=ballot_id, codes=[each.code for each in votes], entries=entries)
