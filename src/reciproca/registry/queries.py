"""Reads of nodes, memberships, mandates and cards."""

from collections.abc import Collection
from uuid import UUID

from reciproca.registry.models import Node


def open_node_ids(ids: Collection[UUID], /, *, kind: str | None = None) -> set[UUID]:
    """Return those of these ids that are nodes (of a kind) taking part today, in one SQL query."""
    nodes = Node.objects.filter(id__in=ids, closed_at=None)
    return set((nodes.filter(kind=kind) if kind else nodes).values_list("id", flat=True))
