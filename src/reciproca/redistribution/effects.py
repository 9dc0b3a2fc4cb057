"""What this room paid because an assembly adopted the criteria."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproca.governance import queries as governance
from reciproca.governance.effects import Effect
from reciproca.redistribution.models import Run


def runs_because_of(resolution_id: UUID) -> Iterator[Effect]:
    """Yield the runs, and corrections of them, that were paid by what a resolution adopted."""
    resolution = governance.resolution(resolution_id=resolution_id)
    adopted = {row.digest: row for row in resolution.adopted} if resolution else {}
    runs = Run.objects.filter(policy__in=adopted, paid_at__isnull=False)
    for run in runs.select_related("corrects").order_by("paid_at", "id"):
        opened_on = localdate((run.corrects or run).opened_at)
        assert run.paid_at is not None
        if adopted[run.policy_id].is_in_force(opened_on):
            yield Effect(
                at=run.paid_at,
                sentence=_sentence(run),
                # What a correction takes from some it gives to others.
                amount_cents=None if run.corrects_id else run.paid_cents,
                by=run.approved_by,
            )


def _sentence(run: Run) -> str:
    told = {
        "first": f"{run.starts_on:%d/%m/%Y}",
        "last": f"{run.ends_on:%d/%m/%Y}",
        "count": run.member_count,
    }
    if run.corrects_id:
        return _("Corretto il riparto dal %(first)s al %(last)s") % told
    return _("Riparto dal %(first)s al %(last)s: parti pagate, %(count)s") % told
