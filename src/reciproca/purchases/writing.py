"""
How purchases reach their tables: one COPY for the facts, one for their lines, one posting for all.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.timezone import get_current_timezone

from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting
from reciproca.purchases.models import Purchase

PURCHASE_COLUMNS = (
    ("id", "uuid"),
    ("kind", "varchar"),
    ("key", "varchar"),
    ("content", "varchar"),
    ("seller_id", "uuid"),
    ("buyer_id", "uuid"),
    ("happened_at", "timestamptz"),
    ("year", "int2"),
    ("recorded_at", "timestamptz"),
    ("recorded_by", "uuid"),
    ("imported_by_id", "uuid"),
    ("policy_id", "varchar"),
    ("expires_on", "date"),
    ("corrects_id", "uuid"),
    ("is_undo", "bool"),
    ("reason", "varchar"),
    ("expired_cents", "int8"),
    ("total_cents", "int8"),
    ("credit_cents", "int8"),
    ("value_cents", "int8"),
    ("member_cents", "int8"),
    ("common_cents", "int8"),
    ("territory_cents", "int8"),
    ("solidarity_cents", "int8"),
)
LINE_COLUMNS = (
    ("purchase_id", "uuid"),
    ("position", "int2"),
    ("category", "varchar"),
    ("description", "varchar"),
    ("amount_cents", "int8"),
    ("credit_cents", "int8"),
    ("rate_bp", "int4"),
    ("value_cents", "int8"),
    ("member_cents", "int8"),
    ("common_cents", "int8"),
    ("territory_cents", "int8"),
    ("solidarity_cents", "int8"),
)


class NewLine(NamedTuple):
    """A line as it is written; `parts` are the four branches in their order."""

    position: int
    category: str
    description: str
    amount_cents: int
    credit_cents: int
    rate_bp: int
    parts: tuple[int, int, int, int]


class NewPurchase(NamedTuple):
    """A purchase as it is written, with its lines and the moves it sets in motion."""

    id: UUID
    kind: str
    key: str
    content: str
    seller_id: UUID
    buyer_id: UUID | None
    happened_at: datetime
    year: int
    recorded_at: datetime
    recorded_by: UUID | None
    import_id: UUID | None
    policy_digest: str | None
    expires_on: date | None
    lines: tuple[NewLine, ...]
    moves: Sequence[Move]
    corrects_id: UUID | None = None
    is_undo: bool = False
    reason: str = ""
    expired_cents: int = 0

    def moved_at(self, here: tzinfo) -> datetime:
        """
        Return when its value moves: as it happened, or on recording if its year was closed by then.

        The statements of a closed year never change.
        """
        in_its_year = self.happened_at.astimezone(here).year == self.year
        return self.happened_at if in_its_year else self.recorded_at


def write(purchases: Sequence[NewPurchase]) -> None:
    """
    Write purchases, their lines and their transfers, in the order given.

    Raises: IntegrityError (a key that exists by now), ledger.FloorReached, ledger.CeilingReached
    (somebody spent or earned meanwhile).
    """
    if not purchases:
        return
    _copy("purchases_purchase", PURCHASE_COLUMNS, (_purchase_row(each) for each in purchases))
    _copy("purchases_line", LINE_COLUMNS, (row for each in purchases for row in _line_rows(each)))
    here = get_current_timezone()
    ledger.post(
        [Posting(each.id, each.moved_at(here), each.moves) for each in purchases if each.moves]
    )


def _copy(
    table: str, columns: Sequence[tuple[str, str]], rows: Iterable[tuple[object, ...]]
) -> None:
    names = ", ".join(name for name, _ in columns)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types([kind for _, kind in columns])
        for row in rows:
            copy.write_row(row)


def as_written(new: NewPurchase) -> Purchase:
    """Return a purchase that was written, as the database would give it back."""
    told = new._replace(happened_at=new.happened_at.astimezone(UTC))
    names = (name for name, _ in PURCHASE_COLUMNS)
    return Purchase(**dict(zip(names, _purchase_row(told), strict=True)))


def _purchase_row(new: NewPurchase) -> tuple[object, ...]:
    parts = [sum(column) for column in zip(*(line.parts for line in new.lines), strict=True)]
    return (
        new.id,
        new.kind,
        new.key,
        new.content,
        new.seller_id,
        new.buyer_id,
        new.happened_at,
        new.year,
        new.recorded_at,
        new.recorded_by,
        new.import_id,
        new.policy_digest,
        new.expires_on,
        new.corrects_id,
        new.is_undo,
        new.reason,
        new.expired_cents,
        sum(line.amount_cents for line in new.lines),
        sum(line.credit_cents for line in new.lines),
        sum(parts),
        *parts,
    )


def _line_rows(new: NewPurchase) -> list[tuple[object, ...]]:
    return [
        (
            new.id,
            line.position,
            line.category,
            line.description,
            line.amount_cents,
            line.credit_cents,
            line.rate_bp,
            sum(line.parts),
            *line.parts,
        )
        for line in new.lines
    ]
