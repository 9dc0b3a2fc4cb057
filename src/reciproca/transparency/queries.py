"""Reads of the log: what it serves to everybody, and the proof of one fact."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from reciproca.shared.arrays import array_of_uuids
from reciproca.transparency import reading
from reciproca.transparency.models import Checkpoint, Erasure, Leaf, Log, Opening, Waiting, Witness
from reciproca.transparency.rules import merkle, notes, tiles

WAITS_FOR_WITNESSES = timedelta(seconds=5)
"""As long as a new head may hold back for its cosignatures: a checkpoint is fresh and witnessed."""


WITNESSED_WITHIN = timedelta(hours=24)
"""Below the quorum for longer, somebody is told."""


@dataclass(frozen=True, slots=True)
class LogInfo:
    """Where the log is read, and what somebody outside must know to check it."""

    prefix: str
    origin: str
    vkeys: Sequence[str]
    size: int
    witnesses: Sequence[str]
    quorum: int
    stopped: str

    @property
    def vkey(self) -> str:
        return self.vkeys[0]


@dataclass(frozen=True, slots=True)
class Proof:
    """
    A fact's proof, as a `.tlog-proof` file, and what it opens.

    Its line `extra` holds the salt's 32 bytes and then the payload.
    """

    kind: str
    index: int
    file: str
    payload: str
    salt: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How far a fact has come: recorded (it exists), published, and witnessed by how many of how many.

    `index` is None while it waits for a place; `erased` when its opening is gone.
    """

    index: int | None
    published: bool
    witnesses: int
    cosigned: int
    quorum: int
    erased: bool

    @property
    def witnessed(self) -> bool:
        return self.published and self.cosigned >= max(self.quorum, 1)


def info() -> LogInfo | None:
    """Return what is public about the log; None before it is open."""
    log = Log.objects.first()
    if log is None:
        return None
    return LogInfo(
        prefix=prefix(log.origin),
        origin=log.origin,
        vkeys=log.vkeys.split(),
        size=log.published,
        witnesses=list(Witness.objects.order_by("id").values_list("vkey", flat=True)),
        quorum=log.quorum,
        stopped=log.stopped,
    )


def prefix(origin: str) -> str:
    """Return the address under which a log of this installation is read."""
    return f"{settings.BASE_URL}/log/{slug_of(origin)}"


def slug_of(origin: str) -> str:
    """Return the last part of an origin, which addresses repeat."""
    return origin.rpartition("/")[2]


def log_of(slug: str) -> Log | None:
    """Return the log if it is the one that an address names."""
    log = Log.objects.first()
    return log if log and slug_of(log.origin) == slug else None


def served_size(log: Log, *, now: datetime) -> int:
    """
    Return the size of the head that everybody is shown.

    The newest one, but for its first seconds the newest that witnesses have cosigned already: a
    head is shown late rather than without them, and without them rather than never.
    """
    if log.quorum == 0 or log.witnessed == log.published or log.witnessed == 0:
        return log.published
    signed = Checkpoint.objects.filter(pk=log.published, recorded_at__gt=now - WAITS_FOR_WITNESSES)
    return log.witnessed if signed.exists() else log.published


def lacking_witnesses(*, now: datetime) -> tuple[int, int] | None:
    """
    Return how many witnesses answered within a day, and the quorum, if they are too few.

    A log that is younger than a day lacks nobody yet.
    """
    log = Log.objects.first()
    if log is None or log.quorum == 0 or log.opened_at > now - WITNESSED_WITHIN:
        return None
    answered = Witness.objects.filter(answered_at__gt=now - WITNESSED_WITHIN).count()
    return (answered, log.quorum) if answered < log.quorum else None


