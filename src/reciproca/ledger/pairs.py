"""What moved between one owner and each of the others: for the pages of who owes whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection


@dataclass(frozen=True, slots=True)
class PairFlow:
    """What moved to (`went_out`) or from another owner for one reason, in the unit's cents."""

    other: UUID
    code: str
    went_out: bool
    amount: int
    transfer_count: int


def pair_flows(
    *, owner: UUID, purpose: str, begins_at: datetime, ends_at: datetime
) -> list[PairFlow]:
    """
    Return what moved through an owner's accounts of a purpose in a stretch of time, by the other
    side, reason and direction; in one SQL query.
    """
    side = (
        "SELECT o.owner AS other, t.code, {out} AS went_out, t.amount"
        " FROM ledger_account a JOIN ledger_transfer t ON t.{own}_account_id = a.id"
        " JOIN ledger_account o ON o.id = t.{far}_account_id"
        " WHERE a.owner = %(owner)s AND a.purpose = %(purpose)s"
        " AND t.happened_at >= %(begins)s AND t.happened_at < %(ends)s"
    )
    out = side.format(out="true", own="debit", far="credit")
    into = side.format(out="false", own="credit", far="debit")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT other, code, went_out, sum(amount)::bigint, count(*)"  # noqa: S608
            f" FROM ({out} UNION ALL {into}) AS moved GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            {"owner": owner, "purpose": purpose, "begins": begins_at, "ends": ends_at},
        )
        return [PairFlow(*row) for row in cursor.fetchall()]
