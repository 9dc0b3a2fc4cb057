"""Giving credit to a project: choose, check, done."""

import re
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.makers import NOON, client_of, make_fund, make_member

from reciproca.registry.models import Node
from reciproca.valueback.models import Gift
from reciproca.valueback.queries import spendable
from reciproca.web.tests.valley import Valley, make_valley

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Valley:
    community = make_valley()
    community.buy(100_000)
    return community


def check(client: Client, valley: Valley, amount: str, **more: str) -> str:
    answers = {"project": str(valley.cast.project_id), "amount": amount, "key": "k1", **more}
    return client.get("/gift/check/", answers).content.decode()


def give(client: Client, valley: Valley, amount: str, key: str = "k1", **more: str) -> HttpResponse:
    answers = {"project": str(valley.cast.project_id), "amount": amount, "key": key, **more}
    return client.post("/gift/", answers)  # type: ignore[return-value]


@pytest.mark.parametrize("amount", ["5", "5,00", "5.00", "5,0", " 5 €"])
def test_an_amount_may_be_written_with_a_comma_or_a_point(valley: Valley, amount: str) -> None:
    html = check(client_of(valley.bruno), valley, amount)

    assert "Controlla il dono" in html
    assert "Dona 5,00\u00a0€" in html
    assert not Gift.objects.exists()


def test_the_check_says_what_is_left_and_that_a_gift_cannot_be_undone(valley: Valley) -> None:
    html = check(client_of(valley.bruno), valley, "5")

    assert "15,00\u00a0€" in html
    assert "Un dono non si annulla" in html
    assert 'name="key" value="k1"' in html


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("", "Scrivi quanto vuoi donare"),
        ("0", "Scrivi un importo sopra lo zero"),
        ("-3", "Scrivi un importo sopra lo zero"),
        ("20,01", "Hai da spendere 20,00\u00a0€"),
        ("tanto", "Non riusciamo a leggere"),
        ("1,234", "più di due decimali"),
    ],
)
def test_a_wrong_amount_gets_a_sentence_and_stays_as_it_was_typed(
    valley: Valley, amount: str, sentence: str
) -> None:
    html = check(client_of(valley.bruno), valley, amount)

    assert sentence in html
    assert f'value="{amount}"' in html or not amount
    assert re.search(rf'value="{valley.cast.project_id}"[^>]* checked', html)


def test_no_project_chosen_keeps_the_amount(valley: Valley) -> None:
    html = check(client_of(valley.bruno), valley, "5,00", project="")

    assert "Scegli un progetto" in html
    assert 'value="5,00"' in html


def test_a_project_that_closed_meanwhile_is_not_chosen(valley: Valley) -> None:
    Node.objects.filter(pk=valley.cast.project_id).update(closed_at=NOON)
    make_fund(held_by=valley.cast.federation_id, name="Altro", kind="project")

    answer = give(client_of(valley.bruno), valley, "5")

    assert answer.status_code == 422
    assert "Questo progetto non c’è più" in answer.content.decode()
    assert not Gift.objects.exists()


def test_a_gift_leaves_the_credit_and_shows_what_the_ledger_wrote(valley: Valley) -> None:
    client = client_of(valley.bruno)

    answer = give(client, valley, "5,00")
    html = client.get(answer["Location"]).content.decode()

    assert answer.status_code == 302
    assert "Un dono non si annulla" in html
    assert "Hai donato credito di Panificio Il Lievito" in html
    assert spendable(member_id=valley.bruno.id, on=NOON.date()).cents == 1_500


def test_the_same_gift_sent_twice_is_one_gift_also_when_it_took_everything(valley: Valley) -> None:
    client = client_of(valley.bruno)

    first, second = give(client, valley, "20"), give(client, valley, "20")

    assert first["Location"] == second["Location"]
    assert Gift.objects.count() == 1


def test_more_than_there_is_gets_refused_and_nothing_typed_is_lost(valley: Valley) -> None:
    answer = give(client_of(valley.bruno), valley, "20,01")

    assert answer.status_code == 409
    html = answer.content.decode()
    assert 'data-code="not-spendable"' in html
    assert 'value="20,01"' in html


def test_a_key_of_another_gift_is_refused(valley: Valley) -> None:
    client = client_of(valley.bruno)
    give(client, valley, "5")

    answer = give(client, valley, "6")

    assert answer.status_code == 409
    assert Gift.objects.count() == 1


def test_somebody_elses_gift_is_a_page_that_does_not_exist(valley: Valley) -> None:
    gift = valley.give(100)

    assert client_of(valley.bruno).get(f"/movements/gifts/{gift.id}/").status_code == 200
    assert client_of(valley.cast.carla).get(f"/movements/gifts/{gift.id}/").status_code == 404


def test_a_project_of_the_address_is_already_chosen(valley: Valley) -> None:
    html = client_of(valley.bruno).get(f"/gift/?project={valley.cast.project_id}").content.decode()

    assert re.search(rf'value="{valley.cast.project_id}"[^>]* checked', html)


def test_without_credit_or_projects_the_page_says_what_will_come(valley: Valley) -> None:
    newcomer = client_of(make_member(name="Nuova"))

    assert "Non hai ancora crediti da donare" in newcomer.get("/gift/").content.decode()
    Node.objects.filter(kind="project").update(closed_at=NOON)
    assert "Ancora nessun progetto" in newcomer.get("/gift/").content.decode()


def test_a_page_without_a_key_gets_one(valley: Valley) -> None:
    html = client_of(valley.bruno).get("/gift/").content.decode()

    found = re.search(r'name="key" value="([^"]+)"', html)
    assert found
    assert UUID(found[1])


def test_among_many_projects_one_is_looked_for_and_the_chosen_one_stays(valley: Valley) -> None:
    for number in range(11):
        make_fund(name=f"Sentiero {number}", kind="project", held_by=valley.cast.federation_id)
    olmo = make_fund(name="Il parco dell’Olmo", kind="project", held_by=valley.cast.federation_id)
    bruno, chosen = client_of(valley.bruno), valley.cast.project_id

    html = bruno.get(f"/gift/?project={chosen}").content.decode()
    assert html.count('type="radio"') == 8
    assert "Qui sono 8 su 13" in html

    html = bruno.get(f"/gift/?project={chosen}&amount=3,50&q=OLMO+parco").content.decode()
    assert html.count('type="radio"') == 2
    assert f'value="{olmo}"' in html
    assert re.search(rf'value="{chosen}"[^>]* checked', html)
    assert html.count('value="3,50"') == 2  # in the field, and with what looks for another

    html = bruno.get("/gift/?q=nonesiste").content.decode()
    assert "Nessun progetto ha queste parole" in html
    # What the page does not show can be chosen all the same.
    assert "Controlla il dono" in check(bruno, valley, "5", project=str(olmo))


def test_few_projects_are_shown_as_they_are(valley: Valley) -> None:
    assert 'role="search"' not in client_of(valley.bruno).get("/gift/").content.decode()