def note(size: int) -> str | None:
    """Return a published checkpoint with its signatures, ours first; None if there is none."""
    checkpoint = Checkpoint.objects.filter(pk=size).prefetch_related("signatures").first()
    if checkpoint is None:
        return None
    origin = checkpoint.text.partition("\n")[0]
    signatures = sorted(
        checkpoint.signatures.all(), key=lambda each: (each.name != origin, each.name, each.key_id)
    )
    lines = "".join(each.line for each in signatures)
    return f"{checkpoint.text}\n{lines}" if lines else None


def tile(log: Log, *, level: int, number: int, wide: int) -> bytes | None:
    """Return the first hashes of a tile, None beyond what is published."""
    at = (level, number)
    if not tiles.is_published(size=log.published, tile=at, wide=wide):
        return None
    return reading.tiles([at])[at][: wide * tiles.HASH_BYTES]


def bundle(log: Log, *, number: int, wide: int) -> bytes | None:
    """Return the first entries of a bundle, None beyond what is published."""
    if not tiles.is_published(size=log.published, tile=(0, number), wide=wide):
        return None
    return reading.bundle(number)[: wide * tiles.ENTRY_IN_BUNDLE]


def kind_of(fact: UUID, /) -> str | None:
    """Return which kind of fact left a leaf; None for one that left none, or was erased."""
    return Opening.objects.filter(pk=fact).values_list("kind", flat=True).first()


def is_erased(fact: UUID, /) -> bool:
    """Tell whether a fact's opening was erased."""
    return Erasure.objects.filter(pk=fact).exists()


def openings_among(facts: Collection[UUID], /) -> dict[UUID, int | None]:
    """
    Return those of these facts that can still be opened, each with its index, in one SQL query.

    The index of one that waits for its place is None.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.fact, l.index FROM transparency_opening o"
            " LEFT JOIN transparency_leaf l ON l.fact = o.fact WHERE o.fact = ANY(%s::uuid[])",
            [array_of_uuids(facts)],
        )
        return dict(cursor.fetchall())


def standing(fact: UUID, /) -> Standing | None:
    """Return how far a fact has come; None for one that never left a leaf."""
    log = Log.objects.first()
    place = Leaf.objects.filter(fact=fact).values_list("index", flat=True).first()
    if place is None and not Waiting.objects.filter(pk=fact).exists():
        return None
    published = place is not None and log is not None and log.published > place
    return Standing(
        index=place,
        published=published,
        witnesses=Witness.objects.count(),
        cosigned=Witness.objects.filter(cosigned__gt=place).count() if published else 0,
        quorum=log.quorum if log else 0,
        erased=is_erased(fact),
    )


def proof(fact: UUID, /) -> Proof | None:
    """
    Return a fact's proof against the newest head with a quorum; None while there is no such head.

    One that was erased, or never recorded, has none either: ask `is_erased` and `standing`.
    """
    log = Log.objects.first()
    leaf = Leaf.objects.filter(fact=fact).first()
    opening = Opening.objects.filter(pk=fact).first()
    if log is None or leaf is None or opening is None:
        return None
    size = log.witnessed if log.quorum else log.published
    told = note(size) if leaf.index < size else None
    if told is None:
        return None
    salt = bytes(opening.salt)
    return Proof(
        kind=opening.kind,
        index=leaf.index,
        file=notes.written_proof(
            index=leaf.index,
            proof=hashes(merkle.inclusion_ranges(index=leaf.index, size=size)),
            note=told,
            extra=salt + opening.payload.encode(),
        ),
        payload=opening.payload,
        salt=salt,
    )


def hashes(ranges: Sequence[merkle.Range], /) -> list[bytes]:
    """Return the hashes that make a proof, in one SQL query however large the log is."""
    kept = reading.tiles(tiles.tiles_of(ranges))
    subtree = tiles.subtree_of(kept.__getitem__)
    return [merkle.hash_of(each, subtree) for each in ranges]


def root_at(size: int, /) -> bytes:
    """Return the root that the log had at a size that it has reached."""
    if size == 0:
        return merkle.EMPTY_ROOT
    return hashes([(0, size)])[0]
