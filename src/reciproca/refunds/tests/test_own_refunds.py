"""What a member may read of the refunds of all years."""

from datetime import date

import pytest

from reciproca.refunds import actions, queries
from reciproca.refunds.forms import ResolutionIn
from reciproca.refunds.tests.cast import (
    AFTERWARDS,
    WATERFALL_01,
    YEAR,
    buy,
    make_community,
    make_cooperative,
    make_member,
)
from reciproca.registry.models import Node
from reciproca.shared.timeline import Sought

pytestmark = pytest.mark.django_db


def refund(cooperative: Node, *members: Node) -> None:
    """Divide the year's refund of a cooperative where each of these bought as much."""
    for member in members:
        buy(cooperative, member, 10_000_000)
    accounts = actions.enter_accounts(
        cooperative_id=cooperative.id,
        year=YEAR,
        figures=WATERFALL_01,
        entered_by=None,
        entered_at=AFTERWARDS,
    )
    actions.attach_resolution(
        cooperative_id=cooperative.id,
        year=YEAR,
        resolution=ResolutionIn(date(2026, 4, 20), "12/2026", "", b""),
        title="Bilancio e ristorno",
        recorded_by=None,
        recorded_at=AFTERWARDS,
    )
    actions.run_refund(accounts_id=accounts.id, recorded_by=None, recorded_at=AFTERWARDS)


def test_a_member_reads_the_own_refunds_latest_first_and_only_those() -> None:
    make_community()
    valchiara, roncolago = make_cooperative("Valchiara"), make_cooperative("Roncolago")
    ada = make_member("Ada", valchiara, roncolago)
    bruno = make_member("Bruno", valchiara)
    refund(valchiara, ada, bruno)
    refund(roncolago, ada)

    rows = queries.latest_refunds_of(member_id=ada.id)
    [older] = queries.latest_refunds_of(member_id=ada.id, before=rows[0].moment)
    [of_bruno] = queries.latest_refunds_of(member_id=bruno.id)

    assert [row.cooperative_name for row in rows] == ["Roncolago", "Valchiara"]
    assert older == rows[1]
    assert older.amount_cents == older.credit_cents + older.cash_cents + older.capital_cents
    assert (of_bruno.year, of_bruno.amount_cents) == (YEAR, older.amount_cents)


def test_a_refund_is_found_by_its_cooperative() -> None:
    make_community()
    valchiara = make_cooperative("Valchiara")
    ada = make_member("Ada", valchiara)
    refund(valchiara, ada)

    found = queries.latest_refunds_of(member_id=ada.id, sought=Sought(node_ids=[valchiara.id]))
    none = queries.latest_refunds_of(member_id=ada.id, sought=Sought(text="boh", cents=1))

    assert len(found) == 1
    assert none == []
