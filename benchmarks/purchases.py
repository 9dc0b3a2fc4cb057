"""
Purchases per second: in batches as an import records them, and one by one through HTTP.

Beside the batches, in the same run, the very rows that were written, written again by bare SQL into
tables with the same columns and indexes and no rules; beside HTTP, a bare view that inserts a row.
"""

import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.utils import timezone

from benchmarks.bare import TABLES, copy_batch, make_bare_tables, rows_of
from benchmarks.measurement import Measurement
from benchmarks.selling.tills import selling
from reciproca.purchases import actions
from reciproca.purchases.tests.community import NOON, Community, make_community
from reciproca.registry import actions as registry
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import Node

PEOPLE = 2_000
BATCH, BATCHES = 2_000, 10
FEW_TILLS = {4: "purchases http clients=4"}
MANY_TILLS = {64: "sale http clients=64"}


def measure() -> list[Measurement]:
    here = make_community()
    people = _people()
    return [*_in_batches(here, people), *selling(here, people, names=FEW_TILLS)]


def sales_over_http() -> list[Measurement]:
    """Return what many tills sell at once, in a community that is made here."""
    return selling(make_community(), _people(), names=MANY_TILLS)


def _people() -> list[Node]:
    ids = registry.register_people(
        people=[PersonIn(first_name="Socia", last_name=str(n)) for n in range(PEOPLE)],
        recorded_by=None,
        recorded_at=timezone.now(),
    )
    found = Node.objects.in_bulk(ids)
    return [found[each] for each in ids]


def _in_batches(here: Community, people: Sequence[Node]) -> list[Measurement]:
    chance = random.Random("batches")
    batches = [
        [
            here.sale(
                chance.randint(100, 9_000),
                shop=chance.choice(here.shops),
                member=chance.choice(people),
                credit=50 if chance.random() < 0.05 else 0,
                up_to=True,
            )
            for _ in range(BATCH)
        ]
        for _ in range(BATCHES)
    ]
    recorded: list[list[Any]] = []

    def record() -> None:
        for batch in batches:
            done = actions.record_sales(sales=batch, recorded_by=None, recorded_at=NOON)
            recorded.append([each.purchase_id for each in done])

    ours = _per_second(record, BATCH * BATCHES)
    rows = [{table: rows_of(table, ids) for table in TABLES} for ids in recorded]
    make_bare_tables()

    def copy() -> None:
        for batch in rows:
            copy_batch(batch)

    bare = _per_second(copy, BATCH * BATCHES)
    return [
        Measurement(
            f"purchases batch={BATCH} accounts={PEOPLE * 3}",
            ours,
            "purchases/s",
            "the same rows by bare COPY",
            bare,
        )
    ]


def _per_second(work: Callable[[], object], count: int) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)
