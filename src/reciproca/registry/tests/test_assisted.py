"""At the desk: a newcomer is let in, and whatever is done for somebody stays in their history."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from tests.makers import NOON, Cast, make_cast, make_person

from reciproca.notices.queries import notices_of
from reciproca.registry import actions, queries
from reciproca.registry.actions.assisted import (
    CardNobodys,
    ContactMissing,
    IdentityMissing,
    NotOneOfOurs,
    PersonAlreadyKnown,
)
from reciproca.registry.actions.checks import TaxCodeTaken
from reciproca.registry.actions.memberships import MembershipAlreadyLive
from reciproca.registry.actions.people import EmailAlreadyThere
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import AssistedAct, CardPin, Person
from reciproca.registry.rules import DayInFuture

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
NINA = PersonIn(first_name="Nina", last_name="Nuova", born_on=date(1948, 3, 9), phone="0463 000000")
CODE = "RSSMRA85T10A562S"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> actions.AtDesk:
    """Elsa stands at Lievito's desk."""
    return actions.AtDesk(cast.lievito_id, cast.elsa.id, cast.elsa.user.pk, NOON)


def welcome(desk: actions.AtDesk, person: PersonIn = NINA) -> queries.MembershipPage:
    line = actions.welcome_newcomer(person=person, applied_on=TODAY, desk=desk)
    page = queries.membership(membership_id=line)
    assert page is not None
    return page


def test_a_newcomer_has_a_card_at_once_and_waits_for_the_board(
    cast: Cast, desk: actions.AtDesk
) -> None:
    page = welcome(desk)

    assert (page.member_name, page.state, page.number) == ("Nina Nuova", "applied", None)
    assert queries.live_card_number(person_id=page.member_id)
    told = [notice.sentence for notice in notices_of(person_id=cast.ada.id)]
    assert any("Nina Nuova chiede di entrare" in sentence for sentence in told)


def test_an_admission_at_the_desk_stays_in_the_newcomers_history(desk: actions.AtDesk) -> None:
    person = welcome(desk).member_id

    (act,) = queries.assisted_acts(person_id=person, limit=10)
    assert (act.what, act.organisation, act.operator) == (
        "admission",
        "Panificio Il Lievito",
        "Elsa Dallago",
    )
    told = [notice.sentence for notice in notices_of(person_id=person)]
    assert any("Elsa Dallago ha registrato la tua domanda" in sentence for sentence in told)


def test_a_tax_code_or_a_birth_date_is_needed_and_one_is_enough(desk: actions.AtDesk) -> None:
    with pytest.raises(IdentityMissing):
        welcome(desk, PersonIn(name="Nina Nuova", phone="0463 000000"))

    assert welcome(desk, PersonIn(name="Nina Nuova", tax_code=CODE, email="n@example.org"))
    assert welcome(desk, PersonIn(name="Ugo Nuovo", born_on=date(1950, 1, 1), address="Via 1"))


def test_a_newcomer_can_be_reached_and_is_born_already(desk: actions.AtDesk) -> None:
    with pytest.raises(ContactMissing):
        welcome(desk, PersonIn(name="Nina Nuova", tax_code=CODE))
    with pytest.raises(DayInFuture):
        welcome(desk, PersonIn(name="Nina Nuova", born_on=date(2025, 6, 3), phone="0463"))

    assert not AssistedAct.objects.exists()


def test_somebody_known_by_name_and_birth_date_is_not_made_twice(desk: actions.AtDesk) -> None:
    welcome(desk)

    with pytest.raises(PersonAlreadyKnown):
        welcome(desk, PersonIn(name="NINA NUOVÀ", born_on=NINA.born_on, phone="1"))
    with pytest.raises(PersonAlreadyKnown):
        welcome(desk, PersonIn(name="Nina Nuova", born_on=NINA.born_on, tax_code=CODE, phone="1"))
    assert Person.objects.filter(born_on=NINA.born_on).count() == 1


def test_two_tax_codes_are_two_people_whatever_their_names_and_birth_dates(
    desk: actions.AtDesk,
) -> None:
    twin = PersonIn(name="Nina Nuova", born_on=NINA.born_on, phone="1", tax_code=CODE)
    welcome(desk, twin)

    assert welcome(
        desk,
        PersonIn(name="Nina Nuova", born_on=NINA.born_on, phone="1", tax_code="BNCGLI92A41H501G"),
    )
    with pytest.raises(TaxCodeTaken):
        welcome(desk, PersonIn(name="Altra Persona", phone="1", tax_code=CODE))


def test_who_has_a_card_of_another_cooperative_asks_with_it(
    cast: Cast, desk: actions.AtDesk
) -> None:
    actions.welcome_holder(number=cast.carla.card, applied_on=TODAY, desk=desk)

    with pytest.raises(MembershipAlreadyLive):
        actions.welcome_holder(number=cast.carla.card, applied_on=TODAY, desk=desk)
    assert len(queries.assisted_acts(person_id=cast.carla.id, limit=10)) == 1


def test_a_blocked_card_lets_nobody_ask(cast: Cast, desk: actions.AtDesk) -> None:
    actions.block_card(person_id=cast.carla.id, blocked_by=cast.carla.user.pk, blocked_at=NOON)

    with pytest.raises(CardNobodys):
        actions.welcome_holder(number=cast.carla.card, applied_on=TODAY, desk=desk)


def test_only_ones_own_are_helped_and_nothing_of_the_act_remains(
    cast: Cast, desk: actions.AtDesk
) -> None:
    with (
        pytest.raises(NotOneOfOurs),
        actions.assisting(person_id=cast.carla.id, what="pin", desk=desk),
    ):
        actions.set_pin(person_id=cast.carla.id, pin="40718", set_by=None, set_at=NOON)

    assert not CardPin.objects.exists()
    assert not AssistedAct.objects.exists()


def test_one_act_is_told_once_with_who_and_where(cast: Cast, desk: actions.AtDesk) -> None:
    with actions.assisting(person_id=cast.bruno.id, what="pin", desk=desk):
        actions.set_pin(person_id=cast.bruno.id, pin="40718", set_by=None, set_at=NOON, tells=False)

    (notice,) = notices_of(person_id=cast.bruno.id)
    assert "Panificio Il Lievito, con Elsa Dallago" in notice.sentence


def test_what_was_done_for_somebody_is_never_changed(cast: Cast, desk: actions.AtDesk) -> None:
    welcome(desk)

    with pytest.raises(DatabaseError), transaction.atomic():
        AssistedAct.objects.update(what="pin")
    with pytest.raises(DatabaseError), transaction.atomic():
        AssistedAct.objects.all().delete()


def test_a_first_email_is_given_and_a_second_is_not(cast: Cast) -> None:
    nina = make_person(name="Nina")

    def give(person: object, email: str) -> None:
        actions.give_email(
            person_id=person,  # type: ignore[arg-type]
            email=email,
            changed_by=cast.ada.user.pk,
            changed_at=NOON,
        )

    give(nina, " nina@example.org ")
    page = queries.person_page(person_id=nina)
    assert page is not None
    assert page.email == "nina@example.org"
    with pytest.raises(EmailAlreadyThere):
        give(nina, "altra@example.org")
    with pytest.raises(EmailAlreadyThere):
        give(cast.bruno.id, "bruno@example.org")
