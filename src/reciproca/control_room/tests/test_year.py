"""A year is closed step by step: each step is whole or absent, and nothing happens twice."""

from datetime import UTC, date, datetime

import pytest

from reciproca.clearing.actions import run_clearing
from reciproca.clearing.models import ClearingRun
from reciproca.clearing.queries import open_obligations
from reciproca.control_room import actions
from reciproca.control_room.models import YearClose
from reciproca.control_room.tests.scenario import Year, close, enter, make_year
from reciproca.control_room.year import NothingToClose, YearNotOver
from reciproca.ledger import queries as ledger
from reciproca.ledger.models import Transfer
from reciproca.ledger.rules import clearing
from reciproca.notices.models import Notice
from reciproca.purchases.queries import closed_years
from reciproca.refunds.models import RefundRun
from reciproca.refunds.tests.cast import (
    AFTERWARDS,
    WATERFALL_01,
    YEAR,
    buy,
    make_community,
    make_cooperative,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> Year:
    return make_year()


def test_closing_a_year_does_all_of_it(year: Year) -> None:
    steps = close().steps

    assert steps.keys() == actions.STEPS.keys()
    assert steps["figures"]["purchases"] == 6
    assert steps["refunds"]["members_refunded"] == 2
    # Nobody gets back more than was spent: 700.00 by Ada, 400.00 by Bruno.
    assert steps["refunds"]["refunds_cents"] == 110_000
    assert [each["cooperative"] for each in steps["refunds"]["cooperatives_without_accounts"]] == [
        "Caseificio Roncolago",
        "Maso Dossi",
    ]
    assert steps["clearing"]["payments"] == ClearingRun.objects.get().payments.count() > 0
    assert steps["statements"]["told"] == 2
    assert closed_years() == {YEAR}


def test_expired_credit_is_owed_within_the_year_it_ends(year: Year) -> None:
    buy(year.valchiara, year.bruno, 10_000, at=datetime(2024, 12, 1, 9, tzinfo=UTC))

    steps = close().steps

    assert steps["expiry"]["expired_cents"] == 200
    run = ClearingRun.objects.get()
    owed = run.obligations.get(debtor=year.valchiara, creditor=year.cast.solidarity)
    assert owed.amount_cents >= 200
    assert ledger.balance(clearing(node=year.cast.solidarity.id)) > 0


@pytest.mark.parametrize("until", [date(2025, 6, 30), date(2025, 12, 31)])
def test_an_earlier_netting_under_the_years_name_keeps_nothing_out_of_the_close(
    year: Year, until: date
) -> None:
    before = datetime(2026, 1, 7, 9, tzinfo=UTC)
    earlier = run_clearing(label=str(YEAR), until=until, recorded_by=None, recorded_at=before)
    buy(year.valchiara, year.bruno, 10_000, at=datetime(2024, 12, 1, 9, tzinfo=UTC))

    steps, again = close().steps, close().steps

    run = ClearingRun.objects.exclude(id=earlier.id).get()
    assert (run.label, run.until) == ("2025-12-31", date(2025, 12, 31))
    assert steps["clearing"]["run_id"] == again["clearing"]["run_id"] == str(run.id)
    assert open_obligations(until=run.until) == []


def test_closed_again_it_is_the_same_close(year: Year) -> None:
    first = close()
    moved, told = Transfer.objects.count(), Notice.objects.count()

    again = close(at=datetime(2026, 7, 1, 9, tzinfo=UTC))

    assert (again.steps, again.finished_at) == (first.steps, first.finished_at)
    assert (Transfer.objects.count(), Notice.objects.count()) == (moved, told)


def test_a_close_that_stopped_goes_on_from_the_step_it_was_in(
    year: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as context:
        context.setattr("reciproca.control_room.year.clearing.run_clearing", breaks)
        with pytest.raises(OSError, match="power cut"):
            close()
    half = YearClose.objects.get()
    assert half.steps.keys() == {"figures", "expiry", "refunds"}
    assert half.finished_at is None

    assert close().steps.keys() == actions.STEPS.keys()
    assert RefundRun.objects.count() == ClearingRun.objects.count() == 1


def test_a_refund_that_cannot_be_divided_is_named_and_the_rest_goes_on(year: Year) -> None:
    enter(year.without_accounts, WATERFALL_01)

    refused = close().steps["refunds"]["refused"]

    assert [(each["cooperative"], each["code"]) for each in refused] == [
        ("Maso Dossi", "no-claims")
    ]
    assert RefundRun.objects.count() == 1


def test_a_purchase_that_arrives_late_belongs_to_the_year_it_arrives_in(year: Year) -> None:
    close()

    late = buy(
        year.valchiara,
        year.bruno,
        1_000,
        at=datetime(2025, 12, 30, 9, tzinfo=UTC),
        recorded_at=AFTERWARDS,
    )

    assert late.year == 2026
    [moved] = {entry.happened_at for entry in ledger.transfers_of(late.id)}
    assert moved == AFTERWARDS


def test_a_year_that_is_not_over_cannot_be_closed(year: Year) -> None:
    with pytest.raises(YearNotOver, match="2027"):
        close(2026)
    with pytest.raises(YearNotOver):
        close(2040)
    with pytest.raises(NothingToClose):
        close(1999)
    assert not YearClose.objects.exists()


def test_an_empty_community_has_nothing_to_close() -> None:
    make_community()
    make_cooperative("Prima")
    with pytest.raises(NothingToClose, match="2025"):
        close()
