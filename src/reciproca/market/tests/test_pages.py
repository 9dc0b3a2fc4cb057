"""The square as everybody sees it, and a seller's and an officer's own pages of it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
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
    made = world.offer(cast.lievito_id, photo=world.photo())
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
    image = f"/market/offers/{made.id}/photo.jpg"
    assert bruno.get(image).status_code == 404
    assert olga.get(image).status_code == 200


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


def test_a_member_orders_from_two_sellers_and_each_hands_over(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, price_cents=420, stock_milli=5_000)
    cheese = world.offer(
        cast.roncolago_id, title="Formaggio", price_cents=1_999, unit="kg", step_milli=250
    )
    bruno, elsa, dario = (client_of(each) for each in (cast.bruno, cast.elsa, cast.dario))

    assert "Il carrello è vuoto" in words(bruno.get("/market/cart/"))
    bruno.post(f"/market/cart/{bread.id}/", {"quantity_milli": "2"})
    page = bruno.post(f"/market/cart/{cheese.id}/", {"quantity_milli": "1,25"}, follow=True)
    shown = words(page)
    assert "Ordina con obbligo di pagare 33,39 €" in shown
    assert "1,25 kg × 19,99 €" in shown
    cart = page.context["cart"]
    confirmed = bruno.post(
        "/market/cart/confirmation/", {"key": str(uuid4()), "seen": cart.seen}, follow=True
    )
    assert "Paghi al ritiro" in words(confirmed)
    mine = {order.seller: order for order in confirmed.context["page"]}
    baked, aged = mine["Panificio Il Lievito"], mine["Caseificio Roncolago"]

    assert "2 pz" in words(elsa.get("/market/board/"))
    handover = f"/market/orders/{baked.id}/handover/"
    assert elsa.post(handover, {"line_1": "3"}).status_code == 422
    assert elsa.post(handover, {"line_1": "0"}).status_code == 422
    elsa.post(handover, {"line_1": "1"})
    read = words(bruno.get(f"/market/orders/{baked.id}/"))
    assert "Consegnato, in parte" in read
    assert "consegnati 1" in read
    assert "Alla piattaforma 0,00 €" in read
    assert "Pagati al ritiro 4,20 €" in read

    dario.post(f"/market/orders/{aged.id}/readiness/")
    assert "chi vende" in words(bruno.post(f"/market/orders/{aged.id}/cancellation/"))
    cancellation = f"/market/orders/{aged.id}/cancellation/"
    assert dario.post(cancellation, {"reason": ""}).status_code == 422
    dario.post(cancellation, {"reason": "La forma è caduta."})
    read = words(bruno.get(f"/market/orders/{aged.id}/"))
    assert "La forma è caduta." in read
    assert "Da pagare 0,00 €" in read


def test_buyer_and_seller_talk_on_the_order_and_nobody_else_reads(cast: Cast) -> None:
    world.put(cast.bruno.id, (world.offer(cast.lievito_id), 1_000))
    [order] = world.confirm(cast.bruno.id, at=timezone.now())
    where = f"/market/orders/{order.id}/messages/"

    assert client_of(cast.bruno).post(where, {"key": str(uuid4()), "text": ""}).status_code == 422
    client_of(cast.bruno).post(where, {"key": str(uuid4()), "text": "Arrivo tardi."})
    assert "Arrivo tardi." in words(client_of(cast.ada).get(f"/market/orders/{order.id}/"))
    for other in (cast.carla, cast.dario):
        assert client_of(other).get(f"/market/orders/{order.id}/").status_code == 404
        assert client_of(other).post(where, {"key": str(uuid4()), "text": "x"}).status_code == 404


def test_a_cart_says_what_is_wrong_and_a_changed_price_is_read_again(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, stock_milli=5_000)
    bruno = client_of(cast.bruno)
    lines = f"/market/cart/{bread.id}/"

    assert "a multipli di 1" in words(bruno.post(lines, {"quantity_milli": "0,5"}))
    assert bruno.post(lines, {"quantity_milli": "tanto"}).status_code == 422
    bruno.post(lines, {"quantity_milli": "4"})
    seen = bruno.get("/market/cart/").context["cart"].seen
    Offer.objects.update(price_cents=430)
    answer = bruno.post("/market/cart/confirmation/", {"key": str(uuid4()), "seen": seen})
    assert answer.status_code == 409
    assert "rileggi prezzi e quantità" in words(answer)
    Offer.objects.update(stock_milli=1_000)
    assert "Ne restano 1" in words(bruno.get("/market/cart/"))
    bruno.post(lines, {"quantity_milli": "0"})
    assert "Il carrello è vuoto" in words(bruno.get("/market/cart/"))
