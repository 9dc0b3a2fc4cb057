"""Who changed what in an entry of the registry: a wrong IBAN sends money to a stranger."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Model

from reciproca.registry.models import NodeChange

Changes = Mapping[str, tuple[str, str]]
"""Field name -> what it said before and what it says now."""


def apply_changes(row: Model, values: Mapping[str, object]) -> Changes:
    """Set and save those of `values` that differ from what the row says, and return them."""
    before = {name: getattr(row, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return {name: (_text(before[name]), _text(values[name])) for name in changed}


def note_changes(
    *, node_id: UUID, changes: Changes, changed_by: UUID | None, changed_at: datetime
) -> None:
    """Write the changes of one node down, one row a field; a change to nothing writes nothing."""
    NodeChange.objects.bulk_create(
        NodeChange(
            node_id=node_id,
            field=field,
            before=before,
            after=after,
            changed_by=changed_by,
            changed_at=changed_at,
        )
        for field, (before, after) in changes.items()
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
