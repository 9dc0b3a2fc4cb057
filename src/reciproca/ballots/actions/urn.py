"""
The urn of a secret ballot: who put a paper in is one thing, what papers say is another.

Whoever puts a paper in is written down at once, so that nobody votes twice. The urn is counted
without names, by two people apart, and must hold as many votes as those people have.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.ballots import locks, telling
from reciproca.ballots.actions.casting import (
    AlreadyVoted,
    BallotClosed,
    BallotUnknown,
    PaperInUrn,
    check_time,
)
from reciproca.ballots.actions.readings import Reading, read
from reciproca.ballots.forms import UrnIn
from reciproca.ballots.models import Ballot, Channel, Closing, Elector, SecretVote, UrnPaper
from reciproca.shared.errors import DomainError
from reciproca.transparency.rules.leaves import SALT_BYTES, canonical

AT_ONCE = 5_000


class UrnOfOpenBallot(DomainError):
    code = "urn-of-open-ballot"
    message = _("Il voto è palese: le schede si inseriscono coi nomi, senza urna.")


class UrnUnbalanced(DomainError):
    code = "urn-unbalanced"
    message = _(
        "I voti sulle schede sono %(papers)s, quelli di chi ha messo una scheda nell’urna"
        " %(votes)s: rileggi le schede, o guarda chi manca nell’elenco."
    )
    status = 422


class NotInUrn(DomainError):
    code = "not-in-urn"
    message = _("La sua scheda non è nell’urna, oppure l’urna è già stata contata.")


@transaction.atomic
def put_in_urn(*, ballot_id: UUID, member_id: UUID, put_by: UUID, put_at: datetime) -> None:
    """
    Write down that an elector's paper is in the urn: from now on they vote in no other way.

    Whoever casts the elector's vote is told. `put_by` is the person at the urn.

    Raises: BallotUnknown, UrnOfOpenBallot, BallotNotOpen, BallotClosed, AlreadyVoted, PaperInUrn.
    """
    ballot = locks.for_casting(ballot_id)
    elector = _elector(ballot, member_id)
    assert ballot is not None
    if not ballot.secret:
        raise UrnOfOpenBallot
    check_time(ballot, put_at)
    if elector.channel:
        raise AlreadyVoted
    _paper, is_new = UrnPaper.objects.get_or_create(
        elector=elector, defaults={"put_by": put_by, "put_at": put_at}
    )
    if not is_new:
        raise PaperInUrn
    telling.tell(kind=telling.IN_THE_URN, ballot=ballot, people=[elector.caster_id], told_at=put_at)


@transaction.atomic
def take_from_urn(*, ballot_id: UUID, member_id: UUID) -> None:
    """Take back a line that was written by mistake. Raises: BallotUnknown, NotInUrn."""
    elector = _elector(locks.for_casting(ballot_id), member_id)
    if not UrnPaper.objects.filter(elector=elector).delete()[0]:
        raise NotInUrn


@transaction.atomic
def count_urn(*, urn: UrnIn, entered_by: UUID, entered_at: datetime) -> Reading:
    """
    Enter what the papers of an urn say, and return what came of it.

    Until the ballot is closed, also after its hour: nobody puts a paper in any more by then.

    Raises: BallotUnknown, UrnOfOpenBallot, BallotClosed, UrnUnbalanced.
    """
    ballot = locks.for_papers(urn.ballot_id)
    if ballot is None:
        raise BallotUnknown
    if not ballot.secret:
        raise UrnOfOpenBallot
    if Closing.objects.filter(pk=ballot.id).exists():
        raise BallotClosed
    electors = list(
        Elector.objects.select_for_update(of=["self"])
        .filter(ballot=ballot, financing=urn.financing, urn_paper__isnull=False)
        .order_by("id")
    )
    votes, papers = sum(each.votes for each in electors), sum(urn.papers.values())
    if not votes or votes != papers:
        raise UrnUnbalanced(papers=papers, votes=votes)
    outcome = read(
        ballot=ballot,
        financing=urn.financing,
        content=canonical(
            {choice: count for choice, count in urn.papers.items() if count}
        ).decode(),
        entered_by=entered_by,
        entered_at=entered_at,
    )
    if outcome is Reading.COUNTED:
        _count(ballot, electors, urn)
    return outcome


def _elector(ballot: Ballot | None, member_id: UUID) -> Elector:
    """Return an elector who does nothing else meanwhile. Raises: BallotUnknown."""
    found = Elector.objects.select_for_update().filter(ballot=ballot, member_id=member_id)
    elector = found.first() if ballot is not None else None
    if elector is None:
        raise BallotUnknown
    return elector


def _count(ballot: Ballot, electors: Sequence[Elector], urn: UrnIn) -> None:
    """Let each paper be a vote, and each of these people have voted; nothing joins the two."""
    lines = [each.id for each in electors]
    UrnPaper.objects.filter(elector__in=lines).delete()
    Elector.objects.filter(pk__in=lines).update(channel=Channel.PAPER, present=True)
    SecretVote.objects.bulk_create(
        (
            SecretVote(
                code=uuid4(),
                ballot=ballot,
                financing=urn.financing,
                choice=choice,
                salt=os.urandom(SALT_BYTES),
            )
            for choice, count in urn.papers.items()
            for _paper in range(count)
        ),
        batch_size=AT_ONCE,
    )
