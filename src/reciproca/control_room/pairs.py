"""Who owes whom for what, pair by pair: sums of months, and counts that point at nobody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from reciproca.clearing.queries import OBLIGATION_CODES
from reciproca.control_room import rules
from reciproca.control_room.models import PairMonth, SumsRefresh
from reciproca.registry import queries as registry
from reciproca.registry.places import plain_words

ON_A_PAGE = 50

CREDIT = ("spend-owed", "refund-spend-owed")
GIFTS = ("gift-owed",)
WHAT: dict[str, Collection[str]] = {
    "": OBLIGATION_CODES,
    "credit": CREDIT,
    "gifts": GIFTS,
    "funds": [code for code in OBLIGATION_CODES if code not in (*CREDIT, *GIFTS)],
}
"""What a pair may owe each other for: credit spent elsewhere, gifts to projects, parts of funds."""

OPEN_DEBTS = """
SELECT count(*), coalesce(sum(cents), 0)::bigint FROM (
  SELECT sum(cents) AS cents FROM (
    SELECT debtor_id, creditor_id, amount_cents AS cents FROM control_room_pairmonth
    UNION ALL SELECT debtor_id, creditor_id, -amount_cents FROM clearing_obligation
  ) AS owed GROUP BY debtor_id, creditor_id HAVING sum(cents) > 0
) AS still_open
"""


@dataclass(frozen=True, slots=True)
class PairSum:
    """What `debtor` came to owe `creditor` in a year; `fact_count` None: too few to be told."""

    debtor_id: UUID
    debtor: str
    creditor_id: UUID
    creditor: str
    cents: int
    fact_count: int | None


@dataclass(frozen=True, slots=True)
class PairTotal:
    """How many pairs a list has, and what they came to owe in all."""

    pair_count: int
    cents: int


@dataclass(frozen=True, slots=True)
class OpenDebts:
    """
    What pairs owe and no run has taken in, as far as the sums go.

    `refreshed_at` is when they were brought up to date, None before the first time.
    """

    pair_count: int
    cents: int
    refreshed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PairReason:
    """One month and reason of a pair; `fact_count` None: too few to be told."""

    month: date
    code: str
    cents: int
    fact_count: int | None


@dataclass(frozen=True, slots=True)
class PairYear:
    """What one node came to owe another in a year, by month and reason."""

    year: int
    debtor: str
    creditor: str
    reasons: Sequence[PairReason]

    @property
    def cents(self) -> int:
        return sum(reason.cents for reason in self.reasons)


def pair_page(*, year: int, what: str, text: str, number: int) -> Page[PairSum]:
    """Return a page of a year's pairs, the largest first, in two SQL queries."""
    found = Paginator(_sums(year, what, text), ON_A_PAGE).get_page(number)
    paginator: Any = found.paginator
    return Page([_pair(row) for row in found.object_list], found.number, paginator)


def pair_total(*, year: int, what: str, text: str = "") -> PairTotal:
    """Return the sums of a list of pairs, in one SQL query."""
    found = _sums(year, what, text).order_by()
    sums = found.aggregate(pairs=Count("*"), owed=Sum("cents", default=0))
    return PairTotal(sums["pairs"], sums["owed"])


def all_pairs(*, year: int, what: str, text: str) -> list[PairSum]:
    """Return all of a year's pairs, the largest first, in one SQL query."""
    return [_pair(row) for row in _sums(year, what, text)]


def open_debts() -> OpenDebts:
    """
    Return what is owed today, in two SQL queries that read sums of months, not transfers.

    A run that took in what the sums do not hold yet leaves its pairs out until they do.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN_DEBTS)
        [(pairs, cents)] = cursor.fetchall()
    refreshed_at = SumsRefresh.objects.values_list("refreshed_at", flat=True).first()
    return OpenDebts(pairs, cents, refreshed_at)


def pair_year(*, debtor_id: UUID, creditor_id: UUID, year: int) -> PairYear | None:
    """
    Return what a pair is made of, in three SQL queries.

    None where one of the two is no organisation, fund or project: of a person nothing is told.
    """
    debtor = registry.organisation_page(node_id=debtor_id)
    creditor = registry.organisation_page(node_id=creditor_id)
    if debtor is None or creditor is None:
        return None
    rows = PairMonth.objects.filter(
        month__year=year, debtor=debtor_id, creditor=creditor_id
    ).order_by("-month", "code")
    reasons = [
        PairReason(row.month, row.code, row.amount_cents, rules.shown(row.fact_count))
        for row in rows
    ]
    return PairYear(year, debtor.name, creditor.name, reasons)


def _sums(year: int, what: str, text: str) -> QuerySet[PairMonth, Any]:
    rows = PairMonth.objects.filter(month__year=year, code__in=WHAT.get(what, OBLIGATION_CODES))
    if words := " ".join(plain_words(text)):
        named = Q(debtor__name_key__contains=words) | Q(creditor__name_key__contains=words)
        rows = rows.filter(named)
    return (
        rows.values("debtor", "debtor__name", "creditor", "creditor__name")
        .annotate(cents=Sum("amount_cents"), facts=Sum("fact_count"))
        .order_by("-cents", "debtor", "creditor")
    )


def _pair(row: dict[str, Any]) -> PairSum:
    return PairSum(
        debtor_id=row["debtor"],
        debtor=row["debtor__name"],
        creditor_id=row["creditor"],
        creditor=row["creditor__name"],
        cents=row["cents"],
        fact_count=rules.shown(row["facts"]),
    )
