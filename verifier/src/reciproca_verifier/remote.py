"""A log at an address: GET and nothing else, bounded in size and time, no redirect followed."""

import time
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from itertools import islice
from queue import SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from reciproca_verifier.note import MAX_NOTE_BYTES
from reciproca_verifier.proof import ENTRY_BYTES
from reciproca_verifier.told import CannotTell, Failed
from reciproca_verifier.tree import HASH_BYTES, TILE_WIDTH, Tile

CONNECTIONS = 4
AHEAD = 32
"""Requests under way or waiting to be read: all that is ever held of a log."""

SOCKET_TIMEOUT_S = 20
DEADLINE_S = 90
"""For one resource with all its tries, however slowly a server drips it."""

TRIES = 3
PAUSE_S = 0.5

_GZIP_BYTES = 1024
"""By how much compression may lengthen what cannot be compressed."""

_GONE = {404, 410}
_LATER = {408, 425, 429, 500, 502, 503, 504}
_HEADERS = {"Accept-Encoding": "gzip, identity", "User-Agent": "reciproca-verifier"}


class _TryAgain(Exception):
    """The server, or the way to it, is in trouble that may pass; the message says which."""


class Remote:
    """The log under one prefix. Use it as a context manager, so that its connections are closed."""

    def __init__(self, url: str) -> None:
        """Open nothing yet. Raises: CannotTell, if `url` is no address of HTTP."""
        try:
            parts = urlsplit(url.strip())
            host, port = parts.hostname, parts.port
        except ValueError:
            raise CannotTell("url-unreadable", url=url) from None
        legible = url.strip().isascii() and url.strip().isprintable() and " " not in url.strip()
        plain = not (parts.username or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not host or not legible or not plain:
            raise CannotTell("url-unreadable", url=url)
        self.url = url.strip().rstrip("/")
        self._prefix = parts.path.rstrip("/")
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host, self._port = host, port
        self._wanted: SimpleQueue[tuple[Tile | None, Future[bytes]] | None] = SimpleQueue()
        for _ in range(CONNECTIONS):
            # Daemons: a server that never ends its answer does not keep the program from ending.
            Thread(target=self._work, daemon=True).start()

    def __enter__(self) -> "Remote":
        return self

    def __exit__(self, *_: object) -> None:
        for _each in range(CONNECTIONS):
            self._wanted.put(None)

    def checkpoint(self) -> bytes:
        """Return the newest checkpoint as served. Raises: CannotTell, Failed."""
        return self._await(self._ask(None))

    def tiles(self, tiles: Iterable[Tile]) -> Iterator[tuple[Tile, bytes]]:
        """Yield each tile with its bytes, in order; asks ahead. Raises: CannotTell, Failed."""
        asked: deque[tuple[Tile, Future[bytes]]] = deque()
        coming = iter(tiles)
        asked.extend((tile, self._ask(tile)) for tile in islice(coming, AHEAD))
        try:
            while asked:
                tile, future = asked.popleft()
                yield tile, self._await(future)
                asked.extend((tile, self._ask(tile)) for tile in islice(coming, 1))
        finally:
            for _tile, future in asked:
                future.cancel()

    def _ask(self, tile: Tile | None) -> "Future[bytes]":
        future: Future[bytes] = Future()
        self._wanted.put((tile, future))
        return future

    def _await(self, future: "Future[bytes]") -> bytes:
        try:
            return future.result(timeout=DEADLINE_S)
        except TimeoutError:
            raise CannotTell("unreachable", url=self.url, why=f"> {DEADLINE_S} s") from None

    def _work(self) -> None:
        connection = self._kind(self._host, self._port, timeout=SOCKET_TIMEOUT_S)
        while wanted := self._wanted.get():
            tile, future = wanted
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(self._resource(connection, tile))
            except Exception as trouble:
                future.set_exception(trouble)
        connection.close()

    def _resource(self, connection: HTTPConnection, tile: Tile | None) -> bytes:
        if tile is None:
            found = self._get(connection, "checkpoint", limit=MAX_NOTE_BYTES)
            if found is None:
                raise CannotTell("no-log-there", url=self.url)
            return found
        each = 2 + ENTRY_BYTES if tile.level is None else HASH_BYTES
        data = self._get(connection, tile.path, limit=each * tile.width)
        if data is None and tile.width < TILE_WIDTH:
            # A log may drop a partial tile once the full one is there.
            full = self._get(connection, tile.full().path, limit=each * TILE_WIDTH)
            data = full and full[: each * tile.width]
        if data is None:
            raise Failed("tile-missing", path=tile.path)
        if len(data) != each * tile.width:
            raise Failed("tile-short", path=tile.path, found=len(data), expected=each * tile.width)
        return data

    def _get(self, connection: HTTPConnection, path: str, *, limit: int) -> bytes | None:
        """Return what is at `path`, or None if nothing is."""
        for tried in range(1, TRIES + 1):
            try:
                connection.request("GET", f"{self._prefix}/{path}", headers=_HEADERS)
                response = connection.getresponse()
                if response.status in _GONE:
                    connection.close()
                    return None
                return _body(response, path=path, limit=limit)
            except (_TryAgain, OSError, HTTPException, ValueError) as trouble:
                connection.close()
                if tried == TRIES:
                    why = str(trouble) or type(trouble).__name__
                    raise CannotTell("unreachable", url=self.url, why=why) from None
                time.sleep(PAUSE_S * tried)
            except BaseException:
                # What is left of an answer that was refused must not be read as the next.
                connection.close()
                raise
        raise AssertionError


def _body(response: HTTPResponse, *, path: str, limit: int) -> bytes:
    if response.status in _LATER:
        raise _TryAgain(f"HTTP {response.status}")
    if 300 <= response.status < 400:
        raise CannotTell("redirected", path=path, to=response.getheader("Location") or "?")
    if response.status != 200:
        raise CannotTell("unexpected-answer", path=path, status=response.status)
    encoding = (response.getheader("Content-Encoding") or "identity").lower()
    if encoding not in ("identity", "gzip"):
        raise CannotTell("unexpected-answer", path=path, status=response.status)
    zipped = encoding == "gzip"
    data = response.read(limit + 1 + (_GZIP_BYTES if zipped else 0))
    if response.length and len(data) <= limit:
        raise _TryAgain("cut off")
    if zipped:
        data = _unzipped(data, path=path, limit=limit)
    if len(data) > limit:
        raise Failed("too-long", path=path, limit=limit)
    return data


def _unzipped(packed: bytes, *, path: str, limit: int) -> bytes:
    """Return what is in `packed`, or one byte more than `limit` of it."""
    unzip = zlib.decompressobj(wbits=31)
    try:
        data = unzip.decompress(packed, limit + 1)
    except zlib.error:
        raise Failed("not-gzip", path=path) from None
    if not unzip.eof and len(data) <= limit:
        raise Failed("not-gzip", path=path)
    return data
