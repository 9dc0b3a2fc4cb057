"""A cooperative's money within the community in a year: credit issued, and who owes whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise as Words
from django.utils.translation import gettext_lazy as _

from reciproca.clearing import queries as clearing
from reciproca.clearing.models import Payment
from reciproca.clearing.queries import OBLIGATION_CODES
from reciproca.ledger import sums
from reciproca.ledger.pairs import PairFlow, pair_flows
from reciproca.ledger.sums import Reason, Window
from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import Filters, SoldTotal
from reciproca.registry import queries as registry
from reciproca.shared.calendar import year_span

LAST_ID = UUID(int=(1 << 128) - 1)

WE_OWE: Mapping[str, str | Words] = {
    "branch": _("La loro parte dei vostri acquisti"),
    "spend-owed": _("Credito vostro speso da loro"),
    "gift-owed": _("Credito vostro donato a loro"),
    "expiry-owed": _("Credito vostro scaduto"),
    "refund-spend-owed": _("Resi: credito loro che avete restituito"),
}
THEY_OWE: Mapping[str, str | Words] = {
    "spend-owed": _("Credito loro speso da voi"),
    "refund-branch": _("Resi: la loro parte torna a voi"),
    "refund-spend-owed": _("Resi: credito vostro che hanno restituito"),
    "refund-expired": _("Resi di ritorni già scaduti"),
    "branch": _("La vostra parte dei loro acquisti"),
    "gift-owed": _("Credito loro donato a voi"),
    "expiry-owed": _("Credito loro scaduto"),
}

ALL_PURCHASES, WITH_CREDIT = "all", "credit"
OPEN_WE_OWE = {"branch": ALL_PURCHASES, "refund-spend-owed": WITH_CREDIT}
OPEN_THEY_OWE = {"spend-owed": WITH_CREDIT, "refund-branch": ALL_PURCHASES}
"""Which of the own purchases a reason comes from; the others are not the cooperative's own."""


@dataclass(frozen=True, slots=True)
class CreditYear:
    """
    The credit that a cooperative issued, over a year, in cents: what stood and what changed it.

    What left is negative. `born_cents` is net of what refunds took back; what was spent here and
    elsewhere, net of what came back.
    """

    opening_cents: int
    born_cents: int
    patronage_cents: int
    spent_here_cents: int
    spent_elsewhere_cents: int
    given_cents: int
    expired_cents: int

    @property
    def closing_cents(self) -> int:
        return sum(
            (
                self.opening_cents,
                self.born_cents,
                self.patronage_cents,
                self.spent_here_cents,
                self.spent_elsewhere_cents,
                self.given_cents,
                self.expired_cents,
            )
        )


@dataclass(slots=True)
class PairYear:
    """What came to be owed between a cooperative and another node in a year, by reason."""

    node_id: UUID
    name: str
    we_owe: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    they_owe: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def we_owe_cents(self) -> int:
        return sum(self.we_owe.values())

    @property
    def they_owe_cents(self) -> int:
        return sum(self.they_owe.values())


@dataclass(frozen=True, slots=True)
class OwedYear:
    """
    The position towards the network over a year; positive: others owe the cooperative.

    `we_paid_cents` and `they_paid_cents`, zero or negative, are what banks took off either side.
    """

    opening_cents: int
    pairs: Sequence[PairYear]
    we_paid_cents: int
    they_paid_cents: int

    @property
    def we_owe_cents(self) -> int:
        return sum(pair.we_owe_cents for pair in self.pairs)

    @property
    def they_owe_cents(self) -> int:
        return sum(pair.they_owe_cents for pair in self.pairs)

    @property
    def we_owed_before_cents(self) -> int:
        return max(0, -self.opening_cents)

    @property
    def they_owed_before_cents(self) -> int:
        return max(0, self.opening_cents)

    @property
    def closing_cents(self) -> int:
        theirs = self.they_owe_cents + self.they_paid_cents
        ours = self.we_owe_cents + self.we_paid_cents
        return self.opening_cents + theirs - ours

    @property
    def closing_size_cents(self) -> int:
        return abs(self.closing_cents)


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything on the page."""

    year: int
    years: Sequence[int]
    sold: SoldTotal
    credit: CreditYear
    owed: OwedYear
    payments: Sequence[Payment]


@dataclass(frozen=True, slots=True)
class PairRow:
    """
    One month and reason of what two nodes owe each other.

    `opens` says which of the own purchases it comes from: all of the month, those paid with
    credit, or (empty) none, because they are not the cooperative's own.
    """

    month: date
    words: str | Words
    cents: int
    we_owe: bool
    opens: str


@dataclass(frozen=True, slots=True)
class PairPage:
    """What a cooperative and one other node came to owe each other in a year."""

    node_id: UUID
    name: str
    year: int
    rows: Sequence[PairRow]

    @property
    def we_owe_cents(self) -> int:
        return sum(row.cents for row in self.rows if row.we_owe)

    @property
    def they_owe_cents(self) -> int:
        return sum(row.cents for row in self.rows if not row.we_owe)


def statement(*, cooperative_id: UUID, year: int, years: Sequence[int]) -> Statement:
    """Return a cooperative's year; as many SQL queries for one purchase as for a thousand."""
    begins, ends = year_span(year)
    flows = pair_flows(owner=cooperative_id, purpose="clearing", begins_at=begins, ends_at=ends)
    found = clearing.payments(node_id=cooperative_id)
    return Statement(
        year=year,
        years=years,
        sold=purchases.sold_total(seller_id=cooperative_id, filters=Filters(year=year)),
        credit=_credit_year(cooperative_id, year, flows),
        owed=_owed_year(cooperative_id, year, flows),
        payments=[each for each in found if each.run.until.year == year],
    )


