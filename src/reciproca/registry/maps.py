"""Maps of places over our own borders: which part of Italy to draw, how finely, and the pins."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Protocol, TypeVar

from reciproca.registry.places import Box, Frame, Level, Point, border_paths, project

SMALLEST_SPAN_DEGREES = 0.3
"""A map of one village still shows where it is."""

GRID_DEGREES = 0.1
"""Boxes grow to whole steps, so that like maps are the same drawing, which is remembered."""

PIN_WIDTH_PX, PIN_HEIGHT_PX = 40, 64

MUNICIPALITIES_UP_TO_DEGREES = 0.9
PROVINCES_UP_TO_DEGREES = 3.5


class Counted(Protocol):
    """Some things at a point."""

    @property
    def point(self) -> Point: ...
    @property
    def count(self) -> int: ...


Place = TypeVar("Place", bound=Counted)


@dataclass(frozen=True, slots=True)
class MapPin:
    """A pin of `charts.places`."""

    x: float
    y: float
    name: str
    size: int
    url: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies under the pins: filled areas, the borders drawn over them, and their frame."""

    frame: Frame
    areas: Sequence[str]
    borders: Sequence[str]

    def gathered(self, places: Sequence[Place]) -> list[list[Place]]:
        """Return the places, near ones together (their pins would hide), the largest first."""
        groups: list[tuple[float, float, list[Place]]] = []
        for place in sorted(places, key=lambda place: -place.count):
            x, y = project(lat=place.point.lat, lon=place.point.lon, frame=self.frame)
            for left, top, group in groups:
                if abs(left - x) < PIN_WIDTH_PX and abs(top - y) < PIN_HEIGHT_PX:
                    group.append(place)
                    break
            else:
                groups.append((x, y, [place]))
        return [group for _left, _top, group in groups]

    def pin(self, point: Point, *, name: str, size: int, url: str) -> MapPin:
        """Return the pin that stands on a point."""
        x, y = project(lat=point.lat, lon=point.lon, frame=self.frame)
        return MapPin(x, y, name, size, url)


def ground_under(points: Sequence[Point], *, width: int, height: int) -> Ground:
    """Return the ground that shows all these points (one at least) with some room around them."""
    box = _box_around(points)
    areas, borders = _levels(box)
    return Ground(
        frame=Frame(box, width, height),
        areas=border_paths(bbox=box, level=areas, width=width, height=height),
        borders=border_paths(bbox=box, level=borders, width=width, height=height),
    )


def _box_around(points: Sequence[Point]) -> Box:
    lats = [point.lat for point in points]
    lons = [point.lon for point in points]
    south, north = _widened(min(lats), max(lats))
    west, east = _widened(min(lons), max(lons))
    return Box(south, west, north, east)


def _widened(low: float, high: float) -> tuple[float, float]:
    span = max(high - low, SMALLEST_SPAN_DEGREES)
    middle, half = (low + high) / 2, span * 0.6
    return (
        floor((middle - half) / GRID_DEGREES) * GRID_DEGREES,
        ceil((middle + half) / GRID_DEGREES) * GRID_DEGREES,
    )


def _levels(box: Box) -> tuple[Level, Level]:
    span = max(box.north - box.south, box.east - box.west)
    if span <= MUNICIPALITIES_UP_TO_DEGREES:
        return "municipalities", "provinces"
    if span <= PROVINCES_UP_TO_DEGREES:
        return "provinces", "regions"
    return "regions", "regions"
