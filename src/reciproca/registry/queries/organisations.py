"""One organisation, fund or project: what everybody may read, and what its own form asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from reciproca.registry.models import Node, NodeKind, Organisation
from reciproca.registry.places import Point


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """What everybody may read of an organisation, a fund or a project."""

    id: UUID
    name: str
    legal_name: str
    kind: str
    kind_title: str
    sector_title: str
    category_title: str
    mutuality_title: str
    register_number: str
    tax_code: str
    vat_number: str
    certified_email: str
    description: str
    address: str
    place: str
    municipality: str
    point: Point | None
    held_by_id: UUID | None
    held_by_name: str
    opened_at: datetime


def organisation_page(*, node_id: UUID) -> OrganisationPage | None:
    """Return what is public of a node, None for a person or a closed one, in one SQL query."""
    nodes = Node.objects.exclude(kind=NodeKind.PERSON).filter(pk=node_id, closed_at=None)
    node = nodes.select_related("organisation", "municipality", "held_by").first()
    if node is None:
        return None
    own = getattr(node, "organisation", None) or Organisation(legal_name=node.name, sector="")
    place = node.municipality
    return OrganisationPage(
        id=node.id,
        name=node.name,
        legal_name=own.legal_name,
        kind=node.kind,
        kind_title=node.get_kind_display(),
        sector_title=own.get_sector_display(),
        category_title=own.get_category_display(),
        mutuality_title=own.get_mutuality_display(),
        register_number=own.register_number,
        tax_code=own.tax_code,
        vat_number=own.vat_number,
        certified_email=own.certified_email,
        description=node.description,
        address=node.address,
        place=str(place or ""),
        municipality=node.municipality_id or "",
        point=Point(place.latitude, place.longitude) if place else None,
        held_by_id=node.held_by_id,
        held_by_name=node.held_by.name if node.held_by else "",
        opened_at=node.opened_at,
    )


@dataclass(frozen=True, slots=True)
class HeldNode:
    """A fund, pool or project as the federation's list shows it."""

    id: UUID
    name: str
    kind: str
    kind_title: str
    description: str
    holder: str


def social_cooperatives() -> list[UUID]:
    """Return the cooperatives that are social by category or sector, in one SQL query."""
    social = Organisation.objects.filter(Q(category="social") | Q(sector="social"))
    return list(social.filter(node__kind="cooperative").values_list("node_id", flat=True))


def held_nodes() -> list[HeldNode]:
    """Return every open fund, pool and project, by kind and name, in one SQL query."""
    nodes = Node.objects.filter(held_by__isnull=False, closed_at=None).select_related("held_by")
    return [
        HeldNode(
            id=node.id,
            name=node.name,
            kind=node.kind,
            kind_title=node.get_kind_display(),
            description=node.description,
            holder=node.held_by.name if node.held_by else "",
        )
        for node in nodes.order_by("kind", "name_key", "id")
    ]


def organisation_entry(*, node_id: UUID) -> dict[str, object]:
    """Return all that an organisation's form asks, the account too, in one SQL query."""
    own = Organisation.objects.select_related("node__municipality").get(pk=node_id)
    node = own.node
    return {
        "name": node.name,
        "legal_name": own.legal_name,
        "description": node.description,
        "sector": own.sector,
        "category": own.category,
        "mutuality": own.mutuality,
        "mutual_exchange": own.mutual_exchange,
        "register_number": own.register_number,
        "tax_code": own.tax_code,
        "vat_number": own.vat_number,
        "rea": own.rea,
        "ateco_code": own.ateco_code,
        "certified_email": own.certified_email,
        "sdi_code": own.sdi_code,
        "municipality": str(node.municipality or ""),
        "address": node.address,
        "iban": node.iban,
        "account_name": node.account_name,
    }
