"""What somebody may read of their own purchases: lists, periods, sums."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from reciproca.purchases import actions, queries
from reciproca.purchases.queries import Period
from reciproca.purchases.tests.community import NOON, Community, make_community
from reciproca.shared.timeline import Sought

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Community:
    return make_community()


def test_purchases_come_latest_first_and_the_next_page_begins_where_the_last_ended(
    valley: Community,
) -> None:
    bought = [valley.buy(1_000 + day, at=NOON + timedelta(days=day)) for day in range(5)]

    first = queries.purchases_of(buyer_id=valley.ada.id, limit=3)
    rest = queries.purchases_of(buyer_id=valley.ada.id, before=first[-1].moment)

    assert [row.id for row in first + rest] == [purchase.id for purchase in reversed(bought)]


def test_purchases_of_the_same_instant_are_all_in_one_page_or_the_next(valley: Community) -> None:
    bought = {valley.buy(1_000).id for _ in range(4)}

    first = queries.purchases_of(buyer_id=valley.ada.id, limit=2)
    rest = queries.purchases_of(buyer_id=valley.ada.id, before=first[-1].moment)

    assert len(first + rest) == 4
    assert {row.id for row in first + rest} == bought


def test_nobody_reads_the_purchases_of_somebody_else(valley: Community) -> None:
    purchase = valley.buy(1_000, member=valley.bruno)

    assert queries.purchases_of(buyer_id=valley.ada.id) == []
    assert queries.purchase_reason(purchase_id=purchase.id, buyer_id=valley.ada.id) is None


def test_refunds_and_a_seller_can_be_asked_for_alone(valley: Community) -> None:
    bread = valley.buy(1_000)
    cheese = valley.buy(2_000, shop=valley.roncolago)
    back = valley.give_back(bread)

    [refund] = queries.purchases_of(buyer_id=valley.ada.id, kind="refund")
    [row] = queries.purchases_of(
        buyer_id=valley.ada.id, sought=Sought(node_ids=[valley.roncolago.id])
    )

    assert (refund.id, refund.total_cents) == (back.id, -1_000)
    assert row.id == cheese.id


@pytest.mark.parametrize(
    ("text", "cents"), [("segale", None), ("roncolago", None), ("12,60", 1_260)]
)
def test_words_names_and_amounts_find_a_purchase(
    valley: Community, text: str, cents: int | None
) -> None:
    valley.buy([("Pane di segale", 700)], shop=valley.molino)
    valley.buy(900, shop=valley.roncolago)
    valley.buy(1_260)
    named = [valley.roncolago.id] if text == "roncolago" else []

    found = queries.purchases_of(
        buyer_id=valley.ada.id, sought=Sought(text=text, named=named, cents=cents)
    )

    assert len(found) == 1


def test_purchases_of_some_days_begin_and_end_at_midnight_here(valley: Community) -> None:
    valley.buy(1_000, at=datetime(2025, 3, 31, 21, 59, tzinfo=UTC))
    after = valley.buy(2_000, at=datetime(2025, 3, 31, 22, 1, tzinfo=UTC))
    spring = Period(2025, 2)

    [row] = queries.purchases_of(
        buyer_id=valley.ada.id,
        sought=Sought(first_day=spring.first_day, next_day=spring.next_day),
    )

    assert row.id == after.id


def test_value_is_summed_by_seller_and_a_refund_takes_its_part_away(valley: Community) -> None:
    valley.buy(10_000)
    bread = valley.buy(2_000)
    valley.buy(1_000, shop=valley.roncolago)
    valley.give_back(bread)

    first, second = queries.value_by_seller(buyer_id=valley.ada.id, period=Period(2025))

    assert (first.name, first.purchase_count) == ("Panificio Il Lievito", 2)
    assert (first.base_cents, first.cents) == (10_000, 500)
    assert first.cents == sum(first[5:])
    assert (second.name, second.cents) == ("Caseificio Roncolago", 50)


def test_periods_are_the_years_and_quarters_in_which_somebody_bought(valley: Community) -> None:
    valley.buy(1_000, at=datetime(2024, 12, 31, 22, 59, tzinfo=UTC))
    valley.buy(1_000, at=datetime(2024, 12, 31, 23, 1, tzinfo=UTC))
    valley.buy(1_000)

    keys = [period.key for period in queries.periods_of(buyer_id=valley.ada.id)]

    assert keys == ["2025", "2025-q2", "2025-q1", "2024", "2024-q4"]


@pytest.mark.parametrize("key", ["2025", "2025-q3"])
def test_a_period_is_read_back_from_its_key(key: str) -> None:
    period = Period.read(key)

    assert period is not None
    assert period.key == key


@pytest.mark.parametrize("key", ["", "2025-q5", "q1", "anno", "20255", "0000", "9999", "9999-q4"])
def test_what_is_no_period_is_none(key: str) -> None:
    assert Period.read(key) is None


def test_a_quarter_holds_what_happened_in_it_by_the_local_clock(valley: Community) -> None:
    valley.buy(1_000, at=datetime(2025, 3, 31, 21, 59, tzinfo=UTC))
    valley.buy(2_000, at=datetime(2025, 3, 31, 22, 1, tzinfo=UTC))

    [spring] = queries.value_by_seller(buyer_id=valley.ada.id, period=Period(2025, 2))

    assert spring.base_cents == 2_000


def test_the_community_is_summed_from_its_months(valley: Community) -> None:
    valley.buy(10_000)
    valley.buy(4_000, shop=valley.roncolago, member=valley.bruno)
    actions.refresh_month_totals(since=NOON - timedelta(days=1))

    assert queries.year_to_open(today=date(2026, 1, 8)) == 2025
    total = queries.community_total(
        first_day=Period(2025).first_day, next_day=Period(2025).next_day
    )

    assert (total.purchase_count, total.seller_count) == (2, 2)
    assert (total.total_cents, total.value_cents) == (14_000, 700)
    parts = total.member_cents, total.common_cents, total.territory_cents, total.solidarity_cents
    assert parts == (280, 210, 140, 70)


def test_a_year_that_only_saw_goods_come_back_is_no_year_of_purchases(valley: Community) -> None:
    valley.give_back(valley.buy(10_000), at=NOON + timedelta(days=365))
    actions.refresh_month_totals(since=NOON - timedelta(days=1))

    assert queries.community_years() == [2025]


def test_everybodys_pages_open_on_the_year_that_they_can_read(valley: Community) -> None:
    before, today = NOON + timedelta(days=-400), NOON.date()
    valley.buy(1_000, at=before)
    valley.buy(2_000, shop=valley.roncolago)
    actions.refresh_month_totals(since=before - timedelta(days=1))

    opened = [
        queries.buyers_year_to_open(buyer_id=valley.ada.id, today=today),
        queries.buyers_year_to_open(buyer_id=valley.bruno.id, today=today),
        queries.sellers_year_to_open(seller_id=valley.roncolago.id, today=today),
    ]

    assert opened == [before.year, today.year, today.year]


def test_before_the_first_purchase_nothing_is_summed(valley: Community) -> None:
    empty = queries.community_total(first_day=NOON.date(), next_day=NOON.date())
    assert (empty.value_cents, empty.seller_count) == (0, 0)


def test_a_list_costs_one_query_however_long(
    valley: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        valley.buy(1_000)

    with django_assert_num_queries(1):
        queries.purchases_of(buyer_id=valley.ada.id)
    with django_assert_num_queries(1):
        queries.value_by_seller(buyer_id=valley.ada.id, period=Period(2025))


def test_the_value_of_a_period_is_one_sum(valley: Community) -> None:
    valley.buy(10_000)
    valley.buy(2_000, at=datetime(2025, 2, 3, 10, tzinfo=UTC))

    assert queries.value_of(buyer_id=valley.ada.id, period=Period(2025)) == 600
    assert queries.value_of(buyer_id=valley.ada.id, period=Period(2025, 1)) == 100
    assert queries.value_of(buyer_id=valley.bruno.id, period=Period(2025)) == 0
