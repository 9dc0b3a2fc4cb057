"""What came in through one file."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from reciproca.purchases.models import Purchase


@dataclass(frozen=True, slots=True)
class ImportResult:
    """
    The purchases of one file and the value that was born from them, in cents.

    `lines_without_policy` counts the rows that are older than any policy: they moved nothing.
    """

    purchase_count: int
    value_cents: int
    lines_without_policy: int


def import_result(*, import_id: UUID) -> ImportResult:
    """Return what came of a file, in one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(sum(value_cents), 0)::bigint, coalesce(sum("
            " (SELECT count(*) FROM purchases_line l WHERE l.purchase_id = p.id))"
            " FILTER (WHERE p.policy_id IS NULL AND p.buyer_id IS NOT NULL), 0)::bigint"
            " FROM purchases_purchase p WHERE p.imported_by_id = %s",
            [import_id],
        )
        return ImportResult(*cursor.fetchone())


def undone_among(ids: Collection[UUID], /) -> set[UUID]:
    """Return those of these purchases that were undone, in one SQL query."""
    if not ids:
        return set()
    undone = Purchase.objects.filter(corrects__in=ids, is_undo=True)
    found = undone.values_list("corrects", flat=True)
    return {purchase_id for purchase_id in found if purchase_id is not None}
