"""
How long a register of 100,000 members takes to go home, and the memory that it takes.

One request each, through every middleware; the whole file is read. What is held is the most that
the process needed more than before, so the small ones come first. Also how long the people take who
may be one and the same. Aims: a list within thirty seconds, an extract in PDF within a
minute, in 600 MB.
"""

import resource
import time
from datetime import date
from uuid import UUID

from django.test import Client
from django.utils import timezone

from benchmarks.measurement import Measurement
from reciproca.registry import actions as registry
from reciproca.registry import queries
from reciproca.registry.forms import MemberIn, OrganisationIn, PersonIn
from reciproca.registry.models import User

MEMBERS, AT_ONCE = 100_000, 20_000
DAY = date(2024, 1, 8)


def measure() -> list[Measurement]:
    cooperative, client = _register()
    found = []
    for name, limit_seconds, limit_mb in (("csv", 30, 100), ("xlsx", 30, 300), ("pdf", 60, 600)):
        found += _taken(client, name, limit_seconds, limit_mb)
    begun = time.perf_counter()
    queries.like_people(cooperative_id=cooperative)
    alike = time.perf_counter() - begun
    return [*found, Measurement("people alike", alike * 1_000, "ms", "aim", 2_000)]


def _taken(client: Client, name: str, limit_seconds: int, limit_mb: int) -> list[Measurement]:
    before = _megabytes()
    begun = time.perf_counter()
    answer = client.get(f"/members/register.{name}?on={timezone.localdate()}")
    first = time.perf_counter() - begun
    parts = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    size = sum(len(part) for part in parts)
    whole = time.perf_counter() - begun
    assert answer.status_code == 200
    assert size > 1_000_000
    title = f"register of {MEMBERS:,} as {name}"
    return [
        Measurement(f"{title}, first byte", first, "s", "aim", limit_seconds),
        Measurement(f"{title}, whole", whole, "s", "aim", limit_seconds),
        Measurement(f"{title}, memory", _megabytes() - before, "MB", "aim", limit_mb),
    ]


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def _register() -> tuple[UUID, Client]:
    """Open a community of one cooperative, with all its members and a manager who is signed in."""
    now = timezone.now()
    registry.open_community(
        name="Regione",
        federation=OrganisationIn(name="Federazione"),
        opened_by=None,
        opened_at=now,
    )
    cooperative = registry.register_organisation(
        organisation=OrganisationIn(name="Famiglia Cooperativa"), recorded_by=None, recorded_at=now
    )
    people: list[UUID] = []
    for begin in range(0, MEMBERS, AT_ONCE):
        some = [
            PersonIn(first_name=f"Nome{number % 997}", last_name=f"Cognome{number}", born_on=DAY)
            for number in range(begin, begin + AT_ONCE)
        ]
        people += registry.register_people(people=some, recorded_by=None, recorded_at=now)
    for begin in range(0, MEMBERS, AT_ONCE):
        lines = [
            MemberIn(member_id=person, cooperative_id=cooperative, registered_on=DAY)
            for person in people[begin : begin + AT_ONCE]
        ]
        registry.register_members(members=lines, recorded_by=None, recorded_at=now)
    user = User.objects.create_user("ada@example.org", person_id=people[0])
    registry.grant_mandate(
        person_id=people[0],
        organisation_id=cooperative,
        role="manager",
        starts_on=timezone.localdate(),
        ends_on=None,
        granted_by=None,
        granted_at=now,
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    [mandate] = queries.mandates_of(person_id=people[0], on=timezone.localdate())
    client.post("/roles/", {"mandate": str(mandate.id)})
    return cooperative, client
