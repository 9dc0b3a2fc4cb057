"""
Transfers are kept by month (UTC) of their id, in tables made ahead; see `sql.MONTHS`.

An id is minted by our server when its fact is recorded. One whose month nobody has made yet is
refused: a clock that is far ahead must not choose where money is kept.
"""

from django.db import connection

MONTHS_AHEAD = 3


def make_months(*, ahead: int = MONTHS_AHEAD) -> int:
    """Make the tables of this month and of those ahead that are missing; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_make_months(%s)", [ahead])
        return int(cursor.fetchone()[0])


def months_ahead() -> int:
    """Return how many months after this one have their table; -1 where this one has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) - 1 FROM generate_series(0, 240) AS months (ahead) WHERE"
            " to_regclass('ledger_transfer_' || to_char(date_trunc('month', now() AT TIME ZONE"
            " 'UTC') + make_interval(months => ahead), 'YYYY_MM')) IS NOT NULL"
        )
        return int(cursor.fetchone()[0])


def tables() -> list[str]:
    """Return the names of the tables of months, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'ledger_transfer'::regclass ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]
