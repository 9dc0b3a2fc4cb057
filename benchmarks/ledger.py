"""
Transfers per second through the ledger's one door, and what a sale through the web costs.

Beside each figure, in the same run and in turn, bare COPY of the same rows into a table with the
same indexes; beside single posts a bare one-row commit, pgbench's TPC-B and django-hordak. The
median of five rounds counts.
"""

from collections.abc import Callable, Iterator
from itertools import product
from statistics import median

from benchmarks.measurement import QUICK, ROUNDS, Measurement
from benchmarks.posting import peers
from benchmarks.posting.clients import Crew, crew
from benchmarks.posting.ways import POSTING
from benchmarks.posting.work import Cell, fund, make_bare_table
from benchmarks.purchases import sales_over_http

BATCHES = (1, 100, 1_000, 8_190)
ACCOUNTS = (1_000,) if QUICK else (1_000, 100_000)
CLIENTS = (1, 4)
CELLS = [
    *(Cell(*each) for each in product(BATCHES, ACCOUNTS, CLIENTS, ("uniform", "hot"))),
    Cell(100, 1_000, 4, "mixed"),
]
SINGLE = Cell(1, 1_000, 1, "uniform")


def measure() -> Iterator[Measurement]:
    fund(max(ACCOUNTS))
    make_bare_table()
    with crew(max(CLIENTS)) as measured:
        for cell in CELLS:
            yield from _posted(measured, cell)
        yield from _beside_peers(measured)
    yield from sales_over_http()


def _posted(measured: Crew, cell: Cell) -> list[Measurement]:
    """Measure a cell in rounds, each way to post and its limit in turn."""
    rates: dict[str, list[float]] = {way: [] for way in ("bare", *POSTING)}
    for _, way in product(range(ROUNDS), rates):
        rates[way].append(measured(cell, way))
    limit = "a bare one-row commit" if cell.batch == 1 else "bare COPY of the same rows"
    bare = median(rates.pop("bare"))
    return [
        Measurement(f"posting {cell}{way}", median(found), "transfers/s", limit, bare)
        for way, found in rates.items()
    ]


def _beside_peers(measured: Crew) -> list[Measurement]:
    others: dict[str, tuple[Cell, Callable[[], float | None]]] = {
        "pgbench TPC-B": (SINGLE, lambda: peers.pgbench(clients=1)),
        "pgbench TPC-B, 4 clients": (SINGLE._replace(clients=4), lambda: peers.pgbench(clients=4)),
        "django-hordak": (SINGLE, lambda: peers.hordak(accounts=SINGLE.accounts)),
    }
    found = []
    for name, (cell, peer) in others.items():
        ours, theirs = [], []
        for _ in range(ROUNDS):
            rate = peer()
            if rate is None:
                break
            theirs.append(rate)
            ours.append(measured(cell, ""))
        if theirs:
            title = f"posting {cell} beside {name}"
            found.append(Measurement(title, median(ours), "transfers/s", name, median(theirs)))
    return found
