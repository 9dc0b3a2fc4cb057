"""Which nodes a file brought in: by what they are called, and by which rows they came."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from reciproca.imports.reader import Staged
from reciproca.registry.actions.checks import note_external_ids
from reciproca.registry.models import ExternalId, Node

ROWS = "imported-row"
"""The source of names given to those who have no code: the content of the row they came from."""


def row_name(staged: Staged) -> str:
    """Return what a row is called that has no code: its content, and which of its equals it is."""
    return f"{staged.key}:{staged.occurrence}"


def note_origin(*, import_id: UUID, nodes: Sequence[tuple[int, UUID]]) -> None:
    """Remember from which row (number, node) of which file nodes came."""
    note_external_ids([(node, _source(import_id), str(number)) for number, node in nodes])


def brought_in(*, import_id: UUID) -> QuerySet[Node]:
    """Return the nodes that a file made."""
    known = ExternalId.objects.filter(source=_source(import_id))
    return Node.objects.filter(pk__in=known.values("node"))


def _source(import_id: UUID) -> str:
    return f"import:{import_id}"
