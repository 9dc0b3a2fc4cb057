"""Signing up and in: the person behind a login comes with the verified address, never before."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.makers import (
    NOON,
    Cast,
    client_of,
    make_cast,
    make_membership,
    make_person,
    make_user,
)

from reciproca.registry import actions, queries
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import DeskCheck, Node, User

pytestmark = pytest.mark.django_db

PASSWORD = "una frase lunga e mia"


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def sign_up(browser: Client, *, email: str, name: str = "Nina") -> None:
    browser.post(
        "/accounts/signup/",
        {"email": email, "password1": PASSWORD, "first_name": name, "last_name": "Nuova"},
    )


def confirm(browser: Client) -> None:
    """Write the code that came by mail."""
    code = re.search(
        r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", str(mail.outbox[-1].body), re.MULTILINE
    )
    assert code, mail.outbox[-1].body
    browser.post("/accounts/confirm-email/", {"code": code[1]})


def person_of(email: str) -> Node | None:
    return User.objects.get(email=email).person


def test_nobody_is_anybody_before_the_address_is_verified(cast: Cast) -> None:
    known = make_person(name="Nina Nuova", email="nina@example.org")
    browser = Client()

    sign_up(browser, email="nina@example.org")

    assert person_of("nina@example.org") is None
    assert browser.get("/profile/").status_code == 302
    confirm(browser)
    person = person_of("nina@example.org")
    assert person is not None
    assert person.id == known
    assert "Nina Nuova" in browser.get("/profile/").content.decode()


@pytest.mark.parametrize("confirmed", [False, True])
def test_an_email_written_for_a_newcomer_is_nobodys_before_two_and_a_code(
    cast: Cast, confirmed: bool
) -> None:
    desk = actions.AtDesk(cast.lievito_id, cast.elsa.id, cast.elsa.user.pk, NOON)
    newcomer = PersonIn(
        first_name="Nina",
        last_name="Nuova",
        born_on=NOON.date().replace(year=1980),
        email="nina@example.org",
    )
    line = queries.membership(
        membership_id=actions.welcome_newcomer(person=newcomer, applied_on=NOON.date(), desk=desk)
    )
    assert line is not None
    if confirmed:
        another = actions.AtDesk(cast.lievito_id, cast.ada.id, cast.ada.user.pk, NOON)
        actions.decide_desk_check(check_id=DeskCheck.objects.get().pk, confirmed=True, desk=another)
    browser = Client()

    browser.post("/accounts/login/code/", {"email": "nina@example.org"})
    sign_up(browser, email="nina@example.org")
    browser.post("/accounts/login/", {"login": "nina@example.org", "password": PASSWORD})

    assert person_of("nina@example.org") is None
    assert browser.get("/profile/").status_code == 302
    confirm(browser)
    person = person_of("nina@example.org")
    assert person is not None
    assert (person.id == line.member_id) is confirmed


def test_an_email_one_operator_gave_a_member_opens_nothing_of_theirs(cast: Cast) -> None:
    old = make_person(name="Ottavia Vecchia")
    make_membership(member=old, cooperative=cast.lievito_id)
    desk = actions.AtDesk(cast.lievito_id, cast.ada.id, cast.ada.user.pk, NOON)
    actions.give_email_at_desk(person_id=old, email="nina@example.org", desk=desk)
    browser = Client()

    sign_up(browser, email="nina@example.org")
    confirm(browser)

    person = person_of("nina@example.org")
    assert person is not None
    assert person.id != old
    assert "Ottavia" not in browser.get("/profile/").content.decode()


def test_somebody_new_gets_a_person_with_the_name_they_gave(cast: Cast) -> None:
    browser = Client()

    sign_up(browser, email="nina@example.org")
    confirm(browser)

    person = person_of("nina@example.org")
    assert person is not None
    assert person.name == "Nina Nuova"
    assert queries.live_card_number(person_id=person.id)


def test_a_wrong_code_lets_nobody_in(cast: Cast) -> None:
    browser = Client()
    sign_up(browser, email="nina@example.org")

    browser.post("/accounts/confirm-email/", {"code": "AAAAAA"})

    assert person_of("nina@example.org") is None


def test_an_address_that_is_taken_is_not_told_to_strangers(cast: Cast) -> None:
    browser = Client()

    sign_up(browser, email=cast.bruno.user.email)

    assert User.objects.filter(email=cast.bruno.user.email).count() == 1
    assert mail.outbox[-1].to == [cast.bruno.user.email]


def test_one_signs_in_in_the_language_one_chose() -> None:
    user = make_user(person=make_person(), email="nina@example.org")
    user.language = "en"
    user.save()
    browser = Client()

    browser.post("/accounts/login/", {"login": user.email, "password": "segreto segreto"})

    assert '<html lang="en">' in browser.get("/profile/").content.decode()


def test_who_guesses_is_locked_out_even_with_the_right_password(cast: Cast) -> None:
    browser = Client()
    wrong = {"login": cast.bruno.user.email, "password": "sbagliata"}

    for _ in range(5):
        browser.post("/accounts/login/", wrong)
    answer = browser.post("/accounts/login/", wrong | {"password": "segreto segreto"})

    assert "Troppi tentativi" in answer.content.decode() or answer.status_code == 429
    assert browser.get("/profile/").status_code == 302


def test_after_signing_in_one_is_where_one_wanted_to_be(cast: Cast) -> None:
    stranger = Client()

    answer = stranger.get("/notices/")
    assert answer.headers["Location"] == "/accounts/login/?next=/notices/"
    signed_in = stranger.post(
        answer.headers["Location"],
        {"login": cast.bruno.user.email, "password": "segreto segreto"},
    )
    assert signed_in.headers["Location"] == "/notices/"


def test_who_signed_out_is_a_stranger(cast: Cast) -> None:
    bruno = client_of(cast.bruno)

    bruno.post("/accounts/logout/")

    assert bruno.get("/profile/").status_code == 302


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "it",
            ("Scrivi la tua e-mail", "Scrivi la tua password.", "E-mail o password non tornano"),
        ),
        ("en", ("Write your email", "Write your password.", "Email and password do not match")),
    ],
)
def test_who_signs_in_wrongly_is_told_what_to_write(
    cast: Cast, language: str, sentences: tuple[str, ...]
) -> None:
    browser = Client(headers={"accept-language": language})

    empty = browser.post("/accounts/login/", {}).content.decode()
    wrong = browser.post("/accounts/login/", {"login": "a@example.org", "password": "non so"})

    assert sentences[0] in empty
    assert sentences[1] in empty
    assert sentences[2] in wrong.content.decode()
    assert 'value="a@example.org"' in wrong.content.decode()
