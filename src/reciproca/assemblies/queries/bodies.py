"""Bodies and their statutes, as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q

from reciproca.assemblies.models import Assembly, Body, PluralVote, Seat, Statute


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body of an organisation; `meets_at` is its next assembly that is called, if any."""

    id: UUID
    name: str
    kind_title: str
    has_statute: bool
    meets_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatRow:
    """Somebody who sits in a body today or will."""

    id: UUID
    name: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class PluralRow:
    """How many votes a member has, and why."""

    name: str
    votes: int
    in_force_on: date
    ground: str


@dataclass(frozen=True, slots=True)
class BodyPage:
    """A body with all that is known of it; `statute` is the one of today, None without any."""

    body: Body
    statute: Statute | None
    statutes: Sequence[Statute]
    seats: Sequence[SeatRow]
    plural_votes: Sequence[PluralRow]
    assemblies: Sequence[Assembly]


def statute_on(*, body_id: UUID, on: date) -> Statute | None:
    """Return the statute of a body on a day: the last to come into force; one SQL query."""
    known = Statute.objects.filter(in_force_on__lte=on, body_id=body_id)
    return known.order_by("-in_force_on", "-recorded_at", "-id").first()


def bodies_of(*, node_id: UUID, now: datetime) -> list[BodyRow]:
    """Return the bodies of an organisation, by name, in one SQL query."""
    coming = Q(assemblies__called_at__isnull=False, assemblies__first_call_at__gte=now)
    bodies = Body.objects.filter(node_id=node_id).annotate(
        statute_from=Max("statutes__in_force_on"),
        meets_at=Max("assemblies__first_call_at", filter=coming),
    )
    return [
        BodyRow(
            id=body.id,
            name=body.name,
            kind_title=body.get_kind_display(),
            has_statute=body.statute_from is not None,
            meets_at=body.meets_at,
        )
        for body in bodies.order_by("name", "id")
    ]


def body_of(*, body_id: UUID, node_id: UUID) -> Body | None:
    """Return a body of this very organisation, in one SQL query."""
    return Body.objects.select_related("node").filter(pk=body_id, node_id=node_id).first()


def body_page(*, body_id: UUID, node_id: UUID, on: date) -> BodyPage | None:
    """Return a body's page, None for one that is another organisation's; six SQL queries."""
    body = body_of(body_id=body_id, node_id=node_id)
    if body is None:
        return None
    seats = Seat.objects.filter(body=body).exclude(ends_on__lt=on).select_related("person")
    votes = PluralVote.objects.filter(body=body).select_related("member")
    latest = {row.member_id: row for row in votes.order_by("in_force_on", "recorded_at", "id")}
    return BodyPage(
        body=body,
        statute=statute_on(body_id=body_id, on=on),
        statutes=list(body.statutes.order_by("-in_force_on", "-recorded_at", "-id")),
        seats=[
            SeatRow(seat.id, seat.person.name, seat.starts_on)
            for seat in seats.order_by("person__name_key", "id")
        ],
        plural_votes=[
            PluralRow(row.member.name, row.votes, row.in_force_on, row.ground)
            for row in latest.values()
        ],
        assemblies=list(body.assemblies.order_by("-first_call_at", "-id")[:100]),
    )
