"""What came of a call: which projects the vote chose, and what was paid because of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reciproca.projects.models import Award, Tranche
from reciproca.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Happened:
    """A project was chosen, or an expense of it paid (`what`): when, how much, and by whom."""

    at: datetime
    project_id: UUID
    title: str
    what: str
    amount_cents: int
    by: str


def what_came_of(*, call_id: UUID) -> Sequence[Happened]:
    """Return what happened because of a call's vote, the earliest first, in three SQL queries."""
    awards = Award.objects.filter(project__call=call_id).select_related("project")
    paid = Tranche.objects.filter(receipt__award__project__call=call_id, amount_cents__gt=0)
    tranches = list(paid.select_related("receipt__award__project"))
    names = registry.names_of_users([each.decided_by for each in tranches if each.decided_by])
    found = [
        Happened(each.recorded_at, each.project_id, each.project.title, "", each.granted_cents, "")
        for each in awards
    ] + [
        Happened(
            at=each.recorded_at,
            project_id=each.receipt.award_id,
            title=each.receipt.award.project.title,
            what=each.receipt.what,
            amount_cents=each.amount_cents,
            by=names.get(each.decided_by, "") if each.decided_by else "",
        )
        for each in tranches
    ]
    return sorted(found, key=lambda each: (each.at, each.title, each.what))
