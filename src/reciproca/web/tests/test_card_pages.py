"""The card's page: the number as bars, phones, the PIN, where it was refused, its paper."""

from base64 import b64decode
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from tests.makers import Cast, client_of, make_cast

from reciproca.registry import actions, queries
from reciproca.registry.card_codes import PhoneCodeUsed, phone_code, step_at
from reciproca.web.barcode import ean13_modules, ean13_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def page(cast: Cast) -> str:
    return client_of(cast.bruno).get("/card/").content.decode()


def test_bars_are_those_of_the_standard() -> None:
    # 4003994155486, the example that GS1's own pages draw.
    modules = ean13_modules("4003994155486")

    assert len(modules) == 95
    assert modules[:24] == "101" + "0001101" + "0100111" + "0111101"
    assert (modules[45:50], modules[-10:]) == ("01010", "1010000101")


def test_a_path_draws_what_the_modules_say() -> None:
    number = "2900482193703"
    drawn = ["0"] * 95
    for bar in ean13_path(number, height=1).split("M")[1:]:
        start, width = bar.split("h")[0].split()[0], bar.split("h")[1].split("v")[0]
        for x in range(int(start), int(start) + int(width)):
            drawn[x - 11] = "1"

    assert "".join(drawn) == ean13_modules(number)


def test_a_phone_is_paired_and_its_codes_are_taken_at_a_till(cast: Cast) -> None:
    bruno = client_of(cast.bruno)

    told = bruno.post("/card/phones/", {"name": "Il mio telefono"}).json()

    now = timezone.now()
    code = phone_code(secret=b64decode(told["secret"]), step=step_at(now))
    shown = actions.show_card(text=told["number"] + code, seller_id=cast.lievito_id, shown_at=now)
    assert shown.may_spend
    assert "Il mio telefono" in page(cast)


def test_the_sixth_phone_is_refused_with_what_to_do(cast: Cast) -> None:
    bruno = client_of(cast.bruno)
    answers = [bruno.post("/card/phones/", {"name": "t"}) for _ in range(6)]

    assert [each.status_code for each in answers] == [201] * 5 + [409]
    assert "scollegane uno" in answers[-1].json()["message"]


def test_a_phone_is_forgotten_by_its_owner_alone(cast: Cast) -> None:
    phone = actions.pair_phone(person_id=cast.bruno.id, name="t", paired_at=timezone.now())

    client_of(cast.ada).post(f"/card/phones/{phone.id}/removal/")
    assert len(queries.card_page(person_id=cast.bruno.id).phones) == 1
    client_of(cast.bruno).post(f"/card/phones/{phone.id}/removal/")
    assert queries.card_page(person_id=cast.bruno.id).phones == []


def test_a_pin_is_chosen_and_a_mistake_says_what_to_do(cast: Cast) -> None:
    bruno = client_of(cast.bruno)

    differing = bruno.post("/card/pin/", {"pin": "40718", "again": "40719"})
    easy = bruno.post("/card/pin/", {"pin": "12345", "again": "12345"})
    empty = bruno.post("/card/pin/", {})
    done = bruno.post("/card/pin/", {"pin": "40718", "again": "40718"}, follow=True)

    assert [each.status_code for each in (differing, easy, empty)] == [422] * 3
    assert "non sono uguali" in differing.content.decode()
    assert "non in fila" in easy.content.decode()
    assert "Scrivi cinque cifre" in empty.content.decode()
    assert "Cambia il PIN" in done.content.decode()
    assert "40718" not in done.content.decode()


def test_a_locked_pin_and_a_refusal_are_told_with_place_and_reason(cast: Cast) -> None:
    now = timezone.now()
    phone = actions.pair_phone(person_id=cast.bruno.id, name="t", paired_at=now)
    text = phone.number + phone_code(secret=phone.secret, step=step_at(now))
    actions.show_card(text=text, seller_id=cast.lievito_id, shown_at=now)
    with pytest.raises(PhoneCodeUsed):
        actions.show_card(
            text=text, seller_id=cast.roncolago_id, shown_at=now + timedelta(seconds=1)
        )

    told = page(cast)
    assert "Caseificio Roncolago" in told
    assert "il codice era già servito" in told


def test_a_lost_card_is_replaced_at_once_and_its_number_stays_readable(cast: Cast) -> None:
    answer = client_of(cast.bruno).post("/card/new/", follow=True)

    new, text = queries.live_card_number(person_id=cast.bruno.id), answer.content.decode()
    assert new != cast.bruno.card
    assert new[7:] in text
    assert cast.bruno.card[7:] in text


def test_a_blocked_card_offers_a_new_one(cast: Cast) -> None:
    actions.block_card(
        person_id=cast.bruno.id, blocked_by=cast.ada.user.pk, blocked_at=timezone.now()
    )

    assert "Dammi una carta nuova" in page(cast)
    assert client_of(cast.bruno).get("/card/card.pdf").status_code == 404


@pytest.mark.parametrize("layout", ["", "plastic"])
def test_the_card_is_printed(cast: Cast, layout: str) -> None:
    answer = client_of(cast.bruno).get(f"/card/card.pdf?layout={layout}")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert BytesIO(answer.content).read(5) == b"%PDF-"


def test_the_offline_card_holds_nothing_of_anybody(cast: Cast) -> None:
    known = client_of(cast.bruno).get("/card/phone/").content.decode()

    assert cast.bruno.card not in known
    assert cast.bruno.name not in known


def test_the_page_costs_the_same_with_many_phones_and_refusals(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    for name in "abcde":
        actions.pair_phone(person_id=cast.bruno.id, name=name, paired_at=timezone.now())

    with django_assert_max_num_queries(3):  # type: ignore[operator]
        queries.card_page(person_id=cast.bruno.id)
