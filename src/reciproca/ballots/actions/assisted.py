"""
Somebody at the desk helps a person to vote.

On an open ballot the helper writes what the person says; it is cast on the person's own proof (the
card's PIN, a phone's code), or once another one of the desk has confirmed it. On a secret ballot
nobody writes for anybody: the person votes alone on the desk's device, and proves to be there.

Source: docs/decisions/0039-votes-by-other-hands.md
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from reciproca.ballots import locks, telling
from reciproca.ballots.actions.casting import (
    BallotUnknown,
    PaperInUrn,
    cast_before,
    cast_vote,
    check_time,
)
from reciproca.ballots.forms import VoteIn
from reciproca.ballots.models import AssistedVote, Ballot, Channel, Elector, UrnPaper
from reciproca.ballots.reading import options_of
from reciproca.ballots.receipts import Receipt
from reciproca.ballots.rules.choices import Method, read, written
from reciproca.registry import actions as registry
from reciproca.registry.actions import AtDesk
from reciproca.registry.queries import names_of
from reciproca.registry.telling import managers_of
from reciproca.shared.errors import DomainError


class AssistsThemselves(DomainError):
    code = "assists-themselves"
    message = _("Questo è il tuo voto: lo esprimi dal tuo accesso, in Votazioni.")


class VotedBefore(DomainError):
    code = "voted-before"
    message = _("Ha già votato: se può ancora cambiare, lo fa dal proprio accesso.")


class AssistedWaits(DomainError):
    code = "assisted-waits"
    message = _("Il suo voto è già scritto e aspetta la conferma: confermalo, o toglilo prima.")


class ProofOrFormMissing(DomainError):
    code = "vote-proof-missing"
    message = _(
        "Serve il PIN della carta o il codice del telefono; se la persona non li ha, scrivi il"
        " numero del modulo che ha firmato."
    )
    status = 422


class ProofNeeded(DomainError):
    code = "vote-proof-needed"
    message = _(
        "Il voto è segreto: serve il PIN della carta o il codice del telefono. Chi non li ha vota"
        " su una scheda di carta."
    )
    status = 422


class NotByTheHelper(DomainError):
    code = "not-by-the-helper"
    message = _("L’hai scritto tu: lo conferma un’altra persona dello sportello.")


class AssistedGone(DomainError):
    code = "assisted-gone"
    message = _("Non aspetta più: è già contato, è stato tolto, o adesso vota qualcun altro.")


def assist_vote(*, vote: VoteIn, proof: str, paper: str, desk: AtDesk) -> Receipt | None:
    """
    Cast a vote for whoever stands at the desk; return its receipt, None while it waits.

    `proof` is typed by the person, `paper` numbers the form that they signed instead. `desk.at` is
    by the database's clock. Call it outside of a transaction: a wrong proof stays counted. Sent
    again with the same codes, a vote that was cast answers the same receipt.

    Raises: BallotUnknown, AssistsThemselves, BallotNotOpen, BallotClosed, VotedBefore, PaperInUrn,
    AssistedWaits, ProofOrFormMissing, ProofNeeded, what `registry.actions.prove_present`,
    `cast_vote` and `rules.choices.written` raise.
    """
    elector, choice = _read(vote)
    if elector.caster_id == desk.operator_id:
        raise AssistsThemselves
    if again := elector.channel and cast_before(elector.ballot, elector, vote.codes, choice):
        return again
    check_time(elector.ballot, desk.at)
    _check_unvoted(elector)
    if proof:
        registry.prove_present(person_id=elector.caster_id, proof=proof, desk=desk)
        return _cast(vote, elector.caster_id, desk)
    if elector.ballot.secret:
        raise ProofNeeded
    if not paper.strip():
        raise ProofOrFormMissing
    _keep_waiting(vote, choice, paper.strip(), desk)
    return None


@transaction.atomic
def confirm_assisted(*, assisted_id: UUID, ballot_id: UUID, desk: AtDesk) -> None:
    """
    Cast a vote that another one of the desk wrote on a signed form.

    Raises: AssistedGone, NotByTheHelper, what `cast_vote` raises.
    """
    locks.for_casting(ballot_id)
    waiting = _waiting(assisted_id, ballot_id)
    electors = Elector.objects.select_for_update(of=["self"]).select_related("ballot")
    elector = electors.get(pk=waiting.elector_id)
    if elector.channel or elector.caster_id != waiting.caster_id:
        raise AssistedGone
    if waiting.assisted_by_id == desk.operator_id:
        raise NotByTheHelper
    vote = VoteIn(
        ballot_id=ballot_id,
        member_id=elector.member_id,
        choice=read(waiting.choice),
        codes=[uuid4() for _unit in range(elector.votes)],
    )
    cast_vote(vote=vote, cast_by=waiting.caster_id, cast_at=desk.at, channel=Channel.ASSISTED)
    waiting.confirmed_by_id, waiting.cast_at, waiting.choice = desk.operator_id, desk.at, ""
    waiting.save(update_fields=["confirmed_by", "cast_at", "choice"])
    _tell(telling.ASSISTED, elector.ballot, [waiting.caster_id], waiting.assisted_by_id, desk.at)


@transaction.atomic
def drop_assisted(*, assisted_id: UUID, ballot_id: UUID) -> None:
    """Throw away a vote that waits for a second person. Raises: AssistedGone."""
    _waiting(assisted_id, ballot_id).delete()


def _read(vote: VoteIn) -> tuple[Elector, str]:
    """Return whose vote it is, and what it says as it is kept."""
    found = Elector.objects.filter(ballot=vote.ballot_id, member_id=vote.member_id)
    elector = found.select_related("ballot").first()
    if elector is None:
        raise BallotUnknown
    ballot = elector.ballot
    options, method = options_of(ballot), Method(ballot.method)
    return elector, written(vote.choice, method=method, options=options, most=ballot.most_choices)


def _check_unvoted(elector: Elector) -> None:
    if elector.channel:
        raise VotedBefore
    if UrnPaper.objects.filter(elector=elector).exists():
        raise PaperInUrn
    if AssistedVote.objects.filter(elector=elector, cast_at=None).exists():
        raise AssistedWaits


def _locked(vote: VoteIn) -> Elector:
    """Return an elector who has not voted and does nothing else meanwhile."""
    locks.for_casting(vote.ballot_id)
    found = Elector.objects.select_for_update(of=["self"]).select_related("ballot")
    elector = found.get(ballot=vote.ballot_id, member_id=vote.member_id)
    _check_unvoted(elector)
    return elector


@transaction.atomic
def _cast(vote: VoteIn, caster: UUID, desk: AtDesk) -> Receipt:
    elector = _locked(vote)
    receipt = cast_vote(vote=vote, cast_by=caster, cast_at=desk.at, channel=Channel.ASSISTED)
    # Of a secret vote nothing more than the roll's own mark is kept.
    if not elector.ballot.secret:
        AssistedVote.objects.create(
            elector=elector,
            caster_id=caster,
            assisted_by_id=desk.operator_id,
            assisted_at=desk.at,
            cast_at=desk.at,
        )
    _tell(telling.ASSISTED, elector.ballot, [caster], desk.operator_id, desk.at)
    return receipt


@transaction.atomic
def _keep_waiting(vote: VoteIn, choice: str, paper: str, desk: AtDesk) -> None:
    elector = _locked(vote)
    check_time(elector.ballot, desk.at)
    AssistedVote.objects.create(
        elector=elector,
        caster_id=elector.caster_id,
        choice=choice,
        paper=paper,
        assisted_by_id=desk.operator_id,
        assisted_at=desk.at,
    )
    ballot, helper = elector.ballot, desk.operator_id
    _tell(telling.ASSISTED_WAITS, ballot, [elector.caster_id], helper, desk.at)
    others = set(managers_of(node_id=desk.organisation_id, at=desk.at)) - {helper}
    _tell(telling.ASSISTED_ASKED, ballot, sorted(others), helper, desk.at)


def _waiting(assisted_id: UUID, ballot_id: UUID) -> AssistedVote:
    found = AssistedVote.objects.select_for_update().filter(
        pk=assisted_id, elector__ballot=ballot_id, cast_at=None
    )
    waiting = found.first()
    if waiting is None:
        raise AssistedGone
    return waiting


def _tell(kind: str, ballot: Ballot, people: list[UUID], helper: UUID, at: datetime) -> None:
    name = names_of([helper])[helper]
    telling.tell(kind=kind, ballot=ballot, people=people, told_at=at, helper=name)
