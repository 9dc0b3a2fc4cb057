"""A map of points over borders that somebody else projected into the same box."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reciproca.web.charts.drawing import px, shorten
from reciproca.web.words import count

_PHONE, _DESK = 1.5, 1.0
"""How much larger names are written on a phone (see maps.css), so that they can be read there."""
_NAME_HEIGHT, _LETTER = 18, 7.6
_HEAD, _TALL = 17, 46

Box = tuple[float, float, float, float]


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
    """
    A pin whose foot stands on the place; without `label` its name would cover something.

    `wide_only` where there is room for the name at a desk and not on a phone.
    """

    path: str
    x: str
    count_y: str
    label_x: str
    label_y: str
    anchor: str
    wide_only: bool
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
    Return the map; the pin with most things is drawn last, on top, and chooses first for its name.

    A name stands under its pin, else on its right or left, and never where another pin stands.
    `title` says what is where in a sentence: the map is a second view of a list beside it.
    """
    inside = [p for p in places if 0 <= p.x <= width and 0 <= p.y <= height]
    largest_first = sorted(inside, key=lambda place: (-place.size, place.name))
    names = _names(largest_first, width=width, height=height)
    pins = [_pin(place, names.get(i)) for i, place in enumerate(largest_first)]
    return PlaceMap(title, width, height, areas, borders, tuple(reversed(pins)))


@dataclass(frozen=True, slots=True)
class _Name:
    """Where a name stands: its box, and how it is anchored in it."""

    text: str
    box: Box
    anchor: str
    scale: float


def _names(places: Sequence[Place], *, width: int, height: int) -> dict[int, _Name]:
    """Return the names that cover nothing, first those that fit even as a phone writes them."""
    taken = [(p.x - _HEAD, p.y - _TALL, p.x + _HEAD, p.y) for p in places]
    placed: dict[int, _Name] = {}
    for scale in (_PHONE, _DESK):
        for i, place in enumerate(places):
            if i in placed:
                continue
            for name in _ways(place, scale):
                left, top, right, bottom = name.box
                inside = left > 0 and top > 0 and right < width and bottom < height
                if inside and not _meets(name.box, taken):
                    placed[i] = name
                    taken.append(name.box)
                    break
    return placed


def _ways(place: Place, scale: float) -> tuple[_Name, ...]:
    x, y, text = place.x, place.y, shorten(place.name, chars=22)
    long, tall = len(text) * _LETTER * scale, _NAME_HEIGHT * scale
    beside, top = _HEAD + 4, y - 26 - tall / 2
    return (
        _Name(text, (x - long / 2, y + 3, x + long / 2, y + 3 + tall), "middle", scale),
        _Name(text, (x + beside, top, x + beside + long, top + tall), "start", scale),
        _Name(text, (x - beside - long, top, x - beside, top + tall), "end", scale),
    )


def _pin(place: Place, name: _Name | None) -> Pin:
    x, y = place.x, place.y
    left, top, right, bottom = name.box if name else (x, y, x, y)
    anchor = name.anchor if name else "middle"
    return Pin(
        path=f"M{px(x - 17)} {px(y - 26)}a17 17 0 1 1 34 0c0 12 -17 26 -17 26s-17 -14 -17 -26z",
        x=px(x),
        count_y=px(y - 21),
        label_x=px({"start": left, "middle": (left + right) / 2, "end": right}[anchor]),
        label_y=px(top + (bottom - top) * 0.75),
        anchor=anchor,
        wide_only=name is not None and name.scale == _DESK,
        count=count(place.size),
        label=name.text if name else "",
        name=place.name,
        url=place.url,
        on=place.on,
    )


def _meets(box: Box, others: Sequence[Box]) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )
