"""What this room did because an assembly resolved it."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext as _

from reciproca.governance.effects import Effect
from reciproca.refunds.models import RefundRun


def refunds_because_of(resolution_id: UUID) -> Iterator[Effect]:
    """Yield the refund that a resolution's accounts were divided by, if it ran."""
    runs = RefundRun.objects.filter(accounts__resolution=resolution_id).select_related("accounts")
    for run in runs.order_by("recorded_at", "id"):
        told = {"year": run.accounts.year, "count": run.member_count}
        yield Effect(
            at=run.recorded_at,
            sentence=_("Il ristorno %(year)s è diviso fra %(count)s soci") % told,
            amount_cents=run.pot_cents - run.undistributed_cents,
            by=run.recorded_by,
        )
