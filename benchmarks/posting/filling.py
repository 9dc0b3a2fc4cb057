"""
Very many transfers, as years of posting leave them: each month in its own table.

The database writes them itself, past its triggers, and adds what they move to the accounts in the
same statement: through the door, fifty million would take an hour. They lie in this month and the
months ahead, so that what is measured afterwards is posted into a month like any other.
"""

from django.db import connection, transaction

from benchmarks.posting.work import NOON, member
from reciproca.ledger.months import make_months
from reciproca.ledger.queries import account_ids

PER_MONTH = 2_000_000

ACCOUNTS = """
CREATE TEMPORARY TABLE filled ON COMMIT DROP AS
SELECT number - 1 AS number, id FROM unnest(%(accounts)s::bigint[]) WITH ORDINALITY AS t (id, number)
"""

MONTH = """
WITH drawn AS (
  SELECT left(ledger_first_id(date_trunc('month', now()) + make_interval(months => %(month)s,
      days => 1) + number * interval '1.1 seconds')::text, 13) || '-7'
      || lpad(to_hex(number %% 4096), 3, '0') || '-8000-' || lpad(to_hex(number), 8, '0') AS name,
    floor(random() * %(size)s)::int AS giver, 1 + floor(random() * (%(size)s - 1))::int AS step
  FROM generate_series(1, %(transfers)s) AS number
), made AS (
  INSERT INTO ledger_transfer (id, debit_account_id, credit_account_id, amount, unit, code,
    reference, seq, happened_at)
  SELECT (name || '0001')::uuid, giver.id, taker.id, 1, 'CRED', 'spend', (name || '0000')::uuid, 1,
    %(noon)s
  FROM drawn JOIN filled AS giver ON giver.number = drawn.giver
    JOIN filled AS taker ON taker.number = (drawn.giver + step) %% %(size)s
  RETURNING debit_account_id AS giver, credit_account_id AS taker
), total AS (
  SELECT account, sum(debit) AS debits, sum(credit) AS credits FROM (
    SELECT giver AS account, 1 AS debit, 0 AS credit FROM made
    UNION ALL SELECT taker, 0, 1 FROM made
  ) AS entry GROUP BY account
)
UPDATE ledger_account AS a
SET debits_posted = a.debits_posted + debits, credits_posted = a.credits_posted + credits
FROM total WHERE a.id = account
"""


def fill(*, transfers: int, accounts: int, since: int = 0) -> int:
    """
    Write so many transfers of a cent among the funded accounts, from the month that is `since`
    months ahead; return over how many months.
    """
    ids = list(account_ids([member(number) for number in range(accounts)]).values())
    months = -(-transfers // PER_MONTH)
    make_months(ahead=since + months)
    for month in range(months):
        values = {
            "accounts": ids,
            "size": accounts,
            "month": since + month,
            "noon": NOON,
            "transfers": min(PER_MONTH, transfers - month * PER_MONTH),
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(ACCOUNTS, values)
            cursor.execute(MONTH, values)
        print(f"{min(transfers, (month + 1) * PER_MONTH):,} transfers written", flush=True)
    return months
