"""C2SP tlog-checkpoint and tlog-cosignature: who says that the log has this head. No I/O."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reciproca_verifier.note import (
    NOTE_KEY,
    SIGNATURE_BYTES,
    WITNESS_KEY,
    Key,
    Note,
    exact_base64,
    read_key,
    read_note,
)
from reciproca_verifier.told import CannotTell, Failed
from reciproca_verifier.tree import EMPTY_ROOT, HASH_BYTES

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
"""Whole numbers below 10^19, without leading zeroes."""

_LATEST_SECOND = 253_402_300_799
"""The end of the year 9999, beyond which no calendar of ours counts."""


def whole_number(text: str) -> int | None:
    """Return the number that `text` spells without leading zeroes, or None."""
    return int(text) if _DECIMAL.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom to believe: the log's own keys, the witnesses', and how many of these must agree."""

    log_keys: tuple[Key, ...]
    witness_keys: tuple[Key, ...] = ()
    quorum: int = 0


def read_policy(*, vkeys: Sequence[str], witnesses: Sequence[str] = (), quorum: int = 0) -> Policy:
    """Return the policy that these keys make. Raises: CannotTell."""
    log_keys = tuple(read_key(vkey, kind=NOTE_KEY) for vkey in vkeys)
    witness_keys = tuple(read_key(vkey, kind=WITNESS_KEY) for vkey in witnesses)
    if len({key.name for key in log_keys}) > 1:
        raise CannotTell("vkeys-of-two-logs")
    # What a witness signs does not name it: one key under two names would count twice.
    if len({key.public_bytes for key in witness_keys}) < len(witness_keys):
        raise CannotTell("witness-twice")
    if not 0 <= quorum <= len({key.name for key in witness_keys}):
        raise CannotTell("quorum-impossible", quorum=quorum, witnesses=len(witness_keys))
    return Policy(log_keys=log_keys, witness_keys=witness_keys, quorum=quorum)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head of the log that its key signed, and each known witness with the last time it did."""

    origin: str
    size: int
    root: bytes
    witnessed_at: dict[str, datetime]


def read_checkpoint(data: bytes, *, policy: Policy, what: str) -> Checkpoint:
    """
    Return the checkpoint in `data`, signed by the log and by enough witnesses.

    Lines of keys that the policy does not know are passed over; a line of a known key must hold.
    `what` names the checkpoint in a refusal. Raises: Failed.
    """
    note = read_note(data, what=what)
    # Verified first: nothing of an unsigned text is looked at.
    _check_log(note, policy, what)
    lines = note.text[:-1].split("\n")
    if len(lines) != 3:
        raise Failed("checkpoint-lines", what=what, lines=len(lines))
    size, root = whole_number(lines[1]), exact_base64(lines[2])
    if size is None or root is None or len(root) != HASH_BYTES:
        raise Failed("checkpoint-unreadable", what=what)
    if lines[0] != policy.log_keys[0].name:
        raise Failed("origin-differs", what=what, origin=lines[0], key=policy.log_keys[0].name)
    if size == 0 and root != EMPTY_ROOT:
        raise Failed("root-differs", what=what, size=0)
    witnessed_at = _check_witnesses(note, policy, what)
    if len(witnessed_at) < policy.quorum:
        raise Failed("quorum-missed", what=what, found=len(witnessed_at), quorum=policy.quorum)
    return Checkpoint(origin=lines[0], size=size, root=root, witnessed_at=witnessed_at)


def _check_log(note: Note, policy: Policy, what: str) -> None:
    signatures = [(key, made) for key in policy.log_keys for made in note.by(key)]
    if not signatures:
        raise Failed("log-did-not-sign", what=what, key=policy.log_keys[0].name)
    for key, made in signatures:
        if not key.signed(note.text.encode(), made):
            raise Failed("signature-wrong", what=what, key=key.name)


def _check_witnesses(note: Note, policy: Policy, what: str) -> dict[str, datetime]:
    witnessed_at: dict[str, datetime] = {}
    for key in policy.witness_keys:
        for made in note.by(key):
            second = int.from_bytes(made[:8])
            message = f"cosignature/v1\ntime {second}\n{note.text}".encode()
            if (
                len(made) != 8 + SIGNATURE_BYTES
                or second > _LATEST_SECOND
                or not key.signed(message, made[8:])
            ):
                raise Failed("signature-wrong", what=what, key=key.name)
            at = datetime.fromtimestamp(second, UTC)
            witnessed_at[key.name] = max(at, witnessed_at.get(key.name, at))
    return witnessed_at
