"""Sales made without a network: sent as often as one likes, recorded once each, none dropped."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from django.utils.timezone import now
from tests.makers import adopt_policy

from reciproca.notices.queries import notices_of
from reciproca.purchases.models import ClosedYear, Purchase
from reciproca.purchases.tests.test_at_once import at_once
from reciproca.registry import actions as registry
from reciproca.registry import queries as cards
from reciproca.registry.models import Node
from reciproca.tills import actions, queries
from reciproca.tills.access import DeviceHere, device_of
from reciproca.tills.errors import AlreadySettled, NotReadable, ReasonMissing, SaleUnknown
from reciproca.tills.forms import Sent, read_batch
from reciproca.tills.models import HeldSale, TillSale
from reciproca.tills.tests.counter import (
    Body,
    Counter,
    Device,
    credit_of,
    make_counter,
    pair,
    refused,
    told,
)


def offline(
    counter: Counter,
    cents: int = 1_200,
    *,
    card: str | None = "",
    at: datetime | None = None,
    **more: object,
) -> Body:
    return {
        "key": str(uuid4()),
        "card": counter.cast.bruno.card if card == "" else card,
        "happened_at": (at or now()).isoformat(),
        "lines": [{"amount_cents": cents}],
        "operator_id": str(counter.cast.elsa.id),
        **more,
    }


def send(device: Device, *sales: object, clock: datetime | None = None) -> HttpResponse:
    body = {"device_time": (clock or now()).isoformat(), "sales": list(sales)}
    return device.post("sync/", body)


def results(answer: HttpResponse) -> list[tuple[str, str | None]]:
    return [(each["state"], each["code"]) for each in told(answer)["results"]]


@pytest.mark.django_db
class TestOneAfterTheOther:
    @pytest.fixture
    def counter(self) -> Counter:
        return make_counter()

    def test_what_was_sold_offline_is_recorded_and_earns(self, counter: Counter) -> None:
        sales = [offline(counter), offline(counter, 900, card=None)]

        answer = send(counter.device, *sales)

        assert results(answer) == [("recorded", None)] * 2
        assert credit_of(counter.cast.bruno) == 24
        [mine, _nobodys] = TillSale.objects.order_by("purchase__buyer")
        assert (mine.offline, mine.operator_id) == (True, counter.cast.elsa.id)

    def test_it_needs_no_operator_who_unlocked(self, counter: Counter) -> None:
        counter.device.operator = ""

        assert results(send(counter.device, offline(counter))) == [("recorded", None)]

    def test_sent_again_it_is_known_with_its_purchase(self, counter: Counter) -> None:
        sale = offline(counter)
        first = told(send(counter.device, sale))["results"][0]

        again = told(send(counter.device, sale, sale))["results"]

        assert [each["state"] for each in again] == ["known", "known"]
        assert [each["day_number"] for each in (first, *again)] == [1, 1, 1]
        assert {each["id"] for each in again} == {first["id"]}
        assert Purchase.objects.count() == 1

    def test_twice_in_one_batch_it_is_recorded_once(self, counter: Counter) -> None:
        sale = offline(counter)

        assert results(send(counter.device, sale, sale)) == [("recorded", None), ("known", None)]
        assert Purchase.objects.count() == 1

    def test_a_sale_that_went_through_after_all_is_known(self, counter: Counter) -> None:
        sale = offline(counter)
        shown = counter.device.show(counter.cast.bruno)
        online = told(counter.device.sell(shown=shown, key=sale["key"]))

        [answer] = told(send(counter.device, sale))["results"]

        assert (answer["state"], answer["id"]) == ("known", online["id"])

    def test_and_the_other_way_round(self, counter: Counter) -> None:
        sale = offline(counter)
        [synced] = told(send(counter.device, sale))["results"]

        assert told(counter.device.sell(key=sale["key"]))["id"] == synced["id"]

    def test_another_sale_under_a_known_key_is_held(self, counter: Counter) -> None:
        sale = offline(counter)
        send(counter.device, sale)
        other = sale | {"lines": [{"amount_cents": 1_300}]}

        for _ in range(2):
            assert results(send(counter.device, other)) == [("held", "key-reused")]
        assert HeldSale.objects.count() == Purchase.objects.count() == 1

    def test_what_cannot_be_recorded_is_held_and_the_rest_is_recorded(
        self, counter: Counter
    ) -> None:
        cast = counter.cast
        registry.block_card(person_id=cast.carla.id, blocked_by=cast.ada.id, blocked_at=now())
        Node.objects.filter(pk=cast.dario.id).update(closed_at=now())
        stranger = str(cast.bruno.id)
        sales = [
            offline(counter),
            offline(counter, card="2900000000001"),
            offline(counter, card=cast.carla.card),
            offline(counter, card=cast.dario.card),
            offline(counter, operator_id=stranger),
            offline(counter, at=now() + timedelta(hours=1)),
            offline(counter, at=now() - timedelta(days=61)),
            offline(counter, lines=[]),
            offline(counter, lines=[{"amount_cents": 12.5}]),
            offline(counter, lines=[{"amount_cents": 1, "description": "\0"}]),
            {"key": "x\0y", "lines": "\ud800"},
            {"no": "key"},
            "nonsense",
            10**30,
            offline(counter),
        ]
        malformed = ("held", "sale-malformed")
        wanted = [
            ("recorded", None),
            ("held", "card-unknown"),
            ("held", "card-blocked"),
            ("held", "buyer-unknown"),
            ("held", "operator-never-here"),
            ("held", "clock-ahead"),
            ("held", "too-old"),
            *[malformed] * 7,
            ("recorded", None),
        ]

        first = send(counter.device, *sales)
        again = send(counter.device, *sales)

        assert results(first) == wanted
        assert results(again) == [
            ("known", None) if state == "recorded" else (state, code) for state, code in wanted
        ]
        assert Purchase.objects.count() == 2
        assert HeldSale.objects.count() == len(sales) - 2
        held = HeldSale.objects.get(code="card-blocked")
        assert (held.total_cents, held.operator_id) == (1_200, cast.elsa.id)
        told_ada = [notice.sentence for notice in notices_of(person_id=cast.ada.id)]
        assert sum("senza rete" in sentence and "13" in sentence for sentence in told_ada) == 1
        [refusal] = cards.card_page(person_id=cast.carla.id).refusals
        assert (refusal.code, refusal.seller) == ("card-blocked", "Panificio Il Lievito")

    def test_two_hundred_sales_ask_no_more_queries_than_two(
        self, counter: Counter, django_assert_max_num_queries: object
    ) -> None:
        sales = [offline(counter, 100 + number) for number in range(200)]

        with django_assert_max_num_queries(40):  # type: ignore[operator]
            answer = send(counter.device, *sales)

        assert results(answer) == [("recorded", None)] * 200

    def test_a_body_without_a_batch_is_refused_whole(self, counter: Counter) -> None:
        device, clock = counter.device, now().isoformat()
        bodies: list[object] = [
            [],
            {"sales": []},
            {"device_time": "soon", "sales": []},
            {"device_time": clock, "sales": {}},
            {"device_time": clock, "sales": [offline(counter)] * 201},
        ]
        for body in bodies:
            assert refused(device.post("sync/", body)) == (422, "body-refused")
        too_large = send(device, offline(counter, note="x" * 1_000_000))
        assert refused(too_large) == (422, "body-refused")
        deep = b'{"device_time": "2026-01-01T00:00:00Z", "sales": [' + b"[" * 50_000
        assert (
            device.client.post(
                "/till/sync/", deep, "application/json", headers={"X-Till": "1"}
            ).status_code
            == 422
        )
        assert Purchase.objects.count() == 0

    def test_a_wrong_clock_is_put_right(self, counter: Counter) -> None:
        wrong = timedelta(days=3, minutes=7)
        at = now() - timedelta(hours=2)
        for clock in (now() + wrong, now() - wrong, datetime(1970, 1, 1, tzinfo=UTC)):
            sale = offline(counter, at=at + (clock - now()))

            [answer] = told(send(counter.device, sale, clock=clock))["results"]

            recorded = Purchase.objects.get(pk=answer["id"])
            assert abs(recorded.happened_at - at) < timedelta(seconds=30)
            assert results(send(counter.device, sale, clock=now())) == [("known", None)]

    def test_a_moment_ahead_is_now(self, counter: Counter) -> None:
        ahead = timedelta(seconds=90)
        sale = offline(counter, at=now() + ahead)

        [answer] = told(send(counter.device, sale, clock=now() + ahead))["results"]

        assert Purchase.objects.get(pk=answer["id"]).happened_at <= now()

    def test_the_policy_of_the_moment_counts(self, counter: Counter) -> None:
        changed_on = date(2025, 6, 2)
        adopt_policy(counter.cast, in_force_on=changed_on, protocol="2/2025", title="Nuovi")
        moments = [datetime(2025, 6, day, 10, tzinfo=UTC) for day in (1, 2)]
        later = datetime(2025, 6, 5, 10, tzinfo=UTC)

        answers = actions.receive_sales(
            device=as_known(counter),
            device_time=later,
            sales=as_read(*(offline(counter, at=at) for at in moments)),
            received_at=later,
        )

        recorded = [Purchase.objects.get(pk=answer.id or "") for answer in answers]
        assert [each.happened_at for each in recorded] == moments
        assert [each.recorded_at for each in recorded] == [later] * 2
        assert None not in {each.policy_id for each in recorded}
        assert recorded[0].policy_id != recorded[1].policy_id

    def test_what_happened_in_a_closed_year_belongs_to_this_one(self, counter: Counter) -> None:
        new_year = date(now().year, 1, 1)
        at = datetime(new_year.year - 1, 12, 31, 10, tzinfo=UTC)
        ClosedYear.objects.create(year=at.year, closed_at=now())
        when = datetime(new_year.year, 1, 20, 10, tzinfo=UTC)
        device = as_known(counter)
        sent = as_read(offline(counter, at=at))

        [answer] = actions.receive_sales(
            device=device, device_time=when, sales=sent, received_at=when
        )

        recorded = Purchase.objects.get(pk=answer.id or "")
        assert (recorded.year, recorded.happened_at) == (new_year.year, at)

    def test_who_left_the_cooperative_meanwhile_earned_as_a_holder_of_a_card(
        self, counter: Counter
    ) -> None:
        assert counter.cast.bruno.membership_id
        step = registry.Step(counter.cast.bruno.membership_id, now().date(), None, now())
        registry.withdraw_member(step)

        assert results(send(counter.device, offline(counter))) == [("recorded", None)]

    def test_who_stood_at_the_till_then_is_known_after_their_mandate_too(
        self, counter: Counter
    ) -> None:
        cast = counter.cast
        assert cast.elsa.mandate_id
        registry.end_mandate(mandate_id=cast.elsa.mandate_id, ended_by=cast.ada.id, ended_at=now())

        assert results(send(counter.device, offline(counter))) == [("recorded", None)]

    def test_what_is_held_is_never_edited_nor_deleted(self, counter: Counter) -> None:
        send(counter.device, offline(counter, card="2900000000001"))

        for change in (
            lambda: HeldSale.objects.update(code="card-blocked"),
            lambda: HeldSale.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


@pytest.mark.django_db
class TestHeld:
    @pytest.fixture
    def counter(self) -> Counter:
        return make_counter()

    def held(self, counter: Counter, **more: object) -> HeldSale:
        sale = offline(counter, card="2900000000001") | more
        send(counter.device, sale)
        return HeldSale.objects.get(key=sale.get("key"))

    def record(self, counter: Counter, held: HeldSale, card: str) -> UUID:
        return actions.record_held(
            held_id=held.id,
            organisation_id=counter.cast.lievito_id,
            card=card,
            settled_by=counter.cast.ada.user.id,
            settled_at=now(),
        )

    def drop(self, counter: Counter, held: HeldSale, reason: str) -> None:
        actions.drop_held(
            held_id=held.id,
            organisation_id=counter.cast.lievito_id,
            reason=reason,
            settled_by=counter.cast.ada.user.id,
            settled_at=now(),
        )

    def test_it_is_recorded_to_who_it_was_and_stays_held_for_the_device(
        self, counter: Counter
    ) -> None:
        sale = offline(counter, card="2900000000001")
        send(counter.device, sale)

        purchase = self.record(counter, HeldSale.objects.get(), counter.cast.bruno.card)

        assert credit_of(counter.cast.bruno) == 24
        assert Purchase.objects.get(pk=purchase).buyer_id == counter.cast.bruno.id
        assert TillSale.objects.get(pk=purchase).device_id is None
        [again] = told(send(counter.device, sale))["results"]
        assert (again["state"], again["id"]) == ("held", str(purchase))
        assert refused(counter.device.sell(key=sale["key"])) == (409, "sale-held")
        assert Purchase.objects.count() == 1

    def test_or_as_nobodys(self, counter: Counter) -> None:
        purchase = self.record(counter, self.held(counter), "")

        assert Purchase.objects.get(pk=purchase).buyer_id is None

    def test_or_to_the_holder_of_a_card_that_is_blocked_by_now(self, counter: Counter) -> None:
        bruno = counter.cast.bruno
        registry.block_card(person_id=bruno.id, blocked_by=bruno.id, blocked_at=now())
        held = self.held(counter, card=bruno.card)

        assert held.code == "card-blocked"
        purchase = self.record(counter, held, bruno.card)
        assert Purchase.objects.get(pk=purchase).buyer_id == bruno.id

    def test_or_dropped_with_a_reason(self, counter: Counter) -> None:
        held = self.held(counter, lines="?")
        with pytest.raises(NotReadable):
            self.record(counter, held, "")
        with pytest.raises(ReasonMissing):
            self.drop(counter, held, "  ")

        self.drop(counter, held, "Prova del tablet")

        page = queries.held_sale(held_id=held.id, organisation_id=counter.cast.lievito_id)
        assert page is not None
        assert "non si legge per intero" in page.row.why
        assert page.row.reason == "Prova del tablet"
        assert page.settled_by == "Ada Bertoldi"

    def test_it_is_decided_once_and_by_whose_it_is(self, counter: Counter) -> None:
        held = self.held(counter)
        self.record(counter, held, "")

        with pytest.raises(AlreadySettled):
            self.record(counter, held, "")
        with pytest.raises(AlreadySettled):
            self.drop(counter, held, "doppia")
        with pytest.raises(SaleUnknown):
            actions.drop_held(
                held_id=held.id,
                organisation_id=counter.cast.roncolago_id,
                reason="no",
                settled_by=None,
                settled_at=now(),
            )


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_batch_sent_three_times_at_once_in_any_order_is_recorded_once(self) -> None:
        counter = make_counter()
        sales = [offline(counter, 100 + number) for number in range(60)]
        sales += [offline(counter, card="2900000000001") for _ in range(5)]
        chance = random.Random(7)
        devices = [counter.device, pair(counter.device.till), pair(counter.device.till)]

        def sending(device: Device) -> Callable[[], object]:
            order = chance.sample(sales, len(sales))
            return lambda: send(device, *order)

        answers = at_once(*(sending(device) for device in devices * 3))

        assert [getattr(answer, "status_code", answer) for answer in answers] == [200] * 9
        assert Purchase.objects.count() == TillSale.objects.count() == 60
        assert HeldSale.objects.count() == 5
        assert credit_of(counter.cast.bruno) == sum(
            (100 + number) * 5 // 100 - 3 * ((100 + number) * 5 // 100 // 5) for number in range(60)
        )

    def test_sent_by_sync_and_sold_at_once_under_one_key_it_is_one_sale(self) -> None:
        counter = make_counter()
        sale = offline(counter)
        device = counter.device

        answers = at_once(
            *[lambda: send(device, sale)] * 3, *[lambda: device.sell(key=sale["key"])] * 3
        )

        assert [answer.status_code // 100 for answer in answers] == [2] * 6  # type: ignore[attr-defined]
        assert Purchase.objects.count() == TillSale.objects.count() == 1

    def test_a_held_sale_is_settled_by_one_of_many(self) -> None:
        counter = make_counter()
        send(counter.device, offline(counter, card="2900000000001"))
        held = HeldSale.objects.get()

        answers = at_once(
            *[
                lambda: actions.record_held(
                    held_id=held.id,
                    organisation_id=counter.cast.lievito_id,
                    card="",
                    settled_by=None,
                    settled_at=now(),
                )
            ]
            * 6
        )

        assert sum(isinstance(answer, AlreadySettled) for answer in answers) == 5
        assert Purchase.objects.count() == 1


def as_known(counter: Counter) -> DeviceHere:
    """Return the device as the gate knows it."""
    return device_of(token=counter.device.client.cookies["till"].value, seen_at=now())


def as_read(*sales: Body) -> list[Sent]:
    body = {"device_time": now().isoformat(), "sales": list(sales)}
    return read_batch(json.dumps(body).encode())[1]
