"""Whoever has an order that waits at the market is not erased before it ends."""

import pytest
from tests.makers import NOON, make_cast

from reciproca.erasure.queries import prospect
from reciproca.market.tests import world

pytestmark = pytest.mark.django_db


def test_an_order_that_waits_hinders_an_erasure_until_it_is_cancelled() -> None:
    cast = make_cast()
    world.put(cast.bruno.id, (world.offer(cast.lievito_id), 1_000))
    [order] = world.confirm(cast.bruno.id)

    def hindrances() -> set[str]:
        found = prospect(person_id=cast.bruno.id, on=NOON.date())
        return {each.code for each in found.hindrances}

    assert "orders-open" in hindrances()
    world.cancel(order)
    assert "orders-open" not in hindrances()
