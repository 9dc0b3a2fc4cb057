"""
Signed notes: checkpoints, the keys that sign and cosign them, and proofs around them.

Norms: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE, POST_QUANTUM = 1, 4, 6
"""Types of keys: a log's, a witness's, and a witness's that we carry but cannot check."""

ID_BYTES, SEED_BYTES, TIME_BYTES = 4, 32, 8
MOST_SIGNATURES = 64
_SECRET = "PRIVATE+KEY"  # noqa: S105
_SIGNATURE = re.compile(r"— (?P<name>[^\s+]+) (?P<blob>[A-Za-z0-9+/]+=*)")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteMalformed(ValueError):
    """Not a note, a checkpoint or a key as the norms write them."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note, not checked yet."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {encoded(self.key_id + self.content)}\n"

    @property
    def signed_at(self) -> int:
        """Return when a cosignature was given, in seconds since 1970."""
        return int.from_bytes(self.content[:TIME_BYTES], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: whose, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return what is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name, as `name+id+key` (a vkey) tells them."""

    name: str
    algorithm: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        named = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return sha256(named).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.algorithm]) + self.public)}"

    def made(self, signature: Signature) -> bool:
        """Tell whether a signature says that it is of this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verifies(self, text: str, signature: Signature) -> bool:
        """Tell whether this key signed the text."""
        if not self.made(signature):
            return False
        message, content = text, signature.content
        if self.algorithm == COSIGNATURE:
            message, content = _cosigned(text, signature.signed_at), content[TIME_BYTES:]
        elif self.algorithm != ED25519:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(content, message.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name; written, it is `PRIVATE+KEY+name+id+seed`."""

    name: str
    algorithm: int
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.algorithm, self._key.public_key().public_bytes_raw())

    def written(self) -> str:
        """Return the key as its file holds it."""
        key_id = self.verifier.key_id.hex()
        return f"{_SECRET}+{self.name}+{key_id}+{encoded(bytes([self.algorithm]) + self.seed)}"

    def sign(self, text: str) -> Signature:
        """Sign a text as a log does."""
        assert self.algorithm == ED25519
        return self._signature(self._key.sign(text.encode()))

    def cosign(self, text: str, *, at: int) -> Signature:
        """Sign a checkpoint's text as a witness does, `at` seconds since 1970."""
        assert self.algorithm == COSIGNATURE
        signed = self._key.sign(_cosigned(text, at).encode())
        return self._signature(at.to_bytes(TIME_BYTES, "big") + signed)

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def _signature(self, content: bytes) -> Signature:
        return Signature(self.name, self.verifier.key_id, content)


def new_signer(*, name: str, algorithm: int) -> Signer:
    """Return a new key. Raises: NoteMalformed, for a name that notes cannot carry."""
    _check_name(name)
    return Signer(name, algorithm, Ed25519PrivateKey.generate().private_bytes_raw())


def read_signer(text: str) -> Signer:
    """Return the key that a file holds. Raises: NoteMalformed."""
    head, _, rest = text.strip().partition(f"{_SECRET}+")
    parts = rest.split("+", 2)
    if head or len(parts) != 3:
        raise NoteMalformed("not a private key")
    name, key_id, key = parts[0], parts[1], decoded(parts[2])
    if key[:1] not in (bytes([ED25519]), bytes([COSIGNATURE])) or len(key) != 1 + SEED_BYTES:
        raise NoteMalformed("not a private key of a kind that signs here")
    signer = Signer(name, key[0], key[1:])
    if signer.verifier.key_id.hex() != key_id:
        raise NoteMalformed("the key is not the one that its id names")
    return signer


def read_verifier(text: str) -> Verifier:
    """Return the public key of a vkey. Raises: NoteMalformed."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise NoteMalformed("a vkey is name+id+key")
    name, key_id, key = parts[0], parts[1], decoded(parts[2])
    _check_name(name)
    if len(key) < 2:
        raise NoteMalformed("the key is empty")
    verifier = Verifier(name, key[0], key[1:])
    if verifier.key_id.hex() != key_id:
        raise NoteMalformed("the key is not the one that its id names")
    return verifier


def read_note(text: str) -> Note:
    """Return a note and its signatures, none of them checked. Raises: NoteMalformed."""
    body, blank, tail = text.rpartition("\n\n")
    if not blank or not tail.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise NoteMalformed("a note is a text, an empty line and signatures")
    return Note(body + "\n", read_signatures(tail))


def read_signatures(lines: str) -> tuple[Signature, ...]:
    """Return signatures written one a line. Raises: NoteMalformed."""
    found = [_SIGNATURE.fullmatch(line) for line in lines.removesuffix("\n").split("\n")]
    if len(found) > MOST_SIGNATURES:
        raise NoteMalformed("too many signatures")
    signatures = []
    for each in found:
        blob = decoded(each["blob"]) if each else b""
        if each is None or len(blob) <= ID_BYTES:
            raise NoteMalformed("a signature is a dash, a name and base64")
        signatures.append(Signature(each["name"], blob[:ID_BYTES], blob[ID_BYTES:]))
    return tuple(signatures)


def read_checkpoint(text: str) -> Checkpoint:
    """Return the head that a note's text tells; further lines are let be. Raises: NoteMalformed."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0]:
        raise NoteMalformed("a checkpoint is an origin, a size and a root")
    root = decoded(lines[2])
    if len(root) != 32:
        raise NoteMalformed("a root is 32 bytes")
    return Checkpoint(lines[0], read_number(lines[1]), root)


def read_number(text: str) -> int:
    """Return a size as notes write it, without leading zeroes. Raises: NoteMalformed."""
    if not _NUMBER.fullmatch(text):
        raise NoteMalformed("not a size")
    return int(text)


def written_proof(*, index: int, proof: Sequence[bytes], note: str, extra: bytes = b"") -> str:
    """Return a proof of inclusion as a `.tlog-proof` file holds it."""
    told = f"extra {encoded(extra)}\n" if extra else ""
    hashes = "".join(f"{encoded(each)}\n" for each in proof)
    return f"c2sp.org/tlog-proof@v1\n{told}index {index}\n{hashes}\n{note}"


def encoded(content: bytes) -> str:
    """Return bytes as notes write them."""
    return b64encode(content).decode()


def decoded(text: str) -> bytes:
    """Return the bytes that a text of a note stands for. Raises: NoteMalformed."""
    try:
        content = b64decode(text, validate=True)
    except (NotBase64, ValueError) as mistake:
        raise NoteMalformed("not base64") from mistake
    if encoded(content) != text:
        raise NoteMalformed("not base64 in its one spelling")
    return content


def _cosigned(text: str, at: int) -> str:
    return f"cosignature/v1\ntime {at}\n{text}"


def _check_name(name: str) -> None:
    if not name or "+" in name or any(c.isspace() for c in name):
        raise NoteMalformed("a key's name has neither spaces nor plus signs")
