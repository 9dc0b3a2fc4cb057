"""What workers do for this room."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.refunds.actions import run_refund
from reciproca.refunds.telling import tell_who_asked
from reciproca.shared.jobs import job
from reciproca.shared.progress import Progress

RUN = "refunds.run"


@job(
    kind=RUN,
    title=_("Ristorno ai soci"),
    steps={"claims": _("Scambi dei soci"), "lines": _("Parti divise e registrate")},
)
def divide_refund(
    progress: Progress, *, accounts_id: str, recorded_by: str, person_id: str
) -> dict[str, object]:
    """Divide one cooperative's refund; a job that starts anew finds the run that is there."""
    run = run_refund(
        accounts_id=UUID(accounts_id),
        recorded_by=UUID(recorded_by),
        recorded_at=timezone.now(),
        progress=progress,
    )
    tell_who_asked(run=run, person_id=UUID(person_id), told_at=timezone.now())
    return {"run_id": str(run.id)}
