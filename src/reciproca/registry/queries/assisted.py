"""What was done for people at desks, and what waits there for a second pair of eyes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from reciproca.registry.models import (
    LIVE_STATES,
    AssistedAct,
    AssistedKind,
    DeskCheck,
    Membership,
)


@dataclass(frozen=True, slots=True)
class AssistedRow:
    """
    Something that was done for a person: where, by whom, when.

    `state` is empty for what needed nobody else; `checked_by` who confirmed it or took it back.
    """

    id: int
    what: str
    title: str
    organisation: str
    operator: str
    at: datetime
    state: str
    checked_by: str
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class CheckRow:
    """Something done at a desk without proof, that another one there confirms or takes back."""

    id: UUID
    membership_id: UUID
    person: str
    title: str
    asked_by_id: UUID
    asked_by: str
    paper: str
    email: str
    at: datetime


def assisted_acts(
    *, person_id: UUID, organisation_id: UUID | None = None, limit: int
) -> list[AssistedRow]:
    """Return what was done for a person, at one desk if named, latest first, in one SQL query."""
    acts = AssistedAct.objects.select_related(
        "organisation", "operator", "check_asked__decided_by", "dispute"
    ).filter(Q(person=person_id) | Q(person__merged_into=person_id))
    acts = acts.annotate(waits=Exists(_waiting().filter(act=OuterRef("pk"))))
    if organisation_id is not None:
        acts = acts.filter(organisation=organisation_id)
    return [_row(act) for act in acts.order_by("-at", "-id")[:limit]]


def desk_checks(*, organisation_id: UUID) -> list[CheckRow]:
    """Return what waits at a desk to be confirmed, the oldest first, in one SQL query."""
    found = (
        _waiting()
        .filter(organisation=organisation_id)
        .select_related("act__person__person", "asked_by")
    )
    lines = Membership.objects.filter(
        cooperative=organisation_id, member=OuterRef("act__person"), state__in=LIVE_STATES
    )
    return [
        CheckRow(
            id=each.id,
            membership_id=each.line,
            person=each.act.person.name,
            title=each.act.get_what_display(),
            asked_by_id=each.asked_by_id,
            asked_by=each.asked_by.name,
            paper=each.paper,
            email=each.act.person.person.email if each.act.what == AssistedKind.EMAIL else "",
            at=each.act.at,
        )
        for each in found.annotate(line=Subquery(lines.values("pk")[:1])).order_by("act__at", "id")
    ]


def desk_check_count(*, organisation_id: UUID) -> int:
    """Return how much waits at a desk to be confirmed."""
    return _waiting().filter(organisation=organisation_id).count()


def _waiting() -> QuerySet[DeskCheck]:
    # A PIN that its holder replaced meanwhile waits for nobody.
    open_still = Q(act__what=AssistedKind.EMAIL) | Q(pins__isnull=False)
    return DeskCheck.objects.filter(open_still, confirmed=None)


def _row(act: Any) -> AssistedRow:
    check = getattr(act, "check_asked", None)
    states = {None: "", True: "confirmed", False: "refused"}
    return AssistedRow(
        id=act.pk,
        what=act.what,
        title=act.get_what_display(),
        organisation=act.organisation.name,
        operator=act.operator.name,
        at=act.at,
        state="waiting" if act.waits else states[check.confirmed if check else None],
        checked_by=check.decided_by.name if check and check.decided_by else "",
        is_disputed=hasattr(act, "dispute"),
    )
