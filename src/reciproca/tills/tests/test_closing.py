"""The end of a till's day: refused while something waits or differs, made once."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import now

from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.test_at_once import at_once
from reciproca.tills import actions
from reciproca.tills.errors import NoteMissing, SalesHeld, TillDayOpen, TillUnknown
from reciproca.tills.models import Closing
from reciproca.tills.tests.counter import (
    PIN,
    Body,
    Counter,
    Device,
    give_credit,
    give_pin,
    make_counter,
    pair,
    refused,
    told,
)
from reciproca.tills.tests.test_syncing import offline, send

NOTHING = {
    "sale_count": 0,
    "sale_cents": 0,
    "credit_cents": 0,
    "refund_count": 0,
    "refund_cents": 0,
}


def own(device: Device) -> Body:
    """Return what the system has of a device: what its own count must be."""
    sums: Body = told(device.get("state/"))["own"]
    return {name: sums[name] for name in NOTHING}


def close(device: Device, counted: Body, *, waiting: int = 0, key: str = "", note: str = "") -> Any:
    body = {"key": key or str(uuid4()), "waiting": waiting, "note": note}
    return device.post("closing/", body | counted)


@pytest.mark.django_db
class TestOneAfterTheOther:
    @pytest.fixture
    def counter(self) -> Counter:
        return make_counter()

    def test_a_day_that_was_counted_right_is_closed(self, counter: Counter) -> None:
        device, bruno = counter.device, counter.cast.bruno
        give_pin(bruno)
        give_credit(counter.cast, bruno, 500)
        device.sell(1_000, shown=device.show(bruno, pin=PIN), credit=300)
        sale = told(device.sell(2_000))
        device.post(
            f"sales/{sale['id']}/refunds/",
            {"key": str(uuid4()), "lines": [{"position": 1, "amount_cents": 250}]},
        )
        send(device, offline(counter, 700))
        counted = {
            "sale_count": 3,
            "sale_cents": 3_700,
            "credit_cents": 300,
            "refund_count": 1,
            "refund_cents": 250,
        }
        assert own(device) == counted

        answer = close(device, counted, note="Tutto a posto")

        assert answer.status_code == 201
        assert told(answer)["number"] == 1
        assert told(answer)["money_cents"] == 3_700 - 250 - 300
        assert own(device) == NOTHING
        assert told(device.get("state/"))["day_number"] == 2
        assert Closing.objects.get().operator_id == counter.cast.elsa.id

    def test_credit_that_came_back_is_not_counted_as_spent(self, counter: Counter) -> None:
        device, bruno = counter.device, counter.cast.bruno
        give_pin(bruno)
        give_credit(counter.cast, bruno, 500)
        sale = told(device.sell(1_000, shown=device.show(bruno, pin=PIN), credit=300))

        device.post(f"sales/{sale['id']}/undo/", {"key": str(uuid4())})

        sums = own(device)
        assert (sums["credit_cents"], sums["sale_cents"], sums["refund_cents"]) == (0, 1_000, 1_000)

    def test_while_sales_wait_to_be_sent_it_is_refused(self, counter: Counter) -> None:
        answer = close(counter.device, NOTHING, waiting=3)

        assert refused(answer) == (409, "sales-waiting")
        assert told(answer)["waiting"] == 3

    def test_other_totals_are_refused_and_both_named(self, counter: Counter) -> None:
        counter.device.sell(1_000)
        wrong = {**NOTHING, "sale_count": 2, "sale_cents": 1_500}

        answer = close(counter.device, wrong)

        assert refused(answer) == (409, "closing-differs")
        assert (told(answer)["yours"]["sale_cents"], told(answer)["ours"]["sale_cents"]) == (
            1_500,
            1_000,
        )
        assert "15,00" in told(answer)["message"]
        assert "10,00" in told(answer)["message"]
        assert Closing.objects.count() == 0

    def test_a_device_answers_for_itself_and_the_closing_is_of_the_till(
        self, counter: Counter
    ) -> None:
        device, other = counter.device, pair(counter.device.till)
        other.unlock(counter.cast.elsa)
        device.sell(1_000)
        other.sell(500)

        answer = close(device, own(device))

        assert told(answer)["sale_cents"] == 1_500
        assert own(other) == NOTHING

    def test_the_same_closing_sent_again_is_the_first(self, counter: Counter) -> None:
        counter.device.sell(1_000)
        counted, key = own(counter.device), str(uuid4())

        answers = [told(close(counter.device, counted, key=key)) for _ in range(2)]

        assert answers[0] == answers[1]
        assert Closing.objects.count() == 1

    def test_held_sales_do_not_block_and_count_where_they_are_settled(
        self, counter: Counter
    ) -> None:
        device = counter.device
        sale = offline(counter, card="2900000000001")
        send(device, sale)
        assert told(close(device, NOTHING))["sale_count"] == 0
        assert told(device.get("state/"))["held"] == 1

        held = counter.device.till.held_sales.get()
        actions.record_held(
            held_id=held.id,
            organisation_id=counter.cast.lievito_id,
            card="",
            settled_by=None,
            settled_at=now(),
        )

        assert own(device) == NOTHING
        assert told(close(device, NOTHING))["sale_count"] == 1

    def test_after_it_a_sale_is_given_back_as_a_refund(self, counter: Counter) -> None:
        device = counter.device
        sale = told(device.sell(1_000))
        close(device, own(device))
        path = f"sales/{sale['id']}/"

        freely = device.post(path + "undo/", {"key": str(uuid4())})
        assert freely.status_code == 201
        assert own(device)["refund_cents"] == 1_000

    def test_it_is_kept_for_good(self, counter: Counter) -> None:
        close(counter.device, NOTHING)

        for change in (lambda: Closing.objects.update(note="x"), Closing.objects.all().delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_a_manager_closes_without_the_device_and_says_why(self, counter: Counter) -> None:
        counter.device.sell(1_000)
        till = counter.device.till

        def at_desk(note: str, organisation_id: object = None) -> Closing:
            return actions.close_day_at_desk(
                till_id=till.id,
                organisation_id=organisation_id or till.organisation_id,  # type: ignore[arg-type]
                key="desk",
                note=note,
                closed_by=counter.cast.ada.user.id,
                closed_at=now(),
            )

        with pytest.raises(NoteMissing):
            at_desk(" ")
        with pytest.raises(TillUnknown):
            at_desk("Rotto", counter.cast.roncolago_id)
        assert at_desk("Tablet rotto").sale_cents == 1_000

    def test_a_till_is_closed_when_nothing_waits_there(self, counter: Counter) -> None:
        device, till = counter.device, counter.device.till
        device.sell(1_000)
        send(device, offline(counter, card="2900000000001"))

        def close_till() -> None:
            actions.close_till(
                till_id=till.id,
                organisation_id=till.organisation_id,
                closed_by=None,
                closed_at=now(),
            )

        with pytest.raises(SalesHeld):
            close_till()
        actions.drop_held(
            held_id=till.held_sales.get().id,
            organisation_id=till.organisation_id,
            reason="prova",
            settled_by=None,
            settled_at=now(),
        )
        with pytest.raises(TillDayOpen):
            close_till()
        close(device, own(device))
        close_till()

        assert refused(device.get("state/")) == (401, "device-unknown")


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_sales_and_closings_at_once_leave_no_sale_out(self) -> None:
        counter = make_counter()
        device, till = counter.device, counter.device.till
        closing = [
            lambda: actions.close_day_at_desk(
                till_id=till.id,
                organisation_id=till.organisation_id,
                key=str(uuid4()),
                note="prova",
                closed_by=None,
                closed_at=now(),
            )
        ]

        at_once(*[lambda: device.sell(100)] * 8, *closing * 4)
        closing[0]()

        closed = Closing.objects.order_by("number")
        assert [each.number for each in closed] == [1, 2, 3, 4, 5]
        assert sum(each.sale_cents for each in closed) == 800
        assert Purchase.objects.count() == 8

    def test_one_closing_sent_by_many_is_one(self) -> None:
        counter = make_counter()
        counter.device.sell(100)
        counted, key = own(counter.device), str(uuid4())

        answers = at_once(*[lambda: close(counter.device, counted, key=key)] * 5)

        assert [answer.status_code for answer in answers] == [201] * 5  # type: ignore[attr-defined]
        assert Closing.objects.count() == 1
