"""What was done for people at desks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reciproca.registry.models import AssistedAct


@dataclass(frozen=True, slots=True)
class AssistedRow:
    """Something that was done for a person: where, by whom, when."""

    what: str
    title: str
    organisation: str
    operator: str
    at: datetime


def assisted_acts(
    *, person_id: UUID, organisation_id: UUID | None = None, limit: int
) -> list[AssistedRow]:
    """Return what was done for a person, at one desk if named, latest first, in one SQL query."""
    acts = AssistedAct.objects.select_related("organisation", "operator").filter(person=person_id)
    if organisation_id is not None:
        acts = acts.filter(organisation=organisation_id)
    return [
        AssistedRow(
            act.what, act.get_what_display(), act.organisation.name, act.operator.name, act.at
        )
        for act in acts.order_by("-at", "-id")[:limit]
    ]
