"""How the network does, on an officer's pages: sums that are right, never a basket or a person."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.makers import (
    Cast,
    adopt_policy,
    client_of,
    make_cast,
    make_membership,
    make_organisation,
    make_person,
)

from reciproca.clearing.actions import run_clearing
from reciproca.control_room.actions import refresh_alerts, refresh_sums
from reciproca.control_room.models import Alert
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.shared.models import Job
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db

SPRING = datetime(2025, 4, 7, 9, tzinfo=UTC)
OVERVIEW, PAIRS, COOPERATIVES = "/control/", "/control/network/", "/control/network/cooperatives/"
FILE, JOBS = "/control/network/file.csv", "/control/jobs/"
OFFICERS_PAGES = (
    OVERVIEW,
    f"{OVERVIEW}?view=map",
    f"{PAIRS}?year=2025",
    f"{PAIRS}?year=2025&what=credit&q=lievito",
    f"{COOPERATIVES}?year=2025",
    f"{COOPERATIVES}?quiet=1",
    f"{FILE}?year=2025",
    JOBS,
)
FEWER = "meno di 5"


@pytest.fixture
def cast() -> Cast:
    """Open the community with a policy, and let both shops give back 5%."""
    cast = make_cast()
    adopt_policy(cast)
    for shop in (cast.lievito_id, cast.roncolago_id):
        promise(shop)
    return cast


@pytest.fixture
def olga(cast: Cast) -> Client:
    return client_of(cast.olga)


def promise(shop: UUID) -> None:
    valueback.commit_rate(
        seller_id=shop, rate_bp=500, valid_from=date(2024, 1, 1), recorded_by=None
    )


def sold(shop: UUID, to: UUID, cents: int, *, credit: int = 0, at: datetime = SPRING) -> str:
    sale = SaleIn(
        key=f"scontrino-{uuid4().hex[:8]}",
        seller_id=shop,
        buyer_id=to,
        happened_at=at,
        lines=(LineIn("formaggi", cents, "Puzzone di Moena"),),
        credit_cents=credit,
    )
    record_sale(sale=sale, recorded_by=None, recorded_at=at)
    return sale.key


def body(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def words(answer: Any) -> str:
    """Return the text of a page as one reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body(answer)))


def lived(cast: Cast, *, times: int = 6) -> list[str]:
    """Let Bruno buy at one shop and spend at the other, and sum it up; returns the receipts."""
    keys = [sold(cast.lievito_id, cast.bruno.id, 100_000)]
    keys += [sold(cast.roncolago_id, cast.bruno.id, 1_000 + n, credit=100) for n in range(times)]
    refresh_sums()
    return keys


def test_before_the_first_purchase_the_page_says_how_to_begin(cast: Cast, olga: Client) -> None:
    text = words(olga.get(OVERVIEW))

    assert "La rete comincia qui" in text
    assert "Fai entrare la prima cooperativa fatto" in text
    assert "Dai a un’altra persona le chiavi della cabina di regia" in text


def test_the_overview_sums_the_year(cast: Cast, olga: Client) -> None:
    lived(cast)

    text = words(olga.get(OVERVIEW))

    assert "Cabina di regia, Federazione delle Tre Valli" in text
    assert "Valore tornato nel 2025 53 € da 7 acquisti" in text
    assert "Cooperative 2 in 2 settori" in text
    assert "Scambi fra cooperative 1 6 € di credito speso altrove" in text
    assert "Agricole e Altro 6" in text
    assert "Il mese migliore è aprile 2025: 52,70 €." in text


def test_growth_is_told_only_where_there_is_a_year_before(cast: Cast, olga: Client) -> None:
    adopt_policy(cast, in_force_on=date(2024, 1, 1), protocol="0/2024", title="Primi criteri")
    sold(cast.lievito_id, cast.bruno.id, 100_000, at=SPRING.replace(year=2024))
    lived(cast)

    assert "5% in più del 2024" in words(olga.get(f"{OVERVIEW}?year=2025"))
    assert "in più del 2023" not in words(olga.get(f"{OVERVIEW}?year=2024"))


def test_nothing_of_a_person_or_a_basket_is_on_any_page(cast: Cast, olga: Client) -> None:
    keys = lived(cast)
    pair = f"{PAIRS}{cast.lievito_id}/{cast.roncolago_id}/?year=2025"

    for url in (*OFFICERS_PAGES, pair):
        answer = olga.get(url)
        assert answer.status_code == 200
        text = body(answer)
        for secret in (*keys, "Bruno", "Fedrizzi", cast.bruno.card, str(cast.bruno.id)):
            assert secret not in text, url
        for basket in ("Puzzone", "formaggi", "10,03"):
            assert basket not in text, url


