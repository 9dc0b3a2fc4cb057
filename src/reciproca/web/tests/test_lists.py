"""Every long list as a file: by the filters of its page, for whom its page is, running nothing."""

import io
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from tests.makers import NOON, client_of, make_organisation, make_person
from tests.permissions_table import World

from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry import actions as registry
from reciproca.registry.models import Node
from reciproca.shared.access import accesses_to
from reciproca.tills import actions as tills
from reciproca.web.lists.urls import later_patterns, urlpatterns

pytestmark = pytest.mark.django_db

EVIL = "=cmd|' /C calc'!A0"
LISTS = [str(each.name) for each in urlpatterns if each not in later_patterns]
OF_A_MANAGER = ("closings", "held", "imports", "register", "refund", "purchases")


@pytest.fixture
def world() -> World:
    return World()


def path_of(world: World, name: str, sheet: str = "csv") -> str:
    named: dict[str, list[object]] = {
        "obligations": [world.clearing_run.id],
        "refund": [world.year],
    }
    return reverse(f"lists:{name}", args=[*named.get(name, []), sheet])


def csv_of(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    assert answer.status_code == 200, path
    return b"".join(answer.streaming_content).decode()


def who_may(world: World, name: str) -> Client:
    if name == "movements":
        return client_of(world.cast.bruno)
    return client_of(world.cast.ada if name in OF_A_MANAGER else world.cast.olga)


@pytest.mark.parametrize("name", LISTS)
def test_each_list_goes_home_as_csv_and_as_a_workbook_with_the_same_rows(
    world: World, name: str
) -> None:
    client = who_may(world, name)
    query = "?state=all" if name == "payments" else ""

    lines = csv_of(client, path_of(world, name) + query).splitlines()
    book = load_workbook(
        io.BytesIO(client.get(path_of(world, name, "xlsx") + query).content), read_only=True
    )

    rows = list(book.worksheets[0].rows)
    assert len(rows) == len(lines)
    assert [str(cell.value) for cell in rows[0]] == lines[0].lstrip("\ufeff").split(";")


@pytest.mark.parametrize("name", [each for each in LISTS if each != "directory"])
def test_whom_its_page_does_not_let_in_gets_no_file(world: World, name: str) -> None:
    others = [world.cast.elsa, world.cast.olga if name in OF_A_MANAGER else world.cast.bruno]
    if name == "movements":
        others = [world.cast.elsa, world.cast.ada]
    for other in others:
        for sheet in ("csv", "xlsx"):
            if (name, other) != ("imports", world.cast.olga):
                assert client_of(other).get(path_of(world, name, sheet)).status_code == 404
    assert client_of(None).get(path_of(world, name)).status_code == 302


def test_a_kind_of_file_that_is_none_does_not_exist(world: World) -> None:
    assert client_of(world.cast.olga).get("/clearing/file.exe").status_code == 404


def test_closed_days_are_found_by_till_person_and_day_and_the_file_keeps_it(world: World) -> None:
    ada = client_of(world.cast.ada)
    assert world.closing
    other = _closed_till(world, "Mercato")

    page = ada.get("/tills/closings/", {"till": str(other)})
    text = page.content.decode()
    assert "Mercato, giornata 1" in text
    assert "Banco, giornata 1" not in text
    assert f"/tills/closings/file.csv?till={other}" in text
    lines = csv_of(ada, f"/tills/closings/file.csv?till={other}").splitlines()
    assert len(lines) == 2
    assert "Mercato" in lines[1]
    assert len(csv_of(ada, "/tills/closings/file.csv").splitlines()) == 3
    later = "/tills/closings/file.csv?since=2199-01-01"
    assert len(csv_of(ada, later).splitlines()) == 1
    assert len(csv_of(ada, "/tills/closings/file.csv?who=nessuno").splitlines()) == 1
    assert "Nessuna giornata così" in ada.get("/tills/closings/?who=nessuno").content.decode()


def test_another_cooperatives_days_are_in_no_file(world: World) -> None:
    assert world.closing
    dario = client_of(world.cast.dario)
    till = world.closing.till_id

    assert len(csv_of(dario, "/tills/closings/file.csv").splitlines()) == 1
    assert len(csv_of(dario, f"/tills/closings/file.csv?till={till}").splitlines()) == 1


def test_payments_and_debts_are_found_by_a_name_of_either_side(world: World) -> None:
    olga = client_of(world.cast.olga)
    run = world.clearing_run.id

    assert "Panificio Il Lievito" in olga.get("/clearing/?q=lievito").content.decode()
    assert len(csv_of(olga, "/clearing/file.csv?q=lievito").splitlines()) > 1
    assert len(csv_of(olga, "/clearing/file.csv?q=nessuno").splitlines()) == 1
    assert len(csv_of(olga, "/clearing/file.csv?state=settled").splitlines()) == 1
    debts = f"/clearing/runs/{run}/obligations/"
    assert "Niente con questo nome" in olga.get(f"{debts}?q=nessuno").content.decode()
    assert len(csv_of(olga, f"{debts}file.csv?q=fondo%20comune").splitlines()) == 2


def test_claims_doubles_cooperatives_and_organisations_are_found_by_name(world: World) -> None:
    olga = client_of(world.cast.olga)
    for name in ("Forno di Cles", "Forno Cles"):
        make_organisation(name=name, municipality="022062")

    for path, found in (
        ("/claims/", "bottega"),
        ("/doubles/", "forno"),
        ("/control/network/cooperatives/", "roncolago"),
        ("/directory/", "roncolago"),
    ):
        assert len(csv_of(olga, f"{path}file.csv?q={found}").splitlines()) == 2, path
        assert len(csv_of(olga, f"{path}file.csv?q=zzzz").splitlines()) == 1, path
        assert f"{path}file.xlsx?q={found}" in olga.get(f"{path}?q={found}").content.decode(), path


def test_files_that_came_in_are_found_by_name_and_state(world: World) -> None:
    ada = client_of(world.cast.ada)
    assert world.file

    assert len(csv_of(ada, "/imports/file.csv?q=cassa").splitlines()) == 2
    assert len(csv_of(ada, "/imports/file.csv?state=done").splitlines()) == 1
    assert "Nessun file così" in ada.get("/imports/?q=altro").content.decode()


def test_no_cell_of_any_file_runs(world: World) -> None:
    claimed = make_organisation(name=EVIL)
    registry.claim_organisation(
        organisation_id=claimed, person_id=world.cast.carla.id, words=EVIL, claimed_at=NOON
    )
    olga = client_of(world.cast.olga)

    for name in ("claims", "directory", "cooperatives"):
        assert f"'{EVIL}" in csv_of(olga, path_of(world, name))
        book = load_workbook(io.BytesIO(olga.get(path_of(world, name, "xlsx")).content))
        cells = [cell for row in book.worksheets[0].rows for cell in row]
        assert any(cell.value == f"'{EVIL}" for cell in cells)
        assert {cell.data_type for cell in cells}.isdisjoint({"f"})


@pytest.mark.parametrize("name", ["purchases", "movements", "register", "refund", "acts"])
def test_no_cell_of_what_people_bought_or_did_runs(world: World, name: str) -> None:
    sale = SaleIn(EVIL, world.a, world.cast.bruno.id, NOON, (LineIn("", 1_200),))
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    Node.objects.filter(pk__in=[world.cast.bruno.id, world.cast.olga.id, world.a]).update(name=EVIL)
    client = who_may(world, name)

    assert f"'{EVIL}" in csv_of(client, path_of(world, name))
    book = load_workbook(io.BytesIO(client.get(path_of(world, name, "xlsx")).content))
    cells = [cell for row in book.worksheets[0].rows for cell in row]
    assert any(cell.value == f"'{EVIL}" for cell in cells)
    assert {cell.data_type for cell in cells}.isdisjoint({"f"})


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("purchases", "q=bruno"),
        ("movements", "q=lievito"),
        ("register", "q=bruno"),
        ("refund", "q=bruno"),
        ("acts", "where=lievito"),
    ],
)
def test_the_file_keeps_what_its_page_was_asked_for(world: World, name: str, found: str) -> None:
    client = who_may(world, name)
    page, key = path_of(world, name).removesuffix("file.csv"), found.partition("=")[0]

    assert f"{page}file.xlsx?{found}" in client.get(f"{page}?{found}").content.decode()
    assert len(csv_of(client, f"{page}file.csv?{found}").splitlines()) > 1
    assert len(csv_of(client, f"{page}file.csv?{key}=zzzz").splitlines()) == 1


