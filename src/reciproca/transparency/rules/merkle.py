"""
Trees of hashes as RFC 6962 section 2.1 shapes them: roots and proofs, and what proofs prove.

A proof is first a list of ranges of leaves, each of which is one hash; `hash_of` then reads them
from wherever perfect subtrees are kept.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()

Range = tuple[int, int]
"""Leaves from a first one up to, not including, a last one."""

Subtree = Callable[[int, int], bytes]
"""Returns the hash of the perfect subtree of 2^height leaves with this index at its height."""


class ProofWrong(ValueError):
    """A proof that does not fit its sizes; it proves nothing."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of leaves, or of perfect subtrees all of one height."""
    if not hashes:
        return EMPTY_ROOT
    row = hashes
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        # Whoever stands alone at the right rises as it is.
        row = [*above, row[-1]] if len(row) % 2 else above
    return row[0]


def inclusion_ranges(*, index: int, size: int) -> list[Range]:
    """Return what a leaf's proof is made of, from its sibling up to the root's child."""
    assert 0 <= index < size
    path: list[Range] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append((middle, last))
            last = middle
        else:
            path.append((first, middle))
            first = middle
    return path[::-1]


def consistency_ranges(*, old: int, new: int) -> list[Range]:
    """Return what proves that a tree grew out of an older one, if anything must be proved."""
    assert 0 <= old <= new
    if old in (0, new):
        return []
    path: list[Range] = []
    first, last = 0, new
    while old != last:
        middle = first + _split(last - first)
        if old <= middle:
            path.append((middle, last))
            last = middle
        else:
            path.append((first, middle))
            first = middle
    # The old root itself is known to whoever asks.
    return [*([(first, last)] if first else []), *path[::-1]]


def hash_of(leaves: Range, subtree: Subtree) -> bytes:
    """Return the hash of a range that a proof names, from subtrees ever smaller to the right."""
    first, last = leaves
    parts = []
    while first < last:
        height = (last - first).bit_length() - 1
        parts.append(subtree(height, first >> height))
        first += 1 << height
    whole = parts.pop()
    while parts:
        whole = node_hash(parts.pop(), whole)
    return whole


def root_by_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that a leaf's proof leads to. Raises: ProofWrong, of another length."""
    if not 0 <= index < size:
        raise ProofWrong
    ranges = inclusion_ranges(index=index, size=size)
    if len(ranges) != len(proof):
        raise ProofWrong
    found = leaf
    for (_, last), sibling in zip(ranges, proof, strict=True):
        found = node_hash(sibling, found) if last <= index else node_hash(found, sibling)
    return found


def roots_by_consistency(
    *, old: int, new: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """
    Return the old and the new root that a proof leads to; `0 < old < new`.

    Raises: ProofWrong, of another length.
    """
    if not 0 < old < new:
        raise ProofWrong
    ranges = consistency_ranges(old=old, new=new)
    if len(ranges) != len(proof):
        raise ProofWrong
    steps = list(zip(ranges, proof, strict=True))
    # Where the old tree is a subtree of the new one, the proof leaves it out: it is the old root.
    seed = steps.pop(0)[1] if ranges[0][1] == old else old_root
    before = after = seed
    for (_, last), sibling in steps:
        if last <= old:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
        else:
            after = node_hash(after, sibling)
    return before, after


def _split(count: int) -> int:
    """Return the largest power of two below a count of leaves."""
    return 1 << ((count - 1).bit_length() - 1)
