"""Everything of a person in two files, and nothing of anybody else."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from tests.makers import NOON, Cast, adopt_policy, client_of, make_cast

from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry import actions as registry
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_policy(cast)
    valueback.commit_rate(
        seller_id=cast.lievito_id, rate_bp=500, valid_from=NOON.date(), recorded_by=None
    )
    for buyer, words in ((cast.bruno.id, "=pane"), (cast.carla.id, "carne")):
        sale = SaleIn(words, cast.lievito_id, buyer, NOON, (LineIn("cibo", 10_000, words),))
        record_sale(sale=sale, recorded_by=None, recorded_at=NOON + timedelta(minutes=1))
    registry.pair_phone(person_id=cast.bruno.id, name="Telefono", paired_at=NOON)
    return cast


def test_the_json_file_holds_all_that_is_ones_own_and_nothing_else(cast: Cast) -> None:
    answer = client_of(cast.bruno).get("/profile/data.json")

    tables = json.loads(answer.content)["tables"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [row["name"] for row in tables["person"]] == [cast.bruno.name]
    assert [row["total_cents"] for row in tables["purchases"]] == [10_000]
    assert [row["description"] for row in tables["purchase_lines"]] == ["=pane"]
    assert [row["number"] for row in tables["cards"]] == [cast.bruno.card]
    assert len(tables["memberships"]) == len(tables["phones"]) == 1
    assert "carne" not in answer.content.decode()
    assert cast.carla.name not in answer.content.decode()


def test_the_tables_say_the_same_and_run_as_no_formula(cast: Cast) -> None:
    answer = client_of(cast.bruno).get("/profile/data.zip")

    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        names = set(folder.namelist())
        lines = list(csv.DictReader(io.StringIO(folder.read("purchase_lines.csv").decode())))
    assert {"person.csv", "purchases.csv", "read_by.csv"} <= names
    assert [line["description"] for line in lines] == ["'=pane"]


def test_no_secret_is_in_them(cast: Cast) -> None:
    registry.set_pin(person_id=cast.bruno.id, pin="40718", set_by=None, set_at=NOON)

    text = client_of(cast.bruno).get("/profile/data.json").content.decode()

    assert "40718" not in text
    assert "secret" not in text
