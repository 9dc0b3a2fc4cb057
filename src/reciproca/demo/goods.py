"""What the invented shops sell: assortments with their prices, hours and seasons, and baskets."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from reciproca.demo.chance import Chance, running
from reciproca.demo.days import SEASONS, Season, month_of_week
from reciproca.purchases.forms import LineIn

Who = Literal["homes", "parents", "elderly", "commuters"]

DATA = Path(__file__).parent / "data"
# Baskets are slices of a long mixed shelf: that is quick and no two days look alike.
SHORTEST_SHELF = 200
# How often another product is looked for when the same one lies close by.
REDRAWS = 3
MINUTE_CHOICES = 96


class Product(NamedTuple):
    """Something on sale; one whose two prices differ is weighed or made to measure."""

    category: str
    description: str
    lowest_cents: int
    highest_cents: int
    often: int
    seasons: frozenset[Season]


class Standing(NamedTuple):
    """Bought on fixed days `times` a year by so many in a thousand of those that `who` names."""

    times: int
    per_thousand: int
    who: Who


@dataclass(frozen=True, slots=True)
class Assortment:
    """
    One kind of shop.

    `sizes` holds a basket's possible numbers of lines, as often as each occurs; `minutes` the
    minutes of the day, likewise. `months` and `weekdays` run from 0 (closed) to 10.
    """

    key: str
    sizes: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    minutes: tuple[int, ...]
    popularity: int
    reach_metres: int
    standing: Standing | None
    products: tuple[Product, ...]

    def openness(self, *, week: int, weekday: int) -> int:
        """Return how busy the shop is on a weekday of a week, from 0 (closed) to 100."""
        return self.months[month_of_week(week)] * self.weekdays[weekday]


@lru_cache(maxsize=1)
def assortments() -> dict[str, Assortment]:
    """Return every kind of shop by key."""
    with (DATA / "goods.toml").open("rb") as file:
        return {key: _assortment(key, raw) for key, raw in tomllib.load(file).items()}


def categories() -> list[str]:
    """Return the categories of goods, in alphabetical order."""
    return sorted({p.category for kind in assortments().values() for p in kind.products})


class Shelf(NamedTuple):
    """
    A long row of purchase lines in mixed order; a basket is a slice of it.

    A slice may start anywhere in the first `length` places: the row goes on as it began.
    """

    length: int
    lines: tuple[LineIn, ...]


@lru_cache(maxsize=1)
def shelves() -> dict[Season, dict[str, Shelf]]:
    """Return every kind of shop's shelf, by season."""
    return {
        season: {kind.key: _shelf(kind, season) for kind in assortments().values()}
        for season in SEASONS
    }


def _assortment(key: str, raw: dict[str, Any]) -> Assortment:
    standing = raw.get("standing")
    return Assortment(
        key=key,
        sizes=tuple(n for n, share in enumerate(raw["sizes"], 1) for _ in range(share)),
        months=tuple(raw["months"]),
        weekdays=tuple(raw["weekdays"]),
        minutes=_minutes(key, raw["hours"]),
        popularity=raw["popularity"],
        reach_metres=raw["reach_km"] * 1_000,
        standing=Standing(**standing) if standing else None,
        products=tuple(_product(*row) for row in raw["products"]),
    )


def _product(
    category: str, description: str, lowest: int, highest: int, often: int, seasons: str
) -> Product:
    named: set[Season] = {season for season in SEASONS if season in seasons.split()}
    if "winter" in named:
        named.add("christmas")
    return Product(category, description, lowest, highest, often, frozenset(named or set(SEASONS)))


def _minutes(key: str, hours: list[list[int]]) -> tuple[int, ...]:
    chance = Chance("minutes", key)
    spans = [chance.one_of(hours) for _ in range(MINUTE_CHOICES)]
    return tuple(chance.whole(start * 60, end * 60 - 1) for start, end in spans)


def _shelf(kind: Assortment, season: Season) -> Shelf:
    chance = Chance("shelf", kind.key, season)
    products = [p for p in kind.products if season in p.seasons] or list(kind.products)
    often = running([product.often for product in products])
    # Where people go most the same basket must not come up twice in a week.
    length = SHORTEST_SHELF + kind.popularity**2 // 30
    longest = max(kind.sizes)
    lines: list[LineIn] = []
    for _ in range(length):
        near = [line.description for line in lines[-longest:]]
        product = chance.weighted(products, often)
        for _redraw in range(REDRAWS):
            if product.description not in near:
                break
            product = chance.weighted(products, often)
        cents = chance.whole(product.lowest_cents, product.highest_cents)
        lines.append(LineIn(product.category, cents, product.description))
    return Shelf(length, tuple(lines + lines[:longest]))
