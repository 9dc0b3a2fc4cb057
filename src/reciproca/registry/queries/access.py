"""Who somebody is: the actor of a request, mandates, API keys, where to write to people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.notices.mail import Address
from reciproca.registry.models import ApiKey, Mandate, Node, User
from reciproca.registry.models.access import MandateQuerySet
from reciproca.registry.rules import key_digest
from reciproca.shared.arrays import array_of_words
from reciproca.shared.errors import DomainError
from reciproca.shared.prepared import fetch
from reciproca.shared.types import Actor, Role

SELLING_ROLES = ("till", "manager")


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate that holds, as the role switch and the mandates page show it."""

    id: UUID
    person_id: UUID
    person_name: str
    role: Role
    role_title: str
    organisation_id: UUID
    organisation_name: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """Somebody who may sell for an organisation; `user_id` is their login, if they have one."""

    person_id: UUID
    name: str
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key as its page shows it; the secret is nowhere."""

    id: UUID
    name: str
    created_on: date
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Whose an API key is."""

    key_id: UUID
    organisation_id: UUID


class KeyUnknown(DomainError):
    code = "key-unknown"
    message = _(
        "Questa chiave non vale: controllala, o chiedine una nuova a chi dirige la cooperativa."
    )
    status = 401


def actor_of(*, user: User, mandate_id: UUID | None, on: date) -> Actor:
    """
    Return as whom a login acts: by the mandate if it holds today, else for themselves.

    No SQL query without a mandate, one with it.
    """
    if user.person_id is None:
        return Actor(user_id=user.pk)
    if mandate_id is not None:
        held = Mandate.objects.in_force(on=on).filter(pk=mandate_id, person_id=user.person_id)
        for role, organisation in held.values_list("role", "organisation_id"):
            return Actor(user.pk, user.person_id, cast(Role, role), organisation)
    return Actor(user.pk, user.person_id, "member")


def mandates_of(*, person_id: UUID, on: date) -> list[MandateRow]:
    """Return for whom a person may act on a day, in one SQL query."""
    held = Mandate.objects.in_force(on=on).filter(person_id=person_id)
    return _mandate_rows(held)


def mandates_for(*, organisation_id: UUID, on: date) -> list[MandateRow]:
    """Return who may act for an organisation on a day or will later, in one SQL query."""
    return _mandate_rows(Mandate.objects.not_over(on=on).filter(organisation_id=organisation_id))


def people_acting_for(ids: Collection[UUID], /, *, on: date) -> dict[UUID, list[UUID]]:
    """
    Return who may act for each of these nodes on a day: a person themselves, else the managers.

    Two SQL queries.
    """
    nodes = Node.objects.filter(pk__in=set(ids)).values_list("id", "kind")
    acting = {node: [node] if kind == "person" else [] for node, kind in nodes}
    organisations = [node for node, people in acting.items() if not people]
    managers = Mandate.objects.in_force(on=on).filter(
        role="manager", organisation_id__in=organisations
    )
    for organisation, person in managers.order_by("starts_on", "id").values_list(
        "organisation_id", "person_id"
    ):
        acting[organisation].append(person)
    return acting


def mandate_holder(*, mandate_id: UUID) -> MandateRow | None:
    """Return one mandate that nobody has ended, None for any other, in one SQL query."""
    rows = _mandate_rows(Mandate.objects.filter(pk=mandate_id, ended_at=None))
    return rows[0] if rows else None


def operators_of(*, organisation_id: UUID, on: date) -> list[OperatorRow]:
    """Return who may sell for an organisation on a day, by name, in one SQL query."""
    return _operators(Mandate.objects.in_force(on=on).filter(organisation_id=organisation_id))


def operator_of(*, organisation_id: UUID, person_id: UUID, on: date) -> OperatorRow | None:
    """Return a person if they may sell for an organisation on a day, in one SQL query."""
    held = Mandate.objects.in_force(on=on)
    found = _operators(held.filter(organisation_id=organisation_id, person_id=person_id))
    return found[0] if found else None


def operators_among(ids: Collection[UUID], /, *, organisation_id: UUID) -> dict[UUID, OperatorRow]:
    """Return those of these people who may or once might sell for it, in one SQL query."""
    given = Mandate.objects.filter(organisation_id=organisation_id, person_id__in=set(ids))
    return {row.person_id: row for row in _operators(given)}


def holders_of_keys(secrets: Collection[str], /) -> dict[str, KeyHolder]:
    """Return whose those of these API keys are that are live, in one SQL query."""
    digests = {key_digest(secret): secret for secret in secrets}
    rows = fetch(
        "SELECT k.digest, k.id, k.organisation_id FROM registry_apikey k"
        " JOIN registry_node n ON n.id = k.organisation_id"
        " WHERE k.digest = ANY(%s::varchar[]) AND k.revoked_at IS NULL AND n.closed_at IS NULL",
        [array_of_words(digests)],
    )
    return {digests[digest]: KeyHolder(*found) for digest, *found in rows}


def holder_of_key(*, secret: str) -> KeyHolder | None:
    """Return whose a live API key is, None for anything else, in one SQL query."""
    return holders_of_keys([secret]).get(secret)


def organisation_with_key(*, secret: str) -> UUID:
    """Return whose a live API key is, in one SQL query. Raises: KeyUnknown."""
    holder = holder_of_key(secret=secret)
    if holder is None:
        raise KeyUnknown
    return holder.organisation_id


def keys_of(*, organisation_id: UUID) -> list[KeyRow]:
    """Return an organisation's keys, live ones first, in one SQL query."""
    keys = ApiKey.objects.filter(organisation_id=organisation_id)
    return [
        KeyRow(
            id=key.id,
            name=key.name,
            created_on=localdate(key.created_at),
            revoked_on=key.revoked_at and localdate(key.revoked_at),
        )
        for key in keys.order_by(F("revoked_at").desc(nulls_first=True), "-created_at", "id")
    ]


def addresses_of(people: Collection[UUID], /) -> dict[UUID, Address]:
    """Return where these people read mail: verified addresses only, in one SQL query."""
    verified = EmailAddress.objects.filter(
        user__person__in=set(people), primary=True, verified=True, user__is_active=True
    )
    rows = verified.values_list("user__person", "email", "user__language")
    return {person: Address(email, language) for person, email, language in rows}


def _operators(mandates: MandateQuerySet) -> list[OperatorRow]:
    people = mandates.filter(role__in=SELLING_ROLES, person__closed_at=None)
    rows = people.order_by("person__name_key", "person_id").values_list(
        "person_id", "person__name", "person__user", "person__name_key"
    )
    return [OperatorRow(person, name, user) for person, name, user, _key in rows.distinct()]


def _mandate_rows(mandates: MandateQuerySet) -> list[MandateRow]:
    rows = mandates.select_related("person", "organisation")
    return [
        MandateRow(
            id=row.id,
            person_id=row.person_id,
            person_name=row.person.name,
            role=cast(Role, row.role),
            role_title=row.get_role_display(),
            organisation_id=row.organisation_id,
            organisation_name=row.organisation.name,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in rows.order_by("organisation__name_key", "role", "person__name_key", "id")
    ]
