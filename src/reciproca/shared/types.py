"""Who asks for something: the actor of a request, and the request that carries it."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

Role = Literal["member", "till", "manager", "officer"]


MANDATE_KEY = "mandate_id"
"""Where the session keeps for whom somebody acts; absent when for themselves."""


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who somebody is at this moment, and for whom they act.

    A stranger has no role. A member acts for themselves: `node_id` is None. A till operator, a
    manager or an officer acts for the organisation `node_id`.
    """

    user_id: UUID | None = None
    person_id: UUID | None = None
    role: Role | None = None
    node_id: UUID | None = None


STRANGER = Actor()


class MemberRequest(HttpRequest):
    """A request after the middleware: its actor is known, htmx's headers are read."""

    actor: Actor
    htmx: HtmxDetails
