"""What a device must know to sell, and what a till's day comes to so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils.timezone import localdate

from reciproca.registry import queries as registry
from reciproca.tills.access import DeviceHere
from reciproca.tills.models import HeldSale, OperatorCode, Till, TillSale
from reciproca.tills.rules import DayTotals
from reciproca.valueback import queries as valueback
from reciproca.valueback.rules import BRANCH_KEYS, branch_name

SALE = Q(purchase__corrects=None)


@dataclass(frozen=True, slots=True)
class OperatorChoice:
    """Somebody who may unlock a device."""

    id: UUID
    name: str
    has_code: bool


@dataclass(frozen=True, slots=True)
class State:
    """
    What a device keeps, so that it sells without a network too.

    `shares` has the four branches by their keys, zero where the policy has none of it; `own` are
    the sums of this device, `open` those of the whole till, since the last closing.
    """

    operators: Sequence[OperatorChoice]
    categories: Sequence[valueback.RateRow]
    rate_bp: int
    limit_bp: int
    shares: Mapping[str, Fraction]
    branches: Sequence[str]
    held: int
    own: DayTotals
    open: DayTotals


def state_of(*, device: DeviceHere, now: datetime) -> State:
    """Return what a device must know, in nine SQL queries."""
    today, seller = localdate(now), device.organisation_id
    rates = valueback.rates_of(seller_id=seller, on=today)
    force = valueback.policy_in_force(on=today)
    branches = force.policy.branches if force else ()
    return State(
        operators=_operators(device, now),
        categories=[rate for rate in rates if rate.category],
        rate_bp=next((rate.rate_bp for rate in rates if not rate.category), 0),
        limit_bp=valueback.terms(seller_ids=[seller]).limit_bp(seller_id=seller, on=today),
        shares=dict.fromkeys(BRANCH_KEYS, Fraction(0))
        | {branch.key: branch.share for branch in branches},
        branches=[branch_name(branch) for branch in branches],
        held=HeldSale.objects.filter(till=device.till_id, settlement=None).count(),
        own=totals_of(till_id=device.till_id, day_number=device.day_number, device_id=device.id),
        open=totals_of(till_id=device.till_id, day_number=device.day_number),
    )


def totals_of(*, till_id: UUID, day_number: int, device_id: UUID | None = None) -> DayTotals:
    """Return what a till's day comes to, or one device's part of it, in one SQL query."""
    rows = TillSale.objects.filter(till=till_id, day_number=day_number)
    if device_id is not None:
        rows = rows.filter(device=device_id)
    sums = rows.aggregate(
        sale_count=Count("pk", filter=SALE),
        sale_cents=Sum("purchase__total_cents", filter=SALE, default=0),
        credit_cents=Sum("purchase__credit_cents", default=0),
        refund_count=Count("pk", filter=~SALE),
        refund_cents=-Sum("purchase__total_cents", filter=~SALE, default=0),
    )
    return DayTotals(**sums)


class DayLeftOpen(NamedTuple):
    """A till whose day has sales and no closing, and when it began."""

    id: UUID
    name: str
    organisation_id: UUID
    day_number: int
    begun_at: datetime


def days_left_open(*, begun_before: datetime) -> list[DayLeftOpen]:
    """Return the tills whose open day began before an instant, the oldest first, in one query."""
    begun = TillSale.objects.filter(till=OuterRef("pk"), day_number=OuterRef("day_number"))
    first = begun.order_by("received_at").values("received_at")[:1]
    rows = Till.objects.filter(closed_at=None).annotate(begun_at=Subquery(first))
    late = rows.filter(begun_at__lt=begun_before).order_by("begun_at", "id")
    return [DayLeftOpen(*row) for row in late.values_list(*DayLeftOpen._fields)]


def _operators(device: DeviceHere, now: datetime) -> list[OperatorChoice]:
    people = registry.operators_of(organisation_id=device.organisation_id, on=localdate(now))
    codes = OperatorCode.objects.filter(organisation=device.organisation_id)
    coded = set(codes.values_list("person_id", flat=True))
    return [OperatorChoice(each.person_id, each.name, each.person_id in coded) for each in people]
