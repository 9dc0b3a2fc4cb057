"""The square as everybody sees it, and a seller's and an officer's own pages of it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.makers import Cast, client_of, make_cast

from reciproca.market.models import Complaint, Offer, PickupPoint, Product
from reciproca.market.tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def words(answer: Any) -> str:
    """Return the text of a page as one reads it."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def written(cast: Cast, **changed: Any) -> dict[str, Any]:
    """Return the form of a loaf, as a seller fills it in."""
    return {
        "key": str(uuid4()),
        "kind": "goods",
        "title": "Pagnotta di segale",
        "category": "pane",
        "price_cents": "4,20",
        "unit": "piece",
        "step_milli": "1",
        "stock_milli": "12",
        "pickup_id": str(world.pickup(cast.lievito_id).id),
        "grown_in": "Cles (TN)",
        **changed,
    }


def test_a_seller_puts_bread_on_the_square_and_everybody_finds_it(cast: Cast) -> None:
    ada, photo = client_of(cast.ada), world.photo()
    file = SimpleUploadedFile("pane.jpg", photo.content, "image/jpeg")
    told = written(cast, photo=file, alt="Una pagnotta", allergens=["gluten"])

    answer = ada.post("/market/own/new/", told, follow=True)

    assert "Ecco come si vede al mercato." in words(answer)
    stranger = Client()
    listed = words(stranger.get("/market/?near=&q=pagnota"))
    assert "Pagnotta di segale" in listed
    assert "Abbiamo cercato anche: pagnotta." in listed
    made = Offer.objects.get()
    page = words(stranger.get(f"/market/offers/{made.id}/"))
    for said in ("4,20 €", "Glutine", "Bottega", "Chilometro zero", f"{made.farthest_metres}"[:2]):
        assert said in page
    image = stranger.get(f"/market/offers/{made.id}/photo.jpg")
    assert image.headers["Content-Type"] == "image/jpeg"
    assert b"Bruno" not in image.content


def test_a_form_with_mistakes_says_what_to_do_and_makes_nothing(cast: Cast) -> None:
    ada = client_of(cast.ada)
    for changed, said in (
        ({"price_cents": ""}, "Scrivi il prezzo"),
        ({"price_cents": "tanto"}, "Importo"),
        ({"title": ""}, "Scrivi che cosa offri o cerchi."),
        ({"ean": "123"}, "non è un codice a barre"),
        ({"step_milli": "0,5"}, "per unità intere"),
        ({"step_milli": "0"}, "più grande di zero"),
        ({"stock_milli": "1e9"}, "non è una quantità"),
        ({"grown_in": "Atlantide"}, "Non troviamo questo comune"),
        ({"valid_until": "2020-01-01"}, "è già passato"),
        ({"kind": "agreement"}, "che cosa ottiene chi aderisce"),
        ({"photo": SimpleUploadedFile("a.jpg", b"no"), "alt": "Pane"}, "non si legge"),
        ({"photo": SimpleUploadedFile("a.jpg", b"no")}, "Scrivi che cosa si vede"),
    ):
        answer = ada.post("/market/own/new/", written(cast, **changed))

        assert answer.status_code == 422, changed
        assert said.casefold() in words(answer).casefold(), changed
    assert not Offer.objects.exists()


def test_a_barcode_alone_takes_its_name_from_the_catalogue(cast: Cast) -> None:
    Product.objects.create(ean="8000000142283", name="Terrina", ingredients="Anatra")
    told = written(cast, title="", ean="8000000142283")

    answer = client_of(cast.ada).post("/market/own/new/", told, follow=True)

    assert "Terrina" in words(answer)
    assert "Anatra" in words(answer)


def test_a_seller_changes_and_ends_what_is_its_own(cast: Cast) -> None:
    made, ada = world.offer(cast.lievito_id), client_of(cast.ada)
    page = f"/market/own/{made.id}/"

    assert 'value="4,20"' in ada.get(page).content.decode()
    ada.post(page, written(cast, price_cents="5,00"))
    assert Offer.objects.get().price_cents == 500
    assert "Pagnotta" in words(ada.get("/market/own/?q=pagnotta"))
    ada.post(f"{page}end/")
    assert client_of(cast.bruno).get(f"/market/offers/{made.id}/").status_code == 404
    assert ada.get(f"/market/offers/{made.id}/").status_code == 200


def test_places_are_opened_and_closed(cast: Cast) -> None:
    ada = client_of(cast.ada)
    told = {"name": "Forno", "address": "Via 1", "municipality": "Trento", "hours": "8–12"}

    assert ada.post("/market/pickups/", {**told, "hours": ""}).status_code == 422
    ada.post("/market/pickups/", told)
    point = PickupPoint.objects.get()
    assert "Forno" in words(ada.get("/market/pickups/"))
    made = world.offer(cast.lievito_id, pickup_id=point.id)
    closing = f"/market/pickups/{point.id}/closing/"
    assert "si ritirano ancora" in words(ada.post(closing))
    ada.post(f"/market/own/{made.id}/end/")
    ada.post(closing)
    assert PickupPoint.objects.get().closed_at


def test_a_complaint_is_answered_with_a_reason(cast: Cast) -> None:
    made = world.offer(cast.lievito_id)
    bruno, olga = client_of(cast.bruno), client_of(cast.olga)
    about = f"/market/offers/{made.id}/complaints/"

    assert bruno.post(about, {"key": str(uuid4()), "text": ""}).status_code == 422
    bruno.post(about, {"key": str(uuid4()), "text": "Non è pane."})
    said = Complaint.objects.get()
    assert "Non è pane." in words(olga.get("/market/complaints/"))
    decision = f"/market/complaints/{said.id}/"
    assert olga.post(decision, {"hides": "yes", "answer": ""}).status_code == 422
    olga.post(decision, {"hides": "yes", "answer": "È un sasso."})

    assert bruno.get(f"/market/offers/{made.id}/").status_code == 404
    assert "È un sasso." in words(client_of(cast.ada).get(f"/market/offers/{made.id}/"))
    assert "È un sasso." in words(client_of(cast.ada).get("/market/own/"))
    assert bruno.get(f"/market/offers/{made.id}/photo.jpg").status_code == 404


def test_a_map_shows_where_things_are(cast: Cast) -> None:
    world.offer(cast.lievito_id)
    page = Client().get("/market/?view=map&near=")

    assert "Dove sono: Trento 1." in page.content.decode()
    assert "near=Trento" in page.content.decode()


def test_addresses_that_make_no_sense_show_everything(cast: Cast) -> None:
    world.offer(cast.lievito_id)

    for query in ("?page=x&km=abc&kind=no&category=no", "?page=99999999&near=Atlantide"):
        answer = Client().get(f"/market/{query}")
        assert answer.status_code == 200, query
        assert "Pagnotta" in words(answer), query


def test_filters_know_who_takes_credits_and_who_is_social(cast: Cast) -> None:
    world.offer(cast.lievito_id)
    stranger = Client()

    assert "Pagnotta" in words(stranger.get("/market/?credits=1&near="))
    assert "Pagnotta" not in words(stranger.get("/market/?social=1&near="))


def test_pages_ask_as_many_queries_for_many_as_for_few(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        world.offer(cast.lievito_id, title=f"Pane {number}")
    bruno, ada = client_of(cast.bruno), client_of(cast.ada)

    with django_assert_max_num_queries(16):
        bruno.get("/market/?q=pane")
    with django_assert_max_num_queries(16):
        ada.get("/market/own/")
