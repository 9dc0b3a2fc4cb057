"""An assembly as it is prepared and run: agenda, roll, door, proxies, who wants to speak."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import telling
from reciproca.assemblies.models import (
    Assembly,
    Attached,
    Candidate,
    Elector,
    Item,
    Motion,
    MotionBallot,
    MotionText,
    Presence,
    Proxy,
    Sending,
    Turn,
)
from reciproca.assemblies.queries.electors import electors_meant
from reciproca.notices import queries as notices
from reciproca.shared import models as shared

ROLL_PAGE = 50
LATEST_PRESENT = 200

STATES: dict[str, tuple[str | Promise, str]] = {
    "draft": (_("In preparazione"), ""),
    "calling": (_("Si sta convocando"), "wait"),
    "called": (_("Convocata"), "wait"),
    "open": (_("In corso"), "ok"),
    "closed": (_("Chiusa, verbale da approvare"), "wait"),
    "approved": (_("Verbale approvato"), "ok"),
}
"""The stages of an assembly: what a tag says, and its colour."""


def state_of(assembly: Assembly, /) -> str:
    """Return the stage of an assembly, a key of `STATES`."""
    if assembly.approved_at:
        return "approved"
    if assembly.closed_at:
        return "closed"
    if assembly.opened_at:
        return "open"
    if assembly.called_at:
        return "called"
    return "calling" if assembly.reference_on else "draft"


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A PDF that members read for a point."""

    id: UUID
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class MotionRow:
    """
    Something to decide, and how far it is: `state` is waiting, open, passed, fell or void.

    `text` is the version that is put to the vote, `candidates` are names. `ballot_id` is the ballot
    that is open, or the one that decided.
    """

    id: UUID
    number: int
    title: str
    kind: str
    kind_title: str
    secret: bool
    state: str
    ballot_id: UUID | None
    resolution_id: UUID | None
    policy_digest: str
    text: str
    candidates: Sequence[str]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A point of the agenda with what belongs to it."""

    id: UUID
    number: int
    title: str
    text: str
    documents: Sequence[DocumentRow]
    motions: Sequence[MotionRow]


@dataclass(frozen=True, slots=True)
class RollRow:
    """A line of the roll, and how it was told: pairs of (way, when, reference)."""

    id: UUID
    name: str
    number: int | None
    votes: int
    sendings: Sequence[tuple[str, datetime, str]]
    mailed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DoorRow:
    """
    Somebody at the door; `came_at` is None for who is not there.

    `person_name` is who is there for an organisation, `holds` how many they represent.
    """

    id: UUID
    name: str
    number: int | None
    votes: int
    came_at: datetime | None
    where_title: str
    person_name: str
    holds: int
    represented_by: str


@dataclass(frozen=True, slots=True)
class ProxyRow:
    """A proxy; `revoked_at` is None while it counts."""

    id: UUID
    giver: str
    holder: str
    given_at: datetime
    revoked_at: datetime | None
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class TurnRow:
    """Somebody who wants to speak, or is speaking."""

    id: UUID
    name: str
    began_at: datetime | None


def assembly_run_by(*, assembly_id: UUID, node_id: UUID | None) -> Assembly | None:
    """Return an assembly of a body of this very organisation, in one SQL query."""
    found = Assembly.objects.select_related("body__node", "statute", "chair", "secretary")
    return found.filter(pk=assembly_id, body__node=node_id).first()


def agenda(*, assembly_id: UUID) -> list[ItemRow]:
    """Return the points of an agenda in order, in six SQL queries."""
    items = list(Item.objects.filter(assembly=assembly_id).order_by("number"))
    documents: dict[UUID, list[DocumentRow]] = {item.id: [] for item in items}
    rows = Attached.objects.filter(item__in=items).order_by("id")
    for item, document, name, size in rows.values_list(
        "item_id", "document_id", "document__name", "document__size_bytes"
    ):
        documents[item].append(DocumentRow(document, name, size))
    motions = motion_rows(Motion.objects.filter(item__in=items))
    return [
        ItemRow(
            id=item.id,
            number=item.number,
            title=item.title,
            text=item.text,
            documents=documents[item.id],
            motions=motions.get(item.id, []),
        )
        for item in items
    ]


def motion_rows(motions: QuerySet[Motion], /) -> dict[UUID, list[MotionRow]]:
    """Return motions by the point that they belong to, in four SQL queries."""
    found = list(motions.order_by("number"))
    texts = {
        (motion, number): text
        for motion, number, text in MotionText.objects.filter(motion__in=found).values_list(
            "motion_id", "number", "text"
        )
    }
    candidates: dict[UUID, list[str]] = {}
    standing = Candidate.objects.filter(motion__in=found).order_by("person__name_key", "id")
    for motion_id, name in standing.values_list("motion_id", "person__name"):
        candidates.setdefault(motion_id, []).append(name)
    latest: dict[UUID, MotionBallot] = {}
    for each in MotionBallot.objects.filter(motion__in=found).order_by("opened_at", "id"):
        latest[each.motion_id] = each
    rows: dict[UUID, list[MotionRow]] = {}
    for motion in found:
        vote = latest.get(motion.id)
        row = MotionRow(
            id=motion.id,
            number=motion.number,
            title=motion.title,
            kind=motion.kind,
            kind_title=motion.get_kind_display(),
            secret=motion.secret,
            state=_vote_state(vote),
            ballot_id=vote.ballot_id if vote and not vote.void_because else None,
            resolution_id=vote.resolution_id if vote else None,
            policy_digest=motion.policy_id or "",
            text=texts.get((motion.id, motion.text_number), ""),
            candidates=candidates.get(motion.id, []),
        )
        rows.setdefault(motion.item_id, []).append(row)
    return rows


def _vote_state(vote: MotionBallot | None) -> str:
    if vote is None:
        return "waiting"
    if vote.closed_at is None:
        return "open"
    if vote.void_because:
        return "void"
    return "passed" if vote.resolution_id else "fell"


@dataclass(frozen=True, slots=True)
class RollPage:
    """A page of the roll: where it is among the pages, and its lines."""

    page: Page[Elector]
    rows: Sequence[RollRow]


def roll_page(*, assembly: Assembly, text: str, untold: bool, number: int) -> RollPage:
    """
    Return a page of the roll, by register number, with the proof of who was told; `untold` keeps
    those who were not. Six SQL queries.
    """
    electors = Elector.objects.filter(assembly=assembly).select_related("member")
    if text:
        meant = electors_meant(assembly_id=assembly.id, text=text)
        electors = electors.filter(pk__in=[elector.pk for elector in meant])
    if untold:
        electors = electors.filter(~Exists(Sending.objects.filter(elector=OuterRef("pk"))))
    pages = Paginator(electors.order_by("number", "member__name_key", "id"), ROLL_PAGE)
    page = pages.get_page(number)
    return RollPage(page, _roll_rows(assembly, list(page.object_list)))


def _roll_rows(assembly: Assembly, electors: Sequence[Elector]) -> list[RollRow]:
    sendings: dict[UUID, list[tuple[str, datetime, str]]] = {each.id: [] for each in electors}
    for sending in Sending.objects.filter(elector__in=electors).order_by("sent_at", "id"):
        sendings[sending.elector_id].append(
            (sending.get_way_display(), sending.sent_at, sending.reference)
        )
    mailed = notices.mailed_at(
        kind=telling.CALLED,
        url=telling.page_of(assembly.id),
        people=[each.member_id for each in electors],
    )
    return [
        RollRow(
            id=each.id,
            name=each.member.name,
            number=each.number,
            votes=each.votes,
            sendings=sendings[each.id],
            mailed_at=mailed.get(each.member_id),
        )
        for each in electors
    ]


def untold_count(*, assembly_id: UUID) -> int:
    """Return how many of the roll nobody has told yet, in one SQL query."""
    electors = Elector.objects.filter(assembly=assembly_id)
    return electors.filter(~Exists(Sending.objects.filter(elector=OuterRef("pk")))).count()


def door_rows(*, assembly: Assembly, text: str) -> list[DoorRow]:
    """
    Return whom a text may mean, or, without one, who is there, the latest first; four SQL queries.
    """
    if text:
        electors = list(electors_meant(assembly_id=assembly.id, text=text))
    else:
        there = Presence.objects.filter(elector__assembly=assembly, left_at=None)
        found = Elector.objects.filter(pk__in=there.values("elector")).select_related("member")
        electors = list(found.order_by("-presences__came_at", "id")[:LATEST_PRESENT])
        electors = list({elector.pk: elector for elector in electors}.values())
    inside = {
        row.elector_id: row
        for row in Presence.objects.filter(elector__in=electors, left_at=None).select_related(
            "person"
        )
    }
    live = Proxy.objects.filter(revoked_at=None)
    held = dict(
        live.filter(holder__in=electors).values_list("holder").annotate(count=Count("holder"))
    )
    given = dict(live.filter(giver__in=electors).values_list("giver", "holder__member__name"))
    return [
        DoorRow(
            id=each.id,
            name=each.member.name,
            number=each.number,
            votes=each.votes,
            came_at=inside[each.id].came_at if each.id in inside else None,
            where_title=inside[each.id].get_where_display() if each.id in inside else "",
            person_name=_another(inside.get(each.id), each),
            holds=held.get(each.id, 0),
            represented_by=given.get(each.id, ""),
        )
        for each in electors
    ]


def _another(presence: Presence | None, elector: Elector) -> str:
    """Return who is there for an organisation, empty for a person."""
    if presence is None or presence.person_id == elector.member_id:
        return ""
    return presence.person.name


def proxies_of(*, assembly_id: UUID) -> list[ProxyRow]:
    """Return every proxy of an assembly, the latest first, in one SQL query."""
    rows = Proxy.objects.filter(giver__assembly=assembly_id).select_related(
        "giver__member", "holder__member"
    )
    return [
        ProxyRow(
            id=row.id,
            giver=row.giver.member.name,
            holder=row.holder.member.name,
            given_at=row.given_at,
            revoked_at=row.revoked_at,
            document_id=row.document_id,
        )
        for row in rows.order_by("-given_at", "-id")
    ]


def turns_of(*, assembly_id: UUID) -> list[TurnRow]:
    """Return who is speaking and who waits to, in their order, in one SQL query."""
    rows = Turn.objects.filter(elector__assembly=assembly_id, ended_at=None)
    return [
        TurnRow(row.id, row.elector.member.name, row.began_at)
        for row in rows.select_related("elector__member").order_by("asked_at", "id")
    ]


def present_people(*, assembly_id: UUID) -> list[tuple[UUID, str]]:
    """Return the people who are in an assembly, by name, in one SQL query."""
    there = Presence.objects.filter(elector__assembly=assembly_id, left_at=None)
    rows = there.order_by("person__name_key", "id").values_list("person", "person__name")
    return list(dict(rows).items())


def document_for(
    *, document_id: UUID, node_id: UUID | None, electors: Sequence[UUID]
) -> shared.Document | None:
    """
    Return a document of an assembly, for whoever runs it or is on its roll, in one SQL query.

    `electors` are the members for whom somebody may act.
    """
    on_roll = Q(assembly__called_at__isnull=False, assembly__electors__member__in=electors)
    runs = Q(assembly__body__node=node_id) if node_id else Q(pk=None)
    items = Item.objects.filter(runs | on_roll, attached__document=document_id)
    if items.exists():
        return shared.Document.objects.get(pk=document_id)
    signed = Proxy.objects.filter(giver__assembly__body__node=node_id, document=document_id)
    if node_id and signed.exists():
        return shared.Document.objects.get(pk=document_id)
    return None
