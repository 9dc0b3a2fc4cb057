"""Who is near a person, by municipality, and whom a word can mean."""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from uuid import UUID

from django.db.models import F, QuerySet

from reciproca.registry.models import DirectoryEntry
from reciproca.registry.places import Point, distance_metres, load_municipalities, plain_words
from reciproca.registry.queries.directory import SELLERS

MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class NearRow:
    """An organisation that sells; `metres` between municipalities, None where one is not known."""

    id: UUID
    name: str
    sector_title: str
    place: str
    metres: int | None


def sellers_near(*, municipality: str, limit: int) -> list[NearRow]:
    """
    Return those who sell, the nearest to a municipality (ISTAT code) first, in one SQL query.

    By name where the place is not known.
    """
    origin = _points().get(municipality)
    entries = DirectoryEntry.objects.filter(kind__in=SELLERS)
    entries = entries.select_related("node", "municipality")
    if origin is None:
        return [_row(entry, None) for entry in entries.order_by("name_key", "node_id")[:limit]]
    return [_row(entry, origin) for entry in _by_distance(entries, origin)[:limit]]


def nodes_named(text: str, /) -> set[UUID]:
    """Return whom in the directory all these words can mean, parts of a name, in one SQL query."""
    words = plain_words(text)
    if not words:
        return set()
    entries = DirectoryEntry.objects.all()
    for word in words:
        entries = entries.filter(name_key__contains=word)
    by_name = entries.order_by("name_key", "node_id")
    return set(by_name.values_list("node_id", flat=True)[:MOST_NAMED])


@lru_cache(maxsize=1)
def _points() -> dict[str, Point]:
    """Return where each municipality of Italy is, by its code."""
    return {row.istat_code: Point(row.lat, row.lon) for row in load_municipalities()}


def _by_distance(entries: QuerySet[DirectoryEntry], origin: Point) -> QuerySet[DirectoryEntry]:
    """Order by the square of the distance on a flat map, which at these distances sorts as well."""
    north = F("municipality__latitude") - origin.lat
    east = (F("municipality__longitude") - origin.lon) * cos(radians(origin.lat))
    located = entries.filter(municipality__isnull=False)
    return located.order_by(north * north + east * east, "name_key", "node_id")


def _row(entry: DirectoryEntry, origin: Point | None) -> NearRow:
    place = entry.municipality
    metres = None
    if origin is not None and place is not None:
        metres = distance_metres(a=origin, b=Point(place.latitude, place.longitude))
    return NearRow(
        id=entry.node_id,
        name=entry.node.name,
        sector_title=entry.get_sector_display(),
        place=place.name if place else "",
        metres=metres,
    )
