"""
The trama: half-discs on a grid, computed from an id, so that each member's card and each
cooperative has its own. Always whole cells, never cropped in the middle of a shape.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

Shape = Literal["down", "up", "disc", "quarter", "quarter-back", "empty"]


@dataclass(frozen=True, slots=True)
class Variant:
    """A grid of `columns` by `rows` cells, its paper and its inks (classes of the style sheet)."""

    columns: int
    rows: int
    papers: tuple[tuple[str, tuple[str, ...]], ...]
    shapes: tuple[Shape, ...]
    css: str = "trama"


_BRANCHES = ("f-member", "f-common", "f-territory", "f-solidarity")
_ON_INK = (("f-ink", (*_BRANCHES, "f-glicine", "f-white")),)
_AIRY: tuple[Shape, ...] = ("down", "up", "down", "up", "disc", "quarter", "quarter-back", "empty")
_FULL: tuple[Shape, ...] = ("down", "up", "disc", "quarter", "quarter-back")

VARIANTS = {
    "hero": Variant(3, 4, _ON_INK, _AIRY),
    "pass": Variant(12, 3, _ON_INK, (*_AIRY, "empty")),
    "panel": Variant(6, 8, _ON_INK, _AIRY),
    "offer": Variant(
        8,
        3,
        (
            ("f-zafferano-light", ("f-solidarity", "f-common", "f-member", "f-ink")),
            ("f-glicine-light", ("f-ink", "f-territory", "f-lago-300", "f-glicine")),
            ("f-velo", ("f-common", "f-bosco-300", "f-member", "f-ink")),
        ),
        _AIRY,
    ),
    "small": Variant(3, 3, (("f-glicine-light", _BRANCHES),), _AIRY),
    "mark": Variant(2, 2, (("f-glicine-light", _BRANCHES),), _FULL, "mark"),
    "mark l": Variant(2, 2, (("f-glicine-light", _BRANCHES),), _FULL, "mark l"),
    "mark s": Variant(2, 2, (("f-glicine-light", _BRANCHES),), _FULL, "mark s"),
}

_CELL = 20


@lru_cache(maxsize=8192)
def trama_svg(*, seed: str, variant: str) -> str:
    """
    Return the SVG of one pattern; the same seed and variant always draw the same.

    `variant` is a key of VARIANTS. The picture is decoration: readers are told to skip it.
    """
    kind = VARIANTS[variant]
    dice = _dice(seed)
    paper, inks = kind.papers[next(dice) % len(kind.papers)]
    width, height = kind.columns * _CELL, kind.rows * _CELL
    cells = "".join(_cells(kind=kind, inks=inks, dice=dice))
    return (
        f'<svg class="{kind.css}" viewBox="0 0 {width} {height}" aria-hidden="true">'
        f'<path class="{paper}" d="M0 0h{width}v{height}h-{width}z"/>{cells}</svg>'
    )


def _cells(*, kind: Variant, inks: tuple[str, ...], dice: Iterator[int]) -> Iterator[str]:
    """Yield the cells row by row; an ink never meets itself to the left or above."""
    above = [""] * kind.columns
    for row in range(kind.rows):
        left = ""
        for column in range(kind.columns):
            shape = kind.shapes[next(dice) % len(kind.shapes)]
            free = [ink for ink in inks if ink not in (left, above[column])]
            left = above[column] = free[next(dice) % len(free)] if shape != "empty" else ""
            if left:
                yield _cell(shape=shape, ink=left, x=column * _CELL, y=row * _CELL)


def _cell(*, shape: Shape, ink: str, x: int, y: int) -> str:
    right, bottom, half = x + _CELL, y + _CELL, _CELL // 2
    outline = {
        "down": f"M{x} {y}a{half} {half} 0 0 0 {_CELL} 0z",
        "up": f"M{x} {bottom}a{half} {half} 0 0 1 {_CELL} 0z",
        "disc": f"M{x} {y + half}a{half} {half} 0 0 1 {_CELL} 0a{half} {half} 0 0 1 -{_CELL} 0z",
        "quarter": f"M{x} {y}v{_CELL}a{_CELL} {_CELL} 0 0 0 {_CELL} -{_CELL}z",
        "quarter-back": f"M{right} {bottom}v-{_CELL}a{_CELL} {_CELL} 0 0 0 -{_CELL} {_CELL}z",
    }[shape]
    return f'<path class="{ink}" d="{outline}"/>'


def _dice(seed: str) -> Iterator[int]:
    """Yield bytes without end from the seed: the same on every machine and in every version."""
    block = blake2b(seed.encode()).digest()
    while True:
        yield from block
        block = blake2b(block).digest()
