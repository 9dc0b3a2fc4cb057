"""A cooperative's desk: its day, what waits, its money within the community; and a till's day."""

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.makers import (
    NOON,
    Cast,
    Member,
    adopt_policy,
    client_of,
    make_cast,
    make_member,
    make_organisation,
)

from reciproca.clearing.actions import run_clearing
from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.purchases import actions
from reciproca.purchases.forms import LineIn, RefundIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.registry import actions as registry
from reciproca.valueback import actions as valueback
from reciproca.web.desk.statement import statement

pytestmark = pytest.mark.django_db

SPRING = datetime(2025, 4, 7, 9, tzinfo=UTC)


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


def sold(shop: UUID, to: Member, cents: int, *, credit: int = 0, at: datetime = SPRING) -> Purchase:
    sale = SaleIn(
        key=str(uuid4()),
        seller_id=shop,
        buyer_id=to.id,
        happened_at=at,
        lines=(LineIn("", cents),),
        credit_cents=credit,
    )
    return actions.record_sale(sale=sale, recorded_by=None, recorded_at=at)


def words(answer: Any) -> str:
    """Return the text of a page as one reads it."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_an_empty_desk_says_what_will_be_there_and_what_to_do(cast: Cast) -> None:
    text = words(client_of(cast.dario).get("/desk/"))

    assert "ancora nessun acquisto" in text
    assert "Verso il primo acquisto" in text
    assert (
        "Scegli il tuo codice per la cassa cinque cifre; chi lavora con te sceglie il suo adesso"
        in (text)
    )
    assert "dal vostro gestionale con una chiave, oppure da un file che importate" in text
    assert "Manca il bilancio" in text
    assert "siete in pari" in text


def test_a_year_that_gave_nothing_back_has_no_empty_picture(cast: Cast) -> None:
    def has_picture(cents: int) -> bool:
        sold(cast.lievito_id, cast.bruno, cents)
        actions.refresh_month_totals(since=SPRING)
        return b"Mese per mese" in client_of(cast.ada).get("/desk/").content

    assert [has_picture(1), has_picture(10_000)] == [False, True]


def test_a_manager_sees_the_day_the_year_and_the_latest(cast: Cast) -> None:
    now = timezone.now()
    sold(cast.lievito_id, cast.bruno, 1_000, at=now)
    actions.refresh_month_totals(since=SPRING)

    text = words(client_of(cast.ada).get("/desk/"))

    assert f"Valore tornato nel {now.year}" in text
    assert "da un acquisto; questo mese 0,50 €" in text
    assert "Acquisti di oggi 1 10,00 €, ne tornano 0,50 €" in text
    assert "Bruno Fedrizzi" in text


def test_what_waits_leads_to_its_page(cast: Cast) -> None:
    registry.apply_for_membership(
        member_id=cast.carla.id,
        cooperative_id=cast.lievito_id,
        applied_on=NOON.date(),
        recorded_by=None,
        recorded_at=NOON,
    )

    answer = client_of(cast.ada).get("/desk/")

    text = words(answer)
    assert "Una domanda di ammissione da decidere" in text
    assert f"Manca il bilancio del {timezone.localdate().year - 1}" in text
    assert "Manca l’IBAN della cooperativa" in text
    assert 'href="/members/?state=applied"' in answer.content.decode()


def test_a_till_sees_the_day_and_neither_accounts_nor_people_waiting(cast: Cast) -> None:
    sold(cast.lievito_id, cast.bruno, 50_000)
    sold(cast.lievito_id, cast.bruno, 1_000, at=timezone.now())

    text = words(client_of(cast.elsa).get("/desk/"))

    assert "Acquisti di oggi 1" in text
    assert "Passati in cassa 10,00 €" in text
    assert "500,00" not in text
    assert "Verso la rete" not in text
    assert client_of(cast.elsa).get("/desk/statement/").status_code == 404


def test_a_year_of_credit_adds_up_to_what_the_ledger_holds(cast: Cast) -> None:
    sold(cast.lievito_id, cast.bruno, 100_000)
    sold(cast.lievito_id, cast.bruno, 2_000, credit=500)
    elsewhere = sold(cast.roncolago_id, cast.bruno, 2_000, credit=700)
    valueback.give_credit(
        key="dono",
        giver_id=cast.bruno.id,
        project_id=cast.project_id,
        amount_cents=100,
        happened_at=SPRING,
        recorded_by=None,
    )
    back = RefundIn(key="r", purchase_id=elsewhere.id, happened_at=SPRING)
    actions.refund_purchase(refund=back, recorded_by=None, recorded_at=SPRING)

    page = statement(cooperative_id=cast.lievito_id, year=2025, years=[2025])

    credit = page.credit
    assert credit.born_cents == 2_000 + 30
    assert credit.spent_here_cents == -500
    assert credit.spent_elsewhere_cents == 0
    assert credit.given_cents == -100
    assert credit.closing_cents == -ledger.balance(accounts.issued(issuer=cast.lievito_id))


def test_who_owes_whom_adds_up_to_the_ledger_before_and_after_netting(cast: Cast) -> None:
    sold(cast.lievito_id, cast.bruno, 100_000)
    sold(cast.roncolago_id, cast.bruno, 2_000, credit=700)
    run_clearing(label="aprile", until=date(2025, 4, 30), recorded_by=None, recorded_at=NOON)
    sold(cast.roncolago_id, cast.bruno, 1_000, credit=300)

    page = statement(cooperative_id=cast.lievito_id, year=2025, years=[2025])

    assert page.owed.closing_cents == ledger.balance(accounts.clearing(node=cast.lievito_id))
    [roncolago] = [pair for pair in page.owed.pairs if pair.node_id == cast.roncolago_id]
    assert (roncolago.we_owe_cents, roncolago.they_owe_cents) == (1_000, 0)
    assert {payment.debtor_id for payment in page.payments} == {cast.lievito_id}


def test_a_pair_opens_into_months_and_reasons_and_never_into_others_purchases(cast: Cast) -> None:
    sold(cast.lievito_id, cast.bruno, 100_000)
    sold(cast.roncolago_id, cast.bruno, 2_000, credit=700)

    ours = client_of(cast.ada).get(f"/desk/statement/{cast.roncolago_id}/?year=2025")
    theirs = client_of(cast.dario).get(f"/desk/statement/{cast.lievito_id}/?year=2025")

    assert "Credito vostro speso da loro 7,00 €" in words(ours)
    assert "/purchases/" not in ours.content.decode().split("<main")[1]
    assert "Credito loro speso da voi 7,00 €" in words(theirs)
    assert "first=2025-04-01&amp;last=2025-04-30&amp;credit=1" in theirs.content.decode()
    nothing = client_of(cast.ada).get(f"/desk/statement/{cast.project_id}/?year=2025")
    assert "nessuno dei due è venuto a dovere qualcosa" in words(nothing)
    assert client_of(cast.ada).get(f"/desk/statement/{cast.bruno.id}/").status_code == 404


def test_the_statement_shows_sums_and_opens_them(cast: Cast) -> None:
    sold(cast.lievito_id, cast.bruno, 100_000)
    actions.refresh_month_totals(since=SPRING)

    answer = client_of(cast.ada).get("/desk/statement/")

    text = words(answer)
    assert "50,00 € da 1 acquisto, 1.000,00 € in tutto" in text
    assert "Nato dagli acquisti +20,00 €" in text
    assert "Dovete alla rete 30,00 €" in text
    assert 'href="/purchases/?year=2025"' in answer.content.decode()


@pytest.mark.parametrize("year", ["1999", "duemila", "99999999999999999999", "-1", "²"])
def test_a_year_that_is_not_there_shows_one_that_is(cast: Cast, year: str) -> None:
    answer = client_of(cast.ada).get("/desk/statement/", {"year": year})

    assert answer.status_code == 200


@pytest.mark.parametrize("url", ["/desk/", "/desk/statement/?year=2025"])
def test_the_desk_takes_as_many_queries_for_many_purchases_and_partners(
    cast: Cast, url: str
) -> None:
    ada = client_of(cast.ada)
    sold(cast.lievito_id, cast.bruno, 100_000)
    sold(cast.roncolago_id, cast.bruno, 1_000, credit=100)
    actions.refresh_month_totals(since=SPRING)
    few = queries(ada, url)
    for _ in range(4):
        other = make_organisation()
        member = make_member(member_of=cast.lievito_id)
        sold(cast.lievito_id, member, 100_000)
        sold(other, member, 1_000, credit=100)
    actions.refresh_month_totals(since=SPRING)

    assert queries(ada, url) == few
