"""
What posting and a member's pages cost when the ledger has a million transfers, and when it has
many.

`make bench BENCH=growth` fills to five million; `MILLIONS=50` goes to fifty (16 GB of disk, a
quarter of an hour), two million a month. Each figure at the greater size is held against the same
figure at one million, in the same run.
"""

import os
import random
import time
from collections.abc import Callable, Sequence
from statistics import median

from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.measurement import QUICK, Measurement
from benchmarks.posting.clients import Crew, crew
from benchmarks.posting.filling import fill
from benchmarks.posting.work import Cell, fund, make_bare_table
from benchmarks.region.filling import Region
from reciproca.purchases import actions as purchases
from reciproca.purchases.tests.community import NOON, make_community
from reciproca.registry import actions as registry
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import Node

MILLION = 20_000 if QUICK else 1_000_000
MILLIONS = int(os.environ.get("MILLIONS", "5"))
ACCOUNTS = 1_000 if QUICK else 100_000
MEMBERS, PURCHASES_EACH = 40, 60
ROUNDS = 5
PAGES = {"member home": "/", "movements": "/movements/"}
POSTING = (Cell(1_000, ACCOUNTS, 1, "uniform"), Cell(1, ACCOUNTS, 1, "uniform"))


def measure() -> list[Measurement]:
    clients = _members()
    fund(ACCOUNTS)
    make_bare_table()
    with crew(1) as measured:
        fill(transfers=MILLION, accounts=ACCOUNTS)
        few = _figures(measured, clients)
        months = 1 + fill(transfers=MILLION * (MILLIONS - 1), accounts=ACCOUNTS, since=1)
        many = _figures(measured, clients)
    size = f"{MILLIONS} million transfers of {months} months"
    return [
        Measurement(f"{name}, {size}", many[name], unit, "at 1 million", few[name])
        for name, unit in _units().items()
    ]


def _units() -> dict[str, str]:
    return {f"posting {cell}": "transfers/s" for cell in POSTING} | {
        f"page {name} p50": "ms" for name in PAGES
    }


def _figures(measured: Crew, clients: Sequence[Client]) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    rates = {
        f"posting {cell}": median(measured(cell, "") for _ in range(ROUNDS)) for cell in POSTING
    }
    return rates | {f"page {name} p50": _page(path, clients) for name, path in PAGES.items()}


def _page(path: str, clients: Sequence[Client]) -> float:
    return median(
        _milliseconds(lambda client=client: client.get(path))  # type: ignore[misc]
        for _ in range(ROUNDS)
        for client in clients
    )


def _milliseconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1_000


def _members() -> list[Client]:
    """Return browsers of members who bought some dozens of times."""
    here, now = make_community(), timezone.now()
    ids = registry.register_people(
        people=[PersonIn(first_name="Socia", last_name=str(n)) for n in range(MEMBERS)],
        recorded_by=None,
        recorded_at=now,
    )
    nodes, chance = Node.objects.in_bulk(ids), random.Random("growth")
    sales = [
        here.sale(chance.randint(100, 9_000), shop=chance.choice(here.shops), member=nodes[member])
        for member in ids
        for _ in range(PURCHASES_EACH)
    ]
    purchases.record_sales(sales=sales, recorded_by=None, recorded_at=NOON)
    region = Region(ids)
    return [region.client_of(member) for member in ids]
