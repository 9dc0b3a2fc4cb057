"""Recording what bodies decided outside this software, and letting their policies run."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.governance.forms import AdoptionIn, ResolutionIn
from reciproca.governance.models import Adoption, Policy, Resolution
from reciproca.governance.rules import canonical, digest
from reciproca.governance.schemas import schema_of
from reciproca.shared.documents import keep_pdf
from reciproca.shared.errors import DomainError
from reciproca.shared.models import Document
from reciproca.transparency import actions as transparency
from reciproca.transparency.rules.leaves import leaf

EXTERNAL = "external"
"""How a policy is adopted as long as assemblies meet outside this software."""


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
def adopt_policy(*, adoption: AdoptionIn, recorded_by: UUID | None, recorded_at: datetime) -> str:
    """
    Let a policy run from a day on, because a body resolved so, and return the hash that names it.

    The room of its kind must understand it; its canonical text is what runs and what is published.
    The same adoption sent again changes nothing.

    Raises: PolicyKindUnknown and what the kind's own check raises, NumberNotExact,
    LegalBasisMissing, InForceTooEarly, DayTaken, what `record_resolution` and
    `shared.documents.keep_pdf` raise.
    Source: docs/rules/policies.md
    """
    schema = schema_of(adoption.document.get("kind"))
    schema.check(adoption.document)
    _check_ground(adoption)
    policy = _keep_policy(adoption, recorded_at)
    resolution = _resolution(adoption.resolution, recorded_by, recorded_at)
    try:
        with transaction.atomic():
            made = Adoption.objects.create(
                policy=policy,
                kind=schema.kind,
                in_force_on=adoption.in_force_on,
                adopted_by=EXTERNAL,
                resolution=resolution,
                legal_basis=adoption.legal_basis.strip(),
                legal_basis_confirmed_by=adoption.legal_basis_confirmed_by.strip(),
                recorded_by=recorded_by,
                recorded_at=recorded_at,
            )
    except IntegrityError as mistake:
        # A form that was sent twice says what is already there.
        if not Adoption.objects.filter(
            policy=policy, in_force_on=adoption.in_force_on, resolution=resolution
        ).exists():
            raise DayTaken from mistake
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
    transparency.record([leaf(kind="P", id=adoption.id, content=content)])


def _check_ground(adoption: AdoptionIn) -> None:
    if not (adoption.legal_basis.strip() and adoption.legal_basis_confirmed_by.strip()):
        raise LegalBasisMissing
    if adoption.in_force_on < adoption.resolution.adopted_on:
        raise InForceTooEarly(adopted_on=f"{adoption.resolution.adopted_on:%d/%m/%Y}")


def _keep_policy(adoption: AdoptionIn, recorded_at: datetime) -> Policy:
    text = canonical(adoption.document)
    policy, _is_new = Policy.objects.get_or_create(
        digest=digest(text),
        defaults={
            "kind": str(adoption.document["kind"]),
            "title": str(adoption.document["title"]),
            "document": text,
            "recorded_at": recorded_at,
        },
    )
    return policy


def _resolution(
    stated: ResolutionIn, recorded_by: UUID | None, recorded_at: datetime
) -> Resolution:
    """Record the resolution with its minutes; one that is known may carry a second policy."""
    known = Resolution.objects.filter(
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
