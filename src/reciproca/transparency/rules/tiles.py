"""
The tree in tiles of 256 hashes, and entries in bundles of as many, as they are kept and served.

A tile of level `l` holds hashes of perfect subtrees of 256^l leaves; a row grows to 256 and is
never looked at again but to be read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reciproca.transparency.rules import merkle
from reciproca.transparency.rules.leaves import ENTRY_BYTES

WIDTH, HEIGHT = 256, 8
HASH_BYTES = 32
ENTRY_IN_BUNDLE = 2 + ENTRY_BYTES
MOST_LEVEL = 63
_PATH = re.compile(r"(x[0-9]{3}/)*[0-9]{3}")

Tile = tuple[int, int]
"""Level and number."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What new leaves change: tiles as they are now, and the tree's new size and root."""

    tiles: dict[Tile, bytes]
    size: int
    root: bytes


def edge(size: int) -> list[Tile]:
    """Return the tiles that are neither empty nor full in a tree of a size, lowest level first."""
    levels = range((size.bit_length() + HEIGHT - 1) // HEIGHT)
    return [(level, size >> HEIGHT * (level + 1)) for level in levels if width(size, level)]


def width(size: int, level: int) -> int:
    """Return how many hashes the partial tile of a level holds in a tree of a size."""
    return (size >> HEIGHT * level) % WIDTH


def grow(*, size: int, partial: Mapping[Tile, bytes], leaves: Sequence[bytes]) -> Growth:
    """Append hashes of leaves to a tree of a size, whose `partial` tiles are those of `edge`."""
    tiles: dict[Tile, bytes] = {}
    last = dict(partial)
    rising, level = list(leaves), 0
    while rising:
        number = size >> HEIGHT * (level + 1)
        hashes = [*_hashes(last.pop((level, number), b"")), *rising]
        rising = []
        for first in range(0, len(hashes), WIDTH):
            part = hashes[first : first + WIDTH]
            tile = (level, number + first // WIDTH)
            tiles[tile] = b"".join(part)
            if len(part) == WIDTH:
                rising.append(merkle.root(part))
            else:
                last[tile] = tiles[tile]
        level += 1
    grown = size + len(leaves)
    return Growth(tiles, grown, root(size=grown, partial=last))


def root(*, size: int, partial: Mapping[Tile, bytes]) -> bytes:
    """Return the root of a tree of a size from its `partial` tiles, those of `edge`."""
    ragged: list[bytes] = []
    for tile in edge(size):
        ragged = [merkle.root([*_hashes(partial[tile]), *ragged])]
    return merkle.root(ragged)


def subtree_of(tile: Callable[[Tile], bytes]) -> merkle.Subtree:
    """Return the reader of perfect subtrees that looks into tiles, of which it needs one each."""

    def subtree(height: int, index: int) -> bytes:
        level, inner = divmod(height, HEIGHT)
        first = index << inner
        number, at = divmod(first, WIDTH)
        hashes = tile((level, number))[at * HASH_BYTES : (at + (1 << inner)) * HASH_BYTES]
        return merkle.root(_hashes(hashes))

    return subtree


def tiles_of(ranges: Sequence[merkle.Range]) -> set[Tile]:
    """Return the tiles that the hashes of these ranges are read from."""
    needed: set[Tile] = set()

    def note(height: int, index: int) -> bytes:
        level, inner = divmod(height, HEIGHT)
        needed.add((level, index << inner >> HEIGHT))
        return merkle.EMPTY_ROOT

    for each in ranges:
        merkle.hash_of(each, note)
    return needed


def path(number: int) -> str:
    """Return a tile's number as it stands in its address: 1234067 is `x001/x234/067`."""
    groups = f"{number:,}".split(",")
    return "/".join([*(f"x{int(group):03}" for group in groups[:-1]), f"{int(groups[-1]):03}"])


def number_of(text: str) -> int | None:
    """Return the number that an address names, None where it is no address of any tile."""
    if not _PATH.fullmatch(text):
        return None
    number = int(text.replace("x", "").replace("/", ""))
    return number if path(number) == text else None


def is_published(*, size: int, tile: Tile, wide: int) -> bool:
    """Tell whether a tree of a size has this tile with so many hashes."""
    level, number = tile
    return 0 < wide <= WIDTH and number * WIDTH + wide <= size >> HEIGHT * level


def bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as they are served: each after its length, two bytes with the higher first."""
    return b"".join([len(each).to_bytes(2, "big") + each for each in entries])


def _hashes(joined: bytes) -> list[bytes]:
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]
