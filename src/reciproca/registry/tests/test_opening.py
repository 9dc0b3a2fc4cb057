"""Opening the one community of a database, and its first officer's way in."""

from dataclasses import replace
from datetime import date

import pytest
from allauth.account.models import EmailAddress
from tests.makers import NOON

from reciproca.registry import actions, queries
from reciproca.registry.actions.opening import EmailShared, OfficerWithoutEmail
from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.registry.models import Community, Node, User

pytestmark = pytest.mark.django_db

NAME = "Comunità della Val di Non"
FEDERATION = OrganisationIn(name="Federazione della Val di Non", municipality="022062")
OLGA = PersonIn(first_name="Olga", last_name="Bianchi", email="olga@example.org")
TODAY = date(2025, 6, 2)


def open_(
    *, name: str = NAME, federation: OrganisationIn = FEDERATION, officer: PersonIn = OLGA
) -> actions.Opening:
    return actions.open_with_officer(
        name=name, federation=federation, officer=officer, opened_at=NOON
    )


def test_a_community_begins_with_its_federation_and_an_officer() -> None:
    opening = open_()

    community = queries.community()
    assert community is not None
    assert (community.name, community.federation_name) == (NAME, FEDERATION.name)
    [mandate] = queries.mandates_of(person_id=opening.officer_id, on=TODAY)
    assert (mandate.role, mandate.organisation_id) == ("officer", opening.federation_id)
    assert opening.is_new


def test_who_proves_to_read_the_officers_mail_is_the_officer() -> None:
    opening = open_()
    user = User.objects.create_user("Olga@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    bound = actions.bind_user(user_id=user.pk, verified_email=user.email, bound_at=NOON)

    assert bound == opening.officer_id


def test_the_same_opening_again_changes_nothing() -> None:
    first = open_()
    nodes = Node.objects.count()

    again = open_(officer=replace(OLGA, email="OLGA@example.org"))

    assert again == replace(first, is_new=False)
    assert Node.objects.count() == nodes


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Comunità della Val di Sole"},
        {"federation": OrganisationIn(name="Federazione della Val di Sole")},
        {"officer": replace(OLGA, email="altra@example.org")},
    ],
)
def test_another_opening_is_refused(other: dict[str, object]) -> None:
    open_()
    nodes = Node.objects.count()

    with pytest.raises(actions.CommunityAlreadyOpen):
        open_(**other)  # type: ignore[arg-type]

    assert Node.objects.count() == nodes


def test_an_officer_who_could_never_sign_in_is_refused() -> None:
    with pytest.raises(OfficerWithoutEmail):
        open_(officer=replace(OLGA, email=" "))

    assert not Community.objects.exists()


def test_whom_a_file_brought_in_before_is_not_made_twice() -> None:
    olga = actions.register_person(person=OLGA, recorded_by=None, recorded_at=NOON)

    assert open_().officer_id == olga


def test_an_address_that_several_share_is_refused() -> None:
    family = [OLGA, replace(OLGA, first_name="Bruno")]
    actions.register_people(people=family, recorded_by=None, recorded_at=NOON)

    with pytest.raises(EmailShared, match="olga@example"):
        open_()

    assert not Community.objects.exists()
