"""Assemblies as their electors see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from reciproca.assemblies.models import Assembly, Elector, Presence, Proxy, Turn
from reciproca.assemblies.queries.electors import electors_of
from reciproca.assemblies.queries.meetings import ItemRow, agenda, state_of
from reciproca.registry import queries as registry
from reciproca.shared.types import Actor


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An assembly to which somebody was called."""

    id: UUID
    title: str
    body_name: str
    node_id: UUID
    node_name: str
    meets_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class OwnPart:
    """
    What somebody does in an assembly for one line of the roll: their own, or an organisation's.

    `given` is who represents it; `held` are those whom it represents.
    """

    elector: Elector
    is_own: bool
    proxy_id: UUID | None
    given_to: str
    held: Sequence[str]
    is_there: bool
    is_remote: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class OwnAssembly:
    """All that an elector needs of an assembly."""

    assembly: Assembly
    state: str
    items: Sequence[ItemRow]
    parts: Sequence[OwnPart]


def acting_for(*, person_id: UUID, on: date) -> list[UUID]:
    """Return for whom a person may vote: themselves, and organisations that they manage."""
    mandates = registry.mandates_of(person_id=person_id, on=on)
    return [person_id, *(row.organisation_id for row in mandates if row.role == "manager")]


def runs_for(actor: Actor, /) -> UUID | None:
    """Return the organisation whose assemblies somebody runs; None for a till or a member."""
    return actor.node_id if actor.role in ("manager", "officer") else None


def own_assemblies(*, person_id: UUID, on: date) -> list[OwnRow]:
    """Return the assemblies to which somebody was called, the latest first; two SQL queries."""
    found = Assembly.objects.filter(
        called_at__isnull=False,
        electors__member__in=acting_for(person_id=person_id, on=on),
    ).select_related("body__node")
    return [
        OwnRow(
            id=row.id,
            title=row.title,
            body_name=row.body.name,
            node_id=row.body.node_id,
            node_name=row.body.node.name,
            meets_at=row.first_call_at,
            state=state_of(row),
        )
        for row in found.distinct().order_by("-first_call_at", "-id")[:100]
    ]


def own_assembly(*, assembly_id: UUID, person_id: UUID, on: date) -> OwnAssembly | None:
    """Return an assembly for one of its electors, None for anybody else; fifteen SQL queries."""
    found = Assembly.objects.select_related("body__node", "statute", "chair", "secretary")
    assembly = found.filter(pk=assembly_id, called_at__isnull=False).first()
    if assembly is None:
        return None
    electors = electors_of(assembly_id=assembly_id, person_id=person_id, on=on)
    if not electors:
        return None
    return OwnAssembly(
        assembly=assembly,
        state=state_of(assembly),
        items=agenda(assembly_id=assembly_id),
        parts=[_part(elector, person_id) for elector in electors],
    )


def _part(elector: Elector, person_id: UUID) -> OwnPart:
    live = Proxy.objects.filter(revoked_at=None)
    given = live.filter(giver=elector).select_related("holder__member").first()
    held = live.filter(holder=elector).order_by("given_at", "id")
    there = Presence.objects.filter(elector=elector, left_at=None).first()
    return OwnPart(
        elector=elector,
        is_own=elector.member_id == person_id,
        proxy_id=given.pk if given else None,
        given_to=given.holder.member.name if given else "",
        held=list(held.values_list("giver__member__name", flat=True)),
        is_there=there is not None,
        is_remote=there is not None and there.where == "remote",
        asks=Turn.objects.filter(elector=elector, ended_at=None).exists(),
    )
