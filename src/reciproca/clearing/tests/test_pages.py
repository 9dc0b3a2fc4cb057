"""An officer nets debts and settles payments; a manager opens the own debts, and only those."""

from datetime import date
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.makers import NOON, Cast, adopt_policy, client_of, make_cast, make_organisation

from reciproca.clearing import queries
from reciproca.clearing.models import ClearingRun, Payment, Settlement
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry.models import Node
from reciproca.valueback.actions import commit_rate

pytestmark = pytest.mark.django_db

PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
IBANS = [
    "IT60X0542811101000000123456",
    "IT56M0306901626100000000042",
    "IT06X0832703399000000007777",
]


def buy(cast: Cast, seller: object, cents: int, credit: int = 0) -> None:
    key = f"{seller}-{cents}-{credit}"
    sale = SaleIn(key, seller, cast.bruno.id, NOON, (LineIn("pane", cents),), credit_cents=credit)  # type: ignore[arg-type]
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON)


@pytest.fixture
def cast() -> Cast:
    """Bruno earns at Lievito and spends at Roncolago; Lievito owes Roncolago 12,00 €."""
    cast = make_cast()
    adopt_policy(cast)
    for seller in (cast.lievito_id, cast.roncolago_id):
        commit_rate(seller_id=seller, rate_bp=500, valid_from=NOON.date(), recorded_by=None)
    buy(cast, cast.lievito_id, 100_000)
    buy(cast, cast.roncolago_id, 5_000, credit=1_200)
    return cast


@pytest.fixture
def olga(cast: Cast) -> Client:
    return client_of(cast.olga)


def text(response: HttpResponseBase) -> str:
    assert hasattr(response, "content")
    return str(response.content.decode()).replace("\u00a0", " ")


def net(client: Client, label: str = "2025") -> ClearingRun:
    client.post("/clearing/runs/", {"label": label, "until": "2025-12-31"})
    return ClearingRun.objects.get(label=label)


def settlement_url(*payments: Payment) -> str:
    return "/clearing/settlement/?" + urlencode([("payment", payment.id) for payment in payments])


def test_netting_leads_to_a_picture_of_before_and_after(olga: Client) -> None:
    run = net(olga)

    page = text(olga.get(reverse("clearing:run", args=[run.id])))

    assert "7 debiti diventano" in page
    assert "Prima: 7 debiti" in page
    assert "I 7 debiti compensati" in page
    debts = text(olga.get(reverse("clearing:obligations", args=[run.id])))
    assert "Sono 7, per" in debts
    assert all(reverse("clearing:obligation", args=[d.id]) in debts for d in run.obligations.all())


def test_a_period_that_is_not_over_or_has_no_name_is_refused_and_kept(olga: Client) -> None:
    later = olga.post("/clearing/runs/", {"label": "domani", "until": "2099-12-31"})
    nameless = olga.post("/clearing/runs/", {"label": "", "until": "2025-12-31"})

    assert later.status_code == nameless.status_code == 422
    assert "scegli un giorno fino a oggi" in text(later)
    assert 'value="domani"' in text(later)
    assert "Dai un nome al periodo" in text(nameless)
    assert 'id="id_until_error"' in text(later)
    assert not ClearingRun.objects.exists()


def test_where_nobody_owes_anything_no_run_is_made_and_the_name_is_kept(olga: Client) -> None:
    net(olga)

    again = olga.post("/clearing/runs/", {"label": "di nuovo", "until": "2025-12-31"})

    assert again.status_code == 409
    assert "nessuno deve niente a nessuno: non c’è nulla da compensare" in text(again)
    assert 'value="di nuovo"' in text(again)
    assert ClearingRun.objects.count() == 1


