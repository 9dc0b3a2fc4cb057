"""The public directory: organisations, funds and projects, found by words, sector and place."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page
from django.db.models import QuerySet

from reciproca.registry.models import DirectoryEntry, NodeKind
from reciproca.registry.places import municipalities_by_code, plain_words
from reciproca.registry.queries.members import member_count
from reciproca.registry.queries.paging import page_of
from reciproca.registry.queries.search import StemsOf

PAGE_SIZE = 24


@dataclass(frozen=True, slots=True)
class Filters:
    """
    What somebody looks for; empty means all. Municipalities are ISTAT codes, the province a sigla.

    `without` takes out nodes that a higher room knows something about (who takes no credits).
    """

    text: str = ""
    sector: str = ""
    kind: str = ""
    province: str = ""
    municipalities: tuple[str, ...] = ()
    without: Collection[UUID] = ()
    sells_only: bool = False


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One organisation, fund or project in the list."""

    id: UUID
    name: str
    kind_title: str
    sector_title: str
    place: str
    description: str


@dataclass(frozen=True, slots=True)
class CommunityCounts:
    """How large the community is."""

    cooperatives: int
    members: int


SELLERS = ["cooperative", "company", "purchasing_group"]


def search(*, filters: Filters, number: int) -> Page[EntryRow]:
    """Return a page of what is found, by name, in three SQL queries."""
    rows = found(filters).select_related("node").order_by("name_key", "node_id")
    return page_of(rows=rows, number=number, size=PAGE_SIZE, make=_entry_row)


def every_entry(*, filters: Filters) -> Iterator[EntryRow]:
    """Yield all that `search` finds, in one SQL query."""
    rows = found(filters).select_related("node").order_by("name_key", "node_id")
    return map(_entry_row, rows.iterator(chunk_size=2_000))


def held_by(*, node_id: UUID) -> list[EntryRow]:
    """Return the funds and projects whose money a node keeps, by name, in one SQL query."""
    entries = DirectoryEntry.objects.filter(node__held_by=node_id)
    ordered = entries.select_related("node").order_by("name_key", "node_id")
    return [_entry_row(entry) for entry in ordered]


def community_counts() -> CommunityCounts:
    """Return how many organisations and members there are, in two SQL queries."""
    return CommunityCounts(
        cooperatives=DirectoryEntry.objects.filter(kind=NodeKind.COOPERATIVE).count(),
        members=member_count(),
    )


def found(filters: Filters) -> QuerySet[DirectoryEntry]:
    """Return the entries that filters leave."""
    entries = DirectoryEntry.objects.all()
    if plain_words(filters.text):
        entries = entries.filter(words=StemsOf(filters.text))
    elif filters.text.strip():
        # Only signs were written: nothing can be called so.
        return entries.none()
    exact = {
        "sector": filters.sector,
        "kind": filters.kind,
        "province_sigla": filters.province,
    }
    entries = entries.filter(**{field: value for field, value in exact.items() if value})
    if filters.municipalities:
        entries = entries.filter(municipality__in=filters.municipalities)
    if filters.sells_only:
        entries = entries.filter(kind__in=SELLERS)
    return entries.exclude(pk__in=filters.without) if filters.without else entries


def _entry_row(entry: DirectoryEntry) -> EntryRow:
    return EntryRow(
        id=entry.node_id,
        name=entry.node.name,
        kind_title=entry.get_kind_display(),
        sector_title=entry.get_sector_display(),
        place=str(municipalities_by_code().get(entry.municipality_id or "", "")),
        description=entry.node.description,
    )
