"""Who calls: an organisation's own software, with the key that its manager created."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from reciproca.registry import queries as registry
from reciproca.shared.types import Actor


class OrganisationKey(HttpBearer):
    """
    `Authorization: Bearer KEY`; the request then acts for the key's organisation, as one of its
    tills.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        holder = registry.holder_of_key(secret=token)
        return Actor(role="till", node_id=holder.organisation_id) if holder else None
