"""Recording what bodies decided, here or outside, and letting their policies run."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.governance.forms import AdoptionIn, ResolutionIn, VotedResolution
from reciproca.governance.models import Adoption, Policy, Resolution
from reciproca.governance.rules import canonical, digest
from reciproca.governance.schemas import schema_of
from reciproca.shared.documents import keep_pdf
from reciproca.shared.errors import DomainError
from reciproca.shared.locks import wait_for_turn
from reciproca.shared.models import Document
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf

EXTERNAL, BALLOT = "external", "ballot"
"""How a policy was adopted: outside this software, or by a ballot of ours."""


SHOWN_OF_DIGEST = 12


class ProtocolMissing(DomainError):
    code = "protocol-missing"
    message = _("Scrivi il numero di protocollo della delibera: è così che si ritrova.")
    status = 422


class TitleMissing(DomainError):
    code = "title-missing"
    message = _("Scrivi che cosa è stato deliberato, in una riga.")
    status = 422


class ResolutionInFuture(DomainError):
    code = "resolution-in-future"
    message = _("La delibera porta una data futura: scrivi il giorno in cui è stata presa.")
    status = 422


class ResolutionAlreadyRecorded(DomainError):
    code = "resolution-already-recorded"
    message = _("Questa delibera è già registrata, con lo stesso protocollo e la stessa data.")


class LegalBasisMissing(DomainError):
    code = "legal-basis-missing"
    message = _("Scrivi su quale base giuridica si applicano i criteri e chi l’ha confermata.")
    status = 422


class InForceTooEarly(DomainError):
    code = "in-force-too-early"
    message = _("I criteri non possono valere da prima della delibera, che è del %(adopted_on)s.")
    status = 422


class DayTaken(DomainError):
    code = "in-force-day-taken"
    message = _(
        "Da quel giorno valgono già altri criteri dello stesso tipo: scegli un altro giorno."
    )


class NotTheVotedText(DomainError):
    code = "not-the-voted-text"
    message = _(
        "Questo non è il testo che è stato votato: la delibera %(number)s nomina l’impronta"
        " %(voted)s…, e il documento ha l’impronta %(given)s…. Anche una sola lettera cambiata la"
        " cambia: riprendi il testo della delibera, oppure fai votare quello nuovo."
    )
    status = 422


class AlreadyRuns(DomainError):
    code = "resolution-already-adopted"
    message = _(
        "Questa delibera ha già fatto valere i suoi criteri, dal %(day)s: per farli valere da un"
        " altro giorno ne serve una nuova."
    )


class NothingToAdopt(DomainError):
    code = "nothing-to-adopt"
    message = _("Questa delibera non adotta criteri.")
    status = 422


@transaction.atomic
def record_resolution(
    *,
    body_id: UUID,
    title: str,
    adopted_on: date,
    protocol_number: str,
    document: Document | None,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> Resolution:
    """
    Record a decision that a body took outside this software, and return it.

    Raises: TitleMissing, ProtocolMissing, ResolutionInFuture, ResolutionAlreadyRecorded.
    """
    if not title.strip():
        raise TitleMissing
    if not protocol_number.strip():
        raise ProtocolMissing
    if adopted_on > timezone.localdate(recorded_at):
        raise ResolutionInFuture
    try:
        with transaction.atomic():
            return Resolution.objects.create(
                body_id=body_id,
                title=title.strip(),
                adopted_on=adopted_on,
                protocol_number=protocol_number.strip(),
                document=document,
                recorded_by=recorded_by,
                recorded_at=recorded_at,
            )
    except IntegrityError as mistake:
        raise ResolutionAlreadyRecorded from mistake


@transaction.atomic
def record_voted_resolution(
    *,
    body_id: UUID,
    title: str,
    text: str,
    ballot_id: UUID,
    policy_digest: str,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> Resolution:
    """
    Record what a ballot decided, under the next number of the body's year, and return it.

    With `policy_digest` it adopts that policy, exactly as it is.
    """
    adopted_on = timezone.localdate(recorded_at)
    wait_for_turn(f"resolutions of {body_id}")
    return Resolution.objects.create(
        body_id=body_id,
        title=title,
        text=text,
        adopted_on=adopted_on,
        protocol_number=_next_number(body_id, adopted_on.year),
        ballot=ballot_id,
        policy_id=policy_digest or None,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )


def _next_number(body_id: UUID, year: int) -> str:
    """Return the first number of a body's year that no resolution has, as `3/2026`."""
    taken = set(
        Resolution.objects.filter(body_id=body_id, adopted_on__year=year).values_list(
            "protocol_number", flat=True
        )
    )
    return next(
        number for each in range(1, len(taken) + 2) if (number := f"{each}/{year}") not in taken
    )


@transaction.atomic
def keep_policy(*, document: Mapping[str, object], recorded_at: datetime) -> str:
    """
    Keep a policy that is to be voted on, for everybody to read, and return its hash.

    Raises: PolicyKindUnknown and what the kind's own check raises, NumberNotExact.
    """
    schema_of(document.get("kind")).check(document)
    return _keep_policy(document, recorded_at).digest


