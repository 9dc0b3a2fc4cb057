"""Client processes that get their work ready, wait for one another, and post for a while."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from struct import pack
from typing import Any, Protocol

from benchmarks.measurement import QUICK

SECONDS = 0.2 if QUICK else 0.4
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END = b"\xff\xff"


class Crew(Protocol):
    """Measures a cell: `target` is `bare`, or one of the ways to post."""

    def __call__(self, cell: Any, target: str, /) -> float: ...


@contextmanager
def crew(size: int) -> Iterator[Crew]:
    """Start client processes; yield what measures a cell in transfers per second, all together."""
    context, ends = get_context("spawn"), []
    processes = []
    for number in range(size):
        ours, theirs = context.Pipe()
        processes.append(context.Process(target=_client, args=(theirs, number), daemon=True))
        processes[-1].start()
        ends.append(ours)

    def measure(cell: Any, target: str, /) -> float:
        working = ends[: cell.clients]
        for end in working:
            end.send((tuple(cell), target))
        for end in working:
            assert end.recv() == "ready"
        for end in working:
            end.send("go")
        rates = [end.recv() for end in working]
        return float(sum(rates))

    try:
        yield measure
    finally:
        # Wherever they are in a cell that was interrupted, they have nothing to lose.
        for process in processes:
            process.terminate()
            process.join()


def _client(end: Connection, number: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reciproca.settings.django")
    import django

    django.setup()
    from benchmarks.posting.work import Cell

    while True:
        values, target = end.recv()
        cell = Cell(*values)
        work = _work(cell, target, seed=f"{cell} {number} {time.time_ns()}")
        end.send("ready")
        end.recv()
        end.send(_rate(work))


def _rate(work: Sequence[Callable[[], int]]) -> float:
    """Do the work for a while; return transfers answered per second."""
    begun, done = time.perf_counter(), 0
    until = begun + SECONDS
    for each in work:
        done += each()
        if time.perf_counter() > until:
            break
    return done / (time.perf_counter() - begun)


def _work(cell: Any, target: str, *, seed: str) -> list[Callable[[], int]]:
    from benchmarks.posting.work import batches

    if target == "bare":
        # A bare table refuses nothing and takes nothing twice.
        how = "uniform" if cell.how == "mixed" else cell.how
        prepared = batches(cell._replace(how=how), seed=seed)
        return _bare(prepared, single=cell.batch == 1)
    prepared = batches(cell, seed=seed)
    from benchmarks.posting.ways import POSTING, in_two_phases
    from reciproca.ledger.errors import FloorReached

    def posting(batch: Any, post: Any) -> int:
        try:
            return int(post(batch).transfers)
        except FloorReached:
            return 0

    phased = cell.how == "mixed"
    return [
        partial(posting, batch, in_two_phases if phased and number % 10 == 2 else POSTING[target])
        for number, batch in enumerate(prepared)
    ]


def _bare(prepared: Sequence[Any], *, single: bool) -> list[Callable[[], int]]:
    """Return the same rows as bodies of COPY, made before the clock runs; one row as an INSERT."""
    import psycopg

    from benchmarks.bare import connection_params
    from benchmarks.posting.work import COLUMNS, rows
    from reciproca.ledger.queries import account_ids

    ids = account_ids(
        {
            key
            for batch in prepared
            for each in batch
            for move in each.moves
            for key in (move.debit, move.credit)
        }
    )
    bare = psycopg.connect(**connection_params(), autocommit=True)
    places = ",".join(["%s"] * len(COLUMNS.split(",")))
    insert = f"INSERT INTO bare_transfer ({COLUMNS}) VALUES ({places})"
    statement = f"COPY bare_transfer ({COLUMNS}) FROM STDIN (FORMAT BINARY)"

    def one(row: Any) -> int:
        bare.execute(insert, row, prepare=True)
        return 1

    def many(body: bytes, count: int) -> int:
        with bare.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(body)
        return count

    if single:
        return [partial(one, rows(batch, ids)[0]) for batch in prepared]
    return [partial(many, _body(rows(batch, ids)), len(batch)) for batch in prepared]


def _body(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """Return rows in PostgreSQL's binary COPY format."""
    from benchmarks.posting.work import NOON

    # Instants are microseconds since the year 2000; every row here has the same.
    moment = int(NOON.timestamp() * 1_000_000) - 946_684_800_000_000
    parts = [COPY_HEADER]
    for identity, debit, credit, amount, unit, code, reference, seq, _at in rows:
        words = [
            pack(f"!i{len(word)}s", len(word), word) for word in (unit.encode(), code.encode())
        ]
        parts += [
            pack("!hi16s", 9, 16, identity.bytes),
            pack("!iqiqiq", 8, debit, 8, credit, 8, amount),
            *words,
            pack("!i16siiiq", 16, reference.bytes, 4, seq, 8, moment),
        ]
    return b"".join([*parts, COPY_END])
