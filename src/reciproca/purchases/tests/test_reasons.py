"""Why a purchase came to its figures."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries

from reciproca.purchases import actions, queries
from reciproca.purchases.models import Purchase
from reciproca.purchases.queries import PurchaseReason
from reciproca.purchases.tests.community import NOON, Community, make_community
from reciproca.valueback import actions as valueback

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Community:
    return make_community()


def reason(purchase: Purchase) -> PurchaseReason:
    assert purchase.buyer_id
    found = queries.purchase_reason(purchase_id=purchase.id, buyer_id=purchase.buyer_id)
    assert found is not None
    return found


def test_a_line_tells_its_exact_value_and_what_each_branch_was_before_rounding(
    valley: Community,
) -> None:
    [line] = reason(valley.buy(6_999)).lines

    assert line.before is None
    assert line.after is not None
    assert (line.after.exact_cents, line.after.value_cents) == (Fraction(6_999, 20), 349)
    figures = [(str(each.exact_cents), each.cents) for each in line.after.branches]
    assert figures == [("698/5", 142), ("1047/10", 104), ("349/5", 69), ("349/10", 34)]
    assert line.after.cents_by_key["member"] == 142


def test_what_credits_paid_gives_no_value(valley: Community) -> None:
    valley.buy(10_000)

    [line] = reason(valley.buy(5_000, credit=150)).lines

    assert (line.base_cents, line.credit_cents) == (4_850, 150)
    assert line.after is not None
    assert line.after.value_cents == line.value_cents == 242


def test_each_line_has_the_rate_of_its_category(valley: Community) -> None:
    valueback.commit_rate(
        seller_id=valley.lievito.id,
        category="Dolci",
        rate_bp=1_000,
        valid_from=NOON.date(),
        recorded_by=None,
    )

    lines = reason(valley.buy([("Dolci", 1_000), ("Pane", 1_000)])).lines

    assert [(line.rate_bp, line.value_cents) for line in lines] == [(1_000, 100), (500, 50)]


def test_a_refund_is_value_before_less_value_after_also_the_second_time(valley: Community) -> None:
    purchase = valley.buy(6_999)
    valley.give_back(purchase, (1, 999))
    second = valley.give_back(purchase, (1, 2_000))

    [line] = reason(second).lines

    assert line.before is not None
    assert line.after is not None
    assert (line.before.base_cents, line.before.value_cents) == (6_000, 300)
    assert (line.after.base_cents, line.after.value_cents) == (4_000, 200)
    assert line.value_cents == -100


def test_a_purchase_names_its_corrections_and_each_of_them_the_purchase(valley: Community) -> None:
    purchase = valley.buy(1_000)
    back = valley.give_back(purchase, (1, 400))

    assert [row.id for row in reason(purchase).corrections] == [back.id]
    corrected = reason(back).corrected
    assert corrected is not None
    assert (corrected.id, corrected.seller_name) == (purchase.id, "Panificio Il Lievito")


def test_an_undo_that_follows_a_refund_takes_back_what_was_left(valley: Community) -> None:
    purchase = valley.buy(6_999)
    valley.give_back(purchase, (1, 999))
    undone = actions.undo_purchase(
        purchase_id=purchase.id, key="u", reason="", recorded_by=None, recorded_at=NOON
    )

    found = reason(undone)

    assert found.row.is_undo
    [line] = found.lines
    assert line.after is not None
    assert (line.amount_cents, line.after.value_cents) == (-6_000, 0)


def test_a_purchase_before_the_first_policy_has_no_policy_and_no_value(valley: Community) -> None:
    old = valley.buy(6_999, at=datetime(2024, 11, 4, 10, tzinfo=UTC))

    found = reason(old)

    assert found.policy is None
    assert found.row.value_cents == 0
    assert found.lines[0].after is None


def test_a_refund_without_its_purchase_mirrors_the_sale(valley: Community) -> None:
    [line] = reason(valley.buy([("", -6_999)])).lines

    assert line.before is None
    assert line.after is not None
    assert (line.after.exact_cents, line.value_cents) == (Fraction(-6_999, 20), -349)


def test_the_seller_may_ask_too_and_another_seller_may_not(valley: Community) -> None:
    purchase = valley.buy(1_000)

    assert queries.purchase_reason(purchase_id=purchase.id, seller_id=valley.lievito.id)
    assert queries.purchase_reason(purchase_id=purchase.id, seller_id=valley.molino.id) is None


def test_reasons_cost_the_same_few_queries_for_one_line_and_for_many(
    valley: Community, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    long = valley.buy([("Pane", 100 + number) for number in range(40)])
    back = valley.give_back(long, *((position, 50) for position in range(1, 41)))

    with django_assert_max_num_queries(5):
        assert len(reason(back).lines) == 40