@transaction.atomic
def adopt_policy(*, adoption: AdoptionIn, recorded_by: UUID | None, recorded_at: datetime) -> str:
    """
    Let a policy run from a day on, because a body resolved so, and return the hash that names it.

    The room of its kind must understand it; its canonical text is what runs and what is published.
    The same adoption sent again changes nothing.

    Raises: PolicyKindUnknown and what the kind's own check raises, NumberNotExact,
    LegalBasisMissing, InForceTooEarly, DayTaken, AlreadyRuns, NotTheVotedText, NothingToAdopt,
    what `record_resolution` and `shared.documents.keep_pdf` raise.
    Source: docs/rules/policies.md
    """
    schema = schema_of(adoption.document.get("kind"))
    schema.check(adoption.document)
    if not (adoption.legal_basis.strip() and adoption.legal_basis_confirmed_by.strip()):
        raise LegalBasisMissing
    policy = _keep_policy(adoption.document, recorded_at)
    resolution = _resolution(adoption.resolution, policy, recorded_by, recorded_at)
    if adoption.in_force_on < resolution.adopted_on:
        raise InForceTooEarly(adopted_on=f"{resolution.adopted_on:%d/%m/%Y}")
    try:
        with transaction.atomic():
            made = Adoption.objects.create(
                policy=policy,
                kind=schema.kind,
                in_force_on=adoption.in_force_on,
                adopted_by=BALLOT if resolution.ballot else EXTERNAL,
                resolution=resolution,
                legal_basis=adoption.legal_basis.strip(),
                legal_basis_confirmed_by=adoption.legal_basis_confirmed_by.strip(),
                recorded_by=recorded_by,
                recorded_at=recorded_at,
            )
    except IntegrityError as mistake:
        runs = Adoption.objects.filter(policy=policy, resolution=resolution)
        # A form that was sent twice says what is already there.
        if not runs.filter(in_force_on=adoption.in_force_on).exists():
            first = runs.first() if resolution.ballot else None
            raise (
                AlreadyRuns(day=f"{first.in_force_on:%d/%m/%Y}") if first else DayTaken
            ) from mistake
    else:
        _record(made)
    return policy.digest


def _record(adoption: Adoption) -> None:
    """Let the adoption leave its leaf: which policy runs from when, and by which resolution."""
    resolution = adoption.resolution
    content = {
        "policy": adoption.policy.digest,
        "policy_kind": adoption.kind,
        "in_force_on": adoption.in_force_on.isoformat(),
        "body": str(resolution.body_id),
        "resolved_on": resolution.adopted_on.isoformat(),
        "protocol_number": resolution.protocol_number,
    }
    if resolution.ballot:
        content["ballot"] = str(resolution.ballot)
    transparency.record([leaf(kind="P", id=adoption.id, content=content)])


def _keep_policy(document: Mapping[str, object], recorded_at: datetime) -> Policy:
    text = canonical(document)
    policy, _is_new = Policy.objects.get_or_create(
        digest=digest(text),
        defaults={
            "kind": str(document["kind"]),
            "title": str(document["title"]),
            "document": text,
            "recorded_at": recorded_at,
        },
    )
    return policy


def _resolution(
    stated: ResolutionIn | VotedResolution,
    policy: Policy,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> Resolution:
    if isinstance(stated, VotedResolution):
        return _voted(stated, policy)
    return _external(stated, recorded_by, recorded_at)


def _voted(stated: VotedResolution, policy: Policy) -> Resolution:
    """Return a voted resolution that names this very policy."""
    resolution = Resolution.objects.get(pk=stated.id)
    if resolution.policy_id is None:
        raise NothingToAdopt
    if resolution.policy_id != policy.digest:
        raise NotTheVotedText(
            number=resolution.protocol_number,
            voted=resolution.policy_id[:SHOWN_OF_DIGEST],
            given=policy.digest[:SHOWN_OF_DIGEST],
        )
    return resolution


def _external(stated: ResolutionIn, recorded_by: UUID | None, recorded_at: datetime) -> Resolution:
    """
    Record the resolution with its minutes; one that is known may carry a second policy.

    One that was voted here is not taken by its number: it adopts the text that was voted.
    """
    known = Resolution.objects.filter(
        ballot=None,
        body_id=stated.body_id,
        protocol_number=stated.protocol_number.strip(),
        adopted_on=stated.adopted_on,
    ).first()
    if known is not None:
        return known
    document = None
    if stated.document_name:
        document = keep_pdf(
            name=stated.document_name, content=stated.document, added_by=recorded_by
        )
    return record_resolution(
        body_id=stated.body_id,
        title=stated.title,
        adopted_on=stated.adopted_on,
        protocol_number=stated.protocol_number,
        document=document,
        recorded_by=recorded_by,
        recorded_at=recorded_at,
    )
