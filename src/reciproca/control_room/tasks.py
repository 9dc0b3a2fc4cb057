"""What workers do for the federation: keep sums, close a year, count everything again."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from reciproca.control_room.actions import (
    CHECKS,
    STEPS,
    close_year,
    refresh_alerts,
    refresh_sums,
    verify,
)
from reciproca.control_room.alerts.causes import VERIFY
from reciproca.control_room.telling import tell_verified, tell_year_closed
from reciproca.shared.jobs import job, start_job
from reciproca.shared.progress import Progress

CLOSE = "control_room.close_year"
EVERYTHING = "everything"
"""The one subject of a verification: two at once would count the same."""


@job(kind=CLOSE, title=_("Chiusura dell’anno"), steps=STEPS)
def run_close(
    progress: Progress, *, year: int, closed_by: str, person_id: str
) -> dict[str, object]:
    """Close a year; a job that starts anew goes on from the step that is missing."""
    close = close_year(
        year=year,
        closed_by=UUID(closed_by),
        closed_at=timezone.now(),
        progress=progress,
    )
    tell_year_closed(year=year, person_id=UUID(person_id), told_at=timezone.now())
    return dict(close.steps)


@job(kind=VERIFY, title=_("Verifica"), steps={check.name: check.title for check in CHECKS})
def run_verify(progress: Progress, *, person_id: str = "") -> dict[str, object]:
    """Count everything again and keep what was found; whoever asked for it is told."""
    verdicts = verify(verified_at=timezone.now(), progress=progress)
    wrong = sum(not verdict.ok for verdict in verdicts)
    if person_id:
        tell_verified(
            checks=len(verdicts), wrong=wrong, person_id=UUID(person_id), told_at=timezone.now()
        )
    return {
        "ok": not wrong,
        "checks": {verdict.name: verdict.as_dict() for verdict in verdicts},
    }


@app.periodic(cron="40 2 * * *")
@app.task(name="verify-every-night", queueing_lock="verify-every-night")
def verify_every_night(timestamp: int) -> None:
    """Count everything again while nobody waits; what is wrong becomes an alert."""
    start_job(kind=VERIFY, args={}, started_by=None, subject=EVERYTHING)


@app.periodic(cron="*/5 * * * *")
@app.task(name="refresh-sums", queueing_lock="refresh-sums")
def keep_sums(timestamp: int) -> None:
    """Let the pages of the whole network follow what is recorded, by minutes."""
    refresh_sums()


@app.periodic(cron="*/5 * * * *")
@app.task(name="refresh-alerts", queueing_lock="refresh-alerts")
def keep_alerts(timestamp: int) -> None:
    """Let alerts come and go with their causes, by minutes."""
    refresh_alerts(at=timezone.now())
