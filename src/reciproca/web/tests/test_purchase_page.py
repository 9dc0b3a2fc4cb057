"""Why this amount: a purchase, a refund, an undo, credit that ended."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from tests.makers import NOON, client_of

from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import LineIn
from reciproca.purchases.models import Purchase
from reciproca.valueback import actions as valueback
from reciproca.valueback.models import ExpiredLot
from reciproca.web.member.purchase import purchase_page
from reciproca.web.tests.valley import Valley, make_valley

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Valley:
    return make_valley()


def page_of(client: Client, purchase: Purchase) -> str:
    return client.get(f"/movements/purchases/{purchase.id}/").content.decode()


def test_a_purchase_tells_formula_rounding_branches_and_who_wrote_it_down(valley: Valley) -> None:
    html = page_of(client_of(valley.bruno), valley.buy(6_999))

    assert "Perché ti tornano 1,42\u00a0€" in html
    assert "3,4995\u00a0€" in html
    assert "3,49\u00a0€" in html
    assert "per difetto al centesimo" in html
    assert "da Elsa Dallago" in html
    assert valley.policy[:16] in html
    assert f"/policies/{valley.policy}/" in html


def test_the_ledger_says_in_words_where_each_cent_went(valley: Valley) -> None:
    html = page_of(client_of(valley.bruno), valley.buy(10_000))

    assert "Panificio Il Lievito ti accredita la tua parte" in html
    assert html.count("Panificio Il Lievito deve la sua parte a") == 3


def test_spent_credit_names_its_lots(valley: Valley) -> None:
    valley.buy(10_000, seller=valley.cast.roncolago_id)
    html = page_of(client_of(valley.bruno), valley.buy(5_000, credit=150))

    assert "I crediti che hai usato" in html
    assert "con scadenza 31 dicembre 2026" in html
    assert "Caseificio Roncolago deve la stessa cifra a Panificio Il Lievito" in html


def test_every_line_has_its_own_account(valley: Valley) -> None:
    purchase = valley.buy(lines=(LineIn("", 700, "Pane di segale"), LineIn("", 350, "Strudel")))
    html = page_of(client_of(valley.bruno), purchase)

    assert "Pane di segale" in html
    assert "Strudel" in html
    assert html.count('class="reason"') == 2


def test_a_refund_shows_before_and_after_and_what_it_corrects(valley: Valley) -> None:
    purchase = valley.buy(6_999)
    refund = valley.give_back(purchase, (1, 999), reason="Confezione rotta")
    client = client_of(valley.bruno)

    html = page_of(client, refund)

    assert "Che cosa cambia con il reso" in html
    assert "Prima" in html
    assert "Confezione rotta" in html
    assert f"/movements/purchases/{purchase.id}/" in html
    assert f"/movements/purchases/{refund.id}/" in page_of(client, purchase)


def test_a_refund_of_value_already_spent_says_that_nothing_is_to_be_paid_now(
    valley: Valley,
) -> None:
    purchase = valley.buy(10_000)
    valley.give(200)

    html = page_of(client_of(valley.bruno), valley.give_back(purchase))

    assert "niente da pagare adesso" in html


def test_an_undo_gives_credits_back_to_their_lots(valley: Valley) -> None:
    valley.buy(10_000)
    purchase = valley.buy(5_000, credit=150)
    undo = purchases.undo_purchase(
        purchase_id=purchase.id, key="u", reason="", recorded_by=None, recorded_at=NOON
    )

    html = page_of(client_of(valley.bruno), undo)

    assert "Che cosa torna com’era" in html
    assert "I crediti che ti tornano" in html


def test_a_purchase_before_the_first_policy_says_so(valley: Valley) -> None:
    old = valley.buy(10_000, at=datetime(2024, 5, 6, 10, tzinfo=UTC))

    html = page_of(client_of(valley.bruno), old)

    assert "non c’erano ancora criteri adottati" in html


def test_somebody_elses_purchase_is_a_page_that_does_not_exist(valley: Valley) -> None:
    purchase = valley.buy(10_000)

    answer = client_of(valley.cast.carla).get(f"/movements/purchases/{purchase.id}/")

    assert answer.status_code == 404
    assert purchase_page(purchase_id=purchase.id, buyer_id=valley.cast.carla.id) is None


def test_who_acts_for_a_cooperative_does_not_see_a_members_pages(valley: Valley) -> None:
    client = client_of(valley.cast.ada)

    for path in ("/value/", "/movements/", "/gift/"):
        assert client.get(path).status_code == 404


def test_a_stranger_is_sent_to_sign_in(valley: Valley) -> None:
    purchase = valley.buy(10_000)

    answer = client_of().get(f"/movements/purchases/{purchase.id}/")

    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_credit_that_ended_says_to_which_fund_it_went(valley: Valley) -> None:
    valley.buy(10_000)
    valueback.expire_lots(on=date(2027, 1, 1), recorded_at=datetime(2027, 1, 2, tzinfo=UTC))
    lot = ExpiredLot.objects.get()

    html = client_of(valley.bruno).get(f"/movements/expired/{lot.id}/").content.decode()
    others = client_of(valley.cast.carla).get(f"/movements/expired/{lot.id}/")

    assert "Perché sono scaduti 2,00\u00a0€" in html
    assert "Fondo solidarietà" in html
    assert others.status_code == 404
