"""
Purchases per second by import, from the file's first byte to the last sum, and its memory.

Beside it, in the same run, the very rows that were written, written again by bare SQL into tables
with the same columns and indexes and no rules. A first file makes the people and the shops; the
one that is measured is the next month's, as files mostly are.
"""

import random
import resource
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from benchmarks.bare import TABLES, copy_batch, make_bare_tables, rows_of
from benchmarks.measurement import Measurement
from reciproca.imports import actions
from reciproca.imports.mapping import mapping_of
from reciproca.imports.models import Import
from reciproca.purchases.models import Purchase
from reciproca.purchases.reading import PURCHASES
from reciproca.purchases.tests.community import make_community

PEOPLE, SHOPS = 5_000, 60
ROWS, MANY_ROWS = 40_000, 400_000
BATCH = 4_000
MOST_MIB = 256
FIRST_DAY = datetime(2025, 2, 1, 8)  # noqa: DTZ001 - files know no zones
MAPPING = {
    "members": {"unknown": "create", "source": "bench"},
    "sellers": {"unknown": "create", "source": "bench", "rate_bp": 400},
}


def measure() -> list[Measurement]:
    make_community()
    with tempfile.TemporaryDirectory() as folder:
        _bring_in(_file(Path(folder), "first", PEOPLE))
        done, seconds = _bring_in(_file(Path(folder), "measured", ROWS))
        bare = _bare(done)
        many, many_seconds = _bring_in(_file(Path(folder), "many", MANY_ROWS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    limit = "the same rows by bare COPY"
    return [
        Measurement(
            f"import rows={ROWS}", done.accepted_count / seconds, "purchases/s", limit, bare
        ),
        Measurement(
            f"import rows={MANY_ROWS}",
            many.accepted_count / many_seconds,
            "purchases/s",
            f"{limit}, rows={ROWS}",
            bare,
        ),
        Measurement(f"import memory rows={MANY_ROWS}", peak, "MiB", "at most", MOST_MIB),
    ]


def _file(folder: Path, name: str, count: int) -> Path:
    """Write a till's file: everybody buys at least once, a receipt every few seconds."""
    chance, path = random.Random(name), folder / f"{name}.csv"
    step = timedelta(days=300) / count
    with path.open("w") as out:
        out.write("scontrino;socio;cooperativa;data;importo;reparto\n")
        for number in range(count):
            member = number if number < PEOPLE else chance.randrange(PEOPLE)
            shop = number % SHOPS if number < PEOPLE else chance.randrange(SHOPS)
            cents = chance.randrange(80, 9_000)
            moment = FIRST_DAY + step * number
            out.write(
                f"{name}-{number};M{member:05};S{shop:02};{moment:%d/%m/%Y %H:%M:%S};"
                f"{cents // 100},{cents % 100:02};alimentari\n"
            )
    return path


def _bring_in(path: Path) -> tuple[Import, float]:
    started = time.perf_counter()
    received = actions.receive_file(
        kind=PURCHASES.kind,
        file_name=path.name,
        size_bytes=path.stat().st_size,
        mapping=mapping_of(MAPPING),
        organisation_id=None,
        started_by=None,
        started_at=timezone.now(),
    )
    actions.read_file(import_id=received.pk, reader=PURCHASES, path=path)
    done = actions.accept_rows(import_id=received.pk, reader=PURCHASES, takes_good_rows=True)
    assert done.refused_count == 0
    return done, time.perf_counter() - started


def _bare(done: Import) -> float:
    """Return how many purchases of this import a second bare COPY writes, batch by batch."""
    found = Purchase.objects.filter(imported_by=done.pk).order_by("id")
    ids = list(found.values_list("id", flat=True))
    chunks = [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]
    make_bare_tables()
    seconds = 0.0
    for chunk in chunks:
        batch = {table: rows_of(table, chunk) for table in TABLES}
        started = time.perf_counter()
        copy_batch(batch)
        seconds += time.perf_counter() - started
    return len(ids) / seconds
