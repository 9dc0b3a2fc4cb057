"""API keys: shown once, kept only as a digest."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.registry.models import ApiKey
from reciproca.registry.rules import NameMissing, key_digest
from reciproca.shared.errors import DomainError

PREFIX = "reciproca_"
"""So that a key left in a file can be recognised for what it is."""

_SECRET_BYTES = 32


class KeyRevoked(DomainError):
    code = "key-revoked"
    message = _("Questa chiave è già stata revocata.")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `secret` is told this once."""

    id: UUID
    secret: str


def create_api_key(
    *, organisation_id: UUID, name: str, created_by: UUID | None, created_at: datetime
) -> NewKey:
    """Make a key with which an organisation's own software calls the API. Raises: NameMissing."""
    if not name.strip():
        raise NameMissing
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey.objects.create(
        organisation_id=organisation_id,
        name=name.strip(),
        digest=key_digest(secret),
        created_by=created_by,
        created_at=created_at,
    )
    return NewKey(id=key.id, secret=secret)


def revoke_api_key(*, key_id: UUID, revoked_by: UUID, revoked_at: datetime) -> None:
    """Let a key open nothing any more. Raises: KeyRevoked."""
    live = ApiKey.objects.filter(pk=key_id, revoked_at=None)
    if not live.update(revoked_by=revoked_by, revoked_at=revoked_at):
        raise KeyRevoked
