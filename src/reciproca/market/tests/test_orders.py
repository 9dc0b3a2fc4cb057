"""From a cart to purchases: each way in which the money of several sellers could go wrong."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import InternalError, transaction
from django.db.utils import DatabaseError
from tests.makers import NOON, Cast, make_cast, make_organisation

from reciproca.ledger import queries as ledger
from reciproca.ledger.rules import clearing
from reciproca.market import actions, queries
from reciproca.market.errors import (
    CartChanged,
    CartEmpty,
    MoreThanOrdered,
    NoLongerOffered,
    NotEnough,
    NothingDelivered,
    OfferUnknown,
    OrderOver,
    OrderReady,
    OrderUnknown,
    QuantityRefused,
    ReasonMissing,
)
from reciproca.market.models import CartLine, Message, Offer, Order, OrderLine
from reciproca.market.tests import world
from reciproca.notices.models import Notice
from reciproca.purchases.models import Purchase
from reciproca.shared.models import ErasedPerson
from reciproca.valueback import actions as valueback
from reciproca.valueback import queries as valueback_queries

pytestmark = pytest.mark.django_db

LATE = NOON + timedelta(days=8)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def spendable(cast: Cast) -> int:
    """Return the credit that Bruno can spend."""
    return valueback_queries.spendable(member_id=cast.bruno.id, on=NOON.date()).cents


def stock(offer: Offer) -> int | None:
    return Offer.objects.get(id=offer.id).stock_milli


def test_one_confirmation_is_an_order_for_each_seller_and_no_cent_is_lost(cast: Cast) -> None:
    third = make_organisation(name="Apicoltori", municipality="022205")
    bread = world.offer(cast.lievito_id, price_cents=333, stock_milli=10_000)
    cheese = world.offer(
        cast.roncolago_id, price_cents=1_999, unit="kg", step_milli=10, stock_milli=5_000
    )
    honey = world.offer(third, price_cents=750)
    world.put(cast.bruno.id, (bread, 3_000), (cheese, 1_250), (honey, 1_000), (bread, 2_000))
    seen = queries.cart(buyer_id=cast.bruno.id, now=NOON)
    orders = world.confirm(cast.bruno.id)

    assert [order.total_cents for order in orders] == [750, 2_499, 666]
    assert sum(order.total_cents for order in orders) == seen.total_cents
    assert all(
        order.total_cents == sum(line.amount_cents for line in order.lines.all())
        for order in orders
    )
    assert (stock(bread), stock(cheese), stock(honey)) == (8_000, 3_750, None)
    assert not CartLine.objects.exists()
    assert Notice.objects.filter(kind="order-placed").count() == 2  # Apicoltori has no manager


def test_a_confirmation_sent_twice_orders_once(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, stock_milli=10_000)
    world.put(cast.bruno.id, (bread, 1_000))
    seen, key = queries.cart(buyer_id=cast.bruno.id, now=NOON).seen, uuid4()
    first, second = (
        actions.confirm_cart(
            buyer_id=cast.bruno.id, key=key, seen=seen, uses_credit=False, confirmed_at=NOON
        )
        for _ in range(2)
    )

    assert first.id == second.id
    assert stock(bread) == 9_000


def test_an_order_handed_over_is_one_purchase_that_gives_value_back(cast: Cast) -> None:
    world.give_credit(cast, cast.carla.id, 100)
    world.put(cast.bruno.id, (world.offer(cast.lievito_id, price_cents=1_000), 2_000))
    [order] = world.confirm(cast.bruno.id)

    for _ in range(2):
        world.hand_over(order)

    purchase = Purchase.objects.get(buyer=cast.bruno.id)
    assert (purchase.total_cents, purchase.value_cents, purchase.member_cents) == (
        2_000,
        1_000,
        400,
    )
    assert [line.category for line in purchase.lines.all()] == ["pane"]
    found = queries.order_of(order_id=order.id, nodes=[cast.bruno.id])
    assert found is not None
    assert found.split == (1_000, 0, 0, 400, 600)
    assert spendable(cast) == 400


def test_partial_delivery_is_never_charged_whole(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, price_cents=420)
    apples = world.offer(cast.lievito_id, title="Mele", price_cents=239, unit="kg", step_milli=500)
    cake = world.offer(cast.lievito_id, title="Torta", price_cents=1_500)
    world.put(cast.bruno.id, (bread, 3_000), (apples, 2_000), (cake, 1_000))
    [order] = world.confirm(cast.bruno.id)
    collected = world.hand_over(order, line_1=2_000, line_2=1_870, line_3=0)

    assert collected.purchase is not None
    # 2 × 4.20 + 1.87 × 2.39, half up; the line that was missing costs nothing.
    assert collected.purchase.total_cents == 840 + 447
    assert Notice.objects.filter(kind="order-collected-in-part").count() == 1


def test_nothing_and_more_than_ordered_are_not_handed_over(cast: Cast) -> None:
    world.put(cast.bruno.id, (world.offer(cast.lievito_id), 2_000))
    [order] = world.confirm(cast.bruno.id)

    with pytest.raises(MoreThanOrdered):
        world.hand_over(order, line_1=2_001)
    with pytest.raises(MoreThanOrdered):
        world.hand_over(order, line_1=-1)
    with pytest.raises(NothingDelivered):
        world.hand_over(order, line_1=0)
    assert not Purchase.objects.exists()


def test_credit_is_reserved_and_pays_what_was_handed_over(cast: Cast) -> None:
    world.give_credit(cast, cast.bruno.id, 1_000)
    theirs = world.offer(cast.roncolago_id, price_cents=700)
    world.put(cast.bruno.id, (theirs, 2_000))
    [order] = world.confirm(cast.bruno.id, uses_credit=True)

    assert order.credit_cents == 1_000
    assert spendable(cast) == 0
    collected = world.hand_over(order, line_1=1_000)
    assert collected.purchase is not None
    assert (collected.purchase.total_cents, collected.purchase.credit_cents) == (700, 700)
    assert spendable(cast) == 300
    assert ledger.balance(clearing(node=cast.roncolago_id)) == 700
    found = queries.order_of(order_id=order.id, nodes=[cast.bruno.id])
    assert found is not None
    assert found.due_cents == 0


def test_credit_is_spread_over_sellers_within_what_each_takes(cast: Cast) -> None:
    world.give_credit(cast, cast.bruno.id, 1_000)
    valueback.set_acceptance_limit(
        seller_id=cast.roncolago_id, share_bp=5_000, valid_from=NOON.date(), recorded_by=None
    )
    cheese = world.offer(cast.roncolago_id, price_cents=601)
    bread = world.offer(cast.lievito_id, price_cents=900)
    world.put(cast.bruno.id, (cheese, 1_000), (bread, 1_000))
    shown = queries.cart(buyer_id=cast.bruno.id, now=NOON)
    orders = world.confirm(cast.bruno.id, uses_credit=True)

    # Half of 6.01 is 3.00; what is left of the credit goes to the next.
    assert [order.credit_cents for order in orders] == [300, 700]
    assert shown.credit_cents == 1_000


def test_credit_of_a_cancelled_or_expired_order_is_never_lost(cast: Cast) -> None:
    world.give_credit(cast, cast.bruno.id, 1_000)
    bread = world.offer(cast.lievito_id, price_cents=500, stock_milli=5_000)
    for end in ("buyer", "seller", "time"):
        world.put(cast.bruno.id, (bread, 2_000))
        [order] = world.confirm(cast.bruno.id, uses_credit=True)
        assert (spendable(cast), stock(bread)) == (0, 3_000)
        if end == "time":
            assert actions.expire_orders(at=LATE) == 1
            assert actions.expire_orders(at=LATE) == 0
        else:
            by = order.buyer_id if end == "buyer" else order.seller_id
            actions.cancel_order(order_id=order.id, by=by, reason="Forno rotto", cancelled_at=NOON)

        assert (spendable(cast), stock(bread)) == (1_000, 5_000), end
        with pytest.raises(OrderOver):
            world.hand_over(order)


def test_an_order_that_is_late_is_not_paid_for_even_before_it_is_closed(cast: Cast) -> None:
    world.put(cast.bruno.id, (world.offer(cast.lievito_id), 1_000))
    [order] = world.confirm(cast.bruno.id)

    with pytest.raises(OrderOver):
        world.hand_over(order, at=order.expires_at)
    world.hand_over(order, at=order.expires_at - timedelta(seconds=1))


def test_the_price_is_the_one_that_was_confirmed(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, price_cents=420)
    world.put(cast.bruno.id, (bread, 1_000))
    [order] = world.confirm(cast.bruno.id)
    actions.change_offer(
        offer_id=bread.id, offer=world.told(cast.lievito_id, price_cents=9_900), changed_at=NOON
    )
    collected = world.hand_over(order)

    assert collected.purchase is not None
    assert collected.purchase.total_cents == 420


def test_a_price_that_changed_while_one_looked_is_not_confirmed(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, price_cents=420, stock_milli=5_000)
    world.put(cast.bruno.id, (bread, 1_000))
    seen = queries.cart(buyer_id=cast.bruno.id, now=NOON).seen
    actions.change_offer(
        offer_id=bread.id,
        offer=world.told(cast.lievito_id, price_cents=430, stock_milli=5_000),
        changed_at=NOON,
    )

    with pytest.raises(CartChanged):
        actions.confirm_cart(
            buyer_id=cast.bruno.id, key=uuid4(), seen=seen, uses_credit=False, confirmed_at=NOON
        )
    assert (stock(bread), CartLine.objects.count()) == (5_000, 1)


def test_what_is_not_there_orders_nothing_of_the_whole_cart(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, stock_milli=5_000)
    cheese = world.offer(cast.roncolago_id, stock_milli=1_000)
    world.put(cast.bruno.id, (bread, 1_000), (cheese, 2_000))

    with pytest.raises(NotEnough) as refused:
        world.confirm(cast.bruno.id)
    assert "ne restano 1" in str(refused.value)
    assert stock(bread) == 5_000
    assert [
        row.problem
        for o in queries.cart(buyer_id=cast.bruno.id, now=NOON).orders
        for row in o.lines
    ] == ["", "short"]
    actions.end_offer(offer_id=cheese.id, seller_id=cast.roncolago_id, ended_at=NOON)
    with pytest.raises(NoLongerOffered):
        world.confirm(cast.bruno.id)
    assert not Order.objects.exists()


def test_a_cart_takes_only_what_can_be_bought(cast: Cast) -> None:
    need = world.offer(cast.lievito_id, kind="need", price_cents=None)
    bread = world.offer(cast.lievito_id)

    for offer, milli, refusal in (
        (need, 1_000, OfferUnknown),
        (bread, 1_500, QuantityRefused),
        (bread, -1_000, QuantityRefused),
    ):
        with pytest.raises(refusal):
            world.put(cast.bruno.id, (offer, milli))
    with pytest.raises(CartEmpty):
        world.confirm(cast.bruno.id)
    world.put(cast.bruno.id, (bread, 1_000))
    world.put(cast.bruno.id, (bread, 0))
    assert not CartLine.objects.exists()


def test_who_may_cancel_and_until_when(cast: Cast) -> None:
    world.put(cast.bruno.id, (world.offer(cast.lievito_id), 1_000))
    [order] = world.confirm(cast.bruno.id)

    with pytest.raises(OrderUnknown):
        actions.cancel_order(order_id=order.id, by=cast.carla.id, reason="", cancelled_at=NOON)
    with pytest.raises(OrderUnknown):
        actions.mark_ready(order_id=order.id, seller_id=cast.roncolago_id, ready_at=NOON)
    actions.mark_ready(order_id=order.id, seller_id=cast.lievito_id, ready_at=NOON)
    assert Notice.objects.filter(kind="order-ready", recipient=cast.bruno.id).count() == 1
    with pytest.raises(OrderReady):
        actions.cancel_order(order_id=order.id, by=cast.bruno.id, reason="", cancelled_at=NOON)
    with pytest.raises(ReasonMissing):
        actions.cancel_order(order_id=order.id, by=cast.lievito_id, reason=" ", cancelled_at=NOON)


def test_the_database_keeps_an_order_as_it_was_confirmed(cast: Cast) -> None:
    world.put(cast.bruno.id, (world.offer(cast.lievito_id), 2_000))
    [order] = world.confirm(cast.bruno.id)
    kept, lines = Order.objects.filter(id=order.id), OrderLine.objects.filter(order=order)

    def refused(change: Any) -> None:
        with pytest.raises((InternalError, DatabaseError)), transaction.atomic():
            change()

    refused(lambda: kept.update(total_cents=1))
    refused(lambda: kept.update(state="collected", ended_at=NOON))
    refused(lambda: kept.update(state="cancelled"))
    refused(lambda: lines.update(price_cents=1))
    refused(lambda: lines.update(delivered_milli=2_001))
    refused(lambda: lines.update(title=""))
    refused(lambda: lines.delete())
    world.hand_over(order, line_1=1_000)
    refused(lambda: kept.update(reason="x"))
    refused(lambda: lines.update(delivered_milli=2_000))


def test_buyer_and_seller_write_to_each_other(cast: Cast) -> None:
    world.put(cast.bruno.id, (world.offer(cast.lievito_id), 1_000))
    [order] = world.confirm(cast.bruno.id)
    key = uuid4()
    for by in (cast.bruno.id, cast.bruno.id, cast.lievito_id):
        actions.write_about(
            order_id=order.id,
            by=by,
            key=key if by == cast.bruno.id else uuid4(),
            text="Passo alle dieci.",
            written_by=None,
            written_at=NOON,
        )

    assert [each.from_seller for each in queries.messages_of(order_id=order.id)] == [False, True]
    with pytest.raises(OrderUnknown):
        actions.write_about(
            order_id=order.id,
            by=cast.carla.id,
            key=uuid4(),
            text="Ciao",
            written_by=None,
            written_at=NOON,
        )


def test_who_is_erased_leaves_amounts_and_no_words(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id, stock_milli=5_000)
    world.put(cast.bruno.id, (bread, 1_000))
    [order] = world.confirm(cast.bruno.id)
    world.put(cast.bruno.id, (bread, 2_000))
    actions.write_about(
        order_id=order.id,
        by=cast.bruno.id,
        key=uuid4(),
        text="Sono celiaco.",
        written_by=None,
        written_at=NOON,
    )
    ErasedPerson.objects.create(person=cast.bruno.id, erased_at=NOON)

    actions.forget_people([cast.bruno.id], at=NOON)

    assert (CartLine.objects.count(), stock(bread)) == (0, 5_000)
    assert Message.objects.get().text == ""
    line = OrderLine.objects.get()
    assert (line.title, line.offer_id, line.amount_cents) == ("", None, 420)


def test_a_packing_list_adds_up_what_is_open(cast: Cast) -> None:
    bread = world.offer(cast.lievito_id)
    for member, milli in ((cast.bruno, 2_000), (cast.carla, 3_000), (cast.ada, 1_000)):
        world.put(member.id, (bread, milli))
        [order] = world.confirm(member.id)
    world.hand_over(order)

    assert [row.quantity_milli for row in queries.packing_list(seller_id=cast.lievito_id)] == [
        5_000
    ]
    assert len(queries.board(seller_id=cast.lievito_id)) == 2
