"""A year on one page: the same figures as page and as paper, to the one they belong to."""

import re
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import NOON, Cast, adopt_policy, client_of, make_cast, make_organisation

from reciproca.control_room.actions import close_year
from reciproca.purchases.actions import record_sale, refund_purchase
from reciproca.purchases.forms import LineIn, RefundIn, SaleIn
from reciproca.refunds import actions as refunds
from reciproca.refunds.forms import AccountsIn, ResolutionIn
from reciproca.registry.models import Organisation
from reciproca.valueback.actions import commit_rate, give_credit
from reciproca.web.statements.member import member_statement

pytestmark = pytest.mark.django_db

AFTERWARDS = datetime(2026, 5, 4, 9, tzinfo=UTC)
TODAY = AFTERWARDS.date()


@pytest.fixture
def cast() -> Cast:
    """Bruno buys at Lievito, spends at Roncolago, gives some away and a part back."""
    cast = make_cast()
    adopt_policy(cast)
    Organisation.objects.filter(node=cast.lievito_id).update(mutual_exchange="users")
    for seller in (cast.lievito_id, cast.roncolago_id):
        commit_rate(seller_id=seller, rate_bp=500, valid_from=NOON.date(), recorded_by=None)
    bought = buy(cast, "s1", cast.lievito_id, 100_000)
    buy(cast, "s2", cast.roncolago_id, 5_000, credit=1_200)
    give_credit(
        key="g1", giver_id=cast.bruno.id, project_id=cast.project_id, amount_cents=100,
        happened_at=NOON, recorded_by=None,
    )  # fmt: skip
    refund_purchase(refund=RefundIn("r1", bought, NOON), recorded_by=None, recorded_at=NOON)
    buy(cast, "s3", cast.lievito_id, 200_000)
    return cast


def buy(cast: Cast, key: str, seller: UUID, cents: int, credit: int = 0) -> UUID:
    sale = SaleIn(key, seller, cast.bruno.id, NOON, (LineIn("pane", cents),), credit_cents=credit)
    return record_sale(sale=sale, recorded_by=None, recorded_at=NOON).id


def close(cast: Cast) -> None:
    refunds.enter_accounts(
        cooperative_id=cast.lievito_id,
        year=2025,
        figures=AccountsIn(100_000, 80_000, 20_000, 0, 0, 0, cash_share_bp=5_000),
        entered_by=None,
        entered_at=AFTERWARDS,
    )
    refunds.attach_resolution(
        cooperative_id=cast.lievito_id,
        year=2025,
        resolution=ResolutionIn(date(2026, 4, 20), "7"),
        title="Bilancio",
        recorded_by=None,
        recorded_at=AFTERWARDS,
    )
    close_year(year=2025, closed_by=None, closed_at=AFTERWARDS)


def text(response: HttpResponseBase) -> str:
    assert hasattr(response, "content")
    return str(response.content.decode()).replace("\u00a0", " ")


def test_a_members_year_goes_from_the_credit_at_its_beginning_to_its_end(cast: Cast) -> None:
    close(cast)

    year = member_statement(person_id=cast.bruno.id, year=2025, today=TODAY)

    assert (year.opening_cents, year.is_over, year.community) == (
        0, True, "Comunità delle Tre Valli",
    )  # fmt: skip
    assert year.opening_cents + sum(line.cents for line in year.credit) == year.closing_cents
    assert year.total_cents == 205_000
    assert year.value_cents == sum(part.cents for part in year.branches)
    assert [refund.amount_cents for refund in year.refunds] == [20_000]
    assert {line.label for line in year.credit} == {
        "Tornati con gli acquisti",
        "Spesi",
        "Donati",
        "Ripresi con i resi",
    }


def test_the_next_year_begins_where_the_last_one_ended(cast: Cast) -> None:
    close(cast)

    last = member_statement(person_id=cast.bruno.id, year=2025, today=TODAY)
    this = member_statement(person_id=cast.bruno.id, year=2026, today=TODAY)

    assert this.opening_cents == last.closing_cents
    assert not this.is_over
    assert [line.label for line in this.credit] == ["Tornati con il ristorno"]
    assert this.closing_cents == last.closing_cents + 10_000


def test_the_page_shows_it_and_leads_to_the_rows(cast: Cast) -> None:
    close(cast)

    page = text(client_of(cast.bruno).get("/years/2025/"))

    assert "Il tuo 2025" in page
    assert f"/movements/?with={cast.lievito_id}&amp;period=2025" in page
    assert "100,00 € in credito, 100,00 € in arrivo sul conto" in page
    assert "/years/2025.pdf" in page


def test_an_empty_year_says_what_will_be_there(cast: Cast) -> None:
    bruno = client_of(cast.bruno)

    page = text(bruno.get("/years/2024/"))

    assert "In quest’anno non c’è ancora niente" in page
    assert "/years/2024.pdf" not in page
    this_year = bruno.get("/years/").headers["Location"]
    assert re.fullmatch(r"/years/20\d\d/", this_year)
    assert bruno.get("/years/2999/").status_code == 404
    assert bruno.get("/years/1999.pdf").status_code == 404


def test_it_comes_as_pdf_in_the_readers_language_with_its_own_fonts(cast: Cast) -> None:
    close(cast)
    bruno = client_of(cast.bruno)

    answer = bruno.get("/years/2025.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="reciproca-bruno-fedrizzi-2025.pdf"' in answer.headers["Content-Disposition"]
    pdf = answer.content
    assert pdf.startswith(b"%PDF-")
    assert b"/Lang (it)" in pdf
    assert b"/DisplayDocTitle true" in pdf
    assert b"Bricolage-Bold" in pdf
    assert b"Atkinson-Regular" in pdf
    assert b"/Outlines" in pdf
    # The same statement is the same file: it can be compared with the one handed out before.
    assert bruno.get("/years/2025.pdf").content == pdf


def test_a_cooperatives_year_comes_as_pdf_to_its_manager_alone(cast: Cast) -> None:
    close(cast)

    ada = client_of(cast.ada).get("/desk/statement/2025.pdf")

    assert ada.headers["Content-Type"] == "application/pdf"
    assert ada.content.startswith(b"%PDF-")
    assert "panificio-il-lievito-2025" in ada.headers["Content-Disposition"]
    for who in (cast.elsa, cast.bruno, cast.olga):
        assert client_of(who).get("/desk/statement/2025.pdf").status_code == 404


def test_a_long_year_takes_more_pages_and_numbers_them(cast: Cast) -> None:
    for number in range(40):
        seller = make_organisation(name=f"Cooperativa dal nome lungo e dal numero {number} <&>")
        buy(cast, f"x{number}", seller, 1_000 + number)

    pdf = client_of(cast.bruno).get("/years/2025.pdf").content

    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 2


def test_the_page_costs_the_same_queries_for_one_seller_and_for_many(cast: Cast) -> None:
    bruno: Client = client_of(cast.bruno)
    with CaptureQueriesContext(connection) as few:
        bruno.get("/years/2025/")
    for number in range(6):
        buy(cast, f"y{number}", make_organisation(), 1_000)

    with CaptureQueriesContext(connection) as many:
        bruno.get("/years/2025/")
    assert len(many) == len(few) <= 20
