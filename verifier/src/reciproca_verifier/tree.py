"""Merkle trees of RFC 6962 §2.1 over SHA-256, and the tiles of C2SP tlog-tiles. No I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

TILE_WIDTH = 256
HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbours' parent."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of neighbouring hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def root_of(rows: Sequence[Sequence[bytes]]) -> bytes:
    """
    Return the root of a tree from the right edge of its levels of tiles, lowest level first.

    `rows[level]` holds those hashes, at most 256, that no hash of the level above covers.
    """
    peaks: list[bytes] = []
    for row in reversed(rows):
        start = 0
        for height in range(8, -1, -1):
            if len(row) & (1 << height):
                peaks.append(perfect_root(row[start : start + (1 << height)]))
                start += 1 << height
    if not peaks:
        return EMPTY_ROOT
    root = peaks.pop()
    while peaks:
        root = node_hash(peaks.pop(), root)
    return root


def root_from_inclusion(
    *, leaf: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """
    Return the root that an inclusion proof leads to, or None if it has a wrong number of hashes.

    `leaf` is a leaf's hash; `path` goes from its sibling up to a child of the root. Needs
    0 <= `index` < `size`.
    """
    root, last = leaf, size - 1
    for sibling in path:
        if last == 0:
            return None
        if index % 2 or index == last:
            root = node_hash(sibling, root)
            # The last node of a level may have no sibling; it rises until it has one.
            while index % 2 == 0 and index:
                index, last = index // 2, last // 2
        else:
            root = node_hash(root, sibling)
        index, last = index // 2, last // 2
    return root if last == 0 else None


@dataclass(frozen=True, slots=True)
class Tile:
    """`width` neighbouring hashes of a level of tiles; without a level, as many entries."""

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """Return the address under the log's prefix, as tlog-tiles spells it."""
        number, thousands = f"{self.index % 1000:03}", self.index // 1000
        while thousands:
            number, thousands = f"x{thousands % 1000:03}/{number}", thousands // 1000
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{'entries' if self.level is None else self.level}/{number}{partial}"

    def full(self) -> "Tile":
        """Return this tile once it is full."""
        return Tile(self.level, self.index, TILE_WIDTH)


def tiles_of(size: int) -> Iterator[Tile]:
    """
    Yield every bundle of entries and every tile of a tree, each after what it is made of.

    A bundle comes right before the tile of its leaves, a full tile before the one it closes.
    """
    for index in range(-(-size // TILE_WIDTH)):
        width = min(TILE_WIDTH, size - index * TILE_WIDTH)
        yield Tile(None, index, width)
        yield Tile(0, index, width)
        level, closed = 1, index + 1
        while width == TILE_WIDTH and closed % TILE_WIDTH == 0:
            closed //= TILE_WIDTH
            yield Tile(level, closed - 1, TILE_WIDTH)
            level += 1
    level, hashes = 1, size // TILE_WIDTH
    while hashes:
        if hashes % TILE_WIDTH:
            yield Tile(level, hashes // TILE_WIDTH, hashes % TILE_WIDTH)
        level, hashes = level + 1, hashes // TILE_WIDTH