def test_no_query_of_these_pages_reads_who_bought_what(cast: Cast, olga: Client) -> None:
    lived(cast)
    pair = f"{PAIRS}{cast.lievito_id}/{cast.roncolago_id}/?year=2025"

    with CaptureQueriesContext(connection) as captured:
        for url in (*OFFICERS_PAGES, pair):
            body(olga.get(url))

    asked = [query["sql"] for query in captured.captured_queries]
    assert len(asked) > 50
    for sql in asked:
        assert "purchases_line" not in sql
        assert "ledger_transfer" not in sql
        assert "registry_person" not in sql
        for column in ("buyer", "key", "_cents", "content", "reason"):
            assert "purchases_purchase" not in sql or column not in sql, sql


def test_a_person_is_no_part_of_a_pair(cast: Cast, olga: Client) -> None:
    lived(cast)

    assert olga.get(f"{PAIRS}{cast.bruno.id}/{cast.roncolago_id}/").status_code == 404
    nothing = words(olga.get(f"{PAIRS}{cast.roncolago_id}/{cast.project_id}/"))
    assert "nessuno dei due è venuto a dovere qualcosa" in nothing


def test_few_purchases_are_not_counted_aloud(cast: Cast, olga: Client) -> None:
    lived(cast, times=4)
    pair = f"{PAIRS}{cast.lievito_id}/{cast.roncolago_id}/?year=2025"

    assert f"Caseificio Roncolago {FEWER} 4,00 €" in words(olga.get(f"{PAIRS}?what=credit"))
    assert f"Crediti spesi qui {FEWER} 4,00 €" in words(olga.get(pair))
    assert f";{FEWER}" in body(olga.get(f"{FILE}?what=credit"))
    assert "il credito è stato speso dove era nato" in words(olga.get(OVERVIEW))

    lived(cast, times=1)
    assert "Caseificio Roncolago 5 5,00 €" in words(olga.get(f"{PAIRS}?what=credit"))


