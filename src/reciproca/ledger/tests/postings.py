"""Small makers for the ledger's own tests."""

from datetime import UTC, date, datetime
from uuid import UUID

from reciproca.ledger import rules
from reciproca.ledger.rules import Move, Posting
from reciproca.shared.ids import fact_id

NOON = datetime(2025, 6, 2, 12, tzinfo=UTC)
YEAR_END = date(2026, 12, 31)


def posting(*moves: Move, reference: UUID | None = None) -> Posting:
    return Posting(reference=reference or fact_id(), happened_at=NOON, moves=moves)


def accrual(*, member: UUID, issuer: UUID, cents: int) -> Move:
    lot = rules.credit(member=member, issuer=issuer, expires_on=YEAR_END)
    return Move(rules.issued(issuer=issuer), lot, cents, "value-back")


def spending(*, member: UUID, issuer: UUID, cents: int) -> Move:
    lot = rules.credit(member=member, issuer=issuer, expires_on=YEAR_END)
    return Move(lot, rules.issued(issuer=issuer), cents, "spend")
