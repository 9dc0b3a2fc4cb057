from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest

from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.ledger.models import Transfer
from reciproca.purchases import actions
from reciproca.purchases.errors import (
    AmountTooLarge,
    BuyerUnknown,
    HappenedInFuture,
    KeyReused,
    SaleEmpty,
    SelfPurchase,
)
from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.community import NOON, adopt, credit_of, make_community, owed
from reciproca.registry.models import Node
from reciproca.valueback import actions as valueback
from reciproca.valueback.rules import NotSpendable

pytestmark = pytest.mark.django_db


def test_a_sale_gives_value_back_over_the_four_branches() -> None:
    here = make_community()

    purchase = here.buy(1_200)

    assert purchase.value_cents == 60
    assert (purchase.member_cents, purchase.common_cents) == (24, 18)
    assert (purchase.territory_cents, purchase.solidarity_cents) == (12, 6)
    assert credit_of(here.ada) == 24
    assert [owed(node) for node in (here.common, here.territory, here.solidarity)] == [18, 12, 6]
    assert owed(here.lievito) == -36


def test_the_credit_ends_with_a_year_that_the_policy_names() -> None:
    here = make_community(expires_after_years=2)

    purchase = here.buy(1_200)

    assert purchase.expires_on == date(2027, 12, 31)
    assert [lot.expires_on for lot in ledger.lots(members=[here.ada.id])] == [date(2027, 12, 31)]


def test_a_sale_told_after_new_year_gives_credit_of_the_year_it_happened_in() -> None:
    here = make_community()
    eve, january = datetime(2025, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC)

    late = here.buy(1_200, at=eve, recorded_at=january)

    assert (late.year, late.expires_on) == (2025, date(2026, 12, 31))
    assert [lot.expires_on for lot in ledger.lots(members=[here.ada.id])] == [late.expires_on]


def test_credit_that_would_be_dead_on_arrival_is_born_on_the_day_of_recording() -> None:
    here = make_community(expires_after_years=0)
    january = datetime(2026, 1, 3, tzinfo=UTC)

    late = here.buy(1_200, at=NOON, recorded_at=january)

    assert (late.year, late.expires_on) == (2025, date(2026, 12, 31))
    assert [lot.expires_on for lot in ledger.lots(members=[here.ada.id])] == [late.expires_on]


def test_value_is_computed_line_by_line_at_the_rate_of_its_category() -> None:
    here = make_community()
    valueback.commit_rate(
        seller_id=here.lievito.id,
        category="formaggi",
        rate_bp=1_000,
        valid_from=date(2025, 1, 1),
        recorded_by=None,
    )

    purchase = here.buy([("formaggi", 199), ("pane", 199)])

    lines = list(purchase.lines.order_by("position"))
    assert [(line.rate_bp, line.value_cents, line.member_cents) for line in lines] == [
        (1_000, 19, 10),
        (500, 9, 6),
    ]
    assert purchase.value_cents == 28


def test_a_pooled_member_part_waits_in_its_pool() -> None:
    here = make_community(pooled=True)

    purchase = here.buy(1_200)

    assert purchase.expires_on is None
    assert credit_of(here.ada) == 0
    assert owed(Node.objects.get(kind="pool")) == 24


def test_a_sale_sent_twice_gives_its_value_back_once() -> None:
    here = make_community()
    sale = here.sale(1_200)

    for _ in range(2):
        actions.record_sale(sale=sale, recorded_by=None, recorded_at=NOON)

    assert Purchase.objects.count() == 1
    assert credit_of(here.ada) == 24


def test_a_sale_sent_twice_within_one_batch_counts_once() -> None:
    here = make_community()
    sale = here.sale(1_200)

    first, second = actions.record_sales(sales=[sale, sale], recorded_by=None, recorded_at=NOON)

    assert first.purchase_id == second.purchase_id
    assert (first.is_new, second.is_new) == (True, False)
    assert credit_of(here.ada) == 24


def test_a_key_with_other_content_is_refused_and_moves_nothing() -> None:
    here = make_community()
    here.buy(1_200, key="scontrino-7")

    with pytest.raises(KeyReused):
        here.buy(1_300, key="scontrino-7")

    assert credit_of(here.ada) == 24


