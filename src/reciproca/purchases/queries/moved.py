"""What a purchase moved in the ledger, as its seller may read it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reciproca.ledger import queries as ledger

OWN = {"spend": "spend-own", "refund-spend": "refund-spend-own"}
ORDER = (
    "value-back",
    "recovery",
    "branch",
    "spend-own",
    "spend-owed",
    "refund-spend-own",
    "refund-spend-owed",
    "refund-value",
    "refund-expired",
    "refund-recovery",
    "refund-branch",
)


@dataclass(frozen=True, slots=True)
class MovedRow:
    """
    What moved for one reason, in cents; `with_id` is the fund it concerns, `until` a lot's end.

    Where the buyer had earned the credit spent here is not told: it would say where else somebody
    shops. Credit of others is one sum (`spend-owed`), the seller's own another (`spend-own`).
    """

    code: str
    cents: int
    with_id: UUID | None = None
    until: date | None = None


def moved_by(*, purchase_id: UUID, seller_id: UUID) -> list[MovedRow]:
    """Return what a seller's own purchase moved, by reason, in one SQL query."""
    sums: dict[tuple[str, UUID | None, date | None], int] = defaultdict(int)
    for entry in ledger.transfers_of(purchase_id):
        told = _told(entry, seller_id)
        if told is not None:
            sums[told] += entry.amount
    rows = [MovedRow(code, cents, node, until) for (code, node, until), cents in sums.items()]
    return sorted(rows, key=lambda row: ORDER.index(row.code))


def _told(entry: ledger.Entry, seller_id: UUID) -> tuple[str, UUID | None, date | None] | None:
    """Return under which reason, fund and end a transfer is told; None: another one tells it."""
    match entry.code:
        case "value-back":
            return entry.code, None, entry.credit.expires_on
        case "branch":
            return entry.code, entry.credit.owner, None
        case "refund-branch" | "refund-expired":
            return entry.code, entry.debit.owner, None
        case "spend" | "refund-spend":
            # Others' credit is told once, by what its issuers owe for it.
            lot = entry.debit if entry.code == "spend" else entry.credit
            return (OWN[entry.code], None, None) if lot.party == seller_id else None
        case _:
            return entry.code, None, None
