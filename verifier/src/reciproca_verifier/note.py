"""C2SP signed notes and their keys: a text, and lines that say who signed it. No I/O."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reciproca_verifier.told import CannotTell, Failed

MAX_NOTE_BYTES = 128 * 1024
"""Room for sixteen signatures, post-quantum ones included."""

NOTE_KEY = 0x01
WITNESS_KEY = 0x04
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4

_SIGNATURE_LINE = re.compile(r"— (\S+) (\S+)")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")


def exact_base64(text: str) -> bytes | None:
    """Return the bytes that `text` is the one base64 spelling of, or None."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError):
        return None
    return data if b64encode(data).decode() == text else None


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name and its four-byte id."""

    name: str
    key_id: bytes
    public_bytes: bytes

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this key made `signature` over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_bytes).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def read_key(vkey: str, *, kind: int) -> Key:
    """
    Return the key that a line `name+id+base64` spells.

    `kind` is the type it must have: `NOTE_KEY` for a log, `WITNESS_KEY` for a witness.
    Raises: CannotTell.
    """
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    material = exact_base64(encoded)
    if not name or not vkey.strip().isprintable() or " " in name or not material:
        raise CannotTell("vkey-unreadable", vkey=vkey)
    if material[0] != kind:
        raise CannotTell("vkey-other-kind", vkey=vkey, kind=f"{material[0]:#04x}")
    if len(material) != 33 or key_id != _key_id(name, material).hex():
        raise CannotTell("vkey-unreadable", vkey=vkey)
    return Key(name=name, key_id=_key_id(name, material), public_bytes=material[1:])


def _key_id(name: str, material: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + material).digest()[:KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signatures: name, key id, what the key made."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def by(self, key: Key) -> list[bytes]:
        """Return what lines of this key's name and id carry, still to be verified."""
        return [
            made
            for name, key_id, made in self.signatures
            if (name, key_id) == (key.name, key.key_id)
        ]


def read_note(data: bytes, *, what: str) -> Note:
    """Return the note in `data`, nothing of it verified. Raises: Failed, naming `what` it is."""
    if len(data) > MAX_NOTE_BYTES:
        raise Failed("note-too-long", what=what, limit=MAX_NOTE_BYTES)
    try:
        whole = data.decode()
    except UnicodeDecodeError as trouble:
        raise Failed("note-not-text", what=what, byte=trouble.start) from None
    control = _CONTROLS.search(whole)
    if control:
        raise Failed("note-not-text", what=what, byte=len(whole[: control.start()].encode()))
    text, separator, lines = whole.rpartition("\n\n")
    if not separator or not text or not lines.endswith("\n"):
        raise Failed("note-unsigned", what=what)
    signatures = []
    for number, line in enumerate(lines[:-1].split("\n"), 1):
        match = _SIGNATURE_LINE.fullmatch(line)
        made = exact_base64(match[2]) if match and "+" not in match[1] else None
        if match is None or made is None or len(made) <= KEY_ID_BYTES:
            raise Failed("note-signature-unreadable", what=what, line=number)
        signatures.append((match[1], made[:KEY_ID_BYTES], made[KEY_ID_BYTES:]))
    return Note(text=f"{text}\n", signatures=tuple(signatures))
