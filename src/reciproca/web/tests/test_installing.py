"""Reciproca among a phone's applications."""

import pytest
from tests.makers import client_of, make_cast

pytestmark = pytest.mark.django_db


def test_the_manifest_names_the_community_and_pictures_that_are_there() -> None:
    make_cast()

    answer = client_of().get("/manifest.webmanifest")

    told = answer.json()
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["display"], told["lang"]) == (
        "Comunità delle Tre Valli",
        "standalone",
        "it",
    )
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    assert told["shortcuts"][0]["url"] == "/card/phone/"


def test_before_a_community_is_open_it_has_the_houses_name() -> None:
    assert client_of().get("/manifest.webmanifest").json()["name"] == "Reciproca"


def test_every_page_leads_to_the_manifest_and_the_pictures_of_its_phone() -> None:
    page = client_of().get("/").content.decode()

    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert 'rel="apple-touch-icon" href="/static/assets/icon-180' in page
