"""A member's home: what can be spent, what waits, who is near, how the community does."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.makers import NOON, client_of, make_member, make_organisation

from reciproca.notices import actions as notices
from reciproca.registry.models import Node
from reciproca.registry.telling import CARD_REPLACED
from reciproca.web.member.home import MemberHome, member_home
from reciproca.web.tests.valley import Valley, make_valley

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


@pytest.fixture
def valley() -> Valley:
    return make_valley()


def home_of_bruno(valley: Valley) -> MemberHome:
    return member_home(person_id=valley.bruno.id, today=TODAY)


def test_what_can_be_spent_is_the_first_thing_a_member_reads(valley: Valley) -> None:
    valley.buy(10_000, at=timezone.now())

    html = client_of(valley.bruno).get("/").content.decode()

    assert "Ciao Bruno" in html
    assert "2,00\u00a0€" in html
    assert "Da dove arrivano" in html


def test_credit_that_ends_within_sixty_days_waits_for_its_owner_first(valley: Valley) -> None:
    valley.buy(10_000)

    soon = member_home(person_id=valley.bruno.id, today=TODAY.replace(year=2026, month=11))
    later = home_of_bruno(valley)

    assert soon.tasks[0].title.startswith("2,00\u00a0€ scadono")
    assert not any("scadono" in task.title for task in later.tasks)


def test_an_unread_notice_is_told_in_its_own_words(valley: Valley) -> None:
    notices.tell(recipients=[valley.bruno.id], kind=CARD_REPLACED, told_at=NOON)

    [task] = [task for task in home_of_bruno(valley).tasks if task.icon == "bell"]

    assert task.title == "Hai un avviso nuovo"
    assert "carta" in task.note


def test_unread_notices_are_all_counted(valley: Valley) -> None:
    for _ in range(30):
        notices.tell(recipients=[valley.bruno.id], kind=CARD_REPLACED, told_at=NOON)

    [task] = [task for task in home_of_bruno(valley).tasks if task.icon == "bell"]

    assert task.title == "Hai 30 avvisi nuovi"


def test_somebody_without_a_cooperative_or_a_place_is_told_what_to_do(valley: Valley) -> None:
    newcomer = make_member(name="Nuova Persona")

    home = member_home(person_id=newcomer.id, today=TODAY)

    assert [task.title for task in home.tasks] == [
        "Entra in una cooperativa",
        "Completa il tuo profilo",
    ]


def test_only_three_things_wait_at_a_time(valley: Valley) -> None:
    hermit = make_member(name="Remo")
    valley.buy(10_000, by=hermit)
    notices.tell(recipients=[hermit.id], kind=CARD_REPLACED, told_at=NOON)

    home = member_home(person_id=hermit.id, today=TODAY.replace(year=2026, month=12))

    assert len(home.tasks) == 3


def test_who_has_credit_is_shown_a_project(valley: Valley) -> None:
    valley.buy(10_000)

    assert any("Botteghe di paese" in task.title for task in home_of_bruno(valley).tasks)


def test_those_near_who_give_something_back_come_first(valley: Valley) -> None:
    make_organisation(name="Aaa senza ritorno", municipality="022205")

    near = home_of_bruno(valley).near

    assert [seller.row.name for seller in near][-1] == "Aaa senza ritorno"
    assert (str(near[0].rate), str(near[0].own_rate)) == ("1/20", "1/50")


def test_the_community_is_shown_in_its_latest_year_with_purchases(valley: Valley) -> None:
    valley.buy(10_000)
    valley.sum_months()

    community = member_home(person_id=valley.bruno.id, today=TODAY.replace(year=2027)).community

    assert community is not None
    assert (community.year, community.is_this_year) == (2025, False)
    assert (community.total.value_cents, community.mine_cents) == (500, 500)
    assert [part.cents for part in community.branches] == [200, 100, 100, 100]


def test_one_purchase_in_one_cooperative_is_said_as_one(valley: Valley) -> None:
    valley.buy(10_000)
    valley.sum_months()

    member = client_of(valley.bruno).get("/").content.decode()
    stranger = client_of().get("/").content.decode()

    assert "di valore tornato, da 1 acquisto in 1 cooperativa." in member
    assert re.search(r"\d+ cooperative e \d+ soci\.", stranger)


def test_a_member_with_nothing_yet_reads_what_will_appear(valley: Valley) -> None:
    html = client_of(make_member(name="Nuova Persona")).get("/").content.decode()

    assert "Il primo ritorno arriva con il primo acquisto" in html
    assert "Qui comparirà ogni acquisto" in html
    assert "Qui vedrai quanto valore torna" in html


def test_home_costs_the_same_for_three_purchases_and_for_sixty(
    valley: Valley, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(valley.bruno)
    for number in range(3):
        valley.buy(10_000, at=NOON - timedelta(hours=number))
    valley.sum_months()
    with django_assert_max_num_queries(60) as few:
        client.get("/")
    for number in range(57):
        valley.buy(1_000, at=NOON - timedelta(hours=number))
    for number in range(10):
        Node.objects.create(kind="project", name=f"P{number}", held_by_id=valley.cast.federation_id)

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/")
