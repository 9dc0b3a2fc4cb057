"""Who takes part: names, keys in others' files, the community itself."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from reciproca.registry.models import (
    Card,
    Community,
    ExternalId,
    Node,
    Organisation,
    Person,
)
from reciproca.registry.models.nodes import plain_sql
from reciproca.shared.arrays import array_of_uuids
from reciproca.shared.prepared import fetch

SELLING_KINDS = ["cooperative", "company", "purchasing_group"]


@dataclass(frozen=True, slots=True)
class CommunityRow:
    """The community of this database."""

    name: str
    federation_id: UUID
    federation_name: str


@dataclass(frozen=True, slots=True)
class PageHead:
    """What every page says of the community and of who reads it; empty where there is none."""

    community_name: str
    person_name: str
    card_number: str
    node_kind: str


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Whose card a number is; a blocked one opens nothing but still tells whose it was."""

    person_id: UUID
    name: str
    is_blocked: bool


def page_head(*, person_id: UUID | None, node_id: UUID | None = None) -> PageHead:
    """Return what stands at the head of every page, in one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT name FROM registry_community),"
            " (SELECT name FROM registry_node WHERE id = %(person)s),"
            " (SELECT number FROM registry_card WHERE person_id = %(person)s"
            " AND blocked_at IS NULL),"
            " (SELECT kind FROM registry_node WHERE id = %(node)s)",
            {"person": person_id, "node": node_id},
        )
        row: tuple[str | None, ...] = cursor.fetchone()
    return PageHead(*(text or "" for text in row))


def community() -> CommunityRow | None:
    """Return the community, None before it is opened, in one SQL query."""
    found = Community.objects.select_related("federation").first()
    if found is None:
        return None
    return CommunityRow(found.name, found.federation_id, found.federation.name)


def open_node_ids(ids: Collection[UUID], /, *, kind: str | None = None) -> set[UUID]:
    """Return those of these ids that are nodes (of a kind) taking part today, in one SQL query."""
    rows = fetch(
        "SELECT id FROM registry_node WHERE id = ANY(%s::uuid[]) AND closed_at IS NULL"
        " AND (%s::varchar IS NULL OR kind = %s)",
        [array_of_uuids(ids), kind, kind],
    )
    return {row[0] for row in rows}


def names_of(ids: Collection[UUID], /) -> dict[UUID, str]:
    """Return the names of these nodes, in one SQL query."""
    return dict(Node.objects.filter(id__in=set(ids)).values_list("id", "name"))


def municipalities_of(ids: Collection[UUID], /) -> dict[UUID, str]:
    """Return the municipality (ISTAT code) of those of these nodes that say it, in one query."""
    placed = Node.objects.filter(id__in=set(ids), municipality__isnull=False)
    return dict(placed.values_list("id", "municipality"))


def names_of_users(ids: Collection[UUID], /) -> dict[UUID, str]:
    """Return the names of the people behind these logins, in one SQL query."""
    return dict(Node.objects.filter(user__in=set(ids)).values_list("user", "name"))


def heirs_of(ids: Collection[UUID], /) -> dict[UUID, UUID]:
    """Return, for those of these nodes that were merged, who is in their place now."""
    heirs: dict[UUID, UUID] = {}
    asked = set(ids)
    while asked:
        merged = Node.objects.filter(pk__in=asked, merged_into__isnull=False)
        found = dict(merged.values_list("id", "merged_into_id"))
        heirs = {node: found.get(heir, heir) for node, heir in heirs.items()} | {
            node: heir for node, heir in found.items() if node in ids
        }
        asked = set(found.values())
    return heirs


def nodes_known_as(*, source: str, values: Collection[str]) -> dict[str, UUID]:
    """Return the nodes that a file's maker calls by these keys, in one SQL query."""
    known = ExternalId.objects.filter(source=source, value__in=set(values))
    return dict(known.values_list("value", "node_id"))


def organisations_with_tax_codes(codes: Collection[str], /) -> dict[str, UUID]:
    """Return the organisations of these tax codes, in one SQL query."""
    known = Organisation.objects.filter(tax_code__in={code for code in codes if code})
    return dict(known.values_list("tax_code", "node_id"))


def organisations_named(names: Collection[str], /) -> dict[str, UUID]:
    """
    Return the one open organisation of each of these names, whatever capitals and accents.

    A name that several share finds nobody. One SQL query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.name, (array_agg(n.id))[1] FROM unnest(%s::text[]) AS asked(name)"  # noqa: S608
            f" JOIN registry_node n ON n.kind = ANY(%s) AND n.name_key = {plain_sql('asked.name')}"
            " AND n.closed_at IS NULL GROUP BY asked.name HAVING count(*) = 1",
            [list(names), SELLING_KINDS],
        )
        return dict(cursor.fetchall())


def people_with_tax_codes(codes: Collection[str], /) -> dict[str, UUID]:
    """Return the people of these tax codes, in one SQL query."""
    known = Person.objects.filter(tax_code__in={code for code in codes if code})
    return dict(known.values_list("tax_code", "node_id"))


def holders_among(nodes: Collection[UUID], /) -> dict[UUID, UUID]:
    """Return who answers for each node: who holds a fund or project, else itself; in one query."""
    found = Node.objects.filter(id__in=nodes).values_list("id", "held_by")
    return {node: held_by or node for node, held_by in found}


def holders_of(numbers: Collection[str], /) -> dict[str, CardHolder]:
    """Return whose these card numbers are, in one SQL query."""
    rows = fetch(
        "SELECT c.number, c.person_id, n.name, c.blocked_at IS NOT NULL FROM registry_card c"
        " JOIN registry_node n ON n.id = c.person_id WHERE c.number = ANY(%s::varchar[])",
        [list(set(numbers))],
    )
    return {number: CardHolder(*found) for number, *found in rows}


def holder_of(*, number: str) -> CardHolder | None:
    """Return whose card this number is, None for a number we never gave, in one SQL query."""
    return holders_of([number]).get(number)


def live_card_number(*, person_id: UUID) -> str:
    """Return a person's card number, empty when it is blocked, in one SQL query."""
    live = Card.objects.filter(person_id=person_id, blocked_at=None)
    return live.values_list("number", flat=True).first() or ""
