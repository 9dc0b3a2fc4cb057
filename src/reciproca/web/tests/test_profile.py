"""A person's own page: everything about them, who looked, and putting it right."""

import pytest
from tests.makers import Cast, client_of, make_cast

from reciproca.registry import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_member_sees_card_membership_and_capital_that_opens(cast: Cast) -> None:
    bruno = client_of(cast.bruno)

    text = bruno.get("/profile/").content.decode()
    capital = bruno.get(f"/profile/capital/{cast.bruno.membership_id}/").content.decode()

    assert f"{cast.bruno.card[0]} {cast.bruno.card[1:7]} {cast.bruno.card[7:]}" in text
    assert "Panificio Il Lievito" in text
    assert "25,00\u00a0€" in text
    assert "+25,00\u00a0€" in capital


def test_who_opened_ones_data_is_written_on_ones_page(cast: Cast) -> None:
    client_of(cast.ada).get(f"/members/{cast.bruno.membership_id}/")

    text = client_of(cast.bruno).get("/profile/").content.decode()

    assert "Ada Bertoldi, la tua iscrizione" in text


def test_opening_ones_own_line_is_not_written_down(cast: Cast) -> None:
    client_of(cast.ada).get(f"/members/{cast.ada.membership_id}/")

    assert "Ancora nessuno" in client_of(cast.ada).get("/profile/").content.decode()


def test_one_puts_ones_own_data_right(cast: Cast) -> None:
    answer = client_of(cast.bruno).post(
        "/profile/details/",
        {
            "first_name": "Bruno",
            "last_name": "Fedrizzi",
            "municipality": "cles (tn)",
            "iban": "IT60 X054 2811 1010 0000 0123 456",
        },
        follow=True,
    )

    person = queries.person_page(person_id=cast.bruno.id)
    assert person is not None
    assert (person.municipality_name, person.iban) == ("Cles (TN)", "IT60X0542811101000000123456")
    assert "I tuoi dati sono aggiornati" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("iban", "IT60X0542811101000000123457", "non è un IBAN valido"),
        ("municipality", "Vattelapesca", "Non troviamo questo comune"),
        ("first_name", "", "Nome"),
    ],
)
def test_a_mistake_loses_nothing(cast: Cast, field: str, value: str, sentence: str) -> None:
    written = {"first_name": "Bruno", "last_name": "Fedrizzi", "phone": "0463 1", field: value}

    answer = client_of(cast.bruno).post("/profile/details/", written)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert 'value="0463 1"' in text


def test_the_language_of_the_login_is_remembered(cast: Cast) -> None:
    bruno = client_of(cast.bruno)

    answer = bruno.post("/language/", {"language": "en", "next": "/profile/"}, follow=True)

    cast.bruno.user.refresh_from_db()
    assert cast.bruno.user.language == "en"
    assert '<html lang="en">' in answer.content.decode()


def test_pages_of_somebody_known_are_kept_by_no_cache(cast: Cast) -> None:
    known, stranger = client_of(cast.bruno), client_of()

    assert "no-store" in known.get("/directory/").headers["Cache-Control"]
    assert "Cache-Control" not in stranger.get("/directory/").headers


def test_the_profile_names_the_places_that_a_phones_bar_has_no_room_for(cast: Cast) -> None:
    managers, members = (
        client_of(person).get("/profile/").content.decode() for person in (cast.ada, cast.bruno)
    )

    assert managers.count('href="/keys/"') == 2, "once on the rail, once in the page"
    assert members.count('href="/assembly/"') == 2
    assert 'href="/keys/"' not in members
