"""
Leaves of the transparency log: what recording costs a fact, and how many a second get their places.

Beside them, in the same run, the bare work that nothing could avoid: writing the same openings and
entries by COPY, and hashing the same entries into one root.
"""

import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction

from benchmarks.measurement import Measurement
from reciproca.ledger import rules
from reciproca.ledger.leaves import leaves_of
from reciproca.ledger.rules import Move, Posting
from reciproca.shared.ids import fact_id, uuid7
from reciproca.transparency import actions, queries, writing
from reciproca.transparency.models import Leaf, Log
from reciproca.transparency.rules import leaves, merkle

NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
LEAVES, BATCH = 100_000, 5_000
TIMES, PROOFS = 3, 200
FACTS_A_SECOND, SECONDS, LOOK_EVERY = 100, 10, 5


def measure() -> list[Measurement]:
    actions.open_log(slug="benchmark")
    postings = [_sale(number) for number in range(LEAVES)]
    batches = [postings[first : first + BATCH] for first in range(0, LEAVES, BATCH)]
    python = min(
        _seconds(lambda: _committed(batches), clock=time.process_time) for _ in range(TIMES)
    )
    made = _committed(batches)
    recording = _seconds(lambda: _record(made))
    sequencing = _seconds(lambda: actions.sequence(at=NOON))
    assert Leaf.objects.count() == LEAVES
    entries = [each.entry for batch in made for each in batch]
    hashing = min(_seconds(lambda: _root(entries)) for _ in range(TIMES))
    chosen = random.Random("proofs").sample([each.reference for each in postings], PROOFS)
    proving = _seconds(lambda: [queries.proof(fact) for fact in chosen])
    waits = _waits()
    return [
        Measurement(
            f"log proof of one leaf among {LEAVES}",
            proving / PROOFS * 1e3,
            "ms",
            "unnoticed by whoever asks",
            100.0,
        ),
        Measurement(
            f"log from fact to published, p99 at {FACTS_A_SECOND} facts/s",
            waits[len(waits) * 99 // 100],
            "s",
            "what the design promises",
            5.0,
        ),
        Measurement(
            "log recorded, Python's part",
            python / LEAVES * 1e6,
            "µs/leaf",
            "what a leaf may cost a posting",
            15.0,
        ),
        Measurement(
            f"log recorded batch={BATCH}, with the database's part",
            (python + recording) / LEAVES * 1e6,
            "µs/leaf",
            "the same rows by COPY alone",
            recording / LEAVES * 1e6,
        ),
        Measurement(
            "log sequenced",
            LEAVES / sequencing,
            "leaves/s",
            "the same entries hashed into one root and nothing written",
            LEAVES / hashing,
        ),
    ]


def _sale(number: int) -> Posting:
    member, shop, fund = UUID(int=number % 2_000 + 1), UUID(int=1 << 64), UUID(int=2 << 64)
    lot = rules.credit(member=member, issuer=shop, expires_on=date(2027, 12, 31))
    return Posting(
        fact_id(),
        NOON,
        (
            Move(rules.issued(issuer=shop), lot, 92, "value-back"),
            Move(rules.clearing(node=shop), rules.clearing(node=fund), 46, "branch"),
            Move(rules.clearing(node=shop), rules.clearing(node=uuid7()), 46, "branch"),
        ),
    )


def _waits() -> list[float]:
    """Return for how long each of some facts waited to be published, recorded one by one."""
    stop = threading.Event()
    keeper = threading.Thread(
        target=actions.keep, kwargs={"stop": stop, "open_log": Log.objects.exists}
    )
    recorded: dict[UUID, float] = {}
    published: list[tuple[float, int]] = []
    keeper.start()
    begun = time.perf_counter()
    for number in range(FACTS_A_SECOND * SECONDS):
        time.sleep(max(0.0, begun + number / FACTS_A_SECOND - time.perf_counter()))
        [made] = leaves_of([_sale(number)])
        actions.record([made])
        recorded[made.id] = time.perf_counter()
        if number % LOOK_EVERY == 0:
            published.append((time.perf_counter(), Log.objects.get().published))
    while (size := Log.objects.get().published) < LEAVES + len(recorded):
        published.append((time.perf_counter(), size))
        time.sleep(0.02)
    published.append((time.perf_counter(), size))
    stop.set()
    keeper.join()
    places = dict(Leaf.objects.filter(index__gte=LEAVES).values_list("fact", "index"))
    return sorted(
        next(at for at, size in published if size > places[fact]) - since
        for fact, since in recorded.items()
    )


def _committed(batches: Sequence[Sequence[Posting]]) -> list[list[leaves.Opening]]:
    return [leaves.opened(leaves_of(batch)) for batch in batches]


def _record(batches: Sequence[Sequence[leaves.Opening]]) -> None:
    for batch in batches:
        with transaction.atomic():
            writing.write_openings(batch)


def _root(entries: Sequence[bytes]) -> bytes:
    return merkle.root([merkle.leaf_hash(each) for each in entries])


def _seconds(
    work: Callable[[], object], *, clock: Callable[[], float] = time.perf_counter
) -> float:
    started = clock()
    work()
    return clock() - started
