"""C2SP tlog-proof, and the opening of an entry: what was recorded, and where. No I/O."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

from reciproca_verifier.checkpoint import Checkpoint, Policy, read_checkpoint, whole_number
from reciproca_verifier.note import exact_base64
from reciproca_verifier.told import CannotTell, Failed
from reciproca_verifier.tree import HASH_BYTES, leaf_hash, root_from_inclusion

MAX_PROOF_BYTES = 256 * 1024
ENTRY_BYTES = 34
SALT_BYTES = 32
_HEADER = "c2sp.org/tlog-proof@v1"
_LONGEST_PATH = 63
_LETTER = re.compile("[A-Za-z]")


def is_entry(data: bytes) -> bool:
    """Tell whether these are the 34 bytes of an entry: version 1, an ASCII letter, a commitment."""
    return len(data) == ENTRY_BYTES and data[0] == 1 and data[1:2].isalpha()


@dataclass(frozen=True, slots=True)
class Opening:
    """What an entry commits to, and the salt that keeps it secret until both are shown."""

    salt: bytes
    payload: bytes

    def entry(self) -> bytes:
        """Return the entry that commits to this payload. Raises: Failed."""
        try:
            kind = json.loads(self.payload.decode(), object_pairs_hook=_no_name_twice)["kind"]
        except (ValueError, RecursionError, TypeError, KeyError):
            raise Failed("payload-unreadable") from None
        if not isinstance(kind, str) or not _LETTER.fullmatch(kind):
            raise Failed("payload-unreadable")
        return b"\x01" + kind.encode() + digest(self.salt, self.payload, sha256)


def _no_name_twice(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    pairs = list(pairs)
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError
    return named


@dataclass(frozen=True, slots=True)
class Proof:
    """A place in the log, the way from it to the root, the checkpoint, perhaps the opening."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    opening: Opening | None


def read_proof(data: bytes) -> Proof:
    """
    Return the proof in a file, nothing of it verified.

    The line `extra` holds the salt's 32 bytes and then the payload. Raises: Failed.
    """
    if len(data) > MAX_PROOF_BYTES:
        raise Failed("proof-too-long", limit=MAX_PROOF_BYTES)
    head, separator, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode().split("\n")
    except UnicodeDecodeError as trouble:
        raise Failed("proof-not-text", byte=trouble.start) from None
    if not separator or lines[0] != _HEADER:
        raise Failed("proof-unreadable", line=1)
    number, opening = 1, None
    if lines[1:] and lines[1].startswith("extra "):
        extra = exact_base64(lines[1].removeprefix("extra "))
        if extra is None or len(extra) <= SALT_BYTES:
            raise Failed("proof-unreadable", line=2)
        number, opening = 2, Opening(salt=extra[:SALT_BYTES], payload=extra[SALT_BYTES:])
    named, _, place = (lines[number] if lines[number:] else "").partition(" ")
    index = whole_number(place)
    if named != "index" or index is None:
        raise Failed("proof-unreadable", line=number + 1)
    path: list[bytes] = []
    for at, line in enumerate(lines[number + 1 :], number + 2):
        sibling = exact_base64(line)
        if sibling is None or len(sibling) != HASH_BYTES or len(path) == _LONGEST_PATH:
            raise Failed("proof-unreadable", line=at)
        path.append(sibling)
    return Proof(index=index, path=tuple(path), checkpoint=checkpoint, opening=opening)


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof proves: that this payload is recorded there, under that head."""

    index: int
    payload: bytes
    checkpoint: Checkpoint


def check_proof(proof: Proof, *, opening: Opening | None, policy: Policy) -> Proven:
    """
    Return what `proof` proves, by itself and offline.

    `opening` is given when it did not come in the proof. Raises: Failed, or CannotTell without one
    opening, or with two.
    """
    if (opening is None) == (proof.opening is None):
        raise CannotTell("opening-missing" if opening is None else "opening-twice")
    shown = opening or proof.opening
    assert shown is not None
    checkpoint = read_checkpoint(proof.checkpoint, policy=policy, what="proof")
    if proof.index >= checkpoint.size:
        raise Failed("proof-beyond-size", index=proof.index, size=checkpoint.size)
    root = root_from_inclusion(
        leaf=leaf_hash(shown.entry()),
        index=proof.index,
        size=checkpoint.size,
        path=proof.path,
    )
    if root != checkpoint.root:
        raise Failed("proof-does-not-hold", index=proof.index, size=checkpoint.size)
    return Proven(index=proof.index, payload=shown.payload, checkpoint=checkpoint)
