"""A redistribution is counted again; what was tampered with is found and named."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.makers import NOON

from reciproca.control_room import actions
from reciproca.purchases.actions import refresh_month_totals
from reciproca.redistribution.tests.cast import AFTERWARDS, Valley, make_valley

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Valley:
    """A pool that was divided, corrected, and spent from."""
    valley = make_valley()
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    valley.buy(valley.cast.bruno.id, 10_000)
    first = valley.run()
    valley.buy(valley.cast.bruno.id, 20_000, at=NOON, recorded_at=AFTERWARDS)
    valley.correct(first)
    refresh_month_totals(since=datetime(2024, 1, 1, tzinfo=UTC))
    return valley


def failing() -> dict[str, list[str]]:
    verdicts = actions.verify(verified_at=AFTERWARDS)
    return {verdict.name: verdict.details for verdict in verdicts if not verdict.ok}


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_divided_and_corrected_pool_is_right(valley: Valley) -> None:
    assert failing() == {}


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE redistribution_line SET scores = '{7}'", "impronta"),
        ("UPDATE redistribution_line SET allocated_cents = 7, paid_cents = 7", "Ricalcolata"),
        (
            "UPDATE governance_policy SET document = replace(document, '1/5', '1/4')"
            " WHERE kind = 'redistribution'",
            "delibera",
        ),
        ("DELETE FROM ledger_transfer WHERE code = 'redistributed-back'", "movimenti"),
        ("UPDATE ledger_transfer SET amount = 1 WHERE code = 'redistributed-common'", "movimenti"),
    ],
)
def test_what_was_tampered_with_is_named(valley: Valley, sql: str, words: str) -> None:
    tamper(sql)

    assert any(words in detail for detail in failing()["redistributions_recomputed"])
