"""The whole plan, made once: its tests only read it."""

import pytest

from reciproca.demo.events import GiftPlan, PurchasePlan, RefundPlan
from reciproca.demo.plan import CommunityPlan, plan_community
from reciproca.demo.year import plan_year

YEAR = 2025


class WholeYear:
    """The events of the year, as they came and sorted by kind."""

    def __init__(self, community: CommunityPlan) -> None:
        self.events = list(plan_year(habits=community.habits, year=YEAR))
        self.purchases = [e for e in self.events if isinstance(e, PurchasePlan)]
        self.refunds = [e for e in self.events if isinstance(e, RefundPlan)]
        self.gifts = [e for e in self.events if isinstance(e, GiftPlan)]


@pytest.fixture(scope="session")
def community() -> CommunityPlan:
    return plan_community()


@pytest.fixture(scope="session")
def whole_year(community: CommunityPlan) -> WholeYear:
    return WholeYear(community)
