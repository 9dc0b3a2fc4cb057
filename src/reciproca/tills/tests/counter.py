"""A counter for the tests: a till of Lievito, a device paired with it, Elsa behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now
from tests.makers import Cast, Member, adopt_policy, make_cast

from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry import actions as registry
from reciproca.tills import actions
from reciproca.tills.models import Till
from reciproca.valueback import actions as valueback
from reciproca.valueback.queries import spendable

OPENED = date(2025, 1, 1)
CODE = "40718"
PIN = "27163"
Body = dict[str, Any]


@dataclass
class Device:
    """A browser at a till: what it keeps, and what it asks."""

    client: Client
    till: Till
    id: UUID
    operator: str = ""

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        told = {"X-Till": "1", "X-Till-Operator": self.operator} | headers
        return self.client.post(
            f"/till/{path}", {} if body is None else body, "application/json", headers=told
        )  # type: ignore[return-value]

    def get(self, path: str) -> HttpResponse:
        headers = {"X-Till-Operator": self.operator}
        return self.client.get(f"/till/{path}", headers=headers)  # type: ignore[return-value]

    def unlock(self, person: Member, code: str = CODE) -> HttpResponse:
        answer = self.post("unlock/", {"operator_id": str(person.id), "code": code})
        if answer.status_code == 200:
            self.operator = told(answer)["operator_token"]
        return answer

    def show(self, person: Member, *, pin: str = "") -> str:
        shown: str = told(self.post("card/", {"text": person.card}))["shown_id"]
        if pin:
            assert self.post("pin/", {"shown_id": shown, "pin": pin}).status_code == 200
        return shown

    def sell(
        self,
        cents: int = 1_200,
        *,
        shown: str | None = None,
        credit: int = 0,
        key: str = "",
        lines: Sequence[Mapping[str, object]] | None = None,
    ) -> HttpResponse:
        body = {
            "key": key or str(uuid4()),
            "shown_id": shown,
            "lines": lines or [{"amount_cents": cents}],
            "credit_cents": credit,
        }
        return self.post("sales/", body)


@dataclass
class Counter:
    """The community, two tills of Lievito and one of Roncolago."""

    cast: Cast
    device: Device

    def another(self, *, cooperative: UUID | None = None, name: str = "") -> Device:
        return make_device(self.cast, cooperative or self.cast.lievito_id, name)


def make_counter(*, rate_bp: int = 500) -> Counter:
    """Open a till whose device Elsa has unlocked; 5 % come back, two fifths to the member."""
    cast = make_cast()
    adopt_policy(cast)
    for cooperative in (cast.lievito_id, cast.roncolago_id):
        valueback.commit_rate(
            seller_id=cooperative, rate_bp=rate_bp, valid_from=OPENED, recorded_by=None
        )
    give_code(cast.elsa, cast.lievito_id)
    give_code(cast.dario, cast.roncolago_id)
    device = make_device(cast, cast.lievito_id, "Banco")
    assert device.unlock(cast.elsa).status_code == 200
    return Counter(cast, device)


def give_code(person: Member, cooperative: UUID, code: str = CODE) -> None:
    actions.set_code(
        person_id=person.id,
        organisation_id=cooperative,
        code=code,
        set_by=None,
        set_at=now(),
    )


def give_pin(person: Member, pin: str = PIN) -> None:
    registry.set_pin(person_id=person.id, pin=pin, set_by=None, set_at=now())


def give_credit(cast: Cast, person: Member, cents: int) -> None:
    """Let somebody have so much credit, from a purchase at Roncolago."""
    # Below five cents of value no fund gets a whole one, and all of it is the member's.
    amount = cents * 20 if cents < 5 else cents * 50
    sale = SaleIn(f"credit-{uuid4()}", cast.roncolago_id, person.id, now(), (LineIn("", amount),))
    assert (
        purchases.record_sale(sale=sale, recorded_by=None, recorded_at=now()).member_cents == cents
    )


def credit_of(person: Member) -> int:
    return spendable(member_id=person.id, on=now().date()).cents


def make_device(cast: Cast, cooperative: UUID, name: str = "") -> Device:
    """Open a till and pair a browser with it."""
    till = actions.open_till(
        organisation_id=cooperative, name=name or str(uuid4()), opened_by=None, opened_at=now()
    )
    return pair(till)


def pair(till: Till) -> Device:
    """Pair one more browser with a till."""
    paired = actions.pair_device(
        till_id=till.id,
        organisation_id=till.organisation_id,
        name="Tablet",
        paired_by=None,
        paired_at=now(),
    )
    client = Client()
    client.cookies["till"] = paired.token
    return Device(client, till, paired.id)


def told(answer: HttpResponse) -> Body:
    """Return what an answer says."""
    found: Body = answer.json()  # type: ignore[attr-defined]
    return found


def refused(answer: HttpResponse) -> tuple[int, str]:
    """Return how something was refused: its status and its code."""
    return answer.status_code, told(answer)["code"]
