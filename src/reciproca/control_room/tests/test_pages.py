"""An officer closes a year and has everything counted again, and sees how far it is."""

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import NOON, Cast, adopt_policy, client_of, make_cast, make_organisation

from reciproca.control_room.actions import CHECKS
from reciproca.control_room.alerts.causes import VERIFY
from reciproca.control_room.models import YearClose
from reciproca.control_room.tasks import CLOSE
from reciproca.notices.queries import notices_of
from reciproca.purchases.actions import record_sale, refresh_month_totals
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.shared.jobs import run_job
from reciproca.shared.models import Job, JobState

pytestmark = pytest.mark.django_db

YEAR, VERIFICATION = "/control/year/2025/", "/control/verify/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_policy(cast)
    return cast


@pytest.fixture
def olga(cast: Cast) -> Client:
    return client_of(cast.olga)


@pytest.fixture
def sold(cast: Cast) -> None:
    sale = SaleIn("s1", cast.lievito_id, cast.bruno.id, NOON, (LineIn("pane", 1_000),))
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    refresh_month_totals(since=NOON)


def text(response: HttpResponseBase) -> str:
    assert hasattr(response, "content")
    return str(response.content.decode()).replace("\u00a0", " ")


def work(kind: str) -> Job:
    """Let a worker do the last job of a kind."""
    job = Job.objects.filter(kind=kind).latest("created_at")
    run_job(job_id=job.id)
    job.refresh_from_db()
    return job


def test_a_year_in_which_nothing_was_bought_has_nothing_to_close(olga: Client) -> None:
    page = text(olga.get(YEAR))

    assert "Niente da chiudere nel 2025" in page
    assert f'action="{YEAR}closing/"' not in page


@pytest.mark.usefixtures("sold")
def test_a_years_cooperatives_come_fifty_to_a_page_and_their_sum_on_each(olga: Client) -> None:
    for _ in range(60):
        make_organisation()

    pages = [text(olga.get(YEAR, {"page": number})) for number in (1, 2)]

    assert [page.count("Senza conti") for page in pages] == [50, 12]
    assert all("In tutto" in page for page in pages)


@pytest.mark.usefixtures("sold")
def test_the_page_says_who_is_ready(olga: Client) -> None:
    assert olga.get("/control/year/").headers["Location"] == YEAR
    page = text(olga.get(YEAR))

    assert "Nessuna cooperativa è ancora pronta" in page
    assert page.count("Senza conti") == 2
    assert "Chiudi il 2025" in page


@pytest.mark.usefixtures("sold")
def test_closing_from_the_page_goes_on_in_a_job_and_tells_who_began_it(
    olga: Client, cast: Cast
) -> None:
    olga.post(f"{YEAR}closing/")
    olga.post(f"{YEAR}closing/")
    assert Job.objects.filter(kind=CLOSE).count() == 1
    assert "Crediti scaduti" in text(olga.get(YEAR))
    part = text(olga.get(f"{YEAR}closing/", headers=HTMX))
    assert "Debiti compensati" in part
    assert "<html" not in part

    assert work(CLOSE).state == JobState.DONE

    page = text(olga.get(YEAR))
    assert "Il 2025 è chiuso" in page
    assert "Guarda come si è chiuso" in text(olga.get(f"{YEAR}closing/", headers=HTMX))
    assert YearClose.objects.get().finished_at is not None
    assert cast.olga.id is not None
    assert any("Il 2025 è chiuso" in each.sentence for each in notices_of(person_id=cast.olga.id))


def test_a_year_without_purchases_is_refused_and_can_be_tried_again(
    olga: Client, cast: Cast
) -> None:
    olga.post(f"{YEAR}closing/")
    assert work(CLOSE).state == JobState.FAILED

    page = text(olga.get(YEAR))

    assert "la comunità non ha registrato acquisti" in page
    assert "Riprendi da dove si è fermata" in page
    sale = SaleIn("s1", cast.lievito_id, cast.bruno.id, NOON, (LineIn("pane", 1_000),))
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    olga.post(f"{YEAR}closing/")
    assert Job.objects.filter(kind=CLOSE).count() == 1
    assert work(CLOSE).state == JobState.DONE


@pytest.mark.parametrize("year", ["2026", "1999"])
def test_years_that_are_not_over_have_no_page(olga: Client, year: str) -> None:
    assert olga.get(f"/control/year/{year}/").status_code == 404
    assert olga.post(f"/control/year/{year}/closing/").status_code == 404


@pytest.mark.usefixtures("sold")
def test_everything_is_counted_again_from_the_page(olga: Client) -> None:
    assert "Ancora nessuna verifica" in text(olga.get(VERIFICATION))
    olga.post(f"{VERIFICATION}running/")
    assert "Ogni unità si pareggia a zero" in text(olga.get(VERIFICATION))
    assert "Verifica tutto" not in text(olga.get(VERIFICATION))
    assert "hx-get" in text(olga.get(f"{VERIFICATION}running/", headers=HTMX))

    work(VERIFY)
    page = text(olga.get(VERIFICATION))

    assert "Tutto torna" in page
    assert page.count(">torna<") == len(CHECKS)


@pytest.mark.usefixtures("sold")
def test_what_is_wrong_is_named_on_the_page(olga: Client, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE purchases_purchase SET value_cents = 1, member_cents = 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    olga.post(f"{VERIFICATION}running/")
    work(VERIFY)

    page = text(olga.get(VERIFICATION))

    assert "controlli non tornano" in page
    assert "L’acquisto s1" in page
    told = [each.sentence for each in notices_of(person_id=cast.olga.id)]
    assert any("non tornano" in sentence for sentence in told)


@pytest.mark.usefixtures("sold")
def test_the_year_costs_the_same_queries_for_few_and_many_cooperatives(olga: Client) -> None:
    with CaptureQueriesContext(connection) as few:
        olga.get(YEAR)
    for _ in range(6):
        make_organisation()

    with CaptureQueriesContext(connection) as many:
        olga.get(YEAR)
    assert len(many) == len(few)
