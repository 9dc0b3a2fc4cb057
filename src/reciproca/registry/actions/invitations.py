"""Invitations: a link that lets somebody who is not in yet act for an organisation."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.registry.actions.mandates import grant_mandate
from reciproca.registry.models import Invitation, Node
from reciproca.registry.rules import NameMissing, check_role, key_digest
from reciproca.shared.errors import DomainError

VALID_FOR = timedelta(days=7)
_SECRET_BYTES = 24


class InvitationOver(DomainError):
    code = "invitation-over"
    message = _("Questo invito non vale più: chiedine un altro a chi te l’ha dato.")
    status = 404


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made; `secret`, the end of its link, is told this once."""

    id: UUID
    secret: str


def invite(
    *, organisation_id: UUID, role: str, invitee: str, invited_by: UUID, invited_at: datetime
) -> NewInvitation:
    """
    Make a link that lets one person act for an organisation, within a week.

    Raises: NameMissing, rules.RoleNotForKind.
    """
    organisation = Node.objects.get(pk=organisation_id)
    check_role(kind=organisation.kind, role=role)
    if not invitee.strip():
        raise NameMissing
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    made = Invitation.objects.create(
        organisation=organisation,
        role=role,
        invitee=" ".join(invitee.split()),
        digest=key_digest(secret),
        made_by=invited_by,
        made_at=invited_at,
        ends_at=invited_at + VALID_FOR,
    )
    return NewInvitation(made.id, secret)


@transaction.atomic
def accept_invitation(*, secret: str, person_id: UUID, accepted_at: datetime) -> UUID:
    """
    Give the invitation's mandate to a person, and return it; nobody else can take it afterwards.

    Raises: InvitationOver, what `grant_mandate` raises.
    """
    found = Invitation.objects.select_for_update().filter(digest=key_digest(secret)).first()
    if found is None or not _is_open(found, at=accepted_at):
        raise InvitationOver
    mandate_id = grant_mandate(
        person_id=person_id,
        organisation_id=found.organisation_id,
        role=found.role,
        starts_on=localdate(accepted_at),
        granted_by=found.made_by,
        granted_at=accepted_at,
    )
    found.accepted_by_id, found.accepted_at = person_id, accepted_at
    found.save(update_fields=["accepted_by", "accepted_at"])
    return mandate_id


def withdraw_invitation(*, invitation_id: UUID, withdrawn_at: datetime) -> None:
    """Let a link that nobody has used open nothing any more. Raises: InvitationOver."""
    unused = Invitation.objects.filter(pk=invitation_id, accepted_at=None, withdrawn_at=None)
    if not unused.update(withdrawn_at=withdrawn_at):
        raise InvitationOver


def _is_open(found: Invitation, *, at: datetime) -> bool:
    return found.accepted_at is None and found.withdrawn_at is None and at < found.ends_at
