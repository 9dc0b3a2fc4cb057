"""What the close of a year asks of the registry: who is in which register, and whose account."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from reciproca.registry.models import (
    Category,
    Membership,
    Mutuality,
    Node,
    NodeKind,
    Organisation,
)
from reciproca.shared.sepa import Party


@dataclass(frozen=True, slots=True)
class CooperativeRow:
    """A cooperative that takes part today; `exchange` is a `MutualExchange` or empty."""

    id: UUID
    name: str
    exchange: str


def cooperatives() -> list[CooperativeRow]:
    """Return every cooperative that takes part today, by name, in one SQL query."""
    found = Organisation.objects.filter(node__kind=NodeKind.COOPERATIVE, node__closed_at=None)
    return [
        CooperativeRow(row.node_id, row.node.name, row.mutual_exchange)
        for row in found.select_related("node").order_by("node__name", "node_id")
    ]


def mutual_exchange_of(*, cooperative_id: UUID) -> str:
    """Return what members exchange with their cooperative, empty while it is not known."""
    found = Organisation.objects.filter(node=cooperative_id).values_list("mutual_exchange")
    return next((exchange for (exchange,) in found), "")


def mutuality_prevails(*, cooperative_id: UUID) -> bool:
    """
    Return whether a cooperative is bound as those of prevailing mutuality are, in one SQL query.

    A social cooperative is by law, whatever the register says; one of which nothing is known is
    held to the stricter rules.
    """
    found = Organisation.objects.filter(node=cooperative_id, mutuality=Mutuality.OTHER)
    return not found.exclude(category=Category.SOCIAL).exists()


def register_numbers(
    *, cooperative_id: UUID, members: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """Return the number in the register of these members (of all, without), the latest if two."""
    lines = Membership.objects.filter(cooperative=cooperative_id, number__isnull=False)
    if members is not None:
        lines = lines.filter(member__in=members)
    rows = lines.order_by("registered_on", "id").values_list("member", "number")
    return {member: number for member, number in rows if number is not None}


def members_with_numbers(*, cooperative_id: UUID, numbers: Collection[int]) -> dict[int, UUID]:
    """Return whose these numbers of a register are, in one SQL query."""
    lines = Membership.objects.filter(cooperative=cooperative_id, number__in=numbers)
    rows = lines.values_list("number", "member")
    return {number: member for number, member in rows if number is not None}


def bank_parties(ids: Collection[UUID], /) -> dict[UUID, Party]:
    """
    Return each node as banks know it; of a fund or project, the account of who holds its money.

    The IBAN is empty where nobody wrote it yet. One SQL query.
    """
    nodes = Node.objects.filter(id__in=ids).select_related(
        "municipality", "organisation", "held_by__municipality", "held_by__organisation"
    )
    return {node.id: _party(node) for node in nodes}


def _party(node: Node) -> Party:
    holder = node.held_by if node.held_by and not node.iban else node
    legal_name = holder.organisation.legal_name if hasattr(holder, "organisation") else holder.name
    return Party(
        id=str(node.id),
        name=holder.account_name or legal_name,
        iban=holder.iban,
        town=holder.municipality.name if holder.municipality else "",
    )
