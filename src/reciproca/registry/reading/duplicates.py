"""Organisations that may be one and the same: nearly the same name in the same municipality."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from reciproca.registry.models import Node
from reciproca.registry.names import core_name, likeness_percent

MOST_COMPARED = 200_000
MOST_KEPT = 200
ALREADY_HERE = 0
"""The row number of what is in the registry already."""


class Listed(NamedTuple):
    """An organisation that names are compared with; `row` 0 is one of the registry."""

    row: int
    name: str
    tax_code: str
    core: str


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """A row that may be the same organisation as another; `likeness` in hundredths."""

    row: int
    name: str
    tax_code: str
    other_row: int
    other_name: str
    other_tax_code: str
    municipality: str
    likeness: int


class DuplicateFinder:
    """Compares each organisation of a file with those before it and those in the registry."""

    def __init__(self) -> None:
        self._listed: dict[str, list[Listed]] = {}
        self._size = 0
        self.count = 0
        self._found: list[LikelyDuplicate] = []

    def look(self, organisations: Iterable[tuple[int, str, str, str]]) -> None:
        """Compare organisations, as (row, municipality, name, tax code); without a place, never."""
        placed = [each for each in organisations if each[1]]
        self._read_registry({municipality for _row, municipality, _name, _code in placed})
        for row, municipality, name, tax_code in placed:
            listed = Listed(row, name, tax_code, core_name(name))
            for other in self._listed[municipality]:
                self._compare(listed, other, municipality)
            if self._size < MOST_COMPARED:
                self._listed[municipality].append(listed)
                self._size += 1

    def findings(self) -> dict[str, Any]:
        """Return how many likely duplicates there are, and the likeliest ones, as JSON."""
        ranked = sorted(self._found, key=lambda pair: (-pair.likeness, pair.row, pair.other_row))
        return {"count": self.count, "first": [asdict(pair) for pair in ranked[:MOST_KEPT]]}

    def _compare(self, one: Listed, other: Listed, municipality: str) -> None:
        alike = likeness_percent(one=one.core, other=other.core)
        if alike is None:
            return
        self.count += 1
        if len(self._found) < 10 * MOST_KEPT:
            pair = LikelyDuplicate(*one[:3], *other[:3], municipality=municipality, likeness=alike)
            self._found.append(pair)

    def _read_registry(self, municipalities: set[str]) -> None:
        """Read the names of places met for the first time; no row of this file is there yet."""
        new = municipalities - self._listed.keys()
        if not new:
            return
        known: dict[str, list[Listed]] = defaultdict(list)
        nodes = Node.objects.filter(
            municipality__in=new, organisation__isnull=False, closed_at=None
        )
        for place, legal_name, tax_code in nodes.order_by("id").values_list(
            "municipality", "organisation__legal_name", "organisation__tax_code"
        ):
            known[place].append(Listed(ALREADY_HERE, legal_name, tax_code, core_name(legal_name)))
        self._listed |= {place: known[place] for place in new}
