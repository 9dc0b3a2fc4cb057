"""The members' register on screen: only one's own, found by name, number or card."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.makers import Cast, client_of, make_cast, make_membership, make_person

from reciproca.registry import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def shown(cast: Cast, path: str) -> str:
    return client_of(cast.ada).get(path).content.decode()


def test_a_cooperative_sees_its_own_members_and_nobody_elses(cast: Cast) -> None:
    text = shown(cast, "/members/?state=all")

    assert "Bruno Fedrizzi" in text
    assert "Carla Endrizzi" not in text
    other = client_of(cast.dario).get("/members/").content.decode()
    assert "Carla Endrizzi" in other
    assert "Bruno Fedrizzi" not in other


def test_even_a_card_number_finds_only_ones_own(cast: Cast) -> None:
    assert "Bruno Fedrizzi" in shown(cast, f"/members/?q={cast.bruno.card}")
    assert "Carla Endrizzi" not in shown(cast, f"/members/?q={cast.carla.card}")


@pytest.mark.parametrize("text", ["bruno", "FEDR", "fedrizzi bruno", "2"])
def test_a_member_is_found_by_any_part_of_the_name_or_the_number(cast: Cast, text: str) -> None:
    page = shown(cast, f"/members/?q={text}")

    assert "Bruno Fedrizzi" in page
    assert "Ada Bertoldi" not in page.partition("<main")[2]


def test_nobody_found_says_what_to_do(cast: Cast) -> None:
    assert "Prova con il cognome soltanto" in shown(cast, "/members/?q=zzz")


def test_a_long_register_costs_as_many_statements_as_a_short_one(cast: Cast) -> None:
    browser = client_of(cast.ada)

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            browser.get("/members/")
        return len(asked)

    few = statements()
    for _ in range(20):
        make_membership(member=make_person(), cooperative=cast.lievito_id)
    assert statements() == few


def test_a_manager_admits_and_registers_somebody_who_asked(cast: Cast) -> None:
    ada = client_of(cast.ada)
    client_of(cast.carla).post(f"/cooperatives/{cast.lievito_id}/applications/")
    line = queries.memberships_of(member_id=cast.carla.id)[0].id
    today = {"happened_on": f"{queries.membership(membership_id=line).applied_on}"}  # type: ignore[union-attr]

    ada.post(f"/members/{line}/admission/", today)
    answer = ada.post(f"/members/{line}/registration/", today, follow=True)

    assert "Carla Endrizzi è nel libro soci" in answer.content.decode()


def test_a_step_without_its_reason_keeps_the_form_open(cast: Cast) -> None:
    answer = client_of(cast.ada).post(
        f"/members/{cast.bruno.membership_id}/exclusion/", {"happened_on": "2025-06-02"}
    )

    assert answer.status_code == 422
    assert "una decisione come questa va motivata" in answer.content.decode()


@pytest.mark.parametrize("noun", ["boh", "capital"])
def test_a_step_that_does_not_exist_is_not_there(cast: Cast, noun: str) -> None:
    path = f"/members/{cast.bruno.membership_id}/{noun}/"

    assert client_of(cast.ada).post(path).status_code == 404


def test_capital_is_written_as_people_write_it(cast: Cast) -> None:
    form = {
        "key": "01a20363-9726-7ab3-8200-9bb739e69721",
        "amount_cents": "1.000,50",
        "happened_on": "2025-06-02",
    }
    path = f"/members/{cast.bruno.membership_id}/capital/payments/"

    for _sent_twice in range(2):
        answer = client_of(cast.ada).post(path, form, follow=True)

    assert "1.025,50\u00a0€" in answer.content.decode()


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("mille", "Non riusciamo a leggere"), ("-5", "maggiore di zero"), ("", "Scrivi l’importo")],
)
def test_an_amount_that_makes_no_sense_is_sent_back(cast: Cast, amount: str, sentence: str) -> None:
    form = {
        "key": "01a20363-9726-7ab3-8200-9bb739e69721",
        "amount_cents": amount,
        "happened_on": "2025-06-02",
    }
    path = f"/members/{cast.bruno.membership_id}/capital/payments/"

    answer = client_of(cast.ada).post(path, form)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_somebody_new_is_registered_at_the_desk_with_a_card(cast: Cast) -> None:
    form = {
        "first_name": "Nina",
        "last_name": "Nuova",
        "tax_code": "RSSMRA85T10A562S",
        "phone": "0461 000000",
        "applied_on": "2025-06-02",
    }

    answer = client_of(cast.ada).post("/members/newcomers/", form, follow=True)

    assert "Nina Nuova" in answer.content.decode()
    again = client_of(cast.ada).post("/members/newcomers/", form)
    assert "è già nel registro" in again.content.decode()


def test_somebody_with_a_card_is_known_by_it(cast: Cast) -> None:
    ada = client_of(cast.ada)
    form = {"card": cast.carla.card, "applied_on": "2025-06-02"}

    assert "Carla Endrizzi" in ada.post("/members/new/", form, follow=True).content.decode()
    assert "già una domanda" in ada.post("/members/new/", form).content.decode()
    wrong = ada.post("/members/new/", form | {"card": "2900000000002"})
    assert "non è un numero di carta valido" in wrong.content.decode()


def test_a_mandate_is_given_by_card_and_taken_away(cast: Cast) -> None:
    ada = client_of(cast.ada)
    form = {"card": cast.bruno.card, "role": "till", "starts_on": "2025-06-02"}

    given = ada.post("/mandates/", form, follow=True).content.decode()
    assert "Bruno Fedrizzi" in given
    ada.post(f"/mandates/{cast.elsa.mandate_id}/end/")
    assert "Elsa Dallago" not in shown(cast, "/mandates/")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_in_a_year_that_nobody_means_is_sent_back(cast: Cast, day: str) -> None:
    form = {"card": cast.bruno.card, "role": "till", "starts_on": day}
    answer = client_of(cast.ada).post("/mandates/", form)

    assert answer.status_code == 422
    assert "Controlla l’anno: scrivine uno fra il 1900 e il 2199." in answer.content.decode()


def test_a_manager_gives_no_role_of_the_federation(cast: Cast) -> None:
    form = {"card": cast.bruno.card, "role": "officer", "starts_on": "2025-06-02"}

    answer = client_of(cast.ada).post("/mandates/", form)

    assert answer.status_code == 422


def test_a_new_key_is_shown_this_once(cast: Cast) -> None:
    ada = client_of(cast.ada)

    text = ada.post("/keys/", {"name": "Cassa 2"}).content.decode()

    secret = text.partition('<p class="code mt-s">')[2].partition("</p>")[0]
    assert queries.holder_of_key(secret=secret) is not None
    assert secret not in ada.get("/keys/").content.decode()


def test_an_officer_lets_an_organisation_in_and_creates_a_fund(cast: Cast) -> None:
    olga = client_of(cast.olga)

    olga.post(
        "/organisations/new/", {"kind": "cooperative", "name": "Malga Alta", "sector": "other"}
    )
    olga.post("/funds/new/", {"kind": "fund", "name": "Fondo scuole"})

    found = queries.search(filters=queries.Filters(text="malga"), number=1)
    assert [row.name for row in found] == ["Malga Alta"]
    assert "Fondo scuole" in olga.get("/funds/").content.decode()
