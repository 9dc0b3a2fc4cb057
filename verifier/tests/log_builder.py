"""
A log made as the norms define it, word by word and slowly, and served over loopback.

It shares nothing with the verifier but the definitions: each hash is computed from its leaves.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "coop.example/log/tre-valli"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Signer:
    """An Ed25519 key with a name: of a log (type 1) or of a witness (type 4)."""

    def __init__(self, name: str, kind: int, seed: int) -> None:
        self.name = name
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        material = bytes([kind]) + self._private.public_key().public_bytes_raw()
        self._id = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
        self.vkey = f"{name}+{self._id.hex()}+{b64(material)}"

    def line(self, text: str) -> str:
        return self._line(self._private.sign(text.encode()))

    def cosign(self, text: str, *, second: int) -> str:
        message = f"cosignature/v1\ntime {second}\n{text}".encode()
        return self._line(second.to_bytes(8, "big") + self._private.sign(message))

    def _line(self, made: bytes) -> str:
        return f"— {self.name} {b64(self._id + made)}\n"


LOG = Signer(ORIGIN, 1, 1)
OTHER_LOG = Signer(ORIGIN, 1, 2)
WITNESSES = [Signer(f"testimone-{n}.example", 4, 10 + n) for n in range(3)]
NOON = 1_800_014_400


def mth(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, over entries."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def address(index: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


@dataclass
class Opened:
    salt: bytes
    payload: bytes

    @property
    def entry(self) -> bytes:
        kind = json.loads(self.payload)["kind"].encode()
        return bytes([1, *kind, *hmac.new(self.salt, self.payload, "sha256").digest()])


@dataclass
class BuiltLog:
    """Openings in order; the entries that they open into are the log."""

    openings: list[Opened]
    entries: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.entries = [opening.entry for opening in self.openings]

    def text(self, size: int | None = None) -> str:
        entries = self.entries[:size]
        return f"{ORIGIN}\n{len(entries)}\n{b64(mth(entries))}\n"

    def checkpoint(self, size: int | None = None, *, witnesses: int = 2) -> bytes:
        text = self.text(size)
        lines = [
            LOG.line(text),
            *(witness.cosign(text, second=NOON) for witness in WITNESSES[:witnesses]),
        ]
        return f"{text}\n{''.join(lines)}".encode()

    def proof(self, index: int, size: int | None = None, *, extra: bool = True) -> bytes:
        opening = self.openings[index]
        lines = [
            "c2sp.org/tlog-proof@v1",
            *([f"extra {b64(opening.salt + opening.payload)}"] if extra else []),
            f"index {index}",
            *map(b64, path(index, self.entries[:size])),
            "",
            "",
        ]
        return "\n".join(lines).encode() + self.checkpoint(size)

    def files(self) -> dict[str, bytes]:
        """All that tlog-tiles says is served for this size, by path."""
        files = {"checkpoint": self.checkpoint()}
        count = len(self.entries)
        for start in range(0, count, 256):
            part = self.entries[start : start + 256]
            files[self._path("entries", start // 256, len(part))] = b"".join(
                len(entry).to_bytes(2, "big") + entry for entry in part
            )
        level = 0
        while count >> (8 * level):
            span = 256**level
            hashes = [
                mth(self.entries[at * span : (at + 1) * span]) for at in range(count >> (8 * level))
            ]
            for start in range(0, len(hashes), 256):
                part = hashes[start : start + 256]
                files[self._path(str(level), start // 256, len(part))] = b"".join(part)
            level += 1
        return files

    @staticmethod
    def _path(level: str, index: int, width: int) -> str:
        return f"tile/{level}/{address(index)}" + ("" if width == 256 else f".p/{width}")


def built(size: int) -> BuiltLog:
    """A log of `size` sales."""
    random = Random(size)
    return BuiltLog(
        [
            Opened(
                salt=random.randbytes(32),
                payload=b'{"id":"%032x","kind":"T","member_cents":%d,"v":1}' % (at, at % 977),
            )
            for at in range(size)
        ]
    )


Answer = tuple[int, dict[str, str], bytes]


@contextmanager
def served(
    files: dict[str, bytes], odd: Callable[[str], Answer | None] = lambda _: None
) -> Iterator[str]:
    """Serve `files` under a prefix, and what `odd` says of a path first; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            name = self.path.removeprefix("/log/tre-valli/")
            status, headers, body = odd(name) or (
                (200, {}, files[name]) if name in files else (404, {}, b"")
            )
            self.send_response(status)
            for header, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """The suite's output is for what failed."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hangs up on what it refuses is meant to."""

    with Server(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/log/tre-valli"
        server.shutdown()