def test_two_sellers_may_use_the_same_key() -> None:
    here = make_community()

    here.buy(1_200, key="1", shop=here.lievito)
    here.buy(1_200, key="1", shop=here.molino)

    assert credit_of(here.ada) == 48


def test_credit_earned_at_one_cooperative_is_spent_at_another_which_is_then_owed() -> None:
    here = make_community()
    here.buy(10_000, shop=here.lievito)

    purchase = here.buy(1_000, shop=here.roncolago, credit=200)

    assert purchase.credit_cents == 200
    assert purchase.value_cents == 40, "what credits paid gives no value back"
    assert owed(here.lievito) == -300 - 200
    assert owed(here.roncolago) == 200 - 24
    assert credit_of(here.ada) == 16


def test_credit_spent_where_it_was_issued_leaves_nobody_owing() -> None:
    here = make_community()
    here.buy(10_000)

    here.buy(200, credit=200)

    assert owed(here.lievito) == -300
    assert credit_of(here.ada) == 0


def test_the_lot_that_ends_first_is_spent_first() -> None:
    here = make_community()
    here.buy(10_000, shop=here.molino, at=datetime(2026, 2, 1, tzinfo=UTC))
    here.buy(10_000, shop=here.lievito, at=datetime(2025, 3, 1, tzinfo=UTC))

    here.buy(250, shop=here.roncolago, credit=250, at=datetime(2026, 3, 1, tzinfo=UTC))

    left = {lot.issuer: lot.cents for lot in ledger.lots(members=[here.ada.id])}
    assert left == {here.molino.id: 150}


def test_more_credit_than_there_is_cannot_be_spent() -> None:
    here = make_community()
    here.buy(1_200)

    with pytest.raises(NotSpendable):
        here.buy(1_000, credit=25)

    assert credit_of(here.ada) == 24


def test_as_much_as_possible_means_what_is_there_and_what_the_seller_takes() -> None:
    here = make_community()
    here.buy(10_000)
    valueback.set_acceptance_limit(
        seller_id=here.molino.id, share_bp=1_000, valid_from=date(2025, 1, 1), recorded_by=None
    )

    limited = here.buy(1_000, shop=here.molino, credit=500, up_to=True)
    rest = here.buy(1_000, shop=here.roncolago, credit=500, up_to=True)

    assert (limited.credit_cents, rest.credit_cents) == (100, 100 + limited.member_cents)
    with pytest.raises(NotSpendable):
        here.buy(1_000, shop=here.molino, credit=101)


def test_credit_pays_a_basket_with_a_returned_item_up_to_what_is_left_to_pay() -> None:
    here = make_community()
    here.buy(100_000)
    basket = [("pane", 1_000), ("vuoti", -800)]

    purchase = here.buy(basket, shop=here.molino, credit=500, up_to=True)

    assert (purchase.total_cents, purchase.credit_cents) == (200, 200)
    assert [line.credit_cents for line in purchase.lines.order_by("position")] == [200, 0]
    with pytest.raises(NotSpendable):
        here.buy(basket, shop=here.molino, credit=201)


def test_within_a_batch_credit_earned_by_one_sale_is_spent_by_a_later_one() -> None:
    here = make_community()

    actions.record_sales(
        sales=[here.sale(10_000), here.sale(500, shop=here.molino, credit=200)],
        recorded_by=None,
        recorded_at=NOON,
    )

    assert owed(here.lievito) == -300 - 200


def test_a_purchase_older_than_the_first_policy_is_recorded_and_moves_nothing() -> None:
    here = make_community()

    purchase = here.buy(1_200, at=datetime(2024, 6, 1, tzinfo=UTC))

    assert (purchase.policy_id, purchase.value_cents) == (None, 0)
    assert not Transfer.objects.exists()


def test_a_file_may_name_the_policy_and_its_lots_end_by_the_day_of_recording() -> None:
    here = make_community()
    digest = adopt(here, in_force_on=date(2025, 5, 1))

    purchase = here.buy(1_200, at=datetime(1997, 6, 1, tzinfo=UTC), policy=digest)

    assert purchase.policy_id == digest
    assert purchase.expires_on == date(2026, 12, 31)


