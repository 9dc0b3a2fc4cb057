"""
Giving waiting entries their places, and signing what then stands.

One sequencer at a time holds the log's row. Tiles, bundles, head and the checkpoint's text are one
transaction; only after its commit was acknowledged is anything signed. Where a standby may lack it
(`CommitUnknown`, docs/decisions/0027-unknown-commits.md) what it wrote may be lost in a failover:
signing waits for a later commit, which stands behind it in the write-ahead log.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from reciproca.shared.arrays import array_of_uuids
from reciproca.transparency import guarding, keys, queries, reading, writing
from reciproca.transparency.models import Checkpoint, Log, Signature
from reciproca.transparency.rules import merkle, notes, tiles

MOST_AT_ONCE = 5_000


def sequence(*, at: datetime) -> int:
    """
    Give places to all entries that wait, sign, and return how many they were.

    What a crash left unsigned is signed first.

    Raises: CommitUnknown, keys.KeyMissing, keys.KeyUnreadable.
    """
    log = Log.objects.first()
    if log is None or log.stopped or guarding.check_archive():
        return 0
    if log.published < log.size:
        sign(up_to=confirm(at=at), at=at)
    total = 0
    while batch := append_batch():
        sign(up_to=batch.size, at=at)
        total += batch.taken
    return total


class Batch(NamedTuple):
    """How many entries got their places, and the size that the log then has, safely."""

    taken: int
    size: int


def append_batch() -> Batch | None:
    """
    Give places to as many waiting entries as one batch takes; None when none waits.

    Raises: CommitUnknown.
    """
    with transaction.atomic(durable=True):
        log = Log.objects.select_for_update().get()
        waiting = _waiting()
        if not waiting or log.stopped:
            return None
        size = _append(log, waiting)
    return Batch(len(waiting), size)


def confirm(*, at: datetime) -> int:
    """
    Return the log's size once everything up to it is known to be safe. Raises: CommitUnknown.
    """
    with transaction.atomic(durable=True):
        log = Log.objects.select_for_update().get()
        # A commit that writes: it stands behind all others, and is waited for as they were.
        Log.objects.update(confirmed_at=at)
    return log.size


def sign(*, up_to: int, at: datetime) -> None:
    """Sign what has no signature of ours, of sizes known to be safe, and publish it."""
    log = Log.objects.get()
    unsigned = list(
        Checkpoint.objects.filter(size__gt=log.published, size__lte=up_to).order_by("size")
    )
    if log.stopped or not unsigned:
        return
    signers = keys.signers(keys.key_path())
    with transaction.atomic():
        Signature.objects.bulk_create(
            [
                Signature(
                    checkpoint=checkpoint,
                    name=signer.name,
                    key_id=signer.verifier.key_id.hex(),
                    line=signer.sign(checkpoint.text).line,
                    signed_at=at,
                )
                for checkpoint in unsigned
                for signer in signers
            ],
            ignore_conflicts=True,
        )
        newest = unsigned[-1].size
        Log.objects.filter(published__lt=newest).update(published=newest)
    guarding.keep_archive(queries.note(newest))


def _waiting() -> list[tuple[UUID, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fact, entry FROM transparency_waiting ORDER BY fact LIMIT %s", [MOST_AT_ONCE]
        )
        return [(fact, bytes(entry)) for fact, entry in cursor.fetchall()]


def _append(log: Log, waiting: Sequence[tuple[UUID, bytes]]) -> int:
    entries = [entry for _, entry in waiting]
    grown = tiles.grow(
        size=log.size,
        partial=reading.tiles(tiles.edge(log.size)),
        leaves=[merkle.leaf_hash(entry) for entry in entries],
    )
    writing.write_places(first=log.size, facts=(fact for fact, _ in waiting))
    writing.write_tiles(grown.tiles)
    writing.write_bundles(_bundles(log.size, entries))
    text = notes.Checkpoint(log.origin, grown.size, grown.root).text
    Checkpoint.objects.create(size=grown.size, text=text)
    Log.objects.update(size=grown.size, root=grown.root)
    with connection.cursor() as cursor:
        # By name: what was recorded meanwhile may have a smaller id and has no place yet.
        cursor.execute(
            "DELETE FROM transparency_waiting WHERE fact = ANY(%s::uuid[])",
            [array_of_uuids(fact for fact, _ in waiting)],
        )
    return grown.size


def _bundles(size: int, entries: Sequence[bytes]) -> dict[int, bytes]:
    number, begun = divmod(size, tiles.WIDTH)
    bundles = {number: reading.bundle(number)} if begun else {}
    done = 0
    while done < len(entries):
        number, wide = divmod(size + done, tiles.WIDTH)
        part = entries[done : done + tiles.WIDTH - wide]
        bundles[number] = bundles.get(number, b"") + tiles.bundle(part)
        done += len(part)
    return bundles
