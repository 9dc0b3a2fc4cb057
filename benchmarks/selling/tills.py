"""
Tills that sell over HTTP at the same time, to the house and to the barest view that keeps a row.

Both are served in the same way in the same run, and asked in turn: see `bare_view`.
"""

import itertools
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from statistics import median

from django.db import connection
from django.utils import timezone

from benchmarks.measurement import ROUNDS, SECONDS, Measurement
from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.community import Community
from reciproca.registry import actions as registry
from reciproca.registry.models import Card, Node

HOUSE = ("reciproca", "serve", "--port")
BARE = ("benchmarks.selling.bare_view",)
TABLE = "CREATE TABLE IF NOT EXISTS bare_sale (key varchar PRIMARY KEY, cents bigint NOT NULL)"
CREATED = b"HTTP/1.1 201"
WARM_UP_SECONDS = 1.0


def selling(here: Community, people: Sequence[Node], *, names: dict[int, str]) -> list[Measurement]:
    """Return sales per second for each number of tills, by the name of its figure."""
    secret = registry.create_api_key(
        organisation_id=here.lievito.id,
        name="benchmark",
        created_by=None,
        created_at=timezone.now(),
    ).secret
    cards = dict(Card.objects.values_list("person", "number"))
    numbers = [cards[person.id] for person in people]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    before, sold, found = Purchase.objects.count(), 0, []
    with ExitStack() as stack:
        house, bare = (stack.enter_context(_served(*target)) for target in (HOUSE, BARE))
        for tills, name in names.items():
            for port in (house, bare):
                sold += _sold(port, secret, numbers, tills, WARM_UP_SECONDS) * (port == house)
            rates: dict[int, list[float]] = {house: [], bare: []}
            for _, port in itertools.product(range(ROUNDS), (house, bare)):
                count = _sold(port, secret, numbers, tills, SECONDS)
                sold += count * (port == house)
                rates[port].append(count / SECONDS)
            found.append(
                Measurement(
                    name,
                    median(rates[house]),
                    "sales/s",
                    "a bare view that inserts one row",
                    median(rates[bare]),
                )
            )
    assert Purchase.objects.count() - before == sold, "a sale was lost or counted twice"
    return found


def _sold(port: int, secret: str, cards: Sequence[str], tills: int, seconds: float) -> int:
    """Return how many sales so many tills were told are recorded, one after the other each."""
    until = time.perf_counter() + seconds
    head = (
        "POST /api/v1/sales HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {secret}\r\nContent-Length: "
    )

    def sell(till: int) -> int:
        chance, run = random.Random(till), time.time_ns()
        with closing(socket.create_connection(("127.0.0.1", port))) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for count in itertools.count():
                if time.perf_counter() > until:
                    return count
                sale = {
                    "key": f"{run}-{till}-{count}",
                    "card": chance.choice(cards),
                    "lines": [{"amount_cents": chance.randint(100, 9_000)}],
                }
                body = json.dumps(sale)
                line.sendall(f"{head}{len(body)}\r\n\r\n{body}".encode())
                answer = _answer(line)
                assert answer.startswith(CREATED), answer.decode()
        raise AssertionError("unreachable")

    with ThreadPoolExecutor(tills) as hands:
        return sum(hands.map(sell, range(tills)))


def _answer(line: socket.socket) -> bytes:
    """Read one answer whole: a till needs no more of HTTP than this, and takes no time from us."""
    answer = b""
    while True:
        part = line.recv(65_536)
        assert part, "the server hung up"
        answer += part
        head, found, body = answer.partition(b"\r\n\r\n")
        if found and len(body) >= int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]):
            return answer


@contextmanager
def _served(*target: str) -> Iterator[int]:
    """Serve on a free port for a while, as `reciproca serve` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", *target, str(port)])
    try:
        while not _answers(port):
            assert server.poll() is None, "the server ended before it answered"
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
