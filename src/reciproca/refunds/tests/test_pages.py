"""A manager goes through the year: nothing is lost, nothing moves before it is confirmed."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from tests.makers import (
    NOON,
    Cast,
    adopt_policy,
    client_of,
    make_cast,
    make_membership,
    make_person,
)

from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.refunds import queries
from reciproca.refunds.models import AnnualAccounts, CashPayment, RefundRun
from reciproca.refunds.tasks import RUN
from reciproca.registry.models import Node, Organisation
from reciproca.shared.jobs import run_job
from reciproca.shared.models import Job

pytestmark = pytest.mark.django_db

YEAR = "/year/2025"
ACCOUNTS = {
    "net_profit_cents": "123.456,78",
    "member_surplus_cents": "70.000",
    "refund_proposed_cents": "50.000,00",
    "refund_accounting": "appropriation",
    "paid_up_capital_cents": "400000",
    "dividend_proposed_cents": "30.000",
    "postal_bond_rate_bp": "3",
    "net_equity_cents": "900.000",
    "total_debt_cents": "2.000.000",
    "cash_share_bp": "50%",
    "capital_share_bp": "",
    "share_value_cents": "25",
}
MINUTES = b"%PDF-1.7 verbale"


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_policy(cast)
    Organisation.objects.filter(node=cast.lievito_id).update(mutual_exchange="users")
    for buyer, cents in ((cast.ada.id, 6_000_000), (cast.bruno.id, 4_000_000)):
        sale = SaleIn(str(buyer), cast.lievito_id, buyer, NOON, (LineIn("pane", cents),))
        record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    return cast


@pytest.fixture
def ada(cast: Cast) -> Client:
    return client_of(cast.ada)


def text(response: HttpResponseBase) -> str:
    assert hasattr(response, "content")
    return str(response.content.decode()).replace("\u00a0", " ")


def resolution(**changes: object) -> dict[str, object]:
    minutes = SimpleUploadedFile("verbale.pdf", MINUTES, "application/pdf")
    told = {"adopted_on": "2026-04-20", "protocol_number": "12/2026", "minutes": minutes}
    return {**told, **changes}


def divide(client: Client) -> RefundRun:
    """Go through the whole wizard, and let a worker do its job."""
    client.post(f"{YEAR}/accounts/", ACCOUNTS)
    client.post(f"{YEAR}/resolution/", resolution())
    client.post(f"{YEAR}/refund/")
    run_job(job_id=Job.objects.get(kind=RUN).id)
    return RefundRun.objects.get()


def test_the_year_leads_from_step_to_step(ada: Client) -> None:
    assert ada.get("/year/").headers["Location"] == "/year/2025/"
    assert ada.get(f"{YEAR}/").headers["Location"] == f"{YEAR}/accounts/"
    assert ada.post(f"{YEAR}/accounts/", ACCOUNTS).headers["Location"] == f"{YEAR}/resolution/"
    assert ada.get(f"{YEAR}/").headers["Location"] == f"{YEAR}/resolution/"
    assert ada.post(f"{YEAR}/resolution/", resolution()).headers["Location"] == f"{YEAR}/check/"
    assert ada.get(f"{YEAR}/").headers["Location"] == f"{YEAR}/check/"
    assert ada.get(f"{YEAR}/resolution/minutes.pdf").content == MINUTES


def test_whoever_comes_back_to_the_resolution_need_not_bring_the_minutes_again(ada: Client) -> None:
    ada.post(f"{YEAR}/accounts/", ACCOUNTS)
    ada.post(f"{YEAR}/resolution/", resolution())
    assert "non serve caricarlo di nuovo" in ada.get(f"{YEAR}/resolution/").content.decode()

    sent = {name: value for name, value in resolution().items() if name != "minutes"}
    assert ada.post(f"{YEAR}/resolution/", sent).headers["Location"] == f"{YEAR}/check/"
    assert ada.get(f"{YEAR}/resolution/minutes.pdf").content == MINUTES


def test_the_check_shows_every_step_with_its_article_and_moves_nothing(ada: Client) -> None:
    ada.post(f"{YEAR}/accounts/", ACCOUNTS)
    ada.post(f"{YEAR}/resolution/", resolution())

    page = text(ada.get(f"{YEAR}/check/"))

    assert "Ai soci tornano 50.000,00 €" in page
    for words in ("37.037,04 €", "3.703,70 €", "22.000,00 €", "10.716,04 €", "art. 2545-quater"):
        assert words in page
    assert page.count("Limite raggiunto") == 1
    assert "50,00 €" in page
    assert "Dividi 50.000,00 € fra 2 soci" in page
    assert not RefundRun.objects.exists()


def test_dividing_shows_its_progress_and_then_each_part(ada: Client) -> None:
    ada.post(f"{YEAR}/accounts/", ACCOUNTS)
    ada.post(f"{YEAR}/resolution/", resolution())
    ada.post(f"{YEAR}/refund/")
    ada.post(f"{YEAR}/refund/")
    [job] = Job.objects.filter(kind=RUN)

    assert "Scambi dei soci" in text(ada.get(f"{YEAR}/refund/"))
    part = text(ada.get(f"{YEAR}/refund/", headers={"HX-Request": "true"}))
    assert "<html" not in part

    run_job(job_id=job.id)
    page = text(ada.get(f"{YEAR}/refund/"))
    assert "50.000,00 € sono tornati a 2 soci" in page
    assert page.index("Ada Bertoldi") < page.index("Bruno Fedrizzi")
    assert "30.000,00 €" in page
    assert ada.get(f"{YEAR}/check/").headers["Location"] == f"{YEAR}/refund/"
    assert ada.get(f"{YEAR}/accounts/").headers["Location"] == f"{YEAR}/refund/"


def test_a_refusal_of_the_run_is_told_and_can_be_tried_again(ada: Client, cast: Cast) -> None:
    ada.post(f"{YEAR}/accounts/", ACCOUNTS)
    ada.post(f"{YEAR}/refund/")
    run_job(job_id=Job.objects.get(kind=RUN).id)

    page = text(ada.get(f"{YEAR}/refund/"))

    assert "Manca la delibera" in page
    assert "Riprova" in page


def test_amounts_that_cannot_be_read_are_told_and_the_rest_is_kept(ada: Client) -> None:
    wrong = ACCOUNTS | {"net_profit_cents": "molto", "cash_share_bp": "metà"}

    response = ada.post(f"{YEAR}/accounts/", wrong)

    page = text(response)
    assert response.status_code == 422
    assert "Non riusciamo a leggere l&#x27;importo “molto”" in page
    assert "Scrivi la percentuale in cifre" in page
    assert 'value="900.000"' in page
    assert not AnnualAccounts.objects.exists()


def test_what_the_house_refuses_is_told_on_the_same_page(ada: Client) -> None:
    above = ACCOUNTS | {"cash_share_bp": "60", "capital_share_bp": "50"}
    response = ada.post(f"{YEAR}/accounts/", above)
    assert response.status_code == 422
    assert "superano il 100%" in text(response)

    below = ada.post(f"{YEAR}/accounts/", ACCOUNTS | {"total_debt_cents": "-1"})
    assert below.status_code == 422
    assert "possono essere sotto lo zero" in text(below)
    assert 'id="id_total_debt_cents_error"' in text(below)

    ada.post(f"{YEAR}/accounts/", ACCOUNTS)
    early = ada.post(f"{YEAR}/resolution/", resolution(adopted_on="2025-12-31"))
    assert "la data viene dopo il 31/12/2025" in text(early)
    assert 'id="id_adopted_on_error"' in text(early)
    no_pdf = SimpleUploadedFile("verbale.pdf", b"PK zip", "application/pdf")
    assert "Questo file non è un PDF" in text(
        ada.post(f"{YEAR}/resolution/", resolution(minutes=no_pdf))
    )
    assert AnnualAccounts.objects.get().resolution is None


def test_accounts_come_back_into_the_form_as_they_were_written(ada: Client) -> None:
    ada.post(f"{YEAR}/accounts/", ACCOUNTS)

    page = text(ada.get(f"{YEAR}/accounts/"))

    assert 'value="123.456,78"' in page
    assert 'value="50"' in page


def test_a_loss_is_explained_where_the_waterfall_would_be(ada: Client) -> None:
    ada.post(f"{YEAR}/accounts/", ACCOUNTS | {"net_profit_cents": "-1.000,00"})

    assert "chiude in perdita" in text(ada.get(f"{YEAR}/check/"))


@pytest.mark.parametrize("year", ["2026", "1999", "9999"])
def test_years_that_are_not_over_have_no_pages(ada: Client, year: str) -> None:
    assert ada.get(f"/year/{year}/").status_code == 404
    assert ada.get(f"/year/{year}/accounts/").status_code == 404


def test_another_manager_sees_neither_accounts_nor_parts(ada: Client, cast: Cast) -> None:
    divide(ada)
    dario = client_of(cast.dario)

    assert dario.get(f"{YEAR}/refund/").headers["Location"] == f"{YEAR}/accounts/"
    assert "123.456,78" not in text(dario.get(f"{YEAR}/accounts/"))
    for path in ("resolution/minutes.pdf", "refund/file.csv", "refund/cash.xml"):
        assert dario.get(f"{YEAR}/{path}").status_code == 404


def test_the_parts_come_as_a_file_that_runs_no_formula(ada: Client, cast: Cast) -> None:
    Node.objects.filter(id=cast.bruno.id).update(name="=Bruno")
    divide(ada)

    response = ada.get(f"{YEAR}/refund/file.csv")

    head, *lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert head == "Numero;Socio;Ristorno;Credito;Denaro;Capitale"
    # In the order of names, in which each server has its own place for signs.
    assert sorted(lines) == [
        "1;Ada Bertoldi;30000,00;15000,00;15000,00;0,00",
        "2;'=Bruno;20000,00;10000,00;10000,00;0,00",
    ]


def test_cash_is_ordered_by_file_and_confirmed_with_the_banks_reference(
    ada: Client, cast: Cast
) -> None:
    Node.objects.filter(id=cast.bruno.id).update(iban="IT60X0542811101000000123456")
    run = divide(ada)
    assert "Un socio non ha ancora un IBAN" in text(ada.get(f"{YEAR}/refund/"))
    # The cooperative's own account is missing: the sentence names whose.
    refused = ada.get(f"{YEAR}/refund/cash.xml", follow=True)
    assert "Panificio Il Lievito" in text(refused)
    assert "IBAN" in text(refused)
    Node.objects.filter(id=cast.lievito_id).update(iban="IT56M0306901626100000000042")

    file = ada.get(f"{YEAR}/refund/cash.xml")
    empty = ada.post(f"{YEAR}/refund/cash/", {"bank_reference": "", "paid_on": "2026-05-04"})
    paid = ada.post(f"{YEAR}/refund/cash/", {"bank_reference": "CBI-1", "paid_on": "2026-05-04"})

    assert b"<CtrlSum>10000.00</CtrlSum>" in file.content
    assert empty.status_code == 422
    assert "Scrivi il riferimento della banca" in text(empty)
    assert paid.status_code == 302
    assert CashPayment.objects.get().bank_reference == "CBI-1"
    again = {"bank_reference": "CBI-2", "paid_on": "2026-05-04"}
    nothing = ada.post(f"{YEAR}/refund/cash/", again, follow=True)
    assert "Nessun pagamento da confermare" in text(nothing)
    assert queries.result_of(run=run).cash_paid_cents == 1_000_000


def test_members_are_found_by_name_or_number(ada: Client) -> None:
    divide(ada)

    def found(search: str) -> list[str]:
        page = text(ada.get(f"{YEAR}/refund/?q={search}"))
        return [name for name in ("Ada", "Bruno") if f'<th scope="row">{name}' in page]

    assert found("bruno") == ["Bruno"]
    assert found("2") == ["Bruno"]
    assert found("") == ["Ada", "Bruno"]
    assert "Nessun socio con questo nome" in text(ada.get(f"{YEAR}/refund/?q=Zeno"))


# --- the sheet of work cooperatives ---


@pytest.fixture
def workers(cast: Cast) -> Cast:
    Organisation.objects.filter(node=cast.lievito_id).update(mutual_exchange="work")
    return cast


def sheet(client: Client, content: str) -> HttpResponseBase:
    file = SimpleUploadedFile("soci.csv", content.encode(), "text/csv")
    return client.post(f"{YEAR}/claims/", {"sheet": file})


def test_a_work_cooperative_hands_in_hours_and_pay(workers: Cast) -> None:
    ada = client_of(workers.ada)
    ada.post(f"{YEAR}/accounts/", ACCOUNTS)
    ada.post(f"{YEAR}/resolution/", resolution())
    assert "Manca il foglio" in text(ada.get(f"{YEAR}/check/"))
    header = ada.get(f"{YEAR}/claims/sheet.csv").content.decode()
    assert header == "numero;ore;coefficiente;retribuzione\r\n"

    taken = sheet(ada, header + "1;1700;1;24.000,00\r\n2;1700,50;1,25;30000\r\n;;;\r\n")

    assert taken.headers["Location"] == f"{YEAR}/check/"
    claims = AnnualAccounts.objects.get().claims.order_by("quantity")
    assert list(claims.values_list("quantity", "quality", "pay_cents")) == [
        (170_000, 10_000, 2_400_000),
        (170_050, 12_500, 3_000_000),
    ]
    assert "2 soci sono al massimo" in text(ada.get(f"{YEAR}/check/"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("numero;ore\r\n1;2", "numero, ore, coefficiente, retribuzione"),
        ("numero;ore;coefficiente;retribuzione\r\n9;1;1;1", "2 (non è nel libro soci)"),
        ("numero;ore;coefficiente;retribuzione\r\n1;tante;1;1", "2 (una cifra non si legge)"),
        (
            "numero;ore;coefficiente;retribuzione\r\n1;1;1;1\r\n1;1;1;1",
            "3 (il socio c’è due volte)",
        ),
        ("", "Il file è vuoto: scegline un altro."),
        ('numero;ore;coefficiente;retribuzione\r\n"1;1;1;1', "Il foglio non si legge"),
    ],
)
def test_a_sheet_that_cannot_be_read_says_which_rows(
    workers: Cast, content: str, sentence: str
) -> None:
    ada = client_of(workers.ada)
    ada.post(f"{YEAR}/accounts/", ACCOUNTS)

    refused = sheet(ada, content)

    assert refused.status_code == 422
    assert sentence in text(refused)
    assert not AnnualAccounts.objects.get().claims.exists()


def test_the_result_costs_as_many_queries_for_two_members_as_for_twelve(
    ada: Client,
    cast: Cast,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for number in range(10):
        person = make_person()
        make_membership(member=person, cooperative=cast.lievito_id)
        sale = SaleIn(f"n{number}", cast.lievito_id, person, NOON, (LineIn("pane", 100),))
        record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    divide(ada)

    with django_assert_max_num_queries(16):
        ada.get(f"{YEAR}/refund/")
