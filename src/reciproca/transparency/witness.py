"""
A witness for other cooperatives' logs: a small program of its own with a store of its own.

It needs neither Django nor PostgreSQL. One SQLite file holds the logs that its administrator lets
in and the head cosigned last for each; SQLite has it on the disk before a cosignature goes out.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Any

from reciproca.transparency.rules import notes, witnessing
from reciproca.transparency.rules.notes import Checkpoint, NoteMalformed, Signer, Verifier
from reciproca.transparency.rules.witnessing import Answer

SECONDS_TO_WAIT = 5.0
MOST_PER_MINUTE = 120
"""For each log: more than one a second, and room for resuming."""

MALFORMED, NOT_FOUND = Answer(400, "malformed\n"), Answer(404, "not found\n")
TOO_LARGE, TOO_OFTEN = Answer(413, "too large\n"), Answer(429, "too often\n")

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (origin TEXT NOT NULL, vkey TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS head (
  origin TEXT PRIMARY KEY, address TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, note TEXT NOT NULL
) STRICT;
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Store:
    """What a witness remembers, in one file."""

    path: Path

    def let_in(self, verifier: Verifier) -> None:
        """Cosign a log from now on, under this key too; its name is the origin."""
        with self._open() as file:
            file.execute("INSERT OR IGNORE INTO log VALUES (?, ?)", [verifier.name, str(verifier)])

    def logs(self) -> list[tuple[str, int]]:
        """Return the logs that are let in, and the size cosigned last for each."""
        with self._open() as file:
            return file.execute(
                "SELECT DISTINCT log.origin, coalesce(size, 0) FROM log LEFT JOIN head"
                " USING (origin) ORDER BY 1"
            ).fetchall()

    def keys(self, origin: str) -> list[Verifier]:
        """Return the keys of a log, none for one that was not let in."""
        with self._open() as file:
            rows = file.execute("SELECT vkey FROM log WHERE origin = ?", [origin]).fetchall()
        return [notes.read_verifier(vkey) for (vkey,) in rows]

    def latest(self, origin: str) -> Checkpoint | None:
        """Return the head cosigned last for a log."""
        with self._open() as file:
            row = file.execute("SELECT note FROM head WHERE origin = ?", [origin]).fetchone()
        return notes.read_checkpoint(notes.read_note(row[0]).text) if row else None

    def note_at(self, address: str) -> str | None:
        """Return the note cosigned last for the log with this address."""
        with self._open() as file:
            row = file.execute("SELECT note FROM head WHERE address = ?", [address]).fetchone()
        return str(row[0]) if row else None

    def replace(self, old: Checkpoint | None, new: Checkpoint, note: str) -> bool:
        """Keep a head in the place of the one before it; tell if that was still the old one."""
        with self._open() as file:
            if old is None:
                done = file.execute(
                    "INSERT INTO head VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    [new.origin, witnessing.address_of(new.origin), new.size, note],
                )
            else:
                done = file.execute(
                    "UPDATE head SET size = ?, note = ? WHERE origin = ? AND size = ?",
                    [new.size, note, new.origin, old.size],
                )
            return done.rowcount == 1

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, which is on the disk when the block is left."""
        with closing(sqlite3.connect(self.path, timeout=SECONDS_TO_WAIT)) as file:
            file.execute("PRAGMA synchronous = EXTRA")
            file.executescript(SCHEMA)
            with file:
                yield file


@dataclass(slots=True)
class Witness:
    """A witness: its key, its store, and how often each log asked within the minute."""

    signer: Signer
    store: Store
    clock: Callable[[], float] = time.time
    _asked: dict[str, list[float]] = field(default_factory=dict)
    _turn: Lock = field(default_factory=Lock)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosign a checkpoint that grew from the one cosigned last, or say why not."""
        if len(body) > witnessing.LARGEST_BODY_BYTES:
            return TOO_LARGE
        try:
            submission = witnessing.read_submission(body)
        except NoteMalformed:
            return MALFORMED
        head = submission.checkpoint
        keys = self.store.keys(head.origin)
        latest = self.store.latest(head.origin)
        refused = witnessing.refusal(submission, keys=keys, latest=latest)
        if refused:
            return refused
        # Counted only now: without the log's signature nobody uses up what is its own.
        if not self._may_ask(head.origin):
            return TOO_OFTEN
        signed = self.signer.cosign(submission.note.text, at=int(self.clock()))
        given = "".join(each.line for each in submission.note.signatures)
        note = f"{submission.note.text}\n{given}{signed.line}"
        if not self.store.replace(latest, head, note):
            changed = self.store.latest(head.origin)
            return witnessing.conflict(changed.size if changed else 0)
        return Answer(200, signed.line)

    def checkpoint(self, address: str) -> Answer:
        """Hand out the head cosigned last for a log, by the hash of its origin."""
        note = self.store.note_at(address)
        return Answer(200, note) if note else NOT_FOUND

    def _may_ask(self, origin: str) -> bool:
        now = self.clock()
        with self._turn:
            recent = [at for at in self._asked.get(origin, []) if at > now - 60]
            self._asked[origin] = [*recent, now]
        return len(recent) < MOST_PER_MINUTE


def application(witness: Witness) -> Callable[..., Iterable[bytes]]:
    """Return a witness as a WSGI application."""

    def answer(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        try:
            found = _answered(witness, method, path, environ)
        except sqlite3.Error as trouble:
            logger.error("the witness's store: %s", trouble)
            found = Answer(503, "try again\n")
        content = found.body.encode()
        status = f"{found.status} {HTTPStatus(found.status).phrase}"
        start_response(
            status,
            [
                ("Content-Type", found.content_type),
                ("Content-Length", str(len(content))),
                ("Cache-Control", "no-store"),
            ],
        )
        return [content]

    return answer


def _answered(witness: Witness, method: str, path: str, environ: dict[str, Any]) -> Answer:
    if path == "/add-checkpoint":
        if method != "POST":
            return Answer(405, "send it by POST\n")
        return witness.add_checkpoint(_body(environ))
    address, _, last = path.removeprefix("/").partition("/")
    if path == "/vkey" and method == "GET":
        return Answer(200, f"{witness.signer.verifier}\n")
    if last != "checkpoint" or method != "GET":
        return NOT_FOUND
    return witness.checkpoint(address)


def _body(environ: dict[str, Any]) -> bytes:
    """Return what was sent, but never more than one byte beyond what is taken."""
    told = environ.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isdecimal() else 0
    content: bytes = environ["wsgi.input"].read(min(length, witnessing.LARGEST_BODY_BYTES + 1))
    return content