@pytest.mark.parametrize("name", ["purchases", "movements"])
def test_a_file_of_many_purchases_takes_as_many_queries_as_one_of_few(
    world: World, name: str
) -> None:
    client = who_may(world, name)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            csv_of(client, path_of(world, name))
        return len(captured)

    few = queries()
    for number in range(8):
        sale = SaleIn(f"k{number}", world.a, world.cast.bruno.id, NOON, (LineIn("", 1_200),))
        record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    assert queries() == few


@pytest.mark.parametrize("name", ["closings", "directory", "claims"])
def test_a_file_of_many_rows_takes_as_many_queries_as_one_of_few(world: World, name: str) -> None:
    client = who_may(world, name)
    assert world.closing

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            csv_of(client, path_of(world, name))
        return len(captured)

    few = queries()
    for number in range(5):
        _closed_till(world, f"Cassa {number}")
        shop = make_organisation(name=f"Bottega {number}")
        registry.claim_organisation(
            organisation_id=shop,
            person_id=make_person(name=f"Persona {number}"),
            words="La gestisco io",
            claimed_at=NOON,
        )
    assert queries() == few


@pytest.mark.parametrize("path", ["/members/file.csv", "/members/file.xlsx"])
def test_whoever_is_in_a_register_that_goes_home_reads_who_took_it(world: World, path: str) -> None:
    answer: Any = client_of(world.cast.ada).get(f"{path}?q=bruno")
    assert answer.status_code == 200

    read = [(row.what, row.reader_person) for row in accesses_to(subject=world.cast.bruno.id)]
    assert ("register", world.cast.ada.id) in read
    # Not in the rows that were asked for; and one's own line is no news.
    assert not accesses_to(subject=world.cast.elsa.id)
    assert not accesses_to(subject=world.cast.ada.id)
    profile = client_of(world.cast.bruno).get("/profile/").content.decode()
    assert "la tua riga del libro soci, portata via in un file" in profile


