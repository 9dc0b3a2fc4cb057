"""
What a proof of one leaf costs in a log of many million leaves, and what it costs to check it.

`make bench BENCH=proofs` fills to a million; `MILLIONS=10` goes to ten (1.5 GB of disk, some
minutes). Most entries are noise without opening: to a tree all commitments look alike. Those that
are proved were recorded like any other, all along the way; the verifier is the one that others run.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from statistics import median

from django.db import connection

from benchmarks.measurement import QUICK, Measurement
from reciproca.shared.ids import fact_id
from reciproca.transparency import actions, queries
from reciproca.transparency.models import Log
from reciproca.transparency.rules.leaves import leaf
from reciproca_verifier.checkpoint import read_policy
from reciproca_verifier.proof import check_proof, read_proof

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
PIECES = 4 if QUICK else 20
MILLIONS = int(os.environ.get("MILLIONS", "1"))
NOISE_IN_A_PIECE = (20_000 if QUICK else MILLIONS * 1_000_000) // PIECES
PROVED_IN_A_PIECE = 20

NOISE = """
INSERT INTO transparency_waiting (fact, entry)
SELECT gen_random_uuid(), '\\x0154'::bytea || sha256(convert_to(random()::text, 'UTF8'))
FROM generate_series(1, %s)
"""


def measure() -> Iterator[Measurement]:
    log = actions.open_log(slug="benchmark")
    facts, sequencing = [], 0.0
    for _ in range(PIECES):
        leaves = [leaf(kind="T", id=fact_id(), content={}) for _ in range(PROVED_IN_A_PIECE)]
        facts += [each.id for each in leaves]
        actions.record(leaves)
        with connection.cursor() as cursor:
            cursor.execute(NOISE, [NOISE_IN_A_PIECE])
        sequencing += _seconds(lambda: actions.sequence(at=NOON))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    size = Log.objects.get().published
    yield Measurement(
        f"log sequenced up to {size} leaves", size / sequencing, "leaves/s", "asked", 5_000
    )
    random.Random("proofs").shuffle(facts)
    files: list[str] = []

    def prove(number: int) -> None:
        found = queries.proof(facts[number])
        assert found is not None
        files.append(found.file)

    yield Measurement(
        f"log proof of one leaf among {size}",
        _median_ms(prove, len(facts)),
        "ms",
        "unnoticed by whoever asks",
        100.0,
    )
    policy = read_policy(vkeys=log.vkeys.split())

    def check(number: int) -> None:
        proven = check_proof(read_proof(files[number].encode()), opening=None, policy=policy)
        assert proven.checkpoint.size == size

    yield Measurement(
        f"log verification of one proof among {size}",
        _median_ms(check, len(files)),
        "ms",
        "unnoticed by whoever asks",
        100.0,
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median_ms(work: Callable[[int], object], times: int) -> float:
    return median(_seconds(partial(work, number)) for number in range(times)) * 1_000
