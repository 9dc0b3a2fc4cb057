"""The pages: what goes and what stays is said first, then proved, then confirmed."""

import re

import pytest
from django.utils import timezone
from django.utils.dates import MONTHS
from tests.makers import (
    client_of,
)

from reciproca.erasure import queries
from reciproca.erasure.tests.life import (
    EMAIL,
    LOGIN,
    NAME,
    SAID,
    Told,
    prove_presence,
    settle,
    sign_in,
)
from reciproca.erasure.tests.search import places_of
from reciproca.registry.models import Membership
from reciproca.shared.dates import kept_until
from reciproca.shared.models import ErasedPerson
from reciproca.tills.tests.counter import Counter
from reciproca.transparency import actions as transparency

pytestmark = pytest.mark.django_db


def test_the_first_page_says_what_goes_what_stays_and_until_when(told: Told) -> None:
    browser = sign_in()
    first = browser.get("/profile/erasure/").content.decode()

    assert "numero 3 del libro soci di Panificio Il Lievito" in _plain(first)
    assert f"Fino al {_in_ten_years()}" in _plain(first)
    assert "35 giorni" in first
    assert 'data-code="credit-left"' in first
    assert "/profile/erasure/confirmation/" not in first

    prove_presence(browser, "/profile/erasure/credit/")
    asked = browser.get("/profile/erasure/credit/").content.decode()
    answer = browser.post("/profile/erasure/credit/", follow=True)
    transparency.sequence(at=timezone.now())

    assert "Lascia andare 0,30" in asked
    assert "Il credito è andato al fondo" in answer.content.decode()
    assert "/profile/erasure/confirmation/" in browser.get("/profile/erasure/").content.decode()


def test_it_says_the_same_in_english(told: Told) -> None:
    browser = sign_in()
    browser.post("/language/", {"language": "en", "next": "/profile/erasure/"})

    page = _plain(browser.get("/profile/erasure/").content.decode())

    assert "Erase your data" in page
    assert "number 3 in the members’ register of Panificio Il Lievito" in page
    assert "There is still credit" in page


def test_without_a_proof_of_presence_or_the_tick_nothing_happens(told: Told) -> None:
    settle(told.zenobia.id)
    browser, page = sign_in(), "/profile/erasure/confirmation/"

    sent_blind = browser.post(page, {"understood": "on"})
    prove_presence(browser, page)
    not_ticked = browser.post(page)

    assert sent_blind.headers["Location"] == page
    assert not_ticked.status_code == 422
    assert "Spunta la casella" in not_ticked.content.decode()
    assert not ErasedPerson.objects.exists()


def test_what_hinders_is_said_on_the_last_page_too(counter: Counter) -> None:
    browser, page = client_of(counter.cast.bruno), "/profile/erasure/confirmation/"
    prove_presence(browser, page)

    answer = browser.post(page, {"understood": "on"})

    assert answer.status_code == 422
    assert "prima serve il recesso" in answer.content.decode()


def test_an_officer_erases_who_asks_on_paper_and_the_list_names_nobody(told: Told) -> None:
    settle(told.zenobia.id)
    cast = told.counter.cast
    olga = client_of(cast.olga)
    page = f"/control/erasures/{told.zenobia.id}/"
    for code in (SAID["tax code"].lower(), told.cards[-1], EMAIL, LOGIN):
        assert olga.post("/control/erasures/", {"code": code}).headers["Location"] == page
    nobody = olga.post("/control/erasures/", {"code": "2999999999999"})
    assert "Nessuno è registrato così" in nobody.content.decode()
    prove_presence(olga, page)
    assert NAME in olga.get(page).content.decode()

    without_paper = olga.post(page, {"understood": "on"})
    done = olga.post(page, {"understood": "on", "paper": "2026/14"}, follow=True)

    assert without_paper.status_code == 422
    assert "Su carta, modulo 2026/14" in _plain(done.content.decode())
    assert olga.get(page).status_code == 404
    row = queries.erased_people()[0]
    assert (row.by, row.paper) == ("Olga Nardelli", "2026/14")
    assert places_of(SAID["name"]) == {"registry_membership"}


def _plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


def _in_ten_years() -> str:
    found = Membership.objects.filter(left_on__isnull=False).values_list("left_on", flat=True)
    day = kept_until(on=max(each for each in found if each), months=120)
    return f"{day.day} {str(MONTHS[day.month]).lower()} {day.year}"
