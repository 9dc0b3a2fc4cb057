"""Which nodes a file brought in, and taking them out again."""

from collections.abc import Sequence
from uuid import UUID

import psycopg
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy as _

from reciproca.imports.reader import Staged
from reciproca.registry.actions.checks import note_external_ids
from reciproca.registry.models import Card, ExternalId, Node
from reciproca.shared.errors import DomainError

# What the triggers of tables that only grow answer (shared.append_only).
NEVER_CHANGED = "RS001"


class NodesInUse(DomainError):
    code = "nodes-in-use"
    message = _(
        "Qualcosa di questo file è già servito (acquisti, iscrizioni, incarichi): "
        "non si toglie più, si corregge voce per voce."
    )


ROWS = "imported-row"
"""The source of names given to those who have no code: the content of the row they came from."""


def row_name(staged: Staged) -> str:
    """Return what a row is called that has no code: its content, and which of its equals it is."""
    return f"{staged.key}:{staged.occurrence}"


def note_origin(*, import_id: UUID, nodes: Sequence[tuple[int, UUID]]) -> None:
    """Remember from which row (number, node) of which file nodes came."""
    note_external_ids([(node, _source(import_id), str(number)) for number, node in nodes])


def remove_nodes(*, import_id: UUID) -> None:
    """
    Take the nodes of a file out of the registry, all or none: nothing else knows them yet.

    Raises: NodesInUse.
    """
    source = _source(import_id)
    brought = ExternalId.objects.filter(source=source).values_list("node_id", flat=True)
    try:
        with transaction.atomic():
            nodes = list(brought)
            Card.objects.filter(person__in=nodes).delete()
            Node.objects.filter(pk__in=nodes).delete()
    except (ProtectedError, RestrictedError) as used:
        raise NodesInUse from used
    except DatabaseError as refused:
        cause = refused.__cause__
        if isinstance(cause, psycopg.Error) and cause.sqlstate == NEVER_CHANGED:
            raise NodesInUse from refused
        raise


def _source(import_id: UUID) -> str:
    return f"import:{import_id}"
