"""Sums of pairs follow the facts, are right after whatever happened, and are checked."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Sum

from reciproca.clearing.queries import OBLIGATION_CODES
from reciproca.control_room import actions
from reciproca.control_room.models import EndingCredit, PairMonth
from reciproca.control_room.tests.scenario import Year, give_back, make_year
from reciproca.control_room.verification.all import CHECKS, run_checks
from reciproca.ledger import queries as ledger
from reciproca.purchases.models import MonthTotal
from reciproca.refunds.tests.cast import AFTERWARDS, buy
from reciproca.valueback.queries import spendable

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> Year:
    return make_year()


def summed() -> dict[tuple[object, ...], int]:
    rows = PairMonth.objects.values_list("debtor", "creditor", "code")
    return {tuple(row[:3]): row[3] for row in rows.annotate(cents=Sum("amount_cents"))}


def moved() -> dict[tuple[object, ...], int]:
    totals = ledger.pair_totals(purpose="clearing", codes=OBLIGATION_CODES, before=AFTERWARDS)
    return {(each.debit_owner, each.credit_owner, each.code): each.amount for each in totals}


def test_sums_of_pairs_are_those_of_the_transfers(year: Year) -> None:
    actions.refresh_sums()

    assert summed() == moved()
    assert MonthTotal.objects.exists()


def test_what_is_recorded_later_joins_its_month(year: Year) -> None:
    actions.refresh_sums()
    returned = buy(year.roncolago, year.ada, 4_000, credit=400)
    give_back(returned, 3_900)
    actions.refresh_sums()
    actions.refresh_sums()

    assert summed() == moved()


def test_a_purchase_counts_once_however_many_lots_it_spent(year: Year) -> None:
    actions.refresh_sums()

    row = PairMonth.objects.filter(
        debtor=year.valchiara.id, creditor=year.roncolago.id, code="spend-owed"
    )
    assert sum(row.values_list("fact_count", flat=True)) == 2


def test_what_ends_is_what_members_can_still_spend(year: Year) -> None:
    actions.refresh_sums()

    held = {
        member.id: spendable(member_id=member.id, on=date(2025, 1, 1)).cents
        for member in (year.ada, year.bruno)
    }
    assert sum(row.amount_cents for row in EndingCredit.objects.all()) == sum(held.values())
    assert max(row.holder_count for row in EndingCredit.objects.all()) == 2


def test_a_sum_that_is_wrong_is_named(year: Year) -> None:
    actions.refresh_sums()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE control_room_pairmonth SET amount_cents = amount_cents + 1"
            " WHERE debtor_id = %s AND creditor_id = %s AND code = 'spend-owed'",
            [year.valchiara.id, year.roncolago.id],
        )
    [check] = [check for check in CHECKS if check.name == "pair_months_equal_transfers"]

    [verdict] = run_checks(checks=[check])

    assert not verdict.ok
    assert "Famiglia Coop. Valchiara verso Caseificio Roncolago" in verdict.details[0]
