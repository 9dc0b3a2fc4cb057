"""The members' register as a book of a day, and as a table that runs nothing."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from tests.makers import FIRST_DAY, NOON, Cast, client_of, make_cast, make_membership, make_person

from reciproca.registry import actions, queries
from reciproca.registry.queries import BookLine
from reciproca.web.statements.register import Book, Column, register_pdf

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    content: bytes = answer.getvalue()
    return content.decode()


def sheet_of(answer: Any) -> Any:
    return load_workbook(BytesIO(answer.content)).active


def step(cast: Cast, on: date, note: str = "Verbale 3") -> actions.Step:
    assert cast.bruno.membership_id
    return actions.Step(cast.bruno.membership_id, on, None, NOON, note)


@pytest.fixture
def cast() -> Cast:
    """Bruno was suspended from 1 to 9 April 2025 and left on 20 May; in March he paid 50 €."""
    made = make_cast()
    assert made.bruno.membership_id
    paid = actions.CapitalIn(made.bruno.membership_id, "k", 5_000, date(2025, 3, 3), None, NOON)
    actions.pay_in_capital(paid)
    actions.suspend_member(step(made, date(2025, 4, 1)))
    actions.reinstate_member(step(made, date(2025, 4, 10)))
    actions.withdraw_member(step(made, date(2025, 5, 20)))
    return made


def bruno_on(cast: Cast, day: date) -> BookLine:
    lines = queries.register_at(cooperative_id=cast.lievito_id, on=day)
    return next(line for line in lines if line.name == "Bruno Fedrizzi")


@pytest.mark.parametrize(
    ("day", "state", "left_on", "cents"),
    [
        (date(2025, 1, 1), "registered", None, 2_500),
        (date(2025, 3, 2), "registered", None, 2_500),
        (date(2025, 3, 3), "registered", None, 7_500),
        (date(2025, 4, 1), "suspended", None, 7_500),
        (date(2025, 4, 9), "suspended", None, 7_500),
        (date(2025, 4, 10), "registered", None, 7_500),
        (date(2025, 5, 19), "registered", None, 7_500),
        (date(2025, 5, 20), "withdrawn", date(2025, 5, 20), 7_500),
    ],
)
def test_the_book_stands_as_it_stood_at_the_end_of_a_day(
    cast: Cast, day: date, state: str, left_on: date | None, cents: int
) -> None:
    line = bruno_on(cast, day)

    assert (line.state, line.left_on, line.shares_cents) == (state, left_on, cents)


def test_who_was_not_in_it_yet_is_not_in_the_extract(cast: Cast) -> None:
    assert queries.register_at(cooperative_id=cast.lievito_id, on=date(2024, 12, 31)) == []
    actions.apply_for_membership(
        member_id=cast.carla.id,
        cooperative_id=cast.lievito_id,
        applied_on=NOON.date(),
        recorded_by=None,
        recorded_at=NOON,
    )

    lines = queries.register_at(cooperative_id=cast.lievito_id, on=NOON.date())
    assert [line.number for line in lines] == [1, 2]


def test_who_came_back_has_two_lines_and_one_holding(cast: Cast) -> None:
    make_membership(member=cast.bruno.id, cooperative=cast.lievito_id, share_cents=0)

    lines = queries.register_at(cooperative_id=cast.lievito_id, on=date(2026, 1, 1))
    whole = queries.register_lines(cooperative_id=cast.lievito_id, text="", state="")

    held = [(line.number, line.shares_cents) for line in lines if line.name == "Bruno Fedrizzi"]
    assert held == [(2, 0), (3, 7_500)]
    assert sum(line.shares_cents for line in whole) == 7_500 + 2_500


def test_a_long_book_costs_as_many_statements_as_a_short_one(cast: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            queries.register_at(cooperative_id=cast.lievito_id, on=NOON.date())
            list(queries.register_lines(cooperative_id=cast.lievito_id, text="", state=""))
        return len(asked)

    few = statements()
    for _ in range(20):
        make_membership(member=make_person(), cooperative=cast.lievito_id)
    assert statements() == few


# --- the extract ---


def test_the_extract_is_a_pdf_of_the_day_that_was_asked_for(cast: Cast) -> None:
    ada = client_of(cast.ada)

    answer = ada.get("/members/register.pdf?on=2025-05-20")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'filename="reciproca-libro-soci-2025-05-20.pdf"' in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"%PDF-")
    assert b"/Outlines" in answer.content
    other_day = ada.get("/members/register.pdf?on=2025-05-19").content
    assert other_day != answer.content
    searched = ada.get("/members/register.pdf?on=2025-05-20&q=bruno").content
    assert searched not in (other_day, answer.content)


@pytest.mark.parametrize("day", ["", "ieri", "0001-01-01"])
def test_a_day_that_is_none_leads_back_to_the_list(cast: Cast, day: str) -> None:
    ada = client_of(cast.ada)

    answer = ada.get(f"/members/register.pdf?on={day}")

    assert answer.headers["Location"] == "/members/"
    assert "scegli un giorno che esiste" in text(ada.get("/members/"))
    kept = ada.get(f"/members/register.pdf?on={day}&q=bruno")
    assert kept.headers["Location"] == "/members/?q=bruno"


def test_long_books_go_over_many_pages_with_the_head_on_each() -> None:
    line = BookLine(
        number=1,
        name="Maria Immacolata dei Marchesi Bevilacqua di Castel Toblino in Fedrizzi " * 2,
        kind_title="Socio cooperatore",
        state="registered",
        state_title="Nel libro soci",
        applied_on=date(2025, 1, 1),
        registered_on=date(2025, 1, 1),
        left_on=None,
        shares_cents=2_500,
    )

    paper = register_pdf(
        [line] * 100, on=date(2025, 6, 2), cooperative="Il Lievito", community="Tre Valli"
    )

    assert paper.count(b"/Type /Page\n") > 5


def test_a_book_begins_on_the_first_page() -> None:
    line = BookLine(
        1, "Ada", "Socio", "registered", "", FIRST_DAY, FIRST_DAY, None, shares_cents=2_500
    )

    def pages(how_many: int) -> int:
        lines = [line] * how_many
        paper = register_pdf(lines, on=FIRST_DAY, cooperative="Il Lievito", community="")
        return paper.count(b"/Type /Page\n")

    assert (pages(1), pages(24), pages(40)) == (1, 1, 2)


def test_a_book_splits_where_the_page_ends_and_loses_no_row() -> None:
    book = Book([Column("N.", 100)], [[str(number)] for number in range(50)])

    first, rest = book.split(400, 200)

    assert isinstance(first, Book)
    assert isinstance(rest, Book)
    assert (first.first, first.last, rest.first, rest.last) == (0, 8, 8, 50)
    assert first.wrap(400, 200)[1] <= 200
    assert book.split(400, 20) == []


# --- the list as a table ---


def test_the_table_has_what_the_list_shows(cast: Cast) -> None:
    ada = client_of(cast.ada)

    live = text(ada.get("/members/file.csv"))
    whole = text(ada.get("/members/file.csv?state=all"))

    assert live.splitlines()[0] == (
        "\ufeffNumero;Nome;Tipo;Posizione;Domanda del;Iscrizione;Uscita;Capitale"
    )
    assert "Bruno Fedrizzi" not in live
    assert (
        "2;Bruno Fedrizzi;Socio cooperatore;Recesso;01/01/2025;01/01/2025;20/05/2025;75,00" in whole
    )
    assert "Carla Endrizzi" not in whole
    found = text(ada.get("/members/file.csv?state=all&q=fedr"))
    assert len(found.splitlines()) == 2


def test_a_workbook_holds_figures_and_days_as_such(cast: Cast) -> None:
    answer = client_of(cast.ada).get("/members/file.xlsx?state=all")

    sheet = sheet_of(answer)
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[2][1:] == (
        "Bruno Fedrizzi",
        "Socio cooperatore",
        "Recesso",
        datetime(2025, 1, 1),  # noqa: DTZ001 - as the file says it
        datetime(2025, 1, 1),  # noqa: DTZ001
        datetime(2025, 5, 20),  # noqa: DTZ001
        75,
    )


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+A1", "@SUM(A1)", "-2+3"])
def test_a_name_that_begins_like_a_formula_is_run_by_no_spreadsheet(cast: Cast, name: str) -> None:
    make_membership(member=make_person(name=name), cooperative=cast.lievito_id)
    ada = client_of(cast.ada)

    lines = text(ada.get("/members/file.csv"))
    sheet = sheet_of(ada.get("/members/file.xlsx"))

    assert name not in [row.split(";")[1] for row in lines.splitlines()]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert name in " ".join(str(cell.value) for cell in cells)


def test_the_list_leads_to_its_files_with_what_was_looked_for(cast: Cast) -> None:
    page = client_of(cast.ada).get("/members/?q=ada&state=all").content.decode()

    assert "/members/file.xlsx?q=ada&amp;state=all" in page
    assert '<input type="hidden" name="q" value="ada">' in page
