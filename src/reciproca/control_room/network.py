"""How the network does in a year: counts and sums, read from sums that are kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum

from reciproca.control_room import rules
from reciproca.control_room.models import PairMonth, SumsRefresh
from reciproca.control_room.pairs import PairTotal, pair_total
from reciproca.ledger import queries as ledger
from reciproca.ledger.rules import AccountKey
from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import CommunityMonth, SellerYear
from reciproca.registry import queries as registry
from reciproca.registry.queries import Filters, PlaceCount
from reciproca.registry.queries.network import (
    MemberGrowth,
    SectorCount,
    SellerRow,
    cooperative_rows,
    member_growth,
    members_by_cooperative,
    sector_counts,
)
from reciproca.valueback import queries as valueback
from reciproca.valueback.rules import BRANCH_KEYS, branch_name

SPENT = "spend-owed"

STRONGEST = 16
"""More lines than this and nobody sees which are thick."""


@dataclass(frozen=True, slots=True)
class BranchSum:
    """What came to one branch in the year, under the community's own name for it."""

    key: str
    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class SectorTie:
    """How often credit of one sector was spent in another, in either direction."""

    a: str
    b: str
    weight: int


@dataclass(frozen=True, slots=True)
class NetworkYear:
    """
    A year of the whole network. `growth_bp` is over the year before, in the months that are over.

    `refreshed_at` is when the sums were brought up to date, None before the first time.
    """

    year: int
    years: Sequence[int]
    is_this_year: bool
    months: Sequence[CommunityMonth]
    growth_bp: int | None
    branches: Sequence[BranchSum]
    members: MemberGrowth
    sectors: Sequence[SectorCount]
    ties: Sequence[SectorTie]
    exchanges: PairTotal
    refreshed_at: datetime | None

    @property
    def value_cents(self) -> int:
        return sum(month.cents for month in self.months)

    @property
    def year_before(self) -> int:
        return self.year - 1

    @property
    def change_bp(self) -> int:
        """Return how large the change is, whichever way it went."""
        return abs(self.growth_bp or 0)

    @property
    def purchase_count(self) -> int:
        return sum(month.purchase_count for month in self.months)

    @property
    def cooperative_count(self) -> int:
        return sum(sector.size for sector in self.sectors)


@dataclass(frozen=True, slots=True)
class CooperativeYear:
    """
    A cooperative in the network: what it sold and gave back in a year, what is held of its credit,
    when it last sold, and its members at the end of the year (None: too few to be told).
    """

    row: SellerRow
    sold: SellerYear
    held_cents: int
    last_sold_at: datetime | None
    member_count: int | None


@dataclass(frozen=True, slots=True)
class NetworkTotal:
    """
    The sums under every cooperative's year: `sold` by everybody, `others` of it by who is not
    listed. Whoever is a member of several cooperatives counts once.
    """

    sold: SellerYear
    others: SellerYear
    held_cents: int
    member_count: int


def network_year(*, year: int, years: Sequence[int], today: date) -> NetworkYear:
    """Return a year of the network; as many SQL queries for three cooperatives as for sixty."""
    before, months = _two_years(year)
    over = rules.months_over(year=year, this_year=today.year, this_month=today.month)
    sectors = sector_counts()
    return NetworkYear(
        year=year,
        years=years,
        is_this_year=year == today.year,
        months=months,
        growth_bp=rules.growth_bp(now=_by_month(months), before=_by_month(before), months=over),
        branches=_branches(months, min(date(year, 12, 31), today)),
        members=member_growth(first_day=date(year, 1, 1), last_day=min(date(year, 12, 31), today)),
        sectors=sectors,
        ties=_ties(year, {sector.key for sector in sectors}),
        exchanges=pair_total(year=year, what="credit"),
        refreshed_at=SumsRefresh.objects.values_list("refreshed_at", flat=True).first(),
    )


def places() -> list[PlaceCount]:
    """Return where the cooperatives are, the most first."""
    return registry.places(filters=Filters(kind="cooperative"))


def cooperative_years(*, year: int, today: date) -> list[CooperativeYear]:
    """Return every cooperative's year, those that gave most back first, in five SQL queries."""
    rows = cooperative_rows()
    ids = [row.id for row in rows]
    sold = purchases.seller_years(year=year)
    issued = {key.owner: -cents for key, cents in _issued(ids).items()}
    last = purchases.last_sold(ids)
    members = members_by_cooperative(on=min(date(year, 12, 31), today))
    found = [
        CooperativeYear(
            row=row,
            sold=sold.get(row.id, SellerYear(0, 0, 0)),
            held_cents=issued.get(row.id, 0),
            last_sold_at=last.get(row.id),
            member_count=rules.shown(members.get(row.id, 0)),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (-each.sold.value_cents, each.row.name, each.row.id))


def network_total(*, year: int, today: date, listed: Sequence[CooperativeYear]) -> NetworkTotal:
    """Return the sums under a list of every cooperative's year, in two SQL queries."""
    sold = _added(purchases.seller_years(year=year).values())
    of_listed = _added(each.sold for each in listed)
    last_day = min(date(year, 12, 31), today)
    return NetworkTotal(
        sold=sold,
        others=SellerYear(*(all_of - part for all_of, part in zip(sold, of_listed, strict=True))),
        held_cents=sum(each.held_cents for each in listed),
        member_count=member_growth(first_day=date(year, 1, 1), last_day=last_day).after,
    )


def _added(years: Iterable[SellerYear]) -> SellerYear:
    return SellerYear(*(sum(column) for column in zip(SellerYear(0, 0, 0), *years, strict=True)))


def _issued(ids: Collection[UUID]) -> Mapping[AccountKey, int]:
    return ledger.balances_of(owners=ids, purpose="issued")


def _two_years(year: int) -> tuple[list[CommunityMonth], list[CommunityMonth]]:
    """Return the months of the year before and of a year, in one SQL query."""
    both = purchases.community_months(first_day=date(year - 1, 1, 1), next_day=date(year + 1, 1, 1))
    return (
        [month for month in both if month.on.year < year],
        [month for month in both if month.on.year == year],
    )


def _by_month(months: Sequence[CommunityMonth]) -> dict[int, int]:
    return {month.on.month: month.cents for month in months}


def _branches(months: Sequence[CommunityMonth], on: date) -> list[BranchSum]:
    """Return the branches that the policy of a day names, with the cents of these months."""
    force = valueback.policy_in_force(on=on)
    names = {each.key: branch_name(each) for each in force.policy.branches} if force else {}
    cents = {key: sum(getattr(month, f"{key}_cents") for month in months) for key in BRANCH_KEYS}
    return [BranchSum(key, names[key], cents[key]) for key in BRANCH_KEYS if key in names]


def _ties(year: int, known: Collection[str]) -> list[SectorTie]:
    """Return the strongest ties that are strong enough to be told, in one SQL query."""
    rows = (
        PairMonth.objects.filter(month__year=year, code=SPENT)
        .values_list("debtor__organisation__sector", "creditor__organisation__sector")
        .annotate(facts=Sum("fact_count"))
    )
    weights: dict[tuple[str, str], int] = {}
    for debtor, creditor, facts in rows:
        if debtor in known and creditor in known:
            pair = min(debtor, creditor), max(debtor, creditor)
            weights[pair] = weights.get(pair, 0) + facts
    told = [SectorTie(*pair, facts) for pair, facts in weights.items() if rules.shown(facts)]
    return sorted(told, key=lambda tie: (-tie.weight, tie.a, tie.b))[:STRONGEST]
