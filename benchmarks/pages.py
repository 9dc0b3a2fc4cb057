"""
How long pages take with 100,000 members and a million purchases.

Server time of one request after the other, through every middleware and template, for members who
buy most and for members chosen at random. Aim: 95 of 100 answers within 50 ms.
"""

import random
import time
from collections.abc import Callable, Sequence
from itertools import cycle

from django.test import Client
from django.utils import timezone

from benchmarks.measurement import Measurement
from benchmarks.region import Region, make_region

AIM_MS = 50.0
WHO_BUY_MOST, AT_RANDOM = 60, 60
ROUNDS = 3
WARM_UP = 20
WORDS = ("panificio", "energia", "caseificio 12", "mobil", "agricola", "famiglia coop")


def measure() -> list[Measurement]:
    region = make_region()
    clients = _clients(region)
    stranger, words = Client(SERVER_NAME="127.0.0.1"), cycle(WORDS)
    year = timezone.localdate().year
    pages: dict[str, Callable[[Client], str]] = {
        "member home": lambda _client: "/",
        "movements": lambda _client: "/movements/",
        "movements, searched": lambda _client: f"/movements/?q={next(words)}",
        "value": lambda _client: f"/value/?period={year}",
        "member statement": lambda _client: f"/years/{year}/",
    }
    found = [each for name, page in pages.items() for each in _timed(name, page, clients)]
    searching = _timed(
        "directory search",
        lambda _client: f"/directory/?q={next(words)}",
        [stranger] * len(clients),
    )
    return [*found, *searching]


def _clients(region: Region) -> list[Client]:
    chance = random.Random("clients")
    most = chance.sample(region.members[:200], WHO_BUY_MOST)
    others = chance.sample(region.members[200:], AT_RANDOM)
    return [region.client_of(member) for member in (*most, *others)]


def _timed(
    name: str, page: Callable[[Client], str], clients: Sequence[Client]
) -> list[Measurement]:
    for client in clients[:WARM_UP]:
        _milliseconds(client, page(client))
    taken = sorted(_milliseconds(client, page(client)) for _ in range(ROUNDS) for client in clients)
    return [
        Measurement(f"page {name} p{part}", _percentile(taken, part), "ms", "aim at p95", AIM_MS)
        for part in (50, 95)
    ]


def _milliseconds(client: Client, path: str) -> float:
    begun = time.perf_counter()
    answer = client.get(path)
    taken = (time.perf_counter() - begun) * 1_000
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return taken


def _percentile(ordered: Sequence[float], part: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)]
