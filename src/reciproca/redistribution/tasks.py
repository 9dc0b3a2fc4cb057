"""What workers do for this room."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.redistribution.actions import measure_run, pay_run, simulate
from reciproca.redistribution.telling import tell_who_asked, tell_who_tried
from reciproca.shared.jobs import job
from reciproca.shared.progress import Progress

MEASURE, PAY = "redistribution.measure", "redistribution.pay"
SIMULATE = "redistribution.simulate"


@job(
    kind=MEASURE,
    title=_("Riparto: misura e calcolo"),
    steps={
        "scores": _("Che cosa ha fatto ciascuno"),
        "division": _("Divisione al centesimo"),
        "lines": _("Parti scritte"),
    },
)
def measure(progress: Progress, *, run_id: str, person_id: str) -> dict[str, object]:
    """Measure and compute a run; one that starts anew finds it done or does it."""
    now = timezone.now()
    run = measure_run(run_id=UUID(run_id), measured_at=now, progress=progress)
    tell_who_asked(run=run, person_id=UUID(person_id), told_at=now)
    return {"run_id": run_id}


@job(
    kind=PAY,
    title=_("Riparto: pagamento"),
    steps={"check": _("Tutto è come fu calcolato"), "payment": _("Parti accreditate")},
)
def pay(progress: Progress, *, run_id: str, person_id: str) -> dict[str, object]:
    """Pay an approved run; one that starts anew finds it paid or pays it."""
    now = timezone.now()
    run = pay_run(run_id=UUID(run_id), paid_at=now, progress=progress)
    tell_who_asked(run=run, person_id=UUID(person_id), told_at=now)
    return {"run_id": run_id}


@job(
    kind=SIMULATE,
    title=_("Prova dei criteri"),
    steps={
        "scores": _("Che cosa ha fatto ciascuno"),
        "division": _("Divisione con ciascun criterio"),
        "comparison": _("Confronto"),
        "parts": _("Parti scritte"),
    },
)
def try_policies(progress: Progress, *, simulation_id: str, person_id: str) -> dict[str, object]:
    """Try policies; one that starts anew finds the figures or finds them out."""
    simulation = simulate(simulation_id=UUID(simulation_id), progress=progress)
    tell_who_tried(simulation=simulation, person_id=UUID(person_id), told_at=timezone.now())
    return {"simulation_id": simulation_id}
