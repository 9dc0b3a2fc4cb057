"""What happens when many want the same thing at the same moment, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from tests.makers import NOON, make_cast, make_person

from reciproca.market.errors import NotEnough
from reciproca.market.models import CartLine, Offer, Order
from reciproca.market.tests import world
from reciproca.shared.errors import DomainError
from reciproca.valueback import queries as valueback

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 50


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Do all works at the same moment, each on its own connection; refusals are returned."""
    barrier = Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return work()
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as hands:
        return list(hands.map(begin, works))


def test_fifty_want_the_last_loaf_and_one_gets_it() -> None:
    cast = make_cast()
    bread = world.offer(cast.lievito_id, stock_milli=1_000)
    cheese = world.offer(cast.roncolago_id, stock_milli=BUYERS * 1_000)
    buyers = [make_person(name=f"Persona {n}") for n in range(BUYERS)]
    for number, buyer in enumerate(buyers):
        # In either order: the locks are taken in one order all the same.
        wanted = [(bread, 1_000), (cheese, 1_000)]
        world.put(buyer, *(wanted if number % 2 else reversed(wanted)))

    answers = at_once([lambda buyer=buyer: world.confirm(buyer) for buyer in buyers])  # type: ignore[misc]

    refusals = [each for each in answers if isinstance(each, NotEnough)]
    assert len(refusals) == BUYERS - 1
    assert "qualcuno è arrivato prima, ne restano 0" in str(refusals[0])
    assert Order.objects.count() == 2
    left = dict(Offer.objects.values_list("id", "stock_milli"))
    assert left == {bread.id: 0, cheese.id: (BUYERS - 1) * 1_000}
    assert CartLine.objects.count() == 2 * (BUYERS - 1)


def test_an_order_is_handed_over_or_cancelled_but_never_both() -> None:
    cast = make_cast()
    world.give_credit(cast, cast.bruno.id, 1_000)
    bread = world.offer(cast.lievito_id, price_cents=500)
    for _ in range(5):
        world.put(cast.bruno.id, (bread, 1_000))
        [order] = world.confirm(cast.bruno.id, uses_credit=True)
        before = valueback.spendable(member_id=cast.bruno.id, on=NOON.date()).cents
        answers = at_once(
            [
                lambda order=order: world.hand_over(order),  # type: ignore[misc]
                lambda order=order: world.cancel(order),  # type: ignore[misc]
            ]
        )

        assert sum(isinstance(each, DomainError) for each in answers) == 1
        kept = Order.objects.get(id=order.id)
        after = valueback.spendable(member_id=cast.bruno.id, on=NOON.date()).cents
        if kept.state == "collected":
            assert kept.purchase is not None
            assert after == before + kept.credit_cents - kept.purchase.credit_cents + (
                kept.purchase.member_cents
            )
        else:
            assert after == before + kept.credit_cents
