"""A cooperative's own purchases on its pages: what is found, what is told, what comes back."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.makers import Cast, Member, adopt_policy, client_of, make_cast

from reciproca.purchases import actions
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.shared.access import accesses_to
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db

MORNING = datetime(2025, 6, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    """Open the community with a policy, and let both shops give back 5%."""
    cast = make_cast()
    adopt_policy(cast)
    for shop in (cast.lievito_id, cast.roncolago_id):
        valueback.commit_rate(
            seller_id=shop, rate_bp=500, valid_from=date(2025, 1, 1), recorded_by=None
        )
    return cast


def sold(
    cast: Cast,
    *cents: int,
    to: Member | None = None,
    shop: UUID | None = None,
    key: str = "",
    at: datetime = MORNING,
    credit: int = 0,
) -> Purchase:
    """Record a sale of the Lievito; each amount is a line."""
    sale = SaleIn(
        key=key or f"k{uuid4()}",
        seller_id=shop or cast.lievito_id,
        buyer_id=(to or cast.bruno).id,
        happened_at=at,
        lines=tuple(LineIn("pane", each, f"Cosa {i}") for i, each in enumerate(cents, 1)),
        credit_cents=credit,
    )
    return actions.record_sale(sale=sale, recorded_by=None, recorded_at=max(at, MORNING))


def page(client: Client, purchase: Purchase, name: str = "detail") -> Any:
    return client.get(reverse(f"purchases:{name}", args=[purchase.id]))


def keys_on(answer: Any) -> list[str]:
    return re.findall(r", scontrino ([\w-]+)[<,]", answer.content.decode())


def test_a_manager_sees_the_own_purchases_and_their_sums_and_no_others(cast: Cast) -> None:
    sold(cast, 1_000, key="nostro")
    sold(cast, 2_000, key="loro", shop=cast.roncolago_id)

    answer = client_of(cast.ada).get("/purchases/")

    assert keys_on(answer) == ["nostro"]
    text = re.sub(r"[ \n]+", " ", answer.content.decode())
    assert '1 acquisto</b>: <b class="num">10,00\u00a0€</b>' in text
    assert "Ritorno 0,50\u00a0€, ai soci 0,20\u00a0€" in text


@pytest.mark.parametrize("text", ["AB-7", "bruno", "fedri", "card", "number"])
def test_a_purchase_is_found_by_receipt_name_card_or_register_number(cast: Cast, text: str) -> None:
    sold(cast, 1_000, key="AB-71")
    sold(cast, 900, key="altro", to=cast.carla)
    bruno = {"card": cast.bruno.card, "number": "2"}

    answer = client_of(cast.ada).get("/purchases/", {"q": bruno.get(text, text)})

    assert keys_on(answer) == ["AB-71"]


def test_a_sale_of_our_own_till_has_a_number_short_enough_to_be_read_and_found_by(
    cast: Cast,
) -> None:
    sold(cast, 1_000, key="till:2d85f7bb-765a-4210-ab43-74ff56d1276e")
    sold(cast, 1_000, key="till:3aaa0000-765a-4210-ab43-74ff56d1276e")

    answer = client_of(cast.ada).get("/purchases/", {"q": "2d85f7bb"})

    assert keys_on(answer) == ["2d85f7bb"]


def test_filters_live_in_the_address(cast: Cast) -> None:
    for day in range(1, 6):
        sold(cast, 1_000, key=f"g{day}", at=MORNING.replace(day=day))
    ada = client_of(cast.ada)

    assert keys_on(ada.get("/purchases/?first=2025-06-02&last=2025-06-03")) == ["g3", "g2"]
    assert keys_on(ada.get("/purchases/?year=2024")) == []
    assert keys_on(ada.get("/purchases/?kind=refund")) == []
    assert keys_on(ada.get("/purchases/?category=latte")) == []
    assert keys_on(ada.get("/purchases/?credit=1")) == []


def test_days_in_the_wrong_order_are_told_and_kept(cast: Cast) -> None:
    answer = client_of(cast.ada).get("/purchases/?first=2025-06-03&last=2025-06-01")

    text = answer.content.decode()
    assert "L’ultimo giorno viene prima del primo" in text
    assert 'value="2025-06-01"' in text


def test_older_purchases_follow_without_repeating_any(cast: Cast) -> None:
    for number in range(60):
        sold(cast, 1_000, key=f"n{number:02d}", at=MORNING + timedelta(minutes=number // 3))
    ada = client_of(cast.ada)

    first = ada.get("/purchases/")
    older = re.search(r'href="(\?before=[^"]+)"', first.content.decode())
    assert older
    second = ada.get("/purchases/" + older[1])

    assert len(keys_on(first)) == 50
    assert sorted(keys_on(first) + keys_on(second)) == [f"n{n:02d}" for n in range(60)]


def test_the_list_takes_as_many_queries_for_many_purchases_as_for_one(cast: Cast) -> None:
    ada = client_of(cast.ada)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            ada.get("/purchases/")
        return len(captured)

    sold(cast, 1_000)
    few = queries()
    for member in (cast.bruno, cast.carla, cast.ada):
        for _ in range(5):
            sold(cast, 700, to=member)

    assert queries() == few


def test_the_file_has_register_numbers_instead_of_names_and_runs_nothing(cast: Cast) -> None:
    sold(cast, 1_234, key="=1+1")
    sold(cast, 500, key="R2", to=cast.carla)

    answer: Any = client_of(cast.ada).get("/purchases/file.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert lines[0].startswith("Giorno;Ora;Tipo;Scontrino;Numero di socio;Importo")
    assert lines[1] == "02/06/2025;10:30;acquisto;R2;;5,00;0,00;0,25;0,10;0,05;0,05;0,05"
    assert lines[2].startswith("02/06/2025;10:30;acquisto;'=1+1;2;12,34;")
    assert "Bruno" not in "".join(lines)


def test_a_purchase_of_another_cooperative_does_not_exist(cast: Cast) -> None:
    purchase = sold(cast, 1_000, shop=cast.roncolago_id)
    ada = client_of(cast.ada)

    for name in ("detail", "refund_new", "refund_check"):
        assert page(ada, purchase, name).status_code == 404
    for name in ("undo", "refunds"):
        assert ada.post(reverse(f"purchases:{name}", args=[purchase.id])).status_code == 404


def test_a_purchase_tells_how_its_value_came_about_and_who_looked(cast: Cast) -> None:
    purchase = sold(cast, 1_000)

    text = page(client_of(cast.ada), purchase).content.decode()

    assert "Bruno Fedrizzi" in text
    assert "Credito vostro a chi ha comprato, da spendere entro il 31 dicembre 2026" in text
    assert "Lo dovete a “Fondo comune”" in text
    [access] = accesses_to(subject=cast.bruno.id)
    assert (access.what, access.reader_node) == ("purchase", cast.lievito_id)


def test_where_spent_credit_was_earned_is_not_told_to_the_seller(cast: Cast) -> None:
    sold(cast, 100_000, shop=cast.roncolago_id)
    purchase = sold(cast, 3_000, credit=1_500)

    text = page(client_of(cast.ada), purchase).content.decode()

    assert "Credito di altre cooperative speso qui: ve lo devono" in text
    assert "Roncolago" not in text


def test_a_till_sees_the_purchases_of_today_and_no_sums(cast: Cast) -> None:
    now = timezone.now()
    today = sold(cast, 1_000, key="oggi", at=now)
    earlier = sold(cast, 1_000, key="ieri", at=now - timedelta(days=1))
    elsa = client_of(cast.elsa)

    answer = elsa.get("/purchases/?first=2000-01-01&year=2025")

    assert keys_on(answer) == ["oggi"]
    assert "Ritorno" not in answer.content.decode()
    assert page(elsa, earlier).status_code == 404
    shown = page(elsa, today).content.decode()
    assert "Torna a chi ha comprato" in shown
    assert "Che cosa ha mosso" not in shown
    assert "Fondo comune" not in shown
    assert elsa.get("/purchases/file.csv").status_code == 404


def test_a_purchase_just_recorded_is_undone_without_a_reason_and_once(cast: Cast) -> None:
    purchase = sold(cast, 1_000, at=timezone.now())
    elsa, sent = client_of(cast.elsa), {"key": str(uuid4())}
    url = reverse("purchases:undo", args=[purchase.id])

    answers = [elsa.post(url, sent), elsa.post(url, sent)]

    assert [answer.status_code for answer in answers] == [302, 302]
    [undone] = Purchase.objects.filter(corrects=purchase)
    assert (undone.is_undo, undone.total_cents, undone.recorded_by) == (
        True,
        -1_000,
        cast.elsa.user.id,
    )
    assert "Tornato indietro" in page(elsa, purchase).content.decode()


def test_an_undo_after_its_day_is_refused_with_the_way_out(cast: Cast) -> None:
    purchase = sold(cast, 1_000)

    url = reverse("purchases:undo", args=[purchase.id])
    answer = client_of(cast.ada).post(url, {"key": str(uuid4()), "reason": "Errore"})

    assert answer.status_code == 409
    assert "si corregge con un reso" in answer.content.decode()
    assert not Purchase.objects.filter(corrects=purchase).exists()


def test_a_refund_is_checked_before_it_is_made_and_made_once(cast: Cast) -> None:
    purchase = sold(cast, 1_000, 500)
    ada, sent = client_of(cast.ada), {"key": str(uuid4()), "line-1": "2,50", "reason": "Rotto"}

    checked = ada.get(reverse("purchases:refund_check", args=[purchase.id]), sent)
    text = checked.content.decode()
    assert "Registra il reso e restituisci 2,50" in text
    assert "Ritorno ripreso" in text
    assert not Purchase.objects.filter(corrects=purchase).exists()

    url = reverse("purchases:refunds", args=[purchase.id])
    answers = [ada.post(url, sent), ada.post(url, sent)]

    [refund] = Purchase.objects.filter(corrects=purchase)
    assert (refund.total_cents, refund.reason) == (-250, "Rotto")
    assert [a.headers["Location"] for a in answers] == [f"/purchases/{refund.id}/"] * 2


@pytest.mark.parametrize("key", ["\0", "abc", ""])
def test_a_refund_whose_form_lost_its_key_is_sent_back(cast: Cast, key: str) -> None:
    purchase = sold(cast, 1_000)
    url = reverse("purchases:refunds", args=[purchase.id])

    answer = client_of(cast.ada).post(url, {"key": key, "line-1": "2,50"})

    assert answer.status_code == 422
    assert not Purchase.objects.filter(corrects=purchase).exists()


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("12,00", "Di questa riga resta 10,00\u00a0€"),
        ("-1", "Di questa riga resta 10,00\u00a0€"),
        ("1,005", "più di due decimali"),
        ("dieci", "Non riusciamo a leggere"),
        ("", "Scrivi quanto torna indietro"),
        ("0", "Scrivi quanto torna indietro"),
    ],
)
def test_wrong_amounts_keep_what_was_typed_and_say_what_is_left(
    cast: Cast, amount: str, sentence: str
) -> None:
    purchase = sold(cast, 1_000)
    sent = {"key": str(uuid4()), "line-1": amount, "reason": "Perché sì"}

    checked = client_of(cast.ada).get(reverse("purchases:refund_check", args=[purchase.id]), sent)

    text = checked.content.decode()
    assert sentence in text
    assert 'value="Perché sì"' in text
    assert not amount or f'value="{amount}"' in text
    assert sent["key"] in text


def test_a_refund_overtaken_by_another_is_refused_with_what_is_left(cast: Cast) -> None:
    purchase = sold(cast, 1_000)
    ada = client_of(cast.ada)
    url = reverse("purchases:refunds", args=[purchase.id])
    ada.post(url, {"key": str(uuid4()), "line-1": "7"})

    answer = ada.post(url, {"key": str(uuid4()), "line-1": "7"})

    assert answer.status_code == 422
    assert "Di questa riga resta 3,00\u00a0€" in answer.content.decode()


def test_a_refund_itself_is_not_refunded(cast: Cast) -> None:
    purchase = sold(cast, 1_000)
    ada = client_of(cast.ada)
    ada.post(reverse("purchases:refunds", args=[purchase.id]), {"key": str(uuid4()), "line-1": "1"})
    refund = Purchase.objects.get(corrects=purchase)

    assert page(ada, refund).status_code == 200
    assert page(ada, refund, "refund_new").status_code == 404


def test_one_page_of_a_purchase_takes_as_many_queries_whatever_it_holds(cast: Cast) -> None:
    ada = client_of(cast.ada)
    small, large = sold(cast, 1_000), sold(cast, *range(100, 2_100, 100))

    def queries(purchase: Purchase) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(ada, purchase)
        return len(captured)

    assert queries(large) == queries(small)