def test_credit_that_ends_soon_never_counts_few_holders(cast: Cast) -> None:
    lived(cast)

    refresh_alerts(at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not Alert.objects.filter(kind="ending").exists()

    refresh_alerts(at=datetime(2026, 12, 1, tzinfo=UTC))

    ending = Alert.objects.get(kind="ending").params
    assert ending == {"on": "2026-12-31", "cents": 2_000 - 600 + 6 * 18, "holders": None}


def test_every_figure_of_the_overview_opens_into_rows_that_sum_to_it(
    cast: Cast, olga: Client
) -> None:
    lived(cast)

    exchanges = words(olga.get(f"{PAIRS}?year=2025&what=credit"))
    rows = words(olga.get(f"{COOPERATIVES}?year=2025"))

    assert "1 coppia , 6,00 € in tutto" in exchanges
    assert "In tutto 4 7 1.060 € 52,70 € 15,08 €" in rows


def test_pairs_are_found_by_name_and_reason_and_taken_home(cast: Cast, olga: Client) -> None:
    lived(cast)

    assert "7 coppie" in words(olga.get(PAIRS))
    assert "1 coppia" in words(olga.get(f"{PAIRS}?what=credit"))
    assert "Nessuna coppia così" in words(olga.get(f"{PAIRS}?q=nessuno"))
    lines = body(olga.get(f"{FILE}?what=credit")).splitlines()
    assert lines == [
        "\ufeffChi deve;A chi;Importo;Volte",
        "Panificio Il Lievito;Caseificio Roncolago;6,00;6",
    ]


@pytest.mark.parametrize("year", ["", "1999", "duemila", "²", "9" * 30, "-2025"])
def test_a_year_that_is_not_there_shows_the_last_one(cast: Cast, olga: Client, year: str) -> None:
    lived(cast)

    for url in (OVERVIEW, PAIRS, COOPERATIVES):
        answer = olga.get(url, {"year": year, "page": year, "what": year})
        assert answer.status_code == 200
        assert '<option value="2025" selected>' in body(answer)


def test_who_fell_silent_while_others_sell_is_named(cast: Cast, olga: Client) -> None:
    sold(cast.lievito_id, cast.bruno.id, 1_000, at=SPRING)
    sold(cast.roncolago_id, cast.bruno.id, 1_000, at=SPRING + timedelta(days=31))
    refresh_sums()
    refresh_alerts(at=SPRING)

    assert "Panificio Il Lievito non registra acquisti da lunedì 7 aprile" in words(
        olga.get(OVERVIEW)
    )
    quiet = words(olga.get(f"{COOPERATIVES}?quiet=1"))
    assert "1 cooperativa non registra acquisti" in quiet
    assert "Caseificio Roncolago" not in quiet.split("1 cooperativa")[1]


def test_the_last_netting_is_shown_with_what_is_still_open(cast: Cast, olga: Client) -> None:
    lived(cast)
    run_clearing(
        label="aprile",
        until=date(2025, 4, 30),
        recorded_by=None,
        recorded_at=SPRING.replace(month=5),
    )
    refresh_alerts(at=SPRING)

    text = words(olga.get(OVERVIEW))

    assert "Compensazione aprile" in text
    assert "Da pagare" in text
    assert "da confermare" in text


def test_a_running_job_is_on_the_overview_and_a_stopped_one_is_resumed(
    cast: Cast, olga: Client
) -> None:
    job = {"kind": "control_room.verify", "started_by": cast.olga.user.id}
    Job.objects.create(title="Verifica", state="running", done=3, total=9, **job)
    stopped = Job.objects.create(
        title="Verifica di ieri", state="failed", message="Mancava la luce.",
        finished_at=timezone.now(), args={"person_id": str(cast.olga.id)}, **job,
    )  # fmt: skip
    refresh_alerts(at=timezone.now())

    text = words(olga.get(OVERVIEW))
    assert "Avviato da Olga Nardelli." in text
    assert "3 di 9" in text
    assert "Si è fermato un lavoro: Verifica di ieri Mancava la luce." in text

    answer = olga.post(f"{JOBS}{stopped.id}/resumption/")
    stopped.refresh_from_db()
    assert (answer.status_code, stopped.state) == (302, "queued")


def test_a_job_is_polled_as_a_part_and_read_as_a_page(cast: Cast, olga: Client) -> None:
    job = Job.objects.create(kind="control_room.verify", title="Verifica", state="running")
    url = f"{JOBS}{job.id}/?brief=1"

    part = body(olga.get(url, headers={"HX-Request": "true"}))
    assert part.lstrip().startswith("<section")
    assert f'hx-get="{url}"' in part
    assert "<html" in body(olga.get(url))
    assert olga.get(f"{JOBS}{uuid4()}/").status_code == 404


@pytest.mark.parametrize("url", [OVERVIEW, f"{OVERVIEW}?view=map", PAIRS, COOPERATIVES])
def test_the_network_takes_as_many_queries_for_3_cooperatives_as_for_60(
    cast: Cast, olga: Client, url: str
) -> None:
    lived(cast)
    run_clearing(
        label="aprile",
        until=date(2025, 4, 30),
        recorded_by=None,
        recorded_at=SPRING.replace(month=5),
    )
    grow(cast, shops=1)
    few = queries(olga, url)
    grow(cast, shops=57)

    assert queries(olga, url) == few


def netted() -> None:
    run_clearing(
        label="aprile",
        until=date(2025, 4, 30),
        recorded_by=None,
        recorded_at=SPRING.replace(month=5),
    )


def grow(cast: Cast, *, shops: int) -> None:
    for _ in range(shops):
        shop = make_organisation(municipality="022205")
        promise(shop)
        member = make_person()
        make_membership(member=member, cooperative=shop)
        sold(shop, member, 10_000)
        sold(cast.lievito_id, member, 1_000, credit=50)
    refresh_sums()


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_what_is_still_owed_is_asked_for_after_the_page_and_read_from_the_sums(
    cast: Cast, olga: Client
) -> None:
    lived(cast)
    with CaptureQueriesContext(connection) as captured:
        counted = words(olga.get("/clearing/?open=1"))

    assert "Debiti ancora aperti" in counted
    assert "in 7 debiti, fino a oggi" in counted
    assert not [query for query in captured if "ledger_transfer" in query["sql"]]
    at_once = body(olga.get("/clearing/"))
    assert 'hx-get="/clearing/?open=1"' in at_once
    assert "in 7 debiti" not in at_once

    run_clearing(
        label="aprile", until=date(2025, 4, 30), recorded_by=None, recorded_at=timezone.now()
    )

    assert "Nessuno deve niente a nessuno" in words(olga.get("/clearing/?open=1"))


def test_an_empty_community_owes_nothing(olga: Client) -> None:
    page = words(olga.get("/clearing/?open=1"))

    assert "Nessuno deve niente a nessuno" in page
    assert "Ancora nessuna" in page