def pair_page(*, cooperative_id: UUID, node_id: UUID, year: int) -> PairPage | None:
    """
    Return what two nodes came to owe each other in a year, by month and reason.

    None where the other one is no organisation, fund or project. Sums only: of another
    cooperative's purchases no more is told to anybody.
    """
    other = registry.organisation_page(node_id=node_id)
    if other is None or node_id == cooperative_id:
        return None
    rows = [
        *_rows(cooperative_id, node_id, year, we_owe=True),
        *_rows(node_id, cooperative_id, year, we_owe=False),
    ]
    rows.sort(key=lambda row: (row.month, str(row.words)), reverse=True)
    return PairPage(node_id, other.name, year, rows)


def _credit_year(cooperative_id: UUID, year: int, flows: Sequence[PairFlow]) -> CreditYear:
    begins, ends = year_span(year)
    moved: dict[str, int] = defaultdict(int)
    for flow in sums.flows(
        owner=cooperative_id, purposes=["issued"], begins_at=begins, ends_at=ends
    ):
        # The mirror of what members hold: credit is issued out of it and ends in it.
        moved[flow.code] += flow.amount
    spent = moved["spend"] + moved["refund-spend"]
    elsewhere = _sum(flows, "spend-owed", went_out=True) - _sum(
        flows, "refund-spend-owed", went_out=False
    )
    born = ("value-back", "recovery", "refund-value", "refund-recovery")
    return CreditYear(
        opening_cents=-sums.balance_at(owner=cooperative_id, purpose="issued", before=begins),
        born_cents=-sum(moved[code] for code in born),
        patronage_cents=-moved["patronage-credit"],
        spent_here_cents=elsewhere - spent,
        spent_elsewhere_cents=-elsewhere,
        given_cents=-moved["gift"],
        expired_cents=-moved["expiry"],
    )


def _owed_year(cooperative_id: UUID, year: int, flows: Sequence[PairFlow]) -> OwedYear:
    pairs: dict[UUID, PairYear] = {}
    names = registry.names_of({flow.other for flow in flows})
    for flow in flows:
        if flow.code in OBLIGATION_CODES:
            pair = pairs.setdefault(flow.other, PairYear(flow.other, names[flow.other]))
            side = pair.we_owe if flow.went_out else pair.they_owe
            side[flow.code] += flow.amount
    begins, _ends = year_span(year)
    return OwedYear(
        opening_cents=sums.balance_at(owner=cooperative_id, purpose="clearing", before=begins),
        pairs=sorted(pairs.values(), key=_largest_first),
        we_paid_cents=-_sum(flows, "settled", went_out=False),
        they_paid_cents=-_sum(flows, "settled", went_out=True),
    )


def _rows(debtor_id: UUID, creditor_id: UUID, year: int, *, we_owe: bool) -> list[PairRow]:
    begins, ends = year_span(year)
    found = sums.reasons_between(
        purpose="clearing",
        debit_owner=debtor_id,
        credit_owner=creditor_id,
        codes=OBLIGATION_CODES,
        within=Window(LAST_ID, ends),
        without=[Window(LAST_ID, begins)],
        zone=settings.TIME_ZONE,
    )
    return [_row(reason, we_owe=we_owe) for reason in found]


def _row(reason: Reason, *, we_owe: bool) -> PairRow:
    words = WE_OWE if we_owe else THEY_OWE
    opens = (OPEN_WE_OWE if we_owe else OPEN_THEY_OWE).get(reason.code, "")
    return PairRow(reason.month, words[reason.code], reason.amount, we_owe, opens)


def _sum(flows: Sequence[PairFlow], code: str, *, went_out: bool) -> int:
    return sum(flow.amount for flow in flows if flow.code == code and flow.went_out == went_out)


def _largest_first(pair: PairYear) -> tuple[int, str, UUID]:
    return -max(pair.we_owe_cents, pair.they_owe_cents), pair.name, pair.node_id
