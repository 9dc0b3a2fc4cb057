"""The first act of a community: its federation, and an officer who can let everybody else in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.registry.actions.mandates import MandateAlreadyHeld, grant_mandate
from reciproca.registry.actions.organisations import CommunityAlreadyOpen, open_community
from reciproca.registry.actions.people import register_person
from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.registry.models import Community, Mandate, Node, Person, Role, User
from reciproca.registry.rules import clean_email, clean_organisation, clean_person
from reciproca.shared.errors import DomainError


class OfficerWithoutEmail(DomainError):
    code = "officer-without-email"
    message = _("Senza e-mail chi guida la federazione non può entrare: scrivila.")
    status = 422


class EmailShared(DomainError):
    code = "email-shared"
    message = _(
        "Più persone del registro hanno l’e-mail %(email)s: scegline una che sia di chi guida la"
        " federazione soltanto."
    )


class NoCommunity(DomainError):
    code = "no-community"
    message = _("Non c’è ancora una comunità: aprila con `reciproca open`.")


@dataclass(frozen=True, slots=True)
class Opening:
    """The community's federation and its first officer; `is_new` unless it was so already."""

    federation_id: UUID
    officer_id: UUID
    is_new: bool


@transaction.atomic
def open_with_officer(
    *, name: str, federation: OrganisationIn, officer: PersonIn, opened_at: datetime
) -> Opening:
    """
    Open the one community of this database, with the first officer of its federation.

    The officer comes in as everybody does: who signs up with this e-mail address, and proves to
    read it, is that person; whom the registry knows by it already is not made twice. Asked again
    for the same community and officer it changes nothing.

    Raises: OfficerWithoutEmail, EmailShared, CommunityAlreadyOpen, and what `open_community` and
    `register_person` raise.
    """
    if not officer.email.strip():
        raise OfficerWithoutEmail
    try:
        with transaction.atomic():
            federation_id = open_community(
                name=name, federation=federation, opened_by=None, opened_at=opened_at
            )
    except CommunityAlreadyOpen:
        if same := _same_opening(name, federation, officer):
            return same
        raise
    officer_id = _known_by_email(officer) or register_person(
        person=officer, recorded_by=None, recorded_at=opened_at
    )
    grant_mandate(
        person_id=officer_id,
        organisation_id=federation_id,
        role=Role.OFFICER,
        starts_on=localdate(opened_at),
        granted_by=None,
        granted_at=opened_at,
    )
    return Opening(federation_id, officer_id, is_new=True)


@dataclass(frozen=True, slots=True)
class AddedOfficer:
    """Somebody who may act for the federation; `is_new` unless they could already."""

    officer_id: UUID
    name: str
    has_login: bool
    is_new: bool


@transaction.atomic
def add_officer(*, officer: PersonIn, added_at: datetime) -> AddedOfficer:
    """
    Let one more person act for the federation: the help where no officer can get in any more.

    It is the person who has signed in with this address, else whom the registry knows by it, else
    somebody new, who is found when they sign up with it.

    Raises: NoCommunity, EmailShared, and what `register_person` raises.
    """
    community = Community.objects.first()
    if community is None:
        raise NoCommunity
    person_id = _signed_in_with(officer.email) or _known_by_email(officer)
    if person_id is None:
        person_id = register_person(person=officer, recorded_by=None, recorded_at=added_at)
    try:
        with transaction.atomic():
            grant_mandate(
                person_id=person_id,
                organisation_id=community.federation_id,
                role=Role.OFFICER,
                starts_on=localdate(added_at),
                granted_by=None,
                granted_at=added_at,
            )
        is_new = True
    except MandateAlreadyHeld:
        is_new = False
    person = Node.objects.get(pk=person_id)
    has_login = User.objects.filter(person_id=person_id).exists()
    return AddedOfficer(person_id, person.name, has_login, is_new)


def _signed_in_with(email: str) -> UUID | None:
    found = User.objects.filter(email__iexact=email.strip(), person__closed_at=None)
    return found.values_list("person_id", flat=True).first()


def _known_by_email(officer: PersonIn) -> UUID | None:
    email = clean_email(officer.email)
    people = Person.objects.filter(email__iexact=email, node__closed_at=None)
    known = list(people.values_list("node_id", flat=True)[:2])
    if len(known) > 1:
        raise EmailShared(email=email)
    return known[0] if known else None


def _same_opening(name: str, federation: OrganisationIn, officer: PersonIn) -> Opening | None:
    """Return the opening that there was, if these are its very community and officer."""
    found = Community.objects.filter(
        name=name.strip(), federation__name=clean_organisation(federation).name
    ).first()
    if found is None:
        return None
    first = Mandate.objects.filter(
        organisation=found.federation,
        role=Role.OFFICER,
        granted_by=None,
        person__person__email__iexact=clean_person(officer).email,
    ).first()
    return Opening(found.federation_id, first.person_id, is_new=False) if first else None
