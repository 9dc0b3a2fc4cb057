"""What workers do for this room."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import actions, telling
from reciproca.assemblies.actions.calling import CALL
from reciproca.assemblies.models import Assembly
from reciproca.assemblies.queries.meetings import untold_count
from reciproca.shared.errors import DomainError
from reciproca.shared.jobs import job
from reciproca.shared.progress import Progress


@job(
    kind=CALL,
    title=_("Convocazione"),
    steps={"roll": _("Aventi diritto fermati"), "notices": _("Avvisi mandati")},
)
def call(progress: Progress, *, assembly_id: str, person_id: str) -> dict[str, object]:
    """Call an assembly and tell its electors; one that starts anew goes on where it was."""
    assembly = Assembly.objects.get(pk=UUID(assembly_id))
    assert assembly.reference_on is not None
    if assembly.called_at is None:
        try:
            actions.call_assembly(
                assembly_id=assembly.id,
                reference_on=assembly.reference_on,
                called_by=assembly.called_by,
                called_at=timezone.now(),
                progress=progress,
            )
        except DomainError:
            actions.give_up_call(assembly_id=assembly.id)
            raise
    told = actions.tell_electors(
        assembly_id=assembly.id,
        told_by=assembly.called_by,
        told_at=timezone.now(),
        progress=progress,
    )
    telling.tell_sent(
        assembly=assembly,
        untold=untold_count(assembly_id=assembly.id),
        person_id=UUID(person_id),
        told_at=timezone.now(),
    )
    return {"told": told}