def test_what_happened_in_a_closed_year_belongs_to_the_year_of_recording() -> None:
    here = make_community()
    january = datetime(2026, 1, 10, tzinfo=UTC)
    actions.close_year(year=2025, closed_by=None, closed_at=january)

    purchase = here.buy(1_200, at=NOON, recorded_at=january)

    assert (purchase.year, purchase.expires_on) == (2026, date(2027, 12, 31))


def test_a_buyer_who_is_no_member_gives_nothing_back() -> None:
    here = make_community()
    sale = here.sale(1_200)
    stranger = type(sale)(sale.key, sale.seller_id, None, sale.happened_at, sale.lines)

    purchase = actions.record_sale(sale=stranger, recorded_by=None, recorded_at=NOON)

    assert (purchase.buyer_id, purchase.value_cents) == (None, 0)


def test_a_negative_amount_without_its_purchase_mirrors_one() -> None:
    here = make_community()
    here.buy(4_599)

    refund = here.buy(-1_599)

    assert (refund.kind, refund.value_cents) == ("refund", -79)
    assert (refund.common_cents, refund.territory_cents, refund.solidarity_cents) == (-23, -15, -7)
    assert credit_of(here.ada) == 94 - 34


def test_a_zero_amount_is_accepted_and_moves_nothing() -> None:
    here = make_community()

    purchase = here.buy(0)

    assert purchase.total_cents == 0
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"cents": []}, SaleEmpty),
        ({"cents": 10**13}, AmountTooLarge),
        ({"cents": 100, "at": NOON + timedelta(hours=1)}, HappenedInFuture),
    ],
)
def test_a_sale_that_cannot_be_is_refused(
    wrong: dict[str, object], refusal: type[Exception]
) -> None:
    here = make_community()
    sale = here.sale(**wrong)  # type: ignore[arg-type]

    with pytest.raises(refusal):
        actions.record_sale(sale=sale, recorded_by=None, recorded_at=NOON)


def test_nobody_buys_from_itself_nor_from_or_for_somebody_unknown() -> None:
    here = make_community()

    with pytest.raises(SelfPurchase):
        here.buy(100, member=here.lievito)
    with pytest.raises(BuyerUnknown):
        here.buy(100, member=Node(name="nobody"))


def test_a_batch_costs_the_same_number_of_statements_however_long_it_is_and_a_few_sales_less(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    here = make_community()
    here.buy(10_000)

    def batch(size: int) -> None:
        sales = [here.sale(1_000 + n, credit=1, shop=here.molino) for n in range(size)]
        actions.record_sales(sales=sales, recorded_by=None, recorded_at=NOON)

    batch(1)
    for size, statements in ((2, 14), (20, 16), (60, 16)):
        with django_assert_num_queries(statements):
            batch(size)


def test_a_batch_does_what_its_sales_do_one_by_one() -> None:
    here = make_community()
    amounts = [(1_234, 0), (999, 30), (5_001, 0), (77, 77), (2_500, 10)]

    at_once = actions.record_sales(
        sales=[here.sale(cents, credit=credit, up_to=True) for cents, credit in amounts],
        recorded_by=None,
        recorded_at=NOON,
    )
    one_by_one = [
        here.buy(cents, credit=credit, up_to=True, member=here.bruno) for cents, credit in amounts
    ]

    for recorded, alone in zip(at_once, one_by_one, strict=True):
        together = Purchase.objects.get(id=recorded.purchase_id)
        assert together.credit_cents == alone.credit_cents
        assert together.value_cents == alone.value_cents
        assert together.member_cents == alone.member_cents
    assert credit_of(here.ada) == credit_of(here.bruno)


def test_the_mirror_of_a_seller_is_what_members_hold_of_it() -> None:
    here = make_community()
    here.buy(1_200)
    here.buy(3_300, member=here.bruno)

    assert ledger.balance(accounts.issued(issuer=here.lievito.id)) == -(24 + 67)
