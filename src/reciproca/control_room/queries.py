"""Reads of the year as the federation sees it: counts and sums, never baskets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reciproca.control_room.models import YearClose
from reciproca.purchases.queries.years import YearFigures, anything_until, figures_by_seller
from reciproca.refunds import queries as refunds
from reciproca.refunds.queries import YearRow
from reciproca.valueback import queries as valueback

NOTHING_SOLD = YearFigures(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class CooperativeYear:
    """One cooperative's year: how far it is, what it sold, what of its credit ended."""

    state: YearRow
    figures: YearFigures
    expired_cents: int
    refused: str


@dataclass(frozen=True, slots=True)
class YearState:
    """
    How far the cooperatives are with a year, and whether it is closed.

    Without `has_begun` nobody had bought anything by its end: there is nothing to close.
    """

    year: int
    close: YearClose | None
    rows: Sequence[CooperativeYear]
    has_begun: bool

    @property
    def is_closed(self) -> bool:
        return self.close is not None and self.close.finished_at is not None

    @property
    def ready_count(self) -> int:
        """Return how many cooperatives have accounts and resolution."""
        return sum(row.state.has_accounts and row.state.has_resolution for row in self.rows)

    @property
    def missing_count(self) -> int:
        return len(self.rows) - self.ready_count

    @property
    def proposed_cents(self) -> int:
        """Return what the refunds not yet divided would give back."""
        return sum(row.state.proposed_cents for row in self.rows if row.state.ready)

    @property
    def figures(self) -> YearFigures:
        """Return what all these cooperatives sold."""
        parts = [row.figures for row in self.rows]
        return YearFigures(
            purchase_count=sum(each.purchase_count for each in parts),
            total_cents=sum(each.total_cents for each in parts),
            credit_cents=sum(each.credit_cents for each in parts),
            value_cents=sum(each.value_cents for each in parts),
        )

    @property
    def expired_cents(self) -> int:
        return sum(row.expired_cents for row in self.rows)

    @property
    def refunded_cents(self) -> int:
        return sum(row.state.refunded_cents or 0 for row in self.rows)


def year_state(*, year: int) -> YearState:
    """Return how far a year is, in six SQL queries."""
    close = YearClose.objects.filter(year=year).first()
    figures = figures_by_seller(year=year)
    expired = valueback.expired_by_issuer(year=year)
    refused = _refused(close)
    rows = [
        CooperativeYear(
            state=row,
            figures=figures.get(row.cooperative_id, NOTHING_SOLD),
            expired_cents=expired.get(row.cooperative_id, 0),
            refused="" if row.refunded_cents else refused.get(str(row.cooperative_id), ""),
        )
        for row in refunds.year_rows(year=year)
    ]
    return YearState(year, close, rows, anything_until(year=year))


def closed_years() -> list[int]:
    """Return the years that are closed, the latest first."""
    closed = YearClose.objects.filter(finished_at__isnull=False)
    return list(closed.order_by("-year").values_list("year", flat=True))


def _refused(close: YearClose | None) -> Mapping[str, str]:
    """Return why the close could not divide a refund, by cooperative."""
    refused = close.steps.get("refunds", {}).get("refused", []) if close else []
    return {each["cooperative_id"]: each["message"] for each in refused}
