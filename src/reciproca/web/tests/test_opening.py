"""A new house is opened on a page whose address only its terminal tells."""

import pytest
from django.test import Client
from tests.makers import make_cast

from reciproca.registry import queries
from reciproca.settings.reader import opening_token, read_settings

pytestmark = pytest.mark.django_db

WRITTEN = {
    "community": "Comunità della Val di Non",
    "federation": "Federazione della Val di Non",
    "municipality": "Cles (TN)",
    "first_name": "Olga",
    "last_name": "Bianchi",
    "email": "olga@example.org",
}


@pytest.fixture
def page() -> str:
    return f"/opening/{opening_token(read_settings())}/"


def test_who_knows_the_address_opens_the_community_and_is_led_to_sign_up(page: str) -> None:
    answer = Client().post(page, WRITTEN, follow=True)

    community = queries.community()
    assert community is not None
    assert community.name == "Comunità della Val di Non"
    assert answer.redirect_chain[0][0] == "/accounts/signup/?email=olga%40example.org"
    assert "è aperta" in answer.content.decode()


def test_a_mistake_says_what_to_do_and_loses_nothing(page: str) -> None:
    answer = Client().post(page, {**WRITTEN, "email": "olga", "municipality": "Vattelapesca"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Non troviamo questo comune" in text
    assert 'value="Federazione della Val di Non"' in text
    assert queries.community() is None


@pytest.mark.parametrize(
    ("language", "name", "leader", "long"),
    [
        (
            "it",
            "Scrivi il nome della federazione.",
            "Scrivi l’e-mail di chi la guida",
            "qui stanno 120 caratteri, e ora sono 130",
        ),
        (
            "en",
            "Write the federation’s name.",
            "Write the email of who leads it",
            "120 characters fit here, and now there are 130",
        ),
    ],
)
def test_each_answer_says_what_is_missing_in_it(
    page: str, language: str, name: str, leader: str, long: str
) -> None:
    browser = Client(headers={"accept-language": language})

    empty = browser.post(page, {"community": "x" * 130}).content.decode()

    assert name in empty
    assert leader in empty
    assert long in empty
    assert "x" * 130 in empty


@pytest.mark.parametrize("silly", ["…", "🎉🎉", "X", "- -"])
def test_a_name_has_letters(page: str, silly: str) -> None:
    answer = Client().post(page, {**WRITTEN, "community": silly, "federation": silly})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count(f"“{silly}” non è un nome") == 4  # beside each field, and in the list
    assert queries.community() is None


def test_for_everybody_else_there_is_no_such_page(page: str) -> None:
    assert Client().get("/opening/guessed/").status_code == 404
    assert Client().post("/opening/guessed/", WRITTEN).status_code == 404
    assert queries.community() is None


def test_once_a_community_is_open_the_page_is_gone(page: str) -> None:
    make_cast()

    assert Client().get(page).status_code == 404
    assert Client().post(page, WRITTEN).status_code == 404
