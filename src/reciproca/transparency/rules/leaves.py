"""
What a fact leaves in the log: 34 bytes that say nothing without their salt.

Source: docs/log-for-engineers.md
"""

import hmac
import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import rfc8785

ENTRY_BYTES, SALT_BYTES = 34, 32
VERSION = b"\x01"

KINDS = {
    "T": "posting: a sale, gift or line of a run with all its transfers",
    "P": "policy adopted",
    "R": "result of a run",
    "B": "vote cast",
    "V": "ballot opened or counted",
    "E": "opening erased",
}


class Leaf(NamedTuple):
    """A fact to be logged: one of `KINDS`, the fact's id, its payload as canonical JSON."""

    kind: str
    id: UUID
    payload: bytes


class Opening(NamedTuple):
    """A leaf with its salt and the entry that commits to both."""

    leaf: Leaf
    salt: bytes
    entry: bytes


def leaf(*, kind: str, id: UUID, content: Mapping[str, object]) -> Leaf:  # noqa: A002
    """
    Return a fact as it is logged; `content` holds texts, whole numbers, lists and objects of them.

    Raises: ValueError, for a float, a whole number beyond 2^53, or half a character.
    """
    return Leaf(kind, id, canonical({**content, "v": 1, "kind": kind, "id": str(id)}))


def canonical(value: object) -> bytes:
    """
    Return a value as canonical JSON (RFC 8785).

    Raises: ValueError, for what has no single spelling; a float is such here, though not there.
    """
    _refuse_floats(value)
    return rfc8785.dumps(value)  # type: ignore[arg-type]


def opened(leaves: Sequence[Leaf]) -> list[Opening]:
    """Return leaves with fresh salts, from the system's own source, and their entries."""
    # One request for all of them: each salt is its own 32 bytes of it.
    salts = os.urandom(SALT_BYTES * len(leaves))
    return [
        Opening(each, salt, entry(kind=each.kind, salt=salt, payload=each.payload))
        for number, each in enumerate(leaves)
        if (salt := salts[number * SALT_BYTES : (number + 1) * SALT_BYTES])
    ]


def entry(*, kind: str, salt: bytes, payload: bytes) -> bytes:
    """Return the 34 bytes of a leaf: version, kind and HMAC-SHA256 of the payload."""
    return VERSION + kind.encode() + hmac.digest(salt, payload, "sha256")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError(f"a payload holds whole numbers, not {value}")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)
