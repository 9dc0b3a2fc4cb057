"""What somebody may read of the credit they gave away or let end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reciproca.purchases.tests.community import NOON, Community, make_community
from reciproca.registry.models import Node
from reciproca.shared.calendar import last_instant
from reciproca.shared.timeline import Sought
from reciproca.valueback import actions, queries
from reciproca.valueback.actions import GiftRefused
from reciproca.valueback.models import Gift

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Community:
    community = make_community()
    community.buy(100_000)
    return community


def give(valley: Community, cents: int, *, days: int = 0) -> Gift:
    return actions.give_credit(
        key=f"{cents}-{days}",
        giver_id=valley.ada.id,
        project_id=valley.project.id,
        amount_cents=cents,
        happened_at=NOON + timedelta(days=days),
        recorded_by=None,
    )


def test_gifts_come_latest_first_and_page_by_page(valley: Community) -> None:
    gifts = [give(valley, 100, days=day) for day in range(3)]

    first = queries.gifts_of(giver_id=valley.ada.id, limit=2)
    [last] = queries.gifts_of(giver_id=valley.ada.id, before=first[-1].moment)

    assert [row.id for row in [*first, last]] == [gift.id for gift in reversed(gifts)]
    assert last.project_name == "Sentieri"


def test_a_gift_sent_again_is_the_first_although_its_project_closed_meanwhile(
    valley: Community,
) -> None:
    first = give(valley, 100)
    Node.objects.filter(id=valley.project.id).update(closed_at=NOON)

    assert give(valley, 100) == first
    with pytest.raises(GiftRefused):
        give(valley, 200)


def test_a_gift_is_only_its_givers(valley: Community) -> None:
    gift = give(valley, 100)

    assert queries.gift_of(gift_id=gift.id, giver_id=valley.ada.id)
    assert queries.gift_of(gift_id=gift.id, giver_id=valley.bruno.id) is None
    assert queries.gifts_of(giver_id=valley.bruno.id) == []


def test_a_project_knows_how_much_it_got_from_how_many(valley: Community) -> None:
    give(valley, 100)
    give(valley, 250, days=1)

    assert queries.given_to([valley.project.id]) == {valley.project.id: (350, 1)}


def test_gifts_are_found_by_amount_and_by_project(valley: Community) -> None:
    give(valley, 100)
    dear = give(valley, 250)

    [row] = queries.gifts_of(giver_id=valley.ada.id, sought=Sought(text="2,50", cents=250))
    none = queries.gifts_of(giver_id=valley.ada.id, sought=Sought(node_ids=[valley.lievito.id]))

    assert row.id == dear.id
    assert none == []


def test_what_ended_unspent_happened_at_the_last_instant_of_its_day(valley: Community) -> None:
    actions.expire_lots(on=date(2027, 1, 1), recorded_at=datetime(2027, 1, 2, tzinfo=UTC))

    [row] = queries.expired_of(member_id=valley.ada.id)

    assert (row.issuer_name, row.fund_name) == ("Panificio Il Lievito", "Fondo comune")
    assert row.amount_cents == 2_000
    assert row.moment.at == last_instant(date(2026, 12, 31))
    assert queries.expired_of(member_id=valley.ada.id, before=row.moment) == []
    assert queries.expired_lot_of(lot_id=row.id, member_id=valley.bruno.id) is None


def test_what_ended_is_found_by_the_days_in_which_it_did(valley: Community) -> None:
    actions.expire_lots(on=date(2027, 1, 1), recorded_at=datetime(2027, 1, 2, tzinfo=UTC))
    in_2026 = Sought(first_day=date(2026, 1, 1), next_day=date(2027, 1, 1))
    in_2027 = Sought(first_day=date(2027, 1, 1), next_day=date(2028, 1, 1))

    assert len(queries.expired_of(member_id=valley.ada.id, sought=in_2026)) == 1
    assert queries.expired_of(member_id=valley.ada.id, sought=in_2027) == []


def test_general_rates_are_the_latest_of_each_seller_without_those_of_categories(
    valley: Community,
) -> None:
    shop, other = valley.lievito.id, valley.project.id
    day = NOON.date()
    actions.commit_rate(seller_id=shop, rate_bp=700, valid_from=day, recorded_by=None)
    actions.commit_rate(
        seller_id=shop, rate_bp=900, valid_from=day, category="Dolci", recorded_by=None
    )

    assert queries.general_rates(seller_ids=[shop, other], on=day) == {shop: 700}
    assert queries.general_rates(seller_ids=[shop], on=day - timedelta(days=1)) == {shop: 500}
