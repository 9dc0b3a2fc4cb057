"""Coming in and getting lost: the pages of access and of errors, in the language one reads."""

import gettext
import re
from pathlib import Path

import allauth
import django
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from reciproca.registry.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "una-frase-lunga-77"
DJANGO = Path(django.__file__).parent
LIBRARIES = [
    DJANGO / "conf" / "locale",
    DJANGO / "contrib" / "auth" / "locale",
    Path(allauth.__file__).parent / "locale",
]
LOCALE_PATH = settings.LOCALE_PATHS[0]

STRANGERS = ["login", "signup", "login/code", "password/reset", "signup/passkey"]
KNOWN = ["email", "password/change", "2fa", "2fa/webauthn", "3rdparty", "logout", "reauthenticate"]
ENGLISH = re.compile(r"\b(Sign|Password reset|your|please|Enter|Email Address)\b", re.IGNORECASE)


def words_of(page: bytes) -> str:
    """Return what a page says between its tags, in `main`."""
    main = page.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<script.*?</script>|<[^>]+>", " ", main, flags=re.DOTALL)


@pytest.fixture
def ada(client: Client) -> User:
    user = User.objects.create_user(email="ada@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.parametrize("page", STRANGERS)
def test_a_stranger_is_received_in_italian(client: Client, page: str) -> None:
    response = client.get(f"/accounts/{page}/", headers={"accept-language": "it"})
    assert response.status_code == 200
    assert '<html lang="it">' in response.content.decode()
    assert not ENGLISH.search(words_of(response.content))


@pytest.mark.parametrize("page", STRANGERS)
def test_a_stranger_who_reads_english_is_told_so_to_the_browser(client: Client, page: str) -> None:
    response = client.get(f"/accounts/{page}/", headers={"accept-language": "en"})
    assert '<html lang="en">' in response.content.decode()


@pytest.mark.parametrize("page", KNOWN)
def test_the_pages_of_access_speak_italian(client: Client, ada: User, page: str) -> None:
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get(f"/accounts/{page}/", headers={"accept-language": "it"}, follow=True)
    assert response.status_code == 200
    assert not ENGLISH.search(words_of(response.content))


def test_guessing_a_password_is_stopped_and_told_in_a_sentence(client: Client, ada: User) -> None:
    for guess in range(6):
        response = client.post(
            "/accounts/login/",
            {"login": ada.email, "password": f"sbagliata-{guess}"},
            headers={"accept-language": "it"},
        )
    assert "Troppi tentativi" in words_of(response.content)
    assert 'role="alert"' in response.content.decode()


def test_a_wrong_password_keeps_what_was_written(client: Client, ada: User) -> None:
    response = client.post("/accounts/login/", {"login": ada.email, "password": "sbagliata"})
    page = response.content.decode()
    assert f'value="{ada.email}"' in page
    assert "sbagliata" not in page


def test_the_button_of_languages_changes_the_page_one_is_on(client: Client) -> None:
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/accounts/login/"})
    assert answer.headers["Location"] == "/accounts/login/"
    assert '<html lang="en">' in client.get("/accounts/login/").content.decode()


def test_what_is_not_there_gets_a_page_that_leads_home(client: Client) -> None:
    response = client.get("/nessuna-pagina/", headers={"accept-language": "it"})
    assert response.status_code == 404
    assert "Questa pagina non c’è" in words_of(response.content)
    assert 'href="/"' in response.content.decode()


@pytest.mark.parametrize("page", ["400", "403_csrf", "429", "500"])
def test_a_page_for_trouble_needs_neither_request_nor_database(
    page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with override("it"), django_assert_num_queries(0):
        html = render_to_string(f"{page}.html")
    assert '<html lang="it">' in html
    assert html.count("<h1>") == 1


def test_a_form_from_an_old_page_is_told_apart_from_a_forbidden_one() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/accounts/login/", {}, headers={"accept-language": "it"})
    assert response.status_code == 403
    assert "La pagina era scaduta" in words_of(response.content)


def sentences_in(locale_path: Path) -> set[object]:
    """Return the sentences for which a compiled Italian catalogue has words."""
    return set(vars(gettext.translation("django", locale_path, ["it"]))["_catalog"])


def test_our_words_for_the_libraries_are_for_sentences_that_they_still_say() -> None:
    """What they rename comes back in their own voice: give it ours again."""
    known = set().union(*map(sentences_in, LIBRARIES))
    assert sentences_in(LOCALE_PATH) - known == set()


def test_a_form_left_empty_is_answered_in_our_words(client: Client) -> None:
    sent = {"email": "x", "password1": "breve"}
    page = client.post("/accounts/signup/", sent, headers={"accept-language": "it"})
    assert page.status_code == 422
    assert "Scrivi il tuo nome." in page.content.decode()
    assert "Allunga la password: almeno 8 caratteri." in page.content.decode()
    assert "Scrivi l’e-mail per intero" in page.content.decode()


def test_a_link_to_a_new_password_that_is_over_says_where_to_ask_for_another(
    client: Client,
) -> None:
    page = client.get("/accounts/password/reset/key/1-abc/", headers={"accept-language": "en"})
    assert "This link is no longer valid" in page.content.decode()
    assert 'href="/accounts/password/reset/"' in page.content.decode()
    assert "Token" not in page.content.decode()


def test_an_address_of_a_form_that_is_reloaded_says_where_to_go(client: Client, ada: User) -> None:
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get("/card/new/")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Torna alla pagina da cui venivi" in page.content.decode()
    assert client.put("/card/new/").content == b""
