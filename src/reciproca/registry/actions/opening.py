"""The first act of a community: its federation, and an officer who can let everybody else in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.registry.actions.mandates import grant_mandate
from reciproca.registry.actions.organisations import CommunityAlreadyOpen, open_community
from reciproca.registry.actions.people import register_person
from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.registry.models import Community, Mandate, Person, Role
from reciproca.registry.rules import clean_organisation, clean_person
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


def _known_by_email(officer: PersonIn) -> UUID | None:
    email = clean_person(officer).email
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
