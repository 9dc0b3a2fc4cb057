"""Transfers are kept by month, and every month obeys the rules of the whole."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from reciproca.ledger import actions, months, queries, rules
from reciproca.ledger.models import Transfer
from reciproca.ledger.tests.postings import accrual, posting
from reciproca.shared.ids import first_id, transfer_id

pytestmark = pytest.mark.django_db

THIS_MONTH = f"ledger_transfer_{timezone.now():%Y_%m}"
COPIED = (
    "INSERT INTO {table} (id, debit_account_id, credit_account_id, amount, unit, code, reference,"
    " seq, happened_at) SELECT %s, debit_account_id, credit_account_id, amount, unit, code,"
    " reference, seq, happened_at FROM ledger_transfer LIMIT 1"
)


def execute(sql: str, *params: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def drop_months_ahead() -> None:
    for table in months.tables():
        if table > THIS_MONTH:
            execute(f"DROP TABLE {table}")


def test_the_months_to_come_are_made_once() -> None:
    drop_months_ahead()
    assert months.months_ahead() == 0

    assert months.make_months(ahead=2) == 2
    assert months.make_months(ahead=2) == 0
    assert months.make_months() == months.MONTHS_AHEAD - 2
    assert months.months_ahead() == months.MONTHS_AHEAD


def test_transfers_of_two_months_are_one_history() -> None:
    ada, shop = uuid4(), uuid4()
    next_month = (timezone.now().replace(day=1) + timedelta(days=32)).replace(day=1, hour=1)
    later = first_id(since=next_month)
    sales = [
        posting(accrual(member=ada, issuer=shop, cents=2), reference=later),
        posting(accrual(member=ada, issuer=shop, cents=1)),
    ]

    actions.post(sales)

    assert actions.post(sales).already_posted
    assert queries.balance(rules.issued(issuer=shop)) == -3
    shown = queries.movements(owner=ada, purposes=["credit"])
    assert [entry.amount for entry in shown] == [2, 1]
    execute(f"SELECT FROM ledger_transfer_{next_month:%Y_%m} WHERE id = %s", shown[0].id)


def test_a_clock_that_is_years_ahead_does_not_choose_where_money_is_kept() -> None:
    far = first_id(since=datetime(2090, 1, 1, tzinfo=UTC))

    with pytest.raises(DatabaseError), transaction.atomic():
        actions.post([posting(accrual(member=uuid4(), issuer=uuid4(), cents=1), reference=far)])

    assert not Transfer.objects.exists()


@pytest.mark.parametrize("table", ["ledger_transfer", THIS_MONTH])
def test_a_row_is_applied_once_by_whichever_table_it_comes(table: str) -> None:
    shop = uuid4()
    sale = posting(accrual(member=uuid4(), issuer=shop, cents=92))
    actions.post([sale])

    execute(COPIED.format(table=table), transfer_id(fact=sale.reference, number=9))

    assert queries.balance(rules.issued(issuer=shop)) == -184


@pytest.mark.parametrize("table", ["ledger_transfer", "this_month", "next_month"])
@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE {table} SET amount = amount + 1",
        "DELETE FROM {table}",
        "TRUNCATE {table}",
        "INSERT INTO {table} SELECT * FROM ledger_transfer ON CONFLICT (id) DO UPDATE SET amount=9",
        "MERGE INTO {table} t USING ledger_transfer s ON t.id = s.id WHEN MATCHED THEN DELETE",
    ],
)
def test_no_month_is_ever_changed(table: str, tamper: str) -> None:
    sale = posting(accrual(member=uuid4(), issuer=uuid4(), cents=92))
    next_month = timezone.now().replace(day=1) + timedelta(days=32)
    first_of_next = first_id(since=next_month.replace(day=1, hour=1))
    later = posting(accrual(member=uuid4(), issuer=uuid4(), cents=9), reference=first_of_next)
    actions.post([sale, later])
    named = {"this_month": THIS_MONTH, "next_month": f"ledger_transfer_{next_month:%Y_%m}"}

    with pytest.raises(DatabaseError), transaction.atomic():
        execute(tamper.format(table=named.get(table, table)))


def test_a_floor_holds_for_rows_written_straight_to_a_month() -> None:
    ada, shop = uuid4(), uuid4()
    sale = posting(accrual(member=ada, issuer=shop, cents=92))
    actions.post([sale])
    again = transfer_id(fact=sale.reference, number=9)
    contrary = COPIED.replace(
        "%s, debit_account_id, credit_account_id", "%s, credit_account_id, debit_account_id"
    ).replace(
        ", amount, unit, code, reference, seq, happened_at FROM",
        ", 93, unit, code, reference, seq, happened_at FROM",
    )

    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        execute(contrary.format(table=THIS_MONTH), again)

    assert "floor-reached" in str(refusal.value)


def test_an_id_is_one_among_all_months() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'p' AND conindid <> 0"
            " AND conrelid IN (SELECT inhrelid FROM pg_inherits"
            " WHERE inhparent = 'ledger_transfer'::regclass)"
        )
        assert cursor.fetchone() == (len(months.tables()),)
