"""
Sums that pages of the whole network read, so that none of them counts a million purchases.

They follow the facts by minutes. What is summed anew is always a whole month of a pair: a sum that
was wrong for any reason is right after the next change.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from reciproca.clearing.queries import OBLIGATION_CODES
from reciproca.control_room.models import SumsRefresh
from reciproca.purchases.actions import refresh_month_totals
from reciproca.shared.calendar import first_instant
from reciproca.shared.ids import first_id
from reciproca.shared.locks import wait_for_turn

LATE = timedelta(minutes=15)
"""A transaction may be this long: what it wrote carries the time at which it began."""

TURN = "control-room-sums"
THE_BEGINNING = datetime(1970, 1, 2, tzinfo=UTC)

TOUCHED = """
SELECT min(date_trunc('month', happened_at AT TIME ZONE %(zone)s))::date
FROM ledger_transfer WHERE id >= %(since)s AND code = ANY(%(codes)s)
"""

# Summed first and narrowed afterwards: the other way round the planner looks up each pair's
# transfers one pair at a time. Summed by fact before facts are counted: counting distinct ones
# would sort every transfer.
PAIRS = """
WITH touched AS (
  SELECT DISTINCT debit_account_id, credit_account_id,
    date_trunc('month', happened_at AT TIME ZONE %(zone)s)::date AS month
  FROM ledger_transfer WHERE id >= %(since)s AND code = ANY(%(codes)s)
), fact AS (
  SELECT debit_account_id, credit_account_id, code, reference,
    date_trunc('month', happened_at AT TIME ZONE %(zone)s)::date AS month, sum(amount) AS cents
  FROM ledger_transfer WHERE id >= %(from)s AND code = ANY(%(codes)s) GROUP BY 1, 2, 3, 4, 5
), summed AS MATERIALIZED (
  SELECT debit_account_id, credit_account_id, code, month,
    sum(cents)::bigint AS cents, count(*) AS facts
  FROM fact GROUP BY 1, 2, 3, 4
)
INSERT INTO control_room_pairmonth (month, debtor_id, creditor_id, code, amount_cents, fact_count)
SELECT month, d.owner, c.owner, code, cents, facts
FROM summed JOIN touched USING (debit_account_id, credit_account_id, month)
JOIN ledger_account d ON d.id = debit_account_id AND d.purpose = 'clearing'
JOIN ledger_account c ON c.id = credit_account_id AND c.purpose = 'clearing'
WHERE d.owner <> c.owner
ON CONFLICT (month, debtor_id, creditor_id, code)
DO UPDATE SET amount_cents = excluded.amount_cents, fact_count = excluded.fact_count
"""

ENDING = """
INSERT INTO control_room_endingcredit (expires_on, amount_cents, holder_count)
SELECT expires_on, sum(credits_posted - debits_posted)::bigint, count(DISTINCT owner)
FROM ledger_account WHERE purpose = 'credit' AND credits_posted > debits_posted
GROUP BY expires_on
"""


@transaction.atomic
def refresh_sums() -> None:
    """Bring every sum up to date that something recorded since the last time belongs to."""
    wait_for_turn(TURN)
    refresh_month_totals(since=_last_time())
    refresh_pairs()


@transaction.atomic
def refresh_pairs() -> None:
    """
    Sum anew every month of a pair that something recorded since the last time belongs to, and what
    is held of the credit that ends on each day.
    """
    wait_for_turn(TURN)
    told: dict[str, Any] = {"zone": settings.TIME_ZONE, "codes": list(OBLIGATION_CODES)}
    since = first_id(since=_last_time())
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {**told, "since": since})
        [(first_month,)] = cursor.fetchall()
        if first_month is not None:
            # One reader that sums a year at once may use more than a page that asks for a row.
            cursor.execute("SET LOCAL work_mem = '64MB'")
            # A fact is never recorded before it happened, and ids sort by the moment of recording:
            # all transfers of these months are after the first of them began.
            begins = first_id(since=first_instant(first_month) - LATE)
            cursor.execute(PAIRS, {**told, "since": since, "from": begins})
        cursor.execute("DELETE FROM control_room_endingcredit")
        cursor.execute(ENDING)
    # The database's own clock, which is the one that ids and this transaction go by.
    SumsRefresh.objects.update_or_create(only=True, defaults={"refreshed_at": Now()})


def _last_time() -> datetime:
    last = SumsRefresh.objects.first()
    return last.refreshed_at - LATE if last else THE_BEGINNING
