"""The desk's pages about tills: by the browser of who works there."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from tests.makers import client_of

from reciproca.notices.queries import notices_of
from reciproca.purchases.models import Purchase
from reciproca.tills.models import Closing, Device, HeldSale, Settlement, Till
from reciproca.tills.tests.counter import Counter, make_counter, refused, told
from reciproca.tills.tests.test_syncing import offline, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return make_counter()


@pytest.fixture
def ada(counter: Counter) -> Client:
    return client_of(counter.cast.ada)


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_manager_opens_a_till_and_makes_this_browser_its_device(
    counter: Counter, ada: Client
) -> None:
    opened = ada.post("/tills/", {"name": "Spaccio"})
    till = Till.objects.get(name="Spaccio")
    assert opened.headers["Location"] == f"/tills/{till.id}/"

    paired = ada.post(f"/tills/{till.id}/devices/", {"name": "PC del retro"})

    assert paired.headers["Location"] == "/till/"
    assert told(ada.get("/till/state/"))["till"]["name"] == "Spaccio"  # type: ignore[arg-type]
    assert "PC del retro" in text_of(ada, f"/tills/{till.id}/")
    assert "Spaccio" in text_of(ada, "/tills/")


def test_a_name_is_given_once_and_can_be_changed(counter: Counter, ada: Client) -> None:
    taken = ada.post("/tills/", {"name": "BANCO"})
    assert taken.status_code == 422
    assert "nome" in taken.content.decode()

    till = counter.device.till
    assert ada.post(f"/tills/{till.id}/name/", {"name": "  "}).status_code == 422
    ada.post(f"/tills/{till.id}/name/", {"name": "Banco del pane"})
    assert "Banco del pane" in text_of(ada, "/tills/")


def test_a_revoked_device_sells_no_more(counter: Counter, ada: Client) -> None:
    path = f"/tills/devices/{counter.device.id}/revocation/"
    assert client_of(counter.cast.dario).post(path).status_code == 404
    assert Device.objects.get().revoked_at is None

    ada.post(path)

    assert refused(counter.device.sell()) == (401, "device-unknown")
    assert "scollegato" in text_of(ada, f"/tills/{counter.device.till.id}/")


def test_an_operator_pairs_and_chooses_the_own_code_and_nothing_else(counter: Counter) -> None:
    elsa, cast, till = client_of(counter.cast.elsa), counter.cast, counter.device.till
    codes = {"code": "90281", "again": "90281"}

    assert "Apri una cassa" not in text_of(elsa, "/tills/")
    assert elsa.post("/tills/", {"name": "Mia"}).status_code == 404
    assert elsa.post(f"/tills/{till.id}/devices/", {"name": "Telefono"}).status_code == 302
    assert elsa.post(f"/tills/operators/{cast.ada.id}/", codes).status_code == 404
    assert elsa.post(f"/tills/operators/{cast.elsa.id}/", codes).status_code == 302
    assert elsa.get(f"/tills/operators/{cast.elsa.id}/").status_code == 200

    assert counter.device.unlock(cast.elsa, "90281").status_code == 200


def test_a_manager_gives_a_locked_operator_a_new_code(counter: Counter, ada: Client) -> None:
    elsa = counter.cast.elsa
    for _ in range(5):
        counter.device.unlock(elsa, "31415")
    assert "codice bloccato" in text_of(ada, "/tills/")
    path = f"/tills/operators/{elsa.id}/"

    different = ada.post(path, {"code": "90281", "again": "90282"})
    assert different.status_code == 422
    assert ada.post(path, {"code": "12345", "again": "12345"}).status_code == 422
    ada.post(path, {"code": "90281", "again": "90281"})

    assert counter.device.unlock(elsa, "90281").status_code == 200
    assert any("nuovo codice" in each.sentence for each in notices_of(person_id=elsa.id))


def test_a_day_is_closed_at_the_desk_with_a_note_and_stays_to_be_read(
    counter: Counter, ada: Client
) -> None:
    counter.device.sell(1_250)
    till = counter.device.till
    page = ada.get(f"/tills/{till.id}/").content.decode()
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    body = {"key": found[1], "note": "Tablet rotto"}

    assert ada.post(f"/tills/{till.id}/closings/", body | {"note": ""}).status_code == 422
    first = ada.post(f"/tills/{till.id}/closings/", body)
    again = ada.post(f"/tills/{till.id}/closings/", body)

    assert first.headers["Location"] == again.headers["Location"]
    shown = text_of(ada, first.headers["Location"])
    assert "12,50" in shown
    assert "Tablet rotto" in shown
    assert "12,50" in text_of(ada, "/tills/closings/")
    assert Closing.objects.count() == 1
    theirs = client_of(counter.cast.dario).get(first.headers["Location"])
    assert theirs.status_code == 404


def test_a_till_with_an_open_day_is_not_closed(counter: Counter, ada: Client) -> None:
    path = f"/tills/{counter.device.till.id}/ending/"
    counter.device.sell()

    refusal = ada.post(path)

    assert refusal.status_code == 409
    assert "till-day-open" in refusal.content.decode()


class TestHeldSales:
    @pytest.fixture
    def held(self, counter: Counter) -> HeldSale:
        send(counter.device, offline(counter, 1_234, card="2900000000001"))
        return HeldSale.objects.get()

    def test_they_are_told_of_listed_and_recorded(
        self, counter: Counter, ada: Client, held: HeldSale
    ) -> None:
        assert "da guardare" in text_of(ada, "/desk/")
        assert "12,34" in text_of(ada, "/tills/held/")
        assert "Non troviamo questa carta" in text_of(ada, f"/tills/held/{held.id}/")
        card = counter.cast.bruno.card

        wrong = ada.post(f"/tills/held/{held.id}/recording/", {"card": "123"})
        nobodys = ada.post(f"/tills/held/{held.id}/recording/", {"card": "2900000000001"})
        done = ada.post(f"/tills/held/{held.id}/recording/", {"card": card})

        assert (wrong.status_code, nobodys.status_code) == (422, 404)
        assert 'id="id_card_error"' in nobodys.content.decode()
        purchase = Purchase.objects.get(buyer=counter.cast.bruno.id)
        assert done.headers["Location"] == f"/purchases/{purchase.id}/"
        assert "Niente da guardare" in text_of(ada, "/tills/held/")
        assert "12,34" in text_of(ada, "/tills/held/?state=settled")
        again = ada.post(f"/tills/held/{held.id}/recording/", {"card": card})
        assert again.status_code == 409

    def test_or_dropped_with_a_reason(self, ada: Client, held: HeldSale) -> None:
        path = f"/tills/held/{held.id}/dropping/"
        assert ada.post(path, {"reason": ""}).status_code == 422

        ada.post(path, {"reason": "Prova"})

        assert Settlement.objects.get().reason == "Prova"
        assert "Prova" in text_of(ada, f"/tills/held/{held.id}/")

    def test_what_cannot_be_read_is_shown_as_it_came_and_harms_nobody(
        self, counter: Counter, ada: Client
    ) -> None:
        send(counter.device, {"key": "a", "lines": "<script>alert(1)</script>"})
        held = HeldSale.objects.get()

        page = ada.get(f"/tills/held/{held.id}/").content.decode()

        assert "&lt;script&gt;alert(1)" in page
        assert "Registra la vendita" not in page

    def test_another_cooperative_finds_none_of_them(self, counter: Counter, held: HeldSale) -> None:
        dario = client_of(counter.cast.dario)

        assert "12,34" not in text_of(dario, "/tills/held/")
        assert dario.get(f"/tills/held/{held.id}/").status_code == 404
        assert dario.post(f"/tills/held/{held.id}/dropping/", {"reason": "x"}).status_code == 404


def test_lists_ask_the_same_few_queries_however_long(
    counter: Counter, ada: Client, django_assert_max_num_queries: object
) -> None:
    # Before its first sale a shop is also told the next of its first steps.
    counter.device.sell(1_000)
    sales = [offline(counter, card="2900000000001") for _ in range(60)]
    send(counter.device, *sales)

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        text_of(ada, "/tills/held/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        text_of(ada, "/tills/")


def test_what_is_given_back_at_the_desk_is_named_beside_the_days_sums_and_changes_none(
    counter: Counter, ada: Client
) -> None:
    device = counter.device
    for cents in (1_000, 2_000):
        device.sell(cents)
    first, second = Purchase.objects.order_by("total_cents")
    till = device.till
    ada.post(f"/purchases/{first.id}/undo/", {"key": str(uuid4()), "reason": "Battuta due volte"})
    assert Purchase.objects.get(corrects=first).total_cents == -1_000

    # The day that is open, and that day once it is closed.
    open_day = text_of(ada, f"/tills/{till.id}/")
    assert "Dalla scrivania è tornata una vendita di questa giornata, 10,00" in open_day
    ada.post(f"/tills/{till.id}/closings/", {"key": str(uuid4()), "note": "Prova"})
    closing = Closing.objects.get()
    assert closing.totals.money_cents == 3_000
    ada.post(f"/purchases/{second.id}/undo/", {"key": str(uuid4()), "reason": "Resa"})
    closed_day = text_of(ada, f"/tills/closings/{closing.id}/")
    assert "Dalla scrivania sono tornate 2 vendite di questa giornata, 30,00" in closed_day
    # The next day sold neither of them.
    assert "Dalla scrivania" not in text_of(ada, f"/tills/{till.id}/")
