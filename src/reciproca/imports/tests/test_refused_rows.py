import csv
import io
from pathlib import Path

import pytest
from django.utils.translation import override

from reciproca.imports import queries
from reciproca.imports.tests.toys import Box, bring_in
from reciproca.shared.sentences import sentence
from reciproca.shared.tables import harmless

pytestmark = pytest.mark.django_db


def test_the_list_of_refused_rows_comes_back_in_once_put_right(tmp_path: Path) -> None:
    box = Box()
    text = "codice,nome,prezzo\n1,palla,1.00\n2,=cmd|'/c calc',x\n3,-1+1,x\n"
    done = bring_in(text, tmp_path, box, good_rows=True)

    lines = "".join(queries.refused_csv(file=done))
    rows = list(csv.reader(io.StringIO(lines.removeprefix("\ufeff")), delimiter=";"))
    mended = bring_in(lines.replace(";x;", ";2,50;"), tmp_path, box)

    assert rows[0][:4] == ["codice", "nome", "prezzo", "riga del file"]
    assert rows[1][:5] == ["2", "'=cmd|'/c calc'", "x", "3", "amount-unreadable"]
    assert mended.accepted_count == 2
    assert [names for _key, names in box.toys] == [["palla"], ["=cmd|'/c calc'"], ["-1+1"]]


def test_a_row_with_too_many_cells_keeps_them_until_it_is_put_right(tmp_path: Path) -> None:
    box = Box()
    done = bring_in("nome,prezzo\npalla, rossa,1.00\n", tmp_path, box, good_rows=True)

    lines = "".join(queries.refused_csv(file=done))
    again = bring_in(lines, tmp_path, box, good_rows=True)

    assert lines.splitlines()[1].endswith(";1.00")
    assert (again.accepted_count, again.refused_count, box.toys) == (0, 1, [])


@pytest.mark.parametrize("cell", ["-12,50", "+3", "- 4", "pane", "", "1.234,00"])
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-A1", "@sum", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_told_apart(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_a_refusal_is_said_in_the_language_of_whoever_reads() -> None:
    with override("it"):
        said = sentence(code="amount-too-large", params='{"text": "9e99"}')
        other = sentence(code="amount-too-large", params='{"amount": "1,00 €"}')

    assert "9e99" in said
    assert "1,00 €" in other
    assert sentence(code="never-heard-of", params="") == "never-heard-of"
