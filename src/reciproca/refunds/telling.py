"""What members are told about their refund."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind, topic
from reciproca.refunds.models import RefundLine, RefundRun

YEAR = topic(name="year", title=_("Il tuo anno: ristorni ed estratto"))
REFUNDED = kind(
    name="patronage-refund",
    topic=YEAR,
    sentence=_("Ti tornano %(amount_cents)s: il ristorno %(year)s di %(cooperative)s."),
)


def tell_members(*, run: RefundRun, lines: Sequence[RefundLine], told_at: datetime) -> None:
    """Tell every member who gets something how much it is."""
    shared = {"year": run.accounts.year, "cooperative": run.accounts.cooperative.name}
    notices.tell_each(
        kind=REFUNDED,
        told_at=told_at,
        each=[
            (line.member_id, shared | {"amount_cents": line.amount_cents})
            for line in lines
            if line.amount_cents
        ],
        url=f"/years/{run.accounts.year}/",
    )
