"""
What is put to the vote: motions, and amendments as versions of their text.

Source: docs/rules/assembly.md
"""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.actions.common import AlreadyOver, locked, locked_draft
from reciproca.assemblies.actions.drafting import TitleMissing
from reciproca.assemblies.actions.voting import void_open_vote
from reciproca.assemblies.forms import MotionIn
from reciproca.assemblies.models import (
    Assembly,
    BodyKind,
    Candidate,
    Item,
    Motion,
    MotionKind,
    MotionText,
)
from reciproca.assemblies.queries.bodies import statute_on
from reciproca.governance import queries as governance
from reciproca.shared.errors import DomainError

LONGEST_TEXT = 20_000
MOST_CANDIDATES = 100


class TextMissing(DomainError):
    code = "motion-text-missing"
    message = _("Scrivi il testo intero: è quello che i soci leggono e votano.")
    status = 422


class TextTooLong(DomainError):
    code = "motion-text-too-long"
    message = _("Il testo supera %(most)s caratteri: mettilo in un allegato e qui il dispositivo.")
    status = 422


class CandidatesMissing(DomainError):
    code = "candidates-missing"
    message = _("Un’elezione ha almeno tante persone quanti sono i posti, e non più di %(most)s.")
    status = 422


class PolicyMissing(DomainError):
    code = "policy-missing"
    message = _("Scegli i criteri che si votano: prima si scrivono in Politiche e si tengono lì.")
    status = 422


class PolicyNotHere(DomainError):
    code = "policy-not-here"
    message = _("I criteri li adotta un’assemblea: un consiglio o un comitato può solo proporli.")
    status = 422


class MajorityOutOfRange(DomainError):
    code = "majority-out-of-range"
    message = _("La maggioranza speciale va da oltre la metà a tutti i voti: per esempio 2/3.")
    status = 422


class MotionDecided(DomainError):
    code = "motion-decided"
    message = _("Su questa proposta si è già votato: il testo resta quello.")


class NothingChanges(DomainError):
    code = "nothing-changes"
    message = _("L’emendamento è uguale al testo che c’è: cambia qualcosa.")
    status = 422


class AmendmentOutOfDate(DomainError):
    code = "amendment-out-of-date"
    message = _(
        "Nel frattempo è stato accolto un altro emendamento: riscrivi questo sul testo nuovo."
    )


class NotAmendable(DomainError):
    code = "not-amendable"
    message = _(
        "I criteri si votano in blocco, con la loro impronta: per cambiarli si fa un’altra"
        " proposta."
    )


@transaction.atomic
def propose_motion(
    *, item_id: UUID, motion: MotionIn, proposed_by: UUID | None, proposed_at: datetime
) -> Motion:
    """
    Put something to decide on a point of the agenda; after the call no new motion comes in.

    A motion on a policy names its hash.

    Raises: AlreadyCalled, TitleMissing, TextMissing, TextTooLong, CandidatesMissing, PolicyMissing,
    PolicyNotHere, MajorityOutOfRange.
    """
    _check(motion)
    item = Item.objects.get(pk=item_id)
    assembly = locked_draft(item.assembly_id)
    if motion.kind == MotionKind.POLICY and assembly.body.kind != BodyKind.ASSEMBLY:
        raise PolicyNotHere
    last = item.motions.aggregate(last=Max("number"))["last"] or 0
    made = Motion.objects.create(
        item=item,
        number=last + 1,
        kind=motion.kind,
        title=motion.title.strip(),
        secret=_secret(assembly, motion),
        majority=str(motion.majority) if motion.majority else "",
        policy_id=motion.policy_digest if motion.kind == MotionKind.POLICY else None,
        seats=motion.seats,
        proposed_by=proposed_by,
        proposed_at=proposed_at,
    )
    text = motion.text.strip()
    if motion.kind == MotionKind.POLICY:
        text = text or _now("Adottare i criteri con l’impronta %(digest)s.") % {
            "digest": motion.policy_digest
        }
    _add_text(made, number=1, base=1, text=text, by=proposed_by, at=proposed_at)
    Candidate.objects.bulk_create(
        Candidate(motion=made, person_id=person) for person in dict.fromkeys(motion.candidates)
    )
    return made


