"""
The people of the journey to a decision, and what they do without a browser.

Other journeys are served by a house of its own; this one by the test itself, because its days go
by in seconds: `Clock` puts the server's clock back, and all that is done ends today.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from reciproca.assemblies.models import Assembly, Elector, Where
from reciproca.redistribution.tests.cast import Valley, make_valley
from reciproca.shared.jobs import run_job
from reciproca.shared.models import Job
from tests.journeys.visitor import Visitor
from tests.makers import Member, client_of, make_member

ELECTORS = 30
BOUGHT_DAYS_AGO, TRIED_SINCE_DAYS, TRIED_UNTIL_DAYS = 40, 300, 20


@dataclass
class Clock:
    """The server's clock, `days_back` days behind; the database's own is always right."""

    days_back: int = 0

    def __post_init__(self) -> None:
        self.true_now = timezone.now

    def now(self) -> datetime:
        return self.true_now() - timedelta(days=self.days_back)


def wind(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put the clock in the server's hands."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@dataclass
class Council:
    """Thirty members of two cooperatives who bought, and two officers of the federation."""

    valley: Valley
    members: Sequence[Member]
    omar: Member
    clients: dict[UUID, Client] = field(default_factory=dict)

    @property
    def olga(self) -> Member:
        return self.valley.cast.olga

    def client(self, member: Member) -> Client:
        """Return the program with which somebody is logged in."""
        if member.id not in self.clients:
            self.clients[member.id] = client_of(member)
        return self.clients[member.id]

    def come(self, assembly: Assembly, members: Iterable[Member]) -> None:
        """Let people in at the door, by the officer's own requests."""
        lines = _lines(assembly)
        for member in members:
            self._post(
                self.olga,
                f"/bodies/assemblies/{assembly.id}/door/presences/",
                {"elector": lines[member.id], "where": Where.DOOR.value},
            )

    def give_proxy(self, assembly: Assembly, giver: Member, holder: Member) -> None:
        self._post(
            giver,
            f"/assembly/{assembly.id}/{_lines(assembly)[giver.id]}/proxy/",
            {"holder": holder.card, "understood": "on"},
        )

    def vote(
        self, ballot_id: UUID, members: Iterable[Member], choice: str, *, by: Member | None = None
    ) -> None:
        """Cast what members chose, each logged in, or whoever holds their proxy."""
        for member in members:
            answer = self.client(by or member).post(
                f"/ballots/{ballot_id}/votes/",
                {"member": member.id, "codes": uuid4(), "choice": choice},
            )
            assert "Il voto è arrivato" in answer.content.decode()

    def help_to_vote(self, ballot_id: UUID, members: Sequence[Member], choice: str) -> None:
        """Write the votes of people at the desk, each on a form that they signed."""
        for number, member in enumerate(members, start=1):
            self._post(
                self.olga,
                f"/ballots/{ballot_id}/desk/assisted/{member.id}/",
                {"member": member.id, "codes": uuid4(), "choice": choice, "paper": number},
            )

    def _post(self, who: Member, path: str, data: dict[str, object]) -> None:
        answer = self.client(who).post(path, data)
        assert answer.status_code == 302, answer.content.decode()


def gather() -> Council:
    """Let thirty people buy, each another sum, and a tenth of it land in the pool."""
    valley = make_valley()
    cast = valley.cast
    more = [
        make_member(name=f"Socia {number:02}", member_of=cast.lievito_id)
        for number in range(ELECTORS - 4)
    ]
    members = [cast.ada, cast.bruno, cast.carla, cast.dario, *more]
    bought_at = timezone.now() - timedelta(days=BOUGHT_DAYS_AGO)
    for number, member in enumerate(members):
        category = "orto" if number % 3 else ""
        valley.buy(member.id, 4_000 + 137 * number, at=bought_at, category=category)
    omar = make_member(name="Omar Zeni", acts_for=cast.federation_id, role="officer")
    return Council(valley, members, omar)


def tried_period(today: date) -> dict[str, str]:
    """Return the period that is tried first and divided in the end."""
    starts_on, ends_on = (
        today - timedelta(days=days) for days in (TRIED_SINCE_DAYS, TRIED_UNTIL_DAYS)
    )
    return {"starts_on": f"{starts_on}", "ends_on": f"{ends_on}"}


def let_in(visitor: Visitor, member: Member) -> Visitor:
    """Give a browser the session of somebody who logged in."""
    session = client_of(member).cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": session, "url": visitor.house}
    visitor.page.context.add_cookies([cookie])  # type: ignore[list-item]
    return visitor


def fill(visitor: Visitor, **values: str) -> None:
    """Fill in the fields of the page's form by their names; a choice by its value or its words."""
    for name, value in values.items():
        there = visitor.page.locator(f"main [name={name}]")
        if there.evaluate("each => each.tagName") == "SELECT":
            there.select_option(value)
        else:
            there.fill(value)


def work(kind: str) -> None:
    """Do what a worker would: the job of this kind that waits."""
    [job] = Job.objects.filter(kind=kind, finished_at=None)
    run_job(job_id=job.pk)


def _lines(assembly: Assembly) -> dict[UUID, UUID]:
    return dict(Elector.objects.filter(assembly=assembly).values_list("member", "id"))
