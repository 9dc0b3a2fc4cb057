"""Reads of value back: the policy in force, what sellers committed to, what a member can spend."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import F, Sum

from reciproca.governance import queries as governance
from reciproca.ledger import queries as ledger
from reciproca.valueback.models import AcceptanceLimit, CommittedRate, ExpiredLot
from reciproca.valueback.rules import ExpiredAmount, ValueBackPolicy
from reciproca.valueback.rules import policy as policies

ALL_OF_IT_BP = 10_000
ExpiredLotKey = tuple[UUID | None, UUID, date | None]
"""Member, issuer, last day: which lot a purchase fed."""


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A policy, the hash that names it, and the day from which it runs."""

    digest: str
    in_force_on: date
    policy: ValueBackPolicy


@dataclass(frozen=True, slots=True)
class Policies:
    """Every value-back policy this community adopted, by the day it came into force."""

    adopted: tuple[PolicyInForce, ...]

    def on(self, day: date) -> PolicyInForce | None:
        """Return the policy in force on a day, None before the first."""
        begun = [each for each in self.adopted if each.in_force_on <= day]
        return begun[-1] if begun else None

    def named(self, digest: str) -> PolicyInForce | None:
        """Return the adopted policy of this hash."""
        return next((each for each in self.adopted if each.digest == digest), None)


def adopted_policies() -> Policies:
    """Return all value-back policies, in one SQL query."""
    adopted = governance.adopted_policies(kind=policies.KIND)
    return Policies(
        tuple(
            PolicyInForce(each.digest, each.in_force_on, _parsed(each.document)) for each in adopted
        )
    )


def policy_in_force(*, on: date) -> PolicyInForce | None:
    """Return the value-back policy of a day, None before the first adoption."""
    return adopted_policies().on(on)


@dataclass(slots=True)
class Terms:
    """
    What sellers committed to and accept, over time. Each list is (first day, basis points), by day.
    """

    rates: dict[tuple[UUID, str], list[tuple[date, int]]] = field(default_factory=dict)
    limits: dict[UUID, list[tuple[date, int]]] = field(default_factory=dict)

    def rate_bp(self, *, seller_id: UUID, category: str, on: date) -> int:
        """
        Return the share of a line that a seller gives back: of its category, else the general one,
        else 0.
        """
        rates = self.rates.get((seller_id, category)) or self.rates.get((seller_id, ""), [])
        return _in_force(rates, on, otherwise=0)

    def limit_bp(self, *, seller_id: UUID, on: date) -> int:
        """
        Return the largest share of a sale that a seller takes in credits; all of it unless it said
        less.
        """
        return _in_force(self.limits.get(seller_id, []), on, otherwise=ALL_OF_IT_BP)


def terms(*, seller_ids: Collection[UUID]) -> Terms:
    """Return the commitments of these sellers, in two SQL queries."""
    found = Terms(rates=defaultdict(list), limits=defaultdict(list))
    for seller, category, day, rate in (
        CommittedRate.objects.filter(seller__in=seller_ids)
        .order_by("valid_from", "id")
        .values_list("seller", "category", "valid_from", "rate_bp")
    ):
        found.rates[seller, category].append((day, rate))
    for seller, day, share in (
        AcceptanceLimit.objects.filter(seller__in=seller_ids)
        .order_by("valid_from", "id")
        .values_list("seller", "valid_from", "share_bp")
    ):
        found.limits[seller].append((day, share))
    return found


@dataclass(frozen=True, slots=True)
class RateRow:
    """One commitment as a page shows it."""

    category: str
    rate_bp: int
    valid_from: date


def rates_of(*, seller_id: UUID, on: date) -> list[RateRow]:
    """Return what a seller gives back on a day, general rate first, in one SQL query."""
    rows = (
        CommittedRate.objects.filter(seller=seller_id, valid_from__lte=on)
        .order_by("category", F("valid_from").desc(), "-id")
        .distinct("category")
    )
    return [RateRow(row.category, row.rate_bp, row.valid_from) for row in rows]


def sellers_taking_none(*, on: date) -> set[UUID]:
    """Return the sellers that take no credits at all on a day, in one SQL query."""
    latest = (
        AcceptanceLimit.objects.filter(valid_from__lte=on)
        .order_by("seller", F("valid_from").desc(), "-id")
        .distinct("seller")
        .values_list("seller", "share_bp")
    )
    return {seller for seller, share_bp in latest if share_bp == 0}


@dataclass(frozen=True, slots=True)
class Spendable:
    """What a member can spend today, and the part that ends first."""

    cents: int
    ends_first_on: date | None
    ends_first_cents: int
    lots: tuple[ledger.Lot, ...]


def spendable(*, member_id: UUID, on: date) -> Spendable:
    """Return a member's credit with its lots, in one SQL query."""
    lots = tuple(lot for lot in ledger.lots(members=[member_id]) if lot.expires_on >= on)
    first = lots[0].expires_on if lots else None
    return Spendable(
        cents=sum(lot.cents for lot in lots),
        ends_first_on=first,
        ends_first_cents=sum(lot.cents for lot in lots if lot.expires_on == first),
        lots=lots,
    )


def expired_amounts(lots: Collection[ExpiredLotKey], /) -> dict[ExpiredLotKey, list[ExpiredAmount]]:
    """
    Return what ended unspent of these (member, issuer, last day) lots, by fund, in one SQL query.
    """
    found: dict[ExpiredLotKey, list[ExpiredAmount]] = defaultdict(list)
    rows = (
        ExpiredLot.objects.filter(member__in={member for member, _, _ in lots})
        .order_by("id")
        .values_list("member", "issuer", "expires_on", "fund", "amount_cents")
    )
    for member, issuer, expires_on, fund, cents in rows:
        if (member, issuer, expires_on) in lots:
            found[member, issuer, expires_on].append(ExpiredAmount(fund, cents))
    return found


def expired_cents(*, year: int) -> int:
    """Return how much credit of a year's end nobody spent, in one SQL query."""
    ended = ExpiredLot.objects.filter(expires_on=date(year, 12, 31))
    total: int = ended.aggregate(cents=Sum("amount_cents", default=0))["cents"]
    return total


def _in_force(steps: list[tuple[date, int]], on: date, *, otherwise: int) -> int:
    begun = bisect_right(steps, on, key=lambda step: step[0])
    return steps[begun - 1][1] if begun else otherwise


@lru_cache(maxsize=64)
def _parsed(document: str) -> ValueBackPolicy:
    return ValueBackPolicy.from_document(json.loads(document))
