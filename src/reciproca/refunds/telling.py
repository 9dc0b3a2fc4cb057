"""What members are told about their refund."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

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

DIVIDED = kind(
    name="refund-divided",
    topic=YEAR,
    sentence=_("Il ristorno %(year)s di %(cooperative)s è diviso: %(amount_cents)s ai soci."),
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


def tell_who_asked(*, run: RefundRun, person_id: UUID, told_at: datetime) -> None:
    """Tell the manager who began it that a refund is divided."""
    accounts = run.accounts
    notices.tell(
        recipients=[person_id],
        kind=DIVIDED,
        params={
            "year": accounts.year,
            "cooperative": accounts.cooperative.name,
            "amount_cents": run.pot_cents - run.undistributed_cents,
        },
        told_at=told_at,
        url=f"/year/{accounts.year}/refund/",
    )
