"""Several tills selling to one member at the same moment, through the addresses they call."""

from collections.abc import Callable

import pytest

from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.test_at_once import at_once
from reciproca.tills.models import TillSale
from reciproca.tills.tests.counter import (
    PIN,
    Counter,
    Device,
    credit_of,
    give_credit,
    give_pin,
    make_counter,
    pair,
)

pytestmark = pytest.mark.django_db(transaction=True)


def rich(cents: int) -> Counter:
    counter = make_counter()
    give_pin(counter.cast.bruno)
    give_credit(counter.cast, counter.cast.bruno, cents)
    return counter


def spending(counter: Counter, device: Device, cents: int, credit: int) -> Callable[[], object]:
    shown = device.show(counter.cast.bruno, pin=PIN)
    return lambda: device.sell(cents, shown=shown, credit=credit)


def codes(answers: list[object]) -> list[int]:
    return sorted(answer.status_code for answer in answers)  # type: ignore[attr-defined]


def test_two_tills_never_spend_one_credit_twice() -> None:
    counter = rich(500)
    other = counter.another(name="Retro")
    other.unlock(counter.cast.elsa)

    answers = at_once(*(spending(counter, device, 400, 400) for device in (counter.device, other)))

    assert codes(answers) == [201, 409]
    # What is paid in credit gives nothing back.
    assert credit_of(counter.cast.bruno) == 100


def test_fifty_at_once_on_the_last_cent_are_one_sale_and_the_others_are_told() -> None:
    counter = rich(1)
    devices = [counter.device, counter.another(name="B"), counter.another(name="C")]
    for device in devices[1:]:
        device.unlock(counter.cast.elsa)
    sales = [spending(counter, devices[n % 3], 1, 1) for n in range(50)]

    answers = at_once(*sales)

    assert codes(answers) == [201] + [409] * 49
    refusals = {answer.json()["code"] for answer in answers if answer.status_code == 409}  # type: ignore[attr-defined]
    assert refusals == {"not-spendable"}
    assert credit_of(counter.cast.bruno) == 0
    issued = ledger.balance(accounts.issued(issuer=counter.cast.roncolago_id))
    assert issued == 0
    assert TillSale.objects.count() == 1


def test_one_key_sent_by_many_at_once_is_one_sale() -> None:
    counter = make_counter()
    key = "7f0e8a52-1111-4222-8333-94a5b6c7d8e9"
    shown = counter.device.show(counter.cast.bruno)
    second = pair(counter.device.till)
    second.unlock(counter.cast.elsa)

    answers = at_once(
        *[lambda: counter.device.sell(shown=shown, key=key)] * 5,
        *[lambda: second.sell(shown=shown, key=key)] * 5,
    )

    assert codes(answers) == [201] * 10
    assert Purchase.objects.count() == TillSale.objects.count() == 1
    assert credit_of(counter.cast.bruno) == 24
