"""Where a member's value came from."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.makers import NOON, adopt_policy, client_of, make_fund, make_member

from reciproca.purchases.queries import Period
from reciproca.web.member.value import MemberValue, member_value
from reciproca.web.tests.valley import Valley, make_valley

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Valley:
    return make_valley()


def value_of_bruno(valley: Valley, asked: str = "") -> MemberValue:
    return member_value(person_id=valley.bruno.id, asked=Period.read(asked), today=NOON.date())


def test_value_is_told_by_cooperative_and_by_branch_and_nothing_is_kept(valley: Valley) -> None:
    valley.buy(10_000)
    valley.buy(2_000, seller=valley.cast.roncolago_id)

    page = value_of_bruno(valley)

    assert [(row.name, row.cents) for row in page.sellers] == [
        ("Panificio Il Lievito", 500),
        ("Caseificio Roncolago", 100),
    ]
    assert [(part.name, part.cents) for part in page.parts] == [
        ("A te", 240),
        ("Fondo comune", 120),
        ("Territorio", 120),
        ("Solidarietà", 120),
    ]
    assert sum(part.cents for part in page.parts) == page.sums.value_cents


def test_the_page_says_that_zero_percent_is_taken_with_the_sum_that_shows_it(
    valley: Valley,
) -> None:
    valley.buy(10_000)

    html = client_of(valley.bruno).get("/value/").content.decode()

    assert "Trattenuto: zero per cento" in html
    assert "0,00\u00a0€" in html
    assert "5,00\u00a0€" in html


def test_each_fund_tells_what_everybody_gave_in_the_same_period(valley: Valley) -> None:
    valley.buy(10_000)
    valley.buy(30_000, by=valley.cast.carla)
    valley.sum_months()

    member, common, *_rest = value_of_bruno(valley).cards

    assert (common.part.cents, common.all_cents, common.holder) == (100, 400, "Fondo comune")
    assert str(valley.cast.common_id) in common.url
    assert member.holder == ""


def test_a_quarter_is_chosen_in_the_address_and_the_latest_year_is_the_first_shown(
    valley: Valley,
) -> None:
    valley.buy(10_000, at=datetime(2025, 2, 3, 10, tzinfo=UTC))
    valley.buy(2_000)

    assert value_of_bruno(valley).period == Period(2025)
    assert value_of_bruno(valley, "2025-q1").sums.value_cents == 500
    assert value_of_bruno(valley, "2025-q2").sums.value_cents == 100
    html = client_of(valley.bruno).get("/value/?period=2025-q1").content.decode()
    assert '<option value="2025-q1" selected>Gennaio–marzo 2025</option>' in html


def test_an_address_that_names_no_period_shows_the_latest_year(valley: Valley) -> None:
    valley.buy(10_000)

    assert client_of(valley.bruno).get("/value/?period=ieri").status_code == 200


def test_who_decided_the_shares_is_named_with_the_resolution_and_the_criteria(
    valley: Valley,
) -> None:
    valley.buy(10_000)

    html = client_of(valley.bruno).get("/value/").content.decode()

    assert "delibera 1/2025" in html
    assert f"/policies/{valley.policy}/" in html


def test_two_policies_in_one_year_are_both_named_and_no_share_is_shown(valley: Valley) -> None:
    adopt_policy(valley.cast, in_force_on=NOON.date(), protocol="2/2025", title="Criteri di giugno")
    valley.buy(10_000)
    valley.buy(10_000, at=NOON - timedelta(days=40))

    page = value_of_bruno(valley)

    assert len(page.adoptions) == 2
    assert [part.share for part in page.parts] == [None] * 4


def test_a_pooled_part_is_on_its_way_and_names_its_pool() -> None:
    valley = make_valley()
    pool = make_fund(held_by=valley.cast.federation_id, name="Monte soci", kind="pool")
    adopt_policy(
        valley.cast,
        in_force_on=NOON.date(),
        protocol="2/2025",
        member_part="pooled",
        pool=str(pool),
    )
    valley.buy(10_000)

    card = value_of_bruno(valley, "2025-q2").cards[0]

    assert (card.holder, card.part.note) == ("Monte soci", "in arrivo")


def test_value_that_is_not_born_is_explained(valley: Valley) -> None:
    valley.buy(10_000, at=datetime(2024, 5, 6, 10, tzinfo=UTC))

    html = client_of(valley.bruno).get("/value/?period=2024").content.decode()

    assert "ma non ne è nato valore" in html


def test_a_member_with_nothing_yet_sees_how_value_will_be_divided(valley: Valley) -> None:
    html = client_of(make_member(name="Nuova")).get("/value/").content.decode()

    assert "Qui vedrai la strada del tuo valore" in html
    assert "Come si dividerà" in html
    assert "40%" in html


def test_the_page_costs_the_same_for_three_purchases_and_for_sixty(
    valley: Valley, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(valley.bruno)
    for _ in range(3):
        valley.buy(1_000)
    with django_assert_max_num_queries(60) as few:
        client.get("/value/")
    for _ in range(57):
        valley.buy(1_000, seller=valley.cast.roncolago_id)

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/value/")
