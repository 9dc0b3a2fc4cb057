"""What everybody is told when a year is closed."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.notices import actions as notices
from reciproca.notices.kinds import kind
from reciproca.purchases.queries.years import buyers_of
from reciproca.refunds.telling import YEAR
from reciproca.registry.telling import OFFICE

STATEMENT_READY = kind(
    name="statement-ready",
    topic=YEAR,
    sentence=_("Il tuo estratto del %(year)s è pronto: quanto hai comprato e quanto ti è tornato."),
)

YEAR_CLOSED = kind(
    name="year-closed", topic=YEAR, sentence=_("Il %(year)s è chiuso: guarda che cosa è successo.")
)
VERIFIED = kind(
    name="verified",
    topic=YEAR,
    sentence=_("La verifica è finita: %(wrong)s controlli su %(checks)s non tornano."),
)
ALL_RIGHT = kind(
    name="verified-right",
    topic=YEAR,
    sentence=_("La verifica è finita: tutti i %(checks)s controlli tornano."),
)

ALERT_ASSIGNED = kind(
    name="alert-assigned",
    topic=OFFICE,
    sentence=_("Nella cabina di regia c’è un avviso affidato a te."),
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


def tell_year_closed(*, year: int, person_id: UUID, told_at: datetime) -> None:
    """Tell the officer who began it that a year is closed."""
    notices.tell(
        recipients=[person_id],
        kind=YEAR_CLOSED,
        params={"year": year},
        told_at=told_at,
        url=f"/control/year/{year}/",
    )


def tell_verified(*, checks: int, wrong: int, person_id: UUID, told_at: datetime) -> None:
    """Tell the officer who began it what a verification found."""
    notices.tell(
        recipients=[person_id],
        kind=VERIFIED if wrong else ALL_RIGHT,
        params={"checks": checks, "wrong": wrong},
        told_at=told_at,
        url="/control/verify/",
    )


def tell_alert_assigned(*, alert_id: UUID, person_id: UUID, told_at: datetime) -> None:
    """Tell an officer that an alert is theirs now."""
    notices.tell(
        recipients=[person_id],
        kind=ALERT_ASSIGNED,
        told_at=told_at,
        url=f"/control/alerts/{alert_id}/",
    )
