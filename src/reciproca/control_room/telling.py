"""What everybody is told when a year is closed."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind
from reciproca.purchases.queries.years import buyers_of
from reciproca.refunds.telling import YEAR

STATEMENT_READY = kind(
    name="statement-ready",
    topic=YEAR,
    sentence=_("Il tuo estratto del %(year)s è pronto: quanto hai comprato e quanto ti è tornato."),
)


def tell_statements_ready(*, year: int, told_at: datetime) -> int:
    """Tell everybody who bought something that their statement is there; return how many."""
    people = buyers_of(year=year)
    notices.tell(
        recipients=people,
        kind=STATEMENT_READY,
        params={"year": year},
        told_at=told_at,
        url=f"/years/{year}/",
    )
    return len(people)
