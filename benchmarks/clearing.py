"""Setting off a whole network's debts, beside a minute of an officer's patience."""

import random
import time
from collections.abc import Callable

from benchmarks.measurement import QUICK, Measurement
from reciproca.clearing.rules import Obligation, only_set_off, set_off

DEBTS = 10_000 if QUICK else 300_000
PATIENCE = "a minute"


def measure() -> list[Measurement]:
    return [
        *_network("5,000 nodes that owe each other alike", _alike(5_000)),
        *_network("20,000 nodes, a few of which trade with everybody", _hubs(20_000)),
    ]


def _network(name: str, owed: list[Obligation]) -> list[Measurement]:
    told = f"{len(owed):,} debts among {name}"
    cancelled = set_off(owed)
    return [
        _seconds(f"set-off of {told}", lambda: set_off(owed)),
        _seconds(f"is it the only one: {told}", lambda: only_set_off(owed, cancelled)),
    ]


def _seconds(name: str, work: Callable[[], object]) -> Measurement:
    started = time.perf_counter()
    work()
    return Measurement(name, time.perf_counter() - started, "s", PATIENCE, 60.0)


def _alike(nodes: int) -> list[Obligation]:
    chance = random.Random(1)
    return _debts(chance, lambda: chance.randrange(nodes))


def _hubs(nodes: int) -> list[Obligation]:
    chance = random.Random(2)
    return _debts(chance, lambda: int(nodes * chance.random() ** 3))


def _debts(chance: random.Random, node: Callable[[], int]) -> list[Obligation]:
    """Return so many pairs that differ, each with an amount up to 10,000 euro."""
    pairs: dict[tuple[int, int], int] = {}
    while len(pairs) < DEBTS:
        debtor, creditor = node(), node()
        if debtor != creditor:
            pairs[debtor, creditor] = chance.randint(1, 10**6)
    return [Obligation(debtor, creditor, cents) for (debtor, creditor), cents in pairs.items()]
