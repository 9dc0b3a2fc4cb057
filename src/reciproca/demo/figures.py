"""The year's figures as the demo prints them, and the proof that they are right."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum

from reciproca.clearing.models import Payment
from reciproca.control_room import actions as control_room
from reciproca.control_room.models import YearClose
from reciproca.demo.models import Build
from reciproca.purchases.models import Purchase
from reciproca.registry.models import Node
from reciproca.shared.progress import Progress
from reciproca.valueback.models import Gift


@dataclass(frozen=True, slots=True)
class Figures:
    """Whole cents and counts of the year; `checks` says which proofs held."""

    members: int
    cooperatives: int
    purchases: int
    sales_cents: int
    value_back_cents: int
    credit_spent_cents: int
    gifts_cents: int
    refunds_cents: int
    payments_between_cooperatives: int
    payments_cents: int
    checks: dict[str, bool]

    @property
    def ok(self) -> bool:
        return all(self.checks.values())


def figures(*, build: Build, now: datetime, progress: Progress) -> Figures:
    """Count the year anew from its facts and run every check of `reciproca verify`."""
    sums = Purchase.objects.filter(year=build.year).aggregate(
        count=Count("id", filter=Q(kind="sale", corrects=None)),
        total=Sum("total_cents"),
        value=Sum("value_cents"),
        credit=Sum("credit_cents"),
    )
    kinds = dict(Node.objects.values_list("kind").annotate(count=Count("id")))
    payments = Payment.objects.aggregate(count=Count("id"), cents=Sum("amount_cents"))
    steps = YearClose.objects.get(year=build.year).steps
    verdicts = control_room.verify(verified_at=now, progress=progress)
    return Figures(
        members=kinds.get("person", 0),
        cooperatives=kinds.get("cooperative", 0),
        purchases=sums["count"],
        sales_cents=sums["total"] or 0,
        value_back_cents=sums["value"] or 0,
        credit_spent_cents=sums["credit"] or 0,
        gifts_cents=Gift.objects.aggregate(cents=Sum("amount_cents"))["cents"] or 0,
        refunds_cents=steps["refunds"]["refunds_cents"],
        payments_between_cooperatives=payments["count"],
        payments_cents=payments["cents"] or 0,
        checks={verdict.name: verdict.ok for verdict in verdicts},
    )
