"""
Purchases per second: in batches as an import records them, and one by one through HTTP.

Beside each, in the same run, the very rows that were written, written again by bare SQL into tables
with the same columns and indexes and no rules: the limit of this machine and this database.
"""

import http.client
import json
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from django.utils import timezone

from benchmarks.bare import TABLES, connection_params, copy_batch, make_bare_tables, rows_of
from benchmarks.measurement import Measurement
from reciproca.purchases import actions
from reciproca.purchases.tests.community import NOON, Community, make_community
from reciproca.registry import actions as registry
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import Card, Node

PEOPLE = 2_000
BATCH, BATCHES = 2_000, 10
CLIENTS, SALES_EACH = 4, 400


def measure() -> list[Measurement]:
    here = make_community()
    people = _people()
    return [*_in_batches(here, people), *_through_http(here, people)]


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


def _through_http(here: Community, people: Sequence[Node]) -> list[Measurement]:
    cards = dict(Card.objects.values_list("person", "number"))
    secret = registry.create_api_key(
        organisation_id=here.lievito.id,
        name="benchmark",
        created_by=None,
        created_at=timezone.now(),
    ).secret
    chance = random.Random("http")
    bodies = [
        [
            {
                "key": f"{client}-{n}",
                "card": cards[chance.choice(people).id],
                "lines": [{"amount_cents": chance.randint(100, 9_000)}],
            }
            for n in range(SALES_EACH)
        ]
        for client in range(CLIENTS)
    ]
    ids: list[str] = []
    with _server() as port:
        ours = _per_second(
            lambda: ids.extend(_all_clients(lambda body: _send(port, secret, body), bodies)),
            CLIENTS * SALES_EACH,
        )
    sales = [{table: rows_of(table, [each]) for table in TABLES} for each in ids]
    make_bare_tables()
    shares = [sales[client::CLIENTS] for client in range(CLIENTS)]
    bare = _per_second(lambda: _all_clients(_insert_one_by_one, shares), len(sales))
    return [
        Measurement(
            f"purchases http clients={CLIENTS}",
            ours,
            "purchases/s",
            "the same rows by bare INSERT, a transaction each",
            bare,
        )
    ]


def _send(port: int, secret: str, bodies: Sequence[dict[str, Any]]) -> list[str]:
    """Send the sales of one till, one after the other on one connection."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    ids = []
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as till:
        for body in bodies:
            till.request("POST", "/api/v1/sales", json.dumps(body), headers)
            answer = till.getresponse()
            told = json.loads(answer.read())
            assert answer.status == 201, told
            ids.append(told["id"])
    return ids


@contextmanager
def _server() -> Iterator[int]:
    """Serve the house on a free port for a while, as `reciproca serve` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "reciproca", "serve", "--port", str(port)])
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


def _all_clients(work: Callable[[Any], list[Any]], shares: Sequence[Any]) -> list[Any]:
    with ThreadPoolExecutor(len(shares)) as hands:
        return [each for done in hands.map(work, shares) for each in done]


def _per_second(work: Callable[[], object], count: int) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def _insert_one_by_one(sales: Sequence[dict[str, list[tuple[Any, ...]]]]) -> list[Any]:
    with psycopg.connect(**connection_params()) as bare:
        for sale in sales:
            with bare.cursor() as cursor:
                for table, rows in sale.items():
                    for row in rows:
                        places = ",".join(["%s"] * len(row))
                        cursor.execute(f"INSERT INTO bare_{table} VALUES ({places})", row)
            bare.commit()
    return []