def test_beside_a_refused_form_the_payments_are_still_a_list_to_go_through(
    olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    net(olga)
    monkeypatch.setattr("reciproca.clearing.views.netting.ON_A_PAGE", 1)

    refused = text(olga.post("/clearing/runs/", {"label": "", "until": "2025-12-31"}))

    assert 'href="/clearing/?page=2"' in refused
    assert 'method="get" action="/clearing/"' in refused


def test_chosen_payments_are_settled_with_the_banks_references(olga: Client) -> None:
    first, second = net(olga).payments.order_by("-amount_cents", "id")[:2]
    url = settlement_url(first, second)

    asked = text(olga.get(url))
    assert "2 pagamenti" in asked
    assert first.end_to_end_id in asked
    references = {f"reference-{first.id}": "CRO1", f"reference-{second.id}": "CRO2"}
    done = olga.post(url, {"settled_on": "2026-05-04", **references}, follow=True)

    assert "2 pagamenti confermati" in text(done)
    assert Settlement.objects.count() == 2
    assert "CRO1" in text(olga.get("/clearing/?state=settled"))
    assert "Scegli almeno un pagamento" in text(olga.get(url, follow=True))


def test_a_reference_that_is_missing_or_used_keeps_what_was_written(olga: Client) -> None:
    first, second = net(olga).payments.order_by("-amount_cents", "id")[:2]
    url, day = settlement_url(first, second), {"settled_on": "2026-05-04"}

    missing = olga.post(url, {**day, f"reference-{first.id}": "CRO1"})
    twice = olga.post(
        url, {**day, f"reference-{first.id}": "CRO1", f"reference-{second.id}": "CRO1"}
    )

    assert missing.status_code == 422
    assert "Scrivi il riferimento della banca" in text(missing)
    assert 'value="CRO1"' in text(missing)
    assert twice.status_code == 409
    assert "CRO1 è già di un altro pagamento" in text(twice)
    assert f'id="id_reference-{second.id}_error"' in text(twice)
    assert f'id="id_reference-{first.id}_error"' not in text(twice)
    later = olga.post(
        url,
        {
            "settled_on": "2120-05-04",
            f"reference-{first.id}": "CRO1",
            f"reference-{second.id}": "CRO2",
        },
    )
    assert "non può essere nel futuro" in text(later)
    assert 'id="id_settled_on_error"' in text(later)
    assert not Settlement.objects.exists()


def test_addresses_with_anything_else_choose_nothing(olga: Client) -> None:
    answer = olga.get("/clearing/settlement/?payment=1&payment=x", follow=True)

    assert "Scegli almeno un pagamento" in text(answer)
    # What was not done is not shown in the green of what was.
    assert 'class="refusal"' in answer.content.decode()
    assert 'class="done"' not in answer.content.decode()


def test_the_bank_file_orders_the_same_payments_with_the_same_names(
    olga: Client, cast: Cast
) -> None:
    run = net(olga)
    owed = Payment.objects.filter(debtor=cast.lievito_id)
    url = reverse("clearing:bank_file", args=[run.id, cast.lievito_id])
    assert "Manca l’IBAN di" in text(olga.get(reverse("clearing:run", args=[run.id])))
    assert "Manca l&#x27;IBAN di" in text(olga.get(url, follow=True))
    for node, iban in zip(
        (cast.lievito_id, cast.federation_id, cast.roncolago_id), IBANS, strict=True
    ):
        Node.objects.filter(id=node).update(iban=iban)

    file = olga.get(url)

    root = ElementTree.fromstring(file.content)
    assert {each.text for each in root.iter(f"{PAIN}EndToEndId")} == {
        payment.end_to_end_id for payment in owed
    }
    [total] = {each.text for each in root.iter(f"{PAIN}CtrlSum")}
    cents = sum(payment.amount_cents for payment in owed)
    assert total == f"{cents // 100}.{cents % 100:02d}"
    assert file.headers["Content-Type"] == "application/xml"
    assert "compensazione-2025-panificio-il-lievito.xml" in file.headers["Content-Disposition"]
    english = olga.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert "Compensazione 2025, Panificio Il Lievito a" in english, "banks read one language"


def test_what_would_stay_in_one_account_is_not_ordered_and_the_page_says_so(
    olga: Client, cast: Cast
) -> None:
    run = net(olga)
    url = reverse("clearing:bank_file", args=[run.id, cast.lievito_id])
    Node.objects.filter(id__in=[cast.lievito_id, cast.roncolago_id]).update(iban=IBANS[0])
    Node.objects.filter(id=cast.federation_id).update(iban=IBANS[1])

    file = ElementTree.fromstring(olga.get(url).content)
    page = text(olga.get(reverse("clearing:run", args=[run.id])))

    ordered = {each.text for each in file.iter(f"{PAIN}EndToEndId")}
    owed = run.payments.filter(debtor=cast.lievito_id)
    assert (
        ordered
        == {each.end_to_end_id for each in owed.exclude(creditor=cast.roncolago_id)}
        != {each.end_to_end_id for each in owed}
    )
    assert "Un pagamento resta nello stesso conto" in page

    Node.objects.filter(id=cast.federation_id).update(iban=IBANS[0])

    assert "hanno lo stesso IBAN" in text(olga.get(url, follow=True))
    assert url not in text(olga.get(reverse("clearing:run", args=[run.id])))


def test_a_debt_opens_into_sums_and_the_sellers_own_purchases(olga: Client, cast: Cast) -> None:
    obligation = net(olga).obligations.get(debtor=cast.lievito_id, creditor=cast.roncolago_id)
    url = reverse("clearing:obligation", args=[obligation.id])
    key = f"{cast.roncolago_id}-5000-1200"

    assert queries.behind(obligation=obligation).cents == obligation.amount_cents == 1_200
    officer, debtor, creditor = (
        text(client_of(who).get(url)) for who in (cast.olga, cast.ada, cast.dario)
    )
    for page in (officer, debtor, creditor):
        assert "Crediti spesi qui" in page
        assert "giugno 2025" in page
    assert key in creditor
    assert key not in officer
    assert key not in debtor


def test_the_branch_of_a_sale_opens_into_the_sale_for_its_seller(olga: Client, cast: Cast) -> None:
    obligation = net(olga).obligations.get(debtor=cast.lievito_id, creditor=cast.common_id)
    url = reverse("clearing:obligation", args=[obligation.id])

    assert f"{cast.lievito_id}-100000-0" in text(client_of(cast.ada).get(url))
    assert client_of(cast.dario).get(url).status_code == 404
    assert client_of(cast.bruno).get(url).status_code == 404


def test_a_second_run_opens_only_into_what_it_took_in(olga: Client, cast: Cast) -> None:
    net(olga)
    buy(cast, cast.roncolago_id, 4_000, credit=300)

    second = net(olga, "2025 bis").obligations.get(
        debtor=cast.lievito_id, creditor=cast.roncolago_id
    )

    assert second.amount_cents == queries.behind(obligation=second).cents == 300


def test_a_run_shows_a_few_bank_files_and_leads_to_all_of_them(olga: Client, cast: Cast) -> None:
    for number in range(12):
        seller = make_organisation(name=f"Bottega {number:02}")
        commit_rate(seller_id=seller, rate_bp=500, valid_from=date(2025, 1, 1), recorded_by=None)
        buy(cast, seller, 10_000 + number)
    run = net(olga)
    for number, node in enumerate(Node.objects.exclude(kind="person")):
        Node.objects.filter(pk=node.pk).update(iban=f"{IBANS[0][:-4]}{number:04}")

    page = text(olga.get(reverse("clearing:run", args=[run.id])))
    files = reverse("clearing:bank_files", args=[run.id])
    every = text(olga.get(files))

    assert page.count(".xml") == 10
    assert f'href="{files}"' in page
    debtors = {payment.debtor_id for payment in run.payments.all()}
    assert every.count(".xml") == len(debtors) > 10
    found = text(olga.get(f"{files}?q=bottega 03"))
    assert found.count(".xml") == 1
    assert "Bottega 03" in found
    assert "Niente con questo nome" in text(olga.get(f"{files}?q=nessuno"))


@pytest.mark.parametrize("name", ["run", "obligations", "bank_files"])
def test_a_run_costs_the_same_queries_for_few_and_many(olga: Client, cast: Cast, name: str) -> None:
    def queries_of(run: ClearingRun) -> int:
        with CaptureQueriesContext(connection) as captured:
            olga.get(reverse(f"clearing:{name}", args=[run.id]))
        return len(captured)

    few = queries_of(net(olga))
    for number in range(12):
        seller = make_organisation()
        commit_rate(seller_id=seller, rate_bp=500, valid_from=date(2025, 1, 1), recorded_by=None)
        buy(cast, seller, 10_000 + number)

    assert queries_of(net(olga, "ancora")) == few


def test_the_list_costs_the_same_queries_for_few_and_many(olga: Client, cast: Cast) -> None:
    net(olga)
    with CaptureQueriesContext(connection) as few:
        olga.get("/clearing/?state=all")
    for number in range(5):
        seller = make_organisation()
        commit_rate(seller_id=seller, rate_bp=500, valid_from=date(2025, 1, 1), recorded_by=None)
        buy(cast, seller, 10_000 + number)
    net(olga, "ancora")

    with CaptureQueriesContext(connection) as many:
        olga.get("/clearing/?state=all")
    assert len(many) == len(few)
