"""What can be chosen in the directory, and where those found are. One SQL query each."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count

from reciproca.registry.models import DirectoryEntry, NodeKind, Sector
from reciproca.registry.places import (
    MunicipalityRow,
    Point,
    load_municipalities,
    municipalities_by_code,
)
from reciproca.registry.queries.directory import Filters, found

MOST_PLACES = 400
"""With more municipalities than this a map shows provinces."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, and how many there are of it in the whole directory."""

    value: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """Every value of the filters that somebody has; provinces by name."""

    sectors: Sequence[Choice]
    kinds: Sequence[Choice]
    provinces: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """How many of the found ones are in a place: a municipality, or a whole province."""

    name: str
    istat_code: str
    sigla: str
    point: Point
    count: int
    is_province: bool


def choices() -> Choices:
    """Return what the directory can be narrowed to."""
    sectors, kinds, provinces = Counter[str](), Counter[str](), Counter[str]()
    # One pass over the narrow index `registry_directory_facets`, not three over the table.
    groups = DirectoryEntry.objects.values_list("kind", "sector", "province_sigla")
    for kind, sector, province, count in groups.annotate(count=Count("kind")).order_by():
        kinds[kind] += count
        sectors[sector] += count
        provinces[province] += count
    names = {row.province_sigla: row.province for row in load_municipalities()}
    return Choices(
        sectors=[Choice(s.value, str(s.label), sectors[s]) for s in Sector if s in sectors],
        kinds=[Choice(k.value, str(k.label), kinds[k]) for k in NodeKind if k in kinds],
        provinces=sorted(
            (Choice(sigla, names[sigla], provinces[sigla]) for sigla in provinces if sigla),
            key=lambda choice: choice.title,
        ),
    )


def places(*, filters: Filters) -> list[PlaceCount]:
    """
    Return where the found ones are, the most first.

    Municipalities, or provinces (at the middle of theirs) when they are too many for one map.
    """
    here = found(filters).exclude(municipality=None).values_list("municipality_id")
    known = municipalities_by_code()
    counted = [
        (known[code], count) for code, count in here.annotate(count=Count("kind")).order_by()
    ]
    rows = _municipalities(counted) if len(counted) <= MOST_PLACES else _provinces(counted)
    return sorted(rows, key=lambda place: (-place.count, place.name))


def _municipalities(counted: Iterable[tuple[MunicipalityRow, int]]) -> list[PlaceCount]:
    return [
        PlaceCount(
            place.name,
            place.istat_code,
            place.province_sigla,
            place.point,
            count,
            is_province=False,
        )
        for place, count in counted
    ]


def _provinces(counted: Iterable[tuple[MunicipalityRow, int]]) -> list[PlaceCount]:
    within: dict[str, list[tuple[MunicipalityRow, int]]] = {}
    for place, count in counted:
        within.setdefault(place.province, []).append((place, count))
    return [
        PlaceCount(
            name,
            "",
            inside[0][0].province_sigla,
            _middle([place.point for place, _count in inside]),
            sum(count for _place, count in inside),
            is_province=True,
        )
        for name, inside in within.items()
    ]


def _middle(points: Sequence[Point]) -> Point:
    return Point(
        sum(point.lat for point in points) / len(points),
        sum(point.lon for point in points) / len(points),
    )
