"""What this room paid because a body adopted the criteria."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproca.governance import queries as governance
from reciproca.governance.effects import Effect
from reciproca.redistribution.models import Run


def runs_because_of(resolution_id: UUID) -> Iterator[Effect]:
    """Yield the runs paid by criteria that a resolution adopted, and what people got of each."""
    resolution = governance.resolution(resolution_id=resolution_id)
    for adopted in resolution.adopted if resolution else ():
        paid = Run.objects.filter(policy=adopted.digest, paid_at__isnull=False)
        for run in paid.select_related("corrects").order_by("paid_at", "id"):
            # The same text may be adopted again, and a correction goes by what its run went by.
            first = run.corrects or run
            if run.paid_at is not None and adopted.is_in_force(localdate(first.opened_at)):
                yield Effect(
                    at=run.paid_at,
                    sentence=_sentence(run),
                    amount_cents=run.paid_cents,
                    by=run.approved_by,
                    url=reverse("redistribution:own_part", args=[run.id]),
                )


def _sentence(run: Run) -> str:
    told = {"until": f"{run.ends_on:%d/%m/%Y}"}
    if run.corrects_id is not None:
        return _("Il riparto fino al %(until)s è corretto") % told
    return _("Il riparto fino al %(until)s è pagato alle persone") % told
