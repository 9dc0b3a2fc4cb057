"""A whole log read again: each entry, each tile, each head that somebody remembers."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reciproca_verifier.checkpoint import Checkpoint
from reciproca_verifier.proof import ENTRY_BYTES, is_entry
from reciproca_verifier.remote import Remote
from reciproca_verifier.told import Failed
from reciproca_verifier.tree import (
    HASH_BYTES,
    TILE_WIDTH,
    Tile,
    leaf_hash,
    perfect_root,
    root_of,
    tiles_of,
)

_LENGTH = ENTRY_BYTES.to_bytes(2)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Audited:
    """What was read: entries by their kind's letter, and how many tiles and bundles."""

    kinds: dict[str, int]
    tiles: int
    bundles: int


def audit(
    remote: Remote,
    *,
    head: Checkpoint,
    earlier: Mapping[str, Checkpoint],
    progress: Progress,
) -> Audited:
    """
    Read all that `head` stands for and compare each hash, up to the root.

    `earlier` are heads of the same log seen before, by what to call them: the log must have had
    each of them. Memory does not grow with the log. `progress` hears entries read, and of how many.
    Raises: Failed, CannotTell.
    """
    for what, checkpoint in earlier.items():
        if checkpoint.size > head.size:
            raise Failed("log-shrank", what=what, size=checkpoint.size, head=head.size)
    heads = [("checkpoint", head), *earlier.items()]
    kinds: Counter[int] = Counter()
    read = {True: 0, False: 0}
    rows: list[list[bytes]] = [[]]
    for tile, data in remote.tiles(tiles_of(head.size)):
        read[tile.level is None] += 1
        if tile.level is None:
            rows[0] = _leaves(tile, data, kinds)
            continue
        _compare(tile, data, rows[tile.level])
        if tile.level == 0:
            start = tile.index * TILE_WIDTH
            _check_heads(heads, rows, start)
            progress(start + tile.width, head.size)
        if tile.width == TILE_WIDTH:
            if tile.level + 1 == len(rows):
                rows.append([])
            rows[tile.level + 1].append(perfect_root(rows[tile.level]))
            rows[tile.level] = []
    return Audited(
        kinds={chr(kind): count for kind, count in sorted(kinds.items())},
        tiles=read[False],
        bundles=read[True],
    )


def _leaves(tile: Tile, data: bytes, kinds: "Counter[int]") -> list[bytes]:
    """Return the hashes of a bundle's entries, once each has the form that all must have."""
    leaves: list[bytes] = []
    for at in range(0, len(data), 2 + ENTRY_BYTES):
        entry = data[at + 2 : at + 2 + ENTRY_BYTES]
        if data[at : at + 2] != _LENGTH or not is_entry(entry):
            index = tile.index * TILE_WIDTH + len(leaves)
            raise Failed("entry-malformed", path=tile.path, index=index, byte=at)
        kinds[entry[1]] += 1
        leaves.append(leaf_hash(entry))
    return leaves


def _check_heads(heads: list[tuple[str, Checkpoint]], rows: list[list[bytes]], start: int) -> None:
    """Compare the root of each head that ends within the leaves just read."""
    for what, checkpoint in heads:
        count = checkpoint.size - start
        if 0 < count <= len(rows[0]) and root_of([rows[0][:count], *rows[1:]]) != checkpoint.root:
            raise Failed("root-differs", what=what, size=checkpoint.size)


def _compare(tile: Tile, data: bytes, hashes: list[bytes]) -> None:
    for at, computed in enumerate(hashes):
        byte = at * HASH_BYTES
        if data[byte : byte + HASH_BYTES] != computed:
            index = tile.index * TILE_WIDTH + at
            raise Failed("tile-differs", path=tile.path, hash=at, byte=byte, index=index)
