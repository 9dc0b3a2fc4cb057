"""The invented year: complete, in order, seasonal, and the same for ever."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest

from reciproca.demo.days import date_of, instant_of
from reciproca.demo.events import GiftPlan, PurchasePlan, RefundPlan, YearEvent
from reciproca.demo.goods import categories
from reciproca.demo.plan import CommunityPlan, plan_community
from reciproca.demo.tests.conftest import YEAR, WholeYear
from reciproca.demo.year import plan_year

SMALL_PEOPLE = 250
SMALL_PURCHASES = 8_000
# Run in a process of its own, where text hashes differently.
DIGEST_PROGRAM = f"""
from hashlib import sha256
from reciproca.demo.plan import plan_community
from reciproca.demo.year import plan_year
community = plan_community(people_count={SMALL_PEOPLE})
digest = sha256()
for person in community.people:
    digest.update(f"{{person.tax_code}} {{person.email}} {{person.place.istat_code}}".encode())
for part in (community.habits, community.memberships, community.mandates, community.accounts):
    digest.update(repr(part).encode())
for event in plan_year(habits=community.habits, year=2025, purchases={SMALL_PURCHASES}):
    digest.update(repr(event).encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def small() -> CommunityPlan:
    return plan_community(people_count=SMALL_PEOPLE)


def year_of(community: CommunityPlan, year: int) -> list[YearEvent]:
    return list(plan_year(habits=community.habits, year=year, purchases=SMALL_PURCHASES))


def by_month(purchases: Sequence[PurchasePlan]) -> Counter[int]:
    return Counter(date_of(year=YEAR, day=purchase.day).month for purchase in purchases)


def sold(community: CommunityPlan, year: WholeYear, shop: str) -> list[PurchasePlan]:
    return [p for p in year.purchases if community.cooperatives[p.seller].shop == shop]


def test_the_year_has_exactly_two_hundred_thousand_purchases(whole_year: WholeYear) -> None:
    assert len(whole_year.purchases) == 200_000
    assert len({purchase.key for purchase in whole_year.purchases}) == 200_000


def test_events_come_in_the_order_in_which_the_network_hears_of_them(
    whole_year: WholeYear,
) -> None:
    heard = [(event.recorded_day, event.recorded_minute) for event in whole_year.events]

    assert heard == sorted(heard)
    assert heard[0] >= (0, 0)
    assert heard[-1] <= (364, 1_439)


def test_every_reference_resolves(community: CommunityPlan, whole_year: WholeYear) -> None:
    members, sellers = range(len(community.people)), range(len(community.cooperatives))
    known = set(categories())
    projects = {project.key for project in community.projects}

    for purchase in whole_year.purchases:
        assert purchase.member in members
        assert purchase.seller in sellers
        assert 1 <= len(purchase.lines) <= 6
        assert all(line.category in known and line.amount_cents > 0 for line in purchase.lines)
    assert {gift.project for gift in whole_year.gifts} == projects
    assert all(gift.member in members and gift.amount_cents > 0 for gift in whole_year.gifts)


def test_a_refund_follows_its_purchase_and_never_exceeds_it(whole_year: WholeYear) -> None:
    sold_before: dict[str, PurchasePlan] = {}
    given_back: set[str] = set()

    for event in whole_year.events:
        if isinstance(event, PurchasePlan):
            sold_before[event.key] = event
        if isinstance(event, RefundPlan):
            purchase = sold_before[event.purchase_key]
            assert (event.member, event.seller) == (purchase.member, purchase.seller)
            assert event.purchase_key not in given_back
            given_back.add(event.purchase_key)
            for position, cents in event.lines or ():
                assert 0 < cents <= purchase.lines[position - 1].amount_cents


def test_about_six_in_a_thousand_come_back_in_part_or_whole(whole_year: WholeYear) -> None:
    returns = [refund for refund in whole_year.refunds if not refund.is_undo]

    assert 1_000 < len(returns) < 1_400
    assert any(refund.lines is None for refund in returns)
    assert any(refund.lines is not None for refund in returns)
    assert all(refund.reason for refund in returns)


def test_an_undo_is_whole_and_comes_within_ten_minutes(whole_year: WholeYear) -> None:
    purchases = {purchase.key: purchase for purchase in whole_year.purchases}
    undone = [refund for refund in whole_year.refunds if refund.is_undo]

    assert 450 < len(undone) < 750
    for undo in undone:
        purchase = purchases[undo.purchase_key]
        assert undo.lines is None
        assert undo.recorded_day == purchase.recorded_day
        assert 0 < undo.recorded_minute - purchase.minute < 10


def test_a_few_sales_without_a_line_arrive_later(whole_year: WholeYear) -> None:
    late = [
        purchase
        for purchase in whole_year.purchases
        if (purchase.day, purchase.minute) != (purchase.recorded_day, purchase.recorded_minute)
    ]

    assert 150 < len(late) < 500
    assert all((p.day, p.minute) < (p.recorded_day, p.recorded_minute) for p in late)


def test_credit_is_offered_sometimes_and_mostly_when_there_is_some(
    whole_year: WholeYear,
) -> None:
    offers = [purchase for purchase in whole_year.purchases if purchase.credit_wish_cents]

    assert 0.08 < len(offers) / len(whole_year.purchases) < 0.2
    assert min(purchase.day for purchase in offers) >= 14


def test_ottilia_keeps_her_credits_for_christmas(whole_year: WholeYear) -> None:
    hers = [p for p in whole_year.purchases if p.member == 1 and p.credit_wish_cents]

    assert hers
    assert min(date_of(year=YEAR, day=p.day) for p in hers) >= date(YEAR, 11, 20)


def test_marta_buys_everywhere(community: CommunityPlan, whole_year: WholeYear) -> None:
    hers = [purchase for purchase in whole_year.purchases if purchase.member == 0]
    sectors = {community.cooperatives[purchase.seller].sector for purchase in hers}

    assert len(hers) > 300
    assert len({purchase.seller for purchase in hers}) >= 25
    assert sectors >= {"consumer", "agriculture", "social", "mobility", "energy", "credit"}


def test_people_shop_near_home(community: CommunityPlan, whole_year: WholeYear) -> None:
    visits = Counter(
        purchase.seller == community.habits[purchase.member].home_shop
        for purchase in whole_year.purchases
    )

    assert 0.3 < visits[True] / visits.total() < 0.7


def test_saturdays_are_busiest_and_sundays_quiet(whole_year: WholeYear) -> None:
    days = Counter(date_of(year=YEAR, day=p.day).weekday() for p in whole_year.purchases)

    assert days.most_common(1)[0][0] == 5
    assert days[5] > 3 * days[6]


def test_nobody_buys_at_christmas_nor_on_new_year_s_day(whole_year: WholeYear) -> None:
    days = {date_of(year=YEAR, day=purchase.day) for purchase in whole_year.purchases}

    assert date(YEAR, 12, 25) not in days
    assert date(YEAR, 1, 1) not in days
    assert len(days) == 363


def test_seasons_show(community: CommunityPlan, whole_year: WholeYear) -> None:
    apples = by_month(sold(community, whole_year, "frutta"))
    huts = by_month(sold(community, whole_year, "rifugio"))
    wood = by_month(sold(community, whole_year, "legna"))
    heating = by_month(sold(community, whole_year, "calore"))
    shops = by_month(sold(community, whole_year, "bottega"))

    assert min(apples[9], apples[10]) > 1.5 * max(apples[4], apples[5])
    assert huts[8] > 2 * huts[10]
    assert huts[4] < huts[7] // 10
    assert wood[10] > 2 * wood[4]
    assert heating[7] == 0 < heating[1]
    assert shops.most_common(1)[0][0] == 12


def test_christmas_has_its_own_goods(whole_year: WholeYear) -> None:
    weeks = {
        purchase.day // 7
        for purchase in whole_year.purchases
        for line in purchase.lines
        if line.description == "Panettone"
    }

    assert weeks
    assert min(weeks) >= 46


def test_totals_do_not_depend_on_the_year(small: CommunityPlan) -> None:
    def what_happened(events: list[YearEvent]) -> list[str]:
        """Leave out when: keep who, where, what and how much."""
        told = []
        for event in events:
            if isinstance(event, PurchasePlan):
                told.append(f"{event.key} {event.member} {event.seller} {event.lines}")
            elif isinstance(event, RefundPlan):
                told.append(f"{event.key} {event.lines}")
            else:
                told.append(f"{event.key} {event.member} {event.amount_cents}")
        return sorted(told)

    ordinary, leap = year_of(small, 2025), year_of(small, 2028)

    assert what_happened(ordinary) == what_happened(leap)
    assert ordinary != leap


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2028])
def test_saturday_s_purchases_fall_on_saturdays_in_every_year(
    small: CommunityPlan, year: int
) -> None:
    purchases = [e for e in year_of(small, year) if isinstance(e, PurchasePlan)]
    saturdays = [p for p in purchases if p.key[2] == "6"]
    displaced = [p for p in saturdays if date_of(year=year, day=p.day).weekday() != 5]

    assert len(saturdays) > 1_000
    # Only a Saturday on which everything is closed is spent on another day.
    assert len(displaced) < 60


def test_the_same_plan_comes_out_of_every_process() -> None:
    digests = set()
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", DIGEST_PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)

    assert len(digests) == 1


def test_a_year_too_small_for_its_bills_is_refused(small: CommunityPlan) -> None:
    with pytest.raises(ValueError, match="fixed days"):
        list(plan_year(habits=small.habits, year=YEAR, purchases=100))


def test_gifts_are_many_and_grow_towards_christmas(whole_year: WholeYear) -> None:
    gifts: list[GiftPlan] = whole_year.gifts
    months = Counter(date_of(year=YEAR, day=gift.recorded_day).month for gift in gifts)

    assert len(gifts) == 600
    assert months[1] == 0 < months[3] < months[12]


def test_days_and_minutes_become_instants_of_italian_time() -> None:
    summer = instant_of(year=2025, day=181, minute=9 * 60 + 30)
    winter = instant_of(year=2025, day=0, minute=0)

    assert summer.isoformat() == "2025-07-01T09:30:00+02:00"
    assert winter.isoformat() == "2025-01-01T00:00:00+01:00"
    assert date_of(year=2025, day=-1) == date(2024, 12, 31)
