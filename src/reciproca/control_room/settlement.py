"""How far the last netting is settled, node by node: a preview of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Q, Sum

from reciproca.clearing import queries as clearing
from reciproca.clearing.queries import RunRow
from reciproca.registry import queries as registry

PREVIEWED = 6


@dataclass(frozen=True, slots=True)
class NodePosition:
    """What a node pays and receives by a netting, and how many payments it still has to make."""

    node_id: UUID
    name: str
    pays_cents: int
    open_count: int
    receives_cents: int


@dataclass(frozen=True, slots=True)
class LastNetting:
    """The last netting, the nodes that pay or receive most, and how many there are in all."""

    run: RunRow
    positions: Sequence[NodePosition]
    node_count: int


def last_netting() -> LastNetting | None:
    """Return the last netting, None before the first; in five SQL queries."""
    run = next(iter(clearing.runs()), None)
    if run is None:
        return None
    payments = clearing.payments(run=clearing.run_named(run_id=run.id)).order_by()
    pays = payments.values_list("debtor").annotate(
        cents=Sum("amount_cents"), still_open=Count("id", filter=Q(settlement=None))
    )
    paid = {node: (cents, still_open) for node, cents, still_open in pays}
    receives = dict(payments.values_list("creditor").annotate(cents=Sum("amount_cents")))
    positions = [
        NodePosition(node, "", *_paid(paid, node), receives.get(node, 0))
        for node in paid.keys() | receives.keys()
    ]
    positions.sort(key=_largest_first)
    names = registry.names_of([each.node_id for each in positions[:PREVIEWED]])
    named = [replace(each, name=names[each.node_id]) for each in positions[:PREVIEWED]]
    return LastNetting(run, named, len(positions))


def _paid(paid: Mapping[UUID, tuple[int, int]], node: UUID) -> tuple[int, int]:
    return paid.get(node, (0, 0))


def _largest_first(position: NodePosition) -> tuple[int, UUID]:
    return -max(position.pays_cents, position.receives_cents), position.node_id
