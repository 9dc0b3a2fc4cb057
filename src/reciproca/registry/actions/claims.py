"""A person says that an organisation of the directory is theirs to manage; an officer decides."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.actions.mandates import grant_mandate
from reciproca.registry.models import Claim, ClaimState, Community, Node, NodeKind, Role
from reciproca.registry.queries.doubles import KINDS, has_manager, open_claim
from reciproca.registry.telling import CLAIM_REFUSED, CLAIMED, managers_of
from reciproca.shared.errors import DomainError

LONGEST = 300


class NotToBeClaimed(DomainError):
    code = "not-to-be-claimed"
    message = _("Questa scheda è già di qualcuno: chiedi a chi la gestisce di darti un incarico.")


class AlreadyClaimed(DomainError):
    code = "already-claimed"
    message = _("La tua richiesta è già arrivata: ti rispondono qui.")


class WordsMissing(DomainError):
    code = "words-missing"
    message = _("Scrivi due parole: servono a chi legge.")
    status = 422


class ClaimDecided(DomainError):
    code = "claim-decided"
    message = _("A questa richiesta qualcuno ha già risposto.")


@transaction.atomic
def claim_organisation(
    *, organisation_id: UUID, person_id: UUID, words: str, claimed_at: datetime
) -> UUID:
    """
    Ask to manage an organisation that nobody manages; the federation's officers are told.

    Raises: WordsMissing, NotToBeClaimed, AlreadyClaimed.
    """
    told = _told(words)
    organisation = (
        Node.objects.select_for_update()
        .filter(pk=organisation_id, kind__in=KINDS, closed_at=None)
        .first()
    )
    if organisation is None or has_manager(
        organisation_id=organisation_id, on=localdate(claimed_at)
    ):
        raise NotToBeClaimed
    if open_claim(person_id=person_id, organisation_id=organisation_id):
        raise AlreadyClaimed
    person = Node.objects.get(pk=person_id, kind=NodeKind.PERSON)
    claim = Claim.objects.create(
        organisation=organisation, person=person, words=told, claimed_at=claimed_at
    )
    tell(
        recipients=managers_of(node_id=Community.objects.get().federation_id, at=claimed_at),
        kind=CLAIMED,
        told_at=claimed_at,
        params={"person": person.name, "organisation": organisation.name},
        url="/claims/",
    )
    return claim.id


@transaction.atomic
def decide_claim(
    *, claim_id: UUID, accepted: bool, answer: str, decided_by: UUID, decided_at: datetime
) -> None:
    """
    Let a person manage the organisation they claim, or say why not.

    Raises: ClaimDecided, WordsMissing (no reason for a refusal), NotToBeClaimed, what
    `grant_mandate` raises, Claim.DoesNotExist.
    """
    claim = Claim.objects.select_for_update().select_related("organisation").get(pk=claim_id)
    if claim.state != ClaimState.OPEN:
        raise ClaimDecided
    if accepted:
        if claim.organisation.closed_at is not None:
            raise NotToBeClaimed
        grant_mandate(
            person_id=claim.person_id,
            organisation_id=claim.organisation_id,
            role=Role.MANAGER,
            starts_on=localdate(decided_at),
            granted_by=decided_by,
            granted_at=decided_at,
        )
    else:
        tell(
            recipients=[claim.person_id],
            kind=CLAIM_REFUSED,
            told_at=decided_at,
            params={"organisation": claim.organisation.name, "note": _told(answer)},
        )
    claim.state = ClaimState.ACCEPTED if accepted else ClaimState.REFUSED
    claim.answer = " ".join(answer.split())[:LONGEST]
    claim.decided_by, claim.decided_at = decided_by, decided_at
    claim.save(update_fields=["state", "answer", "decided_by", "decided_at"])


def _told(words: str) -> str:
    told = " ".join(words.split())[:LONGEST]
    if not told:
        raise WordsMissing
    return told
