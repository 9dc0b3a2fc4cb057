"""Invitations: what a link says, and which ones an organisation still waits for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from reciproca.registry.models import Invitation
from reciproca.registry.rules import key_digest


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that somebody may still take."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    invitee: str
    role_title: str
    ends_at: datetime


def invitation_of(*, secret: str, at: datetime) -> InvitationRow | None:
    """Return the invitation that a link tells of, None if it is over, in one SQL query."""
    return _first(_open(at).filter(digest=key_digest(secret)))


def invitation(*, invitation_id: UUID, at: datetime) -> InvitationRow | None:
    """Return an invitation that still waits, None for any other, in one SQL query."""
    return _first(_open(at).filter(pk=invitation_id))


def invitations_for(*, organisation_id: UUID, at: datetime) -> list[InvitationRow]:
    """Return whom an organisation waits for, the latest first, in one SQL query."""
    waiting = _open(at).filter(organisation_id=organisation_id)
    return [_row(each) for each in waiting.order_by("-made_at", "id")]


def _open(at: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, ends_at__gt=at, organisation__closed_at=None
    ).select_related("organisation")


def _first(found: QuerySet[Invitation]) -> InvitationRow | None:
    row = found.first()
    return _row(row) if row else None


def _row(found: Invitation) -> InvitationRow:
    return InvitationRow(
        id=found.id,
        organisation_id=found.organisation_id,
        organisation_name=found.organisation.name,
        invitee=found.invitee,
        role_title=found.get_role_display(),
        ends_at=found.ends_at,
    )