def test_the_extract_and_the_purchases_and_the_refund_are_written_down_too(world: World) -> None:
    ada = client_of(world.cast.ada)
    for path, what in (
        ("/members/register.pdf?on=2026-05-04", "register"),
        ("/purchases/file.csv", "purchases"),
        (f"/year/{world.year}/refund/file.csv", "refunds"),
    ):
        assert ada.get(path).status_code == 200, path
        assert what in {row.what for row in accesses_to(subject=world.cast.bruno.id)}, path


def test_writing_down_who_took_a_register_home_is_one_statement(world: World) -> None:
    ada = client_of(world.cast.ada)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(ada.get("/members/file.csv").streaming_content)  # type: ignore[attr-defined]
        return len(captured)

    few = queries()
    for number in range(8):
        person = make_person(name=f"Persona {number}")
        registry.apply_for_membership(
            member_id=person,
            cooperative_id=world.a,
            applied_on=NOON.date(),
            recorded_by=None,
            recorded_at=NOON,
        )
    assert queries() == few


def _closed_till(world: World, name: str) -> UUID:
    till = tills.open_till(organisation_id=world.a, name=name, opened_by=None, opened_at=NOON)
    tills.close_day_at_desk(
        till_id=till.id,
        organisation_id=world.a,
        key=f"desk:{name}",
        note="Prova",
        closed_by=None,
        closed_at=NOON,
    )
    return till.id
