"""
How long a till waits for the server, with 100,000 members and a million purchases.

Server time of one request after the other, through every middleware, as a paired device asks them:
the members who buy most and members chosen at random; every other sale spends a cent of credit
where there is any. Also how long two thousand sales made offline take, in batches as a device sends
them. Aims: 95 of 100 answers within 50 ms; two thousand sales within a minute.
"""

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from benchmarks.measurement import Measurement
from benchmarks.region import Region, make_region
from reciproca.registry import actions as registry
from reciproca.registry import queries
from reciproca.tills import actions

AIM_MS = 50.0
AIM_SECONDS = 60.0
WHO_BUY_MOST, AT_RANDOM = 150, 150
WARM_UP = 20
OFFLINE, AT_ONCE = 2_000, 200
CODE, PIN = "40718", "27163"


@dataclass(frozen=True, slots=True)
class Device:
    """A browser at a till that somebody unlocked."""

    client: Client
    headers: Mapping[str, str]

    def post(self, path: str, body: Mapping[str, Any]) -> tuple[float, Any]:
        """Ask, and return the milliseconds and the answer."""
        begun = time.perf_counter()
        answer: HttpResponse = self.client.post(
            f"/till/{path}", body, "application/json", headers=self.headers
        )  # type: ignore[assignment]
        taken = (time.perf_counter() - begun) * 1_000
        assert answer.status_code in (200, 201), f"{path}: {answer.content.decode()}"
        return taken, answer.json()  # type: ignore[attr-defined]


def measure() -> list[Measurement]:
    region = make_region()
    device = _device(region)
    members = _members(region)
    cards = [queries.live_card_number(person_id=member) for member in members]
    for member in members:
        registry.set_pin(person_id=member, pin=PIN, set_by=None, set_at=timezone.now())
    taken: dict[str, list[float]] = {"card": [], "pin": [], "quote": [], "sale": []}
    for number, card in enumerate(cards[:WARM_UP] + cards):
        for name, ms in _one_customer(device, card, spends=number % 2 == 0):
            if number >= WARM_UP:
                taken[name].append(ms)
    found = [each for name, times in taken.items() for each in _percentiles(name, times)]
    return [*found, _offline(device, cards)]


def _one_customer(device: Device, card: str, *, spends: bool) -> Iterator[tuple[str, float]]:
    ms, shown = device.post("card/", {"text": card})
    yield "card", ms
    here = {"shown_id": shown["shown_id"]}
    ms, proved = device.post("pin/", {**here, "pin": PIN})
    yield "pin", ms
    lines = [{"category": "Pane", "amount_cents": 640}, {"category": "", "amount_cents": 1_215}]
    credit = int(spends and proved["spendable_here_cents"] > 0)
    sale = {**here, "lines": lines, "credit_cents": credit}
    yield "quote", device.post("quote/", sale)[0]
    yield "sale", device.post("sales/", {**sale, "key": str(uuid4())})[0]


def _offline(device: Device, cards: Sequence[str]) -> Measurement:
    whose, now = cycle(cards), timezone.now().isoformat()
    begun = time.perf_counter()
    for _ in range(OFFLINE // AT_ONCE):
        sales = [
            {
                "key": str(uuid4()),
                "card": next(whose),
                "happened_at": now,
                "lines": [{"category": "Pane", "amount_cents": 640}],
                "operator_id": None,
            }
            for _ in range(AT_ONCE)
        ]
        _ms, answer = device.post("sync/", {"device_time": now, "sales": sales})
        assert {each["state"] for each in answer["results"]} == {"recorded"}
    taken = time.perf_counter() - begun
    return Measurement(f"till sync of {OFFLINE:,} sales", taken, "s", "aim", AIM_SECONDS)


def _device(region: Region) -> Device:
    now, operator = timezone.now(), region.members[-1]
    seller = next(iter(queries.live_cooperatives_of(member_id=operator)))
    registry.grant_mandate(
        person_id=operator,
        organisation_id=seller,
        role="till",
        starts_on=timezone.localdate(now),
        granted_by=None,
        granted_at=now,
    )
    actions.set_code(person_id=operator, organisation_id=seller, code=CODE, set_by=None, set_at=now)
    till = actions.open_till(organisation_id=seller, name="Banco", opened_by=None, opened_at=now)
    paired = actions.pair_device(
        till_id=till.id, organisation_id=seller, name="Tablet", paired_by=None, paired_at=now
    )
    client, headers = Client(SERVER_NAME="127.0.0.1"), {"X-Till": "1"}
    client.cookies["till"] = paired.token
    _ms, unlocked = Device(client, headers).post(
        "unlock/", {"operator_id": str(operator), "code": CODE}
    )
    return Device(client, headers | {"X-Till-Operator": unlocked["operator_token"]})


def _members(region: Region) -> list[UUID]:
    chance = random.Random("customers")
    most = chance.sample(region.members[:500], WHO_BUY_MOST)
    others = chance.sample(region.members[500:-1], AT_RANDOM)
    return [*most, *others]


def _percentiles(name: str, times: list[float]) -> list[Measurement]:
    ordered = sorted(times)
    return [
        Measurement(
            f"till {name} p{part}",
            ordered[min(len(ordered) - 1, len(ordered) * part // 100)],
            "ms",
            "aim at p95",
            AIM_MS,
        )
        for part in (50, 95)
    ]
