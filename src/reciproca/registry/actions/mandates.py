"""Mandates: who may act for whom, from a day to a day."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.models import Mandate, Node, NodeKind
from reciproca.registry.rules import check_role
from reciproca.registry.telling import MANDATE_GRANTED
from reciproca.shared.errors import DomainError


class MandateAlreadyHeld(DomainError):
    code = "mandate-already-held"
    message = _("Questa persona ha già lo stesso incarico in quei giorni.")


class NotAPerson(DomainError):
    code = "not-a-person"
    message = _("Un incarico si dà a una persona del registro: cercala per nome o numero di carta.")
    status = 422


class EndsBeforeStart(DomainError):
    code = "ends-before-start"
    message = _("L’ultimo giorno viene prima del primo: controlla le date.")
    status = 422


class MandateEnded(DomainError):
    code = "mandate-ended"
    message = _("Questo incarico è già finito.")


@transaction.atomic
def grant_mandate(
    *,
    person_id: UUID,
    organisation_id: UUID,
    role: str,
    starts_on: date,
    granted_by: UUID | None,
    granted_at: datetime,
    ends_on: date | None = None,
) -> UUID:
    """
    Let a person act for an organisation in a role, tell them, and return the mandate's id.

    `ends_on` is the last day, None for no end yet.

    Raises: NotAPerson, rules.RoleNotForKind, EndsBeforeStart, MandateAlreadyHeld.
    """
    organisation = Node.objects.get(pk=organisation_id)
    check_role(kind=organisation.kind, role=role)
    if ends_on is not None and ends_on < starts_on:
        raise EndsBeforeStart
    # Held while we look for the same mandate: two grants at once cannot both find nothing.
    people = Node.objects.select_for_update(no_key=True).filter(kind=NodeKind.PERSON)
    if not people.filter(pk=person_id, closed_at=None).exists():
        raise NotAPerson
    if _overlapping(person_id, organisation_id, role, starts_on, ends_on).exists():
        raise MandateAlreadyHeld
    mandate = Mandate.objects.create(
        person_id=person_id,
        organisation=organisation,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by=granted_by,
        granted_at=granted_at,
    )
    tell(
        recipients=[person_id],
        kind=MANDATE_GRANTED,
        told_at=granted_at,
        params={"organisation": organisation.name},
        url=reverse("web:profile"),
    )
    return mandate.id


@transaction.atomic
def end_mandate(*, mandate_id: UUID, ended_by: UUID, ended_at: datetime) -> None:
    """End a mandate at once, whatever its last day was to be. Raises: MandateEnded."""
    live = Mandate.objects.filter(pk=mandate_id, ended_at=None)
    if not live.update(ended_by=ended_by, ended_at=ended_at):
        raise MandateEnded


def _overlapping(
    person_id: UUID, organisation_id: UUID, role: str, starts_on: date, ends_on: date | None
) -> QuerySet[Mandate]:
    same = Mandate.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on),
        person_id=person_id,
        organisation_id=organisation_id,
        role=role,
        ended_at=None,
    )
    return same if ends_on is None else same.filter(starts_on__lte=ends_on)
