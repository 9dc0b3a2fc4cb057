"""The public directory: organisations, funds and projects, found by words, sector and place."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Avg, Count, QuerySet

from reciproca.registry.models import (
    DirectoryEntry,
    Municipality,
    NodeKind,
    Sector,
)
from reciproca.registry.places import Point
from reciproca.registry.queries.members import member_count
from reciproca.registry.queries.paging import page_of
from reciproca.registry.queries.search import StemsOf, plain_words

PAGE_SIZE = 24
MOST_PLACES = 400
"""With more municipalities than this a map shows provinces."""


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
class PlaceCount:
    """How many of the found ones are in a place: a municipality, or a whole province."""

    name: str
    istat_code: str
    sigla: str
    point: Point
    count: int
    is_province: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many there are of it in the whole directory."""

    value: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class CommunityCounts:
    """How large the community is."""

    cooperatives: int
    members: int


SELLERS = ["cooperative", "company", "purchasing_group"]


def search(*, filters: Filters, number: int) -> Page[EntryRow]:
    """Return a page of what is found, by name, in two SQL queries."""
    rows = _found(filters).select_related("node", "municipality").order_by("name_key", "node_id")
    return page_of(rows=rows, number=number, size=PAGE_SIZE, make=_entry_row)


def places(*, filters: Filters) -> list[PlaceCount]:
    """
    Return where the found ones are, the most first, in one or two SQL queries.

    Municipalities, or provinces (at the middle of theirs) when they are too many for one map.
    """
    found = _found(filters).exclude(municipality=None)
    here = found.values(
        "municipality_id",
        "municipality__name",
        "province_sigla",
        "municipality__latitude",
        "municipality__longitude",
    ).annotate(count=Count("node"))
    rows = list(here.order_by("-count", "municipality__name")[: MOST_PLACES + 1])
    if len(rows) <= MOST_PLACES:
        return [
            PlaceCount(
                row["municipality__name"],
                row["municipality_id"],
                row["province_sigla"],
                Point(row["municipality__latitude"], row["municipality__longitude"]),
                row["count"],
                is_province=False,
            )
            for row in rows
        ]
    return _provinces(found)


def sector_choices() -> list[Choice]:
    """Return the sectors with how many each has, those without any left out, in one SQL query."""
    counts = _counts("sector")
    return [Choice(s.value, str(s.label), counts[s.value]) for s in Sector if s.value in counts]


def kind_choices() -> list[Choice]:
    """Return the kinds with how many each has, in one SQL query."""
    counts = _counts("kind")
    return [Choice(k.value, str(k.label), counts[k.value]) for k in NodeKind if k.value in counts]


def province_choices() -> list[Choice]:
    """Return the provinces where somebody is, by name, in two SQL queries."""
    counts = _counts("province_sigla")
    names = Municipality.objects.filter(province_sigla__in=counts).values_list(
        "province", "province_sigla"
    )
    return [
        Choice(sigla, name, counts[sigla]) for name, sigla in names.distinct().order_by("province")
    ]


def held_by(*, node_id: UUID) -> list[EntryRow]:
    """Return the funds and projects whose money a node keeps, by name, in one SQL query."""
    entries = DirectoryEntry.objects.filter(node__held_by=node_id)
    ordered = entries.select_related("node", "municipality").order_by("name_key", "node_id")
    return [_entry_row(entry) for entry in ordered]


def community_counts() -> CommunityCounts:
    """Return how many organisations and members there are, in two SQL queries."""
    return CommunityCounts(
        cooperatives=DirectoryEntry.objects.filter(kind=NodeKind.COOPERATIVE).count(),
        members=member_count(),
    )


def _found(filters: Filters) -> QuerySet[DirectoryEntry]:
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


def _counts(field: str) -> dict[str, int]:
    rows = DirectoryEntry.objects.exclude(**{field: ""}).values_list(field)
    return dict(rows.annotate(count=Count("node")))


def _provinces(found: QuerySet[DirectoryEntry]) -> list[PlaceCount]:
    rows = found.values("municipality__province", "province_sigla").annotate(
        count=Count("node"),
        latitude=Avg("municipality__latitude"),
        longitude=Avg("municipality__longitude"),
    )
    return [
        PlaceCount(
            row["municipality__province"],
            "",
            row["province_sigla"],
            Point(row["latitude"], row["longitude"]),
            row["count"],
            is_province=True,
        )
        for row in rows.order_by("-count", "municipality__province")
    ]


def _entry_row(entry: DirectoryEntry) -> EntryRow:
    return EntryRow(
        id=entry.node_id,
        name=entry.node.name,
        kind_title=entry.get_kind_display(),
        sector_title=entry.get_sector_display(),
        place=str(entry.municipality or ""),
        description=entry.node.description,
    )