@transaction.atomic
def withdraw_motion(*, motion_id: UUID) -> None:
    """Take a motion off the agenda before the call. Raises: AlreadyCalled."""
    motion = Motion.objects.select_related("item").get(pk=motion_id)
    locked_draft(motion.item.assembly_id)
    # Nobody has read it yet: a draft leaves nothing behind.
    motion.candidates.all().delete()
    MotionText.objects.filter(motion=motion).delete()
    motion.delete()


@transaction.atomic
def amend_motion(
    *,
    motion_id: UUID,
    text: str,
    reason: str,
    proposed_for: UUID | None,
    proposed_by: UUID | None,
    proposed_at: datetime,
) -> MotionText:
    """
    Propose another version of a motion's whole text, for a person if they are named.

    Raises: AlreadyOver, MotionDecided, NotAmendable, TextMissing, TextTooLong, NothingChanges.
    """
    motion = _open_motion(motion_id)
    text = text.strip()
    _check_text(text)
    if text == motion.texts.get(number=motion.text_number).text:
        raise NothingChanges
    last = motion.texts.aggregate(last=Max("number"))["last"]
    return _add_text(
        motion,
        number=last + 1,
        base=motion.text_number,
        text=text,
        by=proposed_by,
        at=proposed_at,
        reason=reason.strip(),
        for_whom=proposed_for,
    )


@transaction.atomic
def accept_amendment(
    *, motion_id: UUID, number: int, accepted_by: UUID | None, accepted_at: datetime
) -> None:
    """
    Let an amendment become the text that is put to the vote.

    Votes that were cast already were about another text: they become void, and the electors are
    told to vote again.

    Raises: AlreadyOver, MotionDecided, AmendmentOutOfDate.
    """
    motion = _open_motion(motion_id)
    amendment = motion.texts.filter(number=number).first()
    if amendment is None or amendment.base != motion.text_number or number <= motion.text_number:
        raise AmendmentOutOfDate
    void_open_vote(
        motion=motion,
        because=_now("Il testo è cambiato dopo l’apertura"),
        voided_by=accepted_by,
        voided_at=accepted_at,
    )
    Motion.objects.filter(pk=motion_id).update(text_number=number)


def _open_motion(motion_id: UUID) -> Motion:
    motion = Motion.objects.select_related("item").get(pk=motion_id)
    if locked(motion.item.assembly_id).closed_at:
        raise AlreadyOver
    motion.refresh_from_db(fields=["text_number"])
    if motion.kind == MotionKind.POLICY:
        raise NotAmendable
    if motion.ballots.filter(closed_at__isnull=False, void_because="").exists():
        raise MotionDecided
    return motion


def _add_text(
    motion: Motion,
    *,
    number: int,
    base: int,
    text: str,
    by: UUID | None,
    at: datetime,
    reason: str = "",
    for_whom: UUID | None = None,
) -> MotionText:
    return MotionText.objects.create(
        motion=motion,
        number=number,
        base=base,
        text=text,
        reason=reason,
        proposed_for_id=for_whom,
        proposed_by=by,
        proposed_at=at,
    )


def _secret(assembly: Assembly, motion: MotionIn) -> bool:
    """Return whether the vote is secret: on persons it is, unless the statute says otherwise."""
    if motion.secret is not None:
        return motion.secret
    statute = statute_on(body_id=assembly.body_id, on=localdate(assembly.first_call_at))
    return motion.kind == MotionKind.ELECTION and (statute is None or statute.secret_for_persons)


def _check(motion: MotionIn) -> None:
    if not motion.title.strip():
        raise TitleMissing
    if motion.majority is not None and not Fraction(1, 2) < motion.majority <= 1:
        raise MajorityOutOfRange
    if motion.kind == MotionKind.RESOLUTION:
        _check_text(motion.text.strip())
    if motion.kind == MotionKind.POLICY and not governance.is_kept(digest=motion.policy_digest):
        raise PolicyMissing
    if motion.kind == MotionKind.ELECTION and not (
        1 <= motion.seats <= len(set(motion.candidates)) <= MOST_CANDIDATES
    ):
        raise CandidatesMissing(most=MOST_CANDIDATES)


def _check_text(text: str) -> None:
    if not text:
        raise TextMissing
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(most=LONGEST_TEXT)
