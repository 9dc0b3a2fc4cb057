"""A map of points over borders that somebody else projected into the same box."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reciproca.web.charts.drawing import px, shorten
from reciproca.web.words import count

_NAME_HEIGHT = 18
_LETTER = 7.6


class Place(Protocol):
    """A point at (`x`, `y`) of the drawing: `name`, `size` things there, `url`, `on` (dark)."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def url(self) -> str: ...
    @property
    def on(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Pin:
    """A pin whose foot stands on the place; without `label` its name would cover another."""

    path: str
    x: str
    count_y: str
    label_y: str
    count: str
    label: str
    name: str
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """`areas` are filled shapes, `borders` lines over them, both SVG paths of the same box."""

    title: str
    width: int
    height: int
    areas: Sequence[str]
    borders: Sequence[str]
    pins: tuple[Pin, ...]


def place_map(
    *,
    title: str,
    width: int,
    height: int,
    areas: Sequence[str],
    places: Sequence[Place],
    borders: Sequence[str] = (),
) -> PlaceMap:
    """
    Return the map; the pin with most things is drawn last, on top, and keeps its name first.

    `title` says what is where in a sentence: the map is a second view of a list beside it.
    """
    inside = [p for p in places if 0 <= p.x <= width and 0 <= p.y <= height]
    largest_first = sorted(inside, key=lambda place: (-place.size, place.name))
    taken: list[tuple[float, float, float, float]] = []
    pins = [_pin(place, width=width, height=height, taken=taken) for place in largest_first]
    return PlaceMap(title, width, height, areas, borders, tuple(reversed(pins)))


def _pin(
    place: Place, *, width: int, height: int, taken: list[tuple[float, float, float, float]]
) -> Pin:
    x, y = place.x, place.y
    name = shorten(place.name, chars=22)
    half = len(name) * _LETTER / 2
    head = (x - 17, y - 46, x + 17, y)
    foot = (x - half, y + 3, x + half, y + 3 + _NAME_HEIGHT)
    fits = foot[0] > 0 and foot[2] < width and foot[3] < height and not _meets(foot, taken)
    taken.append(head)
    if fits:
        taken.append(foot)
    return Pin(
        path=f"M{px(x - 17)} {px(y - 26)}a17 17 0 1 1 34 0c0 12 -17 26 -17 26s-17 -14 -17 -26z",
        x=px(x),
        count_y=px(y - 21),
        label_y=px(y + 17),
        count=count(place.size),
        label=name if fits else "",
        name=place.name,
        url=place.url,
        on=place.on,
    )


def _meets(
    box: tuple[float, float, float, float], others: list[tuple[float, float, float, float]]
) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )
