"""What both drawings of the flow are made of."""

from dataclasses import dataclass
from typing import Protocol

from reciproca.web.words import euro, whole_euro

NARROW_UNTIL_CENTS = 10_000_00
"""From here on a label has no room for the cents; the table beside the drawing tells them."""


class Source(Protocol):
    """A seller: `name`, `cents` of value born there, `base_cents` spent there."""

    @property
    def name(self) -> str: ...
    @property
    def cents(self) -> int: ...
    @property
    def base_cents(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Others:
    """The sellers too small to be drawn one by one, as one."""

    name: str
    cents: int
    base_cents: int


@dataclass(frozen=True, slots=True)
class Band:
    """One end of the flow: its bar, its ribbon to the total, two lines of words and their place."""

    css: str
    ribbon: str
    x: str
    y: str
    width: str
    height: str
    label_x: str
    label_y: str
    note_y: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing of the flow in a box `width` by `height`, the total's box in the middle."""

    width: int
    height: str
    sources: tuple[Band, ...]
    branches: tuple[Band, ...]
    box_x: str
    box_y: str
    box_width: str
    box_height: str
    total_x: str
    total_y: str
    total_note_y: str


def narrow_euro(cents: int) -> str:
    """Return an amount for a narrow place: to the cent, or to the euro where it is large."""
    return euro(cents) if cents < NARROW_UNTIL_CENTS else whole_euro(cents)
