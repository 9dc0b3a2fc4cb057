"""The front door: what a till, a manager, a file or a job does with purchases."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from reciproca.purchases.counter import AtOnce, sell, sell_at_once
from reciproca.purchases.forms import RefundIn
from reciproca.purchases.models import ClosedYear, Line, Purchase
from reciproca.purchases.queries.recorded import YEARS
from reciproca.purchases.recording import Quote, Recorded, quote_sale, record_sale, record_sales
from reciproca.purchases.refunding import (
    RefundPreview,
    preview_refund,
    refund_purchase,
    refund_purchases,
    undo_purchase,
)
from reciproca.shared.locks import wait_for_turn

__all__ = [
    "AtOnce",
    "Quote",
    "Recorded",
    "RefundPreview",
    "close_year",
    "forget_buyers",
    "preview_refund",
    "quote_sale",
    "record_sale",
    "record_sales",
    "refresh_month_totals",
    "refund_purchase",
    "refund_purchases",
    "sell",
    "sell_at_once",
    "undo_import",
    "undo_purchase",
]

UNDONE_AT_ONCE = 1_000

MONTHS = """
WITH touched AS (
  SELECT DISTINCT seller_id, date_trunc('month', happened_at AT TIME ZONE 'Europe/Rome')::date AS
    month
  FROM purchases_purchase WHERE recorded_at >= %(since)s
)
INSERT INTO purchases_monthtotal (seller_id, month, purchase_count, member_count, total_cents,
  credit_cents,
  value_cents, member_cents, common_cents, territory_cents, solidarity_cents)
SELECT t.seller_id, t.month, count(*) FILTER (WHERE p.kind = 'sale'), count(DISTINCT p.buyer_id),
  sum(p.total_cents),
  sum(p.credit_cents), sum(p.value_cents), sum(p.member_cents), sum(p.common_cents),
    sum(p.territory_cents),
  sum(p.solidarity_cents)
FROM touched t JOIN purchases_purchase p ON p.seller_id = t.seller_id
  AND p.happened_at >= t.month::timestamp AT TIME ZONE 'Europe/Rome'
  AND p.happened_at < (t.month + interval '1 month') AT TIME ZONE 'Europe/Rome'
GROUP BY t.seller_id, t.month
ON CONFLICT (seller_id, month) DO UPDATE SET
  purchase_count = excluded.purchase_count, member_count = excluded.member_count,
  total_cents = excluded.total_cents, credit_cents = excluded.credit_cents, value_cents =
    excluded.value_cents,
  member_cents = excluded.member_cents, common_cents = excluded.common_cents,
  territory_cents = excluded.territory_cents, solidarity_cents = excluded.solidarity_cents
"""


@transaction.atomic
def refresh_month_totals(*, since: datetime) -> int:
    """
    Sum anew every seller's month that a purchase recorded since then belongs to; return how many
    months.
    """
    with connection.cursor() as cursor:
        # Two refreshes at once would wait for each other row by row; the second begins after the
        # first instead.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('purchases_monthtotal'))")
        cursor.execute(MONTHS, {"since": since})
        return int(cursor.rowcount)


@transaction.atomic
def close_year(*, year: int, closed_by: UUID | None, closed_at: datetime) -> None:
    """Make a year's figures final; what arrives later belongs to the year in which it arrives."""
    wait_for_turn(YEARS)
    ClosedYear.objects.get_or_create(
        year=year, defaults={"closed_at": closed_at, "closed_by": closed_by}
    )


def undo_import(
    *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
) -> int:
    """
    Give back, by contrary purchases, all that is left of everything a file brought in; return how
    many.

    Commits batch by batch; stopped halfway it goes on where it was, run twice it finds nothing.
    """
    undone = 0
    while ids := _not_yet_undone(import_id):
        refunds = [
            RefundIn(f"undo:{purchase_id}", purchase_id, recorded_at, reason=reason, is_undo=True)
            for purchase_id in ids
        ]
        refund_purchases(refunds=refunds, recorded_by=recorded_by, recorded_at=recorded_at)
        undone += len(ids)
    return undone


def _not_yet_undone(import_id: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            # Line by line: a basket of which as much came back as went out sums to nothing.
            "SELECT p.id FROM purchases_purchase p WHERE p.imported_by_id = %s AND EXISTS"
            " (SELECT 1 FROM purchases_line l WHERE l.purchase_id = p.id AND l.amount_cents <>"
            "  (SELECT coalesce(-sum(b.amount_cents), 0) FROM purchases_purchase c"
            "   JOIN purchases_line b ON b.purchase_id = c.id AND b.position = l.position"
            "   WHERE c.corrects_id = p.id)) ORDER BY p.id LIMIT %s",
            [import_id, UNDONE_AT_ONCE],
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def forget_buyers(people: Collection[UUID], /) -> None:
    """
    Empty what was bought and why it was given back, in words, of people who are erased.

    Amounts, categories and rates stay: the books and every sum rest on them.
    """
    Line.objects.filter(purchase__buyer__in=people).exclude(description="").update(description="")
    Purchase.objects.filter(buyer__in=people).exclude(reason="").update(reason="")
