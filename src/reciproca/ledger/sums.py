"""Sums over a stretch of time, for statements: what moved, why, and what stood at its end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from reciproca.ledger.queries import Lot
from reciproca.shared.arrays import array_of_uuids


@dataclass(frozen=True, slots=True)
class Flow:
    """
    What moved for one reason through an owner's accounts of a purpose.

    `amount` is positive for what came in, negative for what went out. `other` is the owner on the
    other side, None where it was not asked for.
    """

    purpose: str
    code: str
    other: UUID | None
    amount: int
    transfer_count: int


class Window(NamedTuple):
    """What a run could see: recorded before its own id, happened before an instant."""

    before_id: UUID
    before: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """How much of a debt has one reason, and from how many transfers; `month` is its first day."""

    code: str
    month: date
    amount: int
    transfer_count: int


def flows(
    *,
    owner: UUID,
    purposes: Sequence[str],
    begins_at: datetime,
    ends_at: datetime,
    by_other: bool = False,
) -> list[Flow]:
    """
    Return what moved through these accounts in a stretch of time, by reason; in one SQL query.

    With `by_other` also by who stood on the other side.
    """
    other = "o.owner" if by_other else "NULL::uuid"
    side = (
        "SELECT a.purpose, t.code, {other} AS other, {sign}t.amount AS amount"
        " FROM ledger_account a JOIN ledger_transfer t ON t.{own}_account_id = a.id"
        " JOIN ledger_account o ON o.id = t.{far}_account_id"
        " WHERE a.owner = %(owner)s AND a.purpose = ANY(%(purposes)s)"
        " AND t.happened_at >= %(begins)s AND t.happened_at < %(ends)s"
    )
    sides = (
        side.format(other=other, sign="", own="credit", far="debit"),
        side.format(other=other, sign="-", own="debit", far="credit"),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT purpose, code, other, sum(amount)::bigint, count(*) FROM ("  # noqa: S608
            + " UNION ALL ".join(sides)
            + ") AS moved GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            {"owner": owner, "purposes": list(purposes), "begins": begins_at, "ends": ends_at},
        )
        return [Flow(*row) for row in cursor.fetchall()]


def balance_at(*, owner: UUID, purpose: str, before: datetime) -> int:
    """Return what an owner's accounts of a purpose held together at an instant."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(moved.amount), 0)::bigint FROM ledger_account a"
            " CROSS JOIN LATERAL ("
            " SELECT amount FROM ledger_transfer WHERE credit_account_id = a.id"
            " AND happened_at < %(before)s"
            " UNION ALL SELECT -amount FROM ledger_transfer WHERE debit_account_id = a.id"
            " AND happened_at < %(before)s) AS moved"
            " WHERE a.owner = %(owner)s AND a.purpose = %(purpose)s",
            {"owner": owner, "purpose": purpose, "before": before},
        )
        return int(cursor.fetchone()[0])


def held_at(
    *, owners: Collection[UUID], party: UUID, purpose: str, before: datetime
) -> dict[UUID, int]:
    """
    Return what each of these owners held at an instant in their account with `party`, in one SQL
    query; who held nothing is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.owner, sum(moved.amount)::bigint FROM ledger_account a CROSS JOIN LATERAL ("
            " SELECT amount FROM ledger_transfer WHERE credit_account_id = a.id"
            " AND happened_at < %(before)s"
            " UNION ALL SELECT -amount FROM ledger_transfer WHERE debit_account_id = a.id"
            " AND happened_at < %(before)s) AS moved"
            " WHERE a.owner = ANY(%(owners)s::uuid[]) AND a.party = %(party)s"
            " AND a.purpose = %(purpose)s GROUP BY a.owner HAVING sum(moved.amount) <> 0",
            {
                "owners": array_of_uuids(owners),
                "party": party,
                "purpose": purpose,
                "before": before,
            },
        )
        return dict(cursor.fetchall())


def lots_at(*, member: UUID, before: datetime) -> list[Lot]:
    """Return the lots that held something at an instant, in the order in which they are spent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.owner, a.party, a.expires_on, sum(moved.amount)::bigint"
            " FROM ledger_account a CROSS JOIN LATERAL ("
            " SELECT amount FROM ledger_transfer WHERE credit_account_id = a.id"
            " AND happened_at < %(before)s"
            " UNION ALL SELECT -amount FROM ledger_transfer WHERE debit_account_id = a.id"
            " AND happened_at < %(before)s) AS moved"
            " WHERE a.owner = %(member)s AND a.purpose = 'credit' GROUP BY a.id"
            " HAVING sum(moved.amount) > 0 ORDER BY a.expires_on, a.party",
            {"member": member, "before": before},
        )
        return [Lot(*row) for row in cursor.fetchall()]


BETWEEN = (
    " FROM ledger_account d JOIN ledger_transfer t ON t.debit_account_id = d.id"
    " JOIN ledger_account c ON c.id = t.credit_account_id"
    " WHERE d.owner = %(debit)s AND d.purpose = %(purpose)s"
    " AND c.owner = %(credit)s AND c.purpose = %(purpose)s AND t.code = ANY(%(codes)s)"
    " AND t.id < %(before_id)s AND t.happened_at < %(before)s"
    " AND NOT EXISTS (SELECT 1 FROM unnest(%(ids)s::uuid[], %(instants)s::timestamptz[])"
    "  AS seen (id, at) WHERE t.id < seen.id AND t.happened_at < seen.at)"
)


def reasons_between(
    *,
    purpose: str,
    debit_owner: UUID,
    credit_owner: UUID,
    codes: Collection[str],
    within: Window,
    without: Sequence[Window],
    zone: str,
) -> list[Reason]:
    """
    Return what moved from one owner to the other, by reason and month of a time zone.

    Counts what `within` could see and no window of `without` could.
    """
    params = _between(purpose, debit_owner, credit_owner, codes, within, without)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.code, date_trunc('month', t.happened_at AT TIME ZONE %(zone)s)::date,"
            f" sum(t.amount)::bigint, count(*) {BETWEEN} GROUP BY 1, 2 ORDER BY 2, 1",
            params | {"zone": zone},
        )
        return [Reason(*row) for row in cursor.fetchall()]


def references_between(
    *,
    purpose: str,
    debit_owner: UUID,
    credit_owner: UUID,
    codes: Collection[str],
    within: Window,
    without: Sequence[Window],
    limit: int,
    offset: int = 0,
) -> list[tuple[UUID, int]]:
    """Return (fact, amount) of what `reasons_between` sums, the latest facts first."""
    params = _between(purpose, debit_owner, credit_owner, codes, within, without)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.reference, sum(t.amount)::bigint {BETWEEN} GROUP BY t.reference"
            " ORDER BY t.reference DESC LIMIT %(limit)s OFFSET %(offset)s",
            params | {"limit": limit, "offset": offset},
        )
        found: list[tuple[UUID, int]] = cursor.fetchall()
        return found


def _between(
    purpose: str,
    debit_owner: UUID,
    credit_owner: UUID,
    codes: Collection[str],
    within: Window,
    without: Sequence[Window],
) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "debit": debit_owner,
        "credit": credit_owner,
        "codes": list(codes),
        "before_id": within.before_id,
        "before": within.before,
        "ids": [window.before_id for window in without],
        "instants": [window.before for window in without],
    }
