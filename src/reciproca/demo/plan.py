"""The whole plan of the demo's community: who there is. What they do is `year.plan_year`."""

from dataclasses import dataclass

from reciproca.demo.accounts import AccountsPlan, plan_accounts
from reciproca.demo.cooperatives import (
    CooperativePlan,
    NodePlan,
    cooperatives,
    federation,
    funds,
    neighbours,
    projects,
)
from reciproca.demo.habits import Habit, plan_habits
from reciproca.demo.memberships import (
    MandatePlan,
    MembershipPlan,
    plan_mandates,
    plan_memberships,
)
from reciproca.demo.people import PEOPLE, PersonPlan, people


@dataclass(frozen=True, slots=True)
class CommunityPlan:
    """
    Everybody in the community. People are known by their index, cooperatives by their position,
    other nodes by their key; `habits[i]` are those of `people[i]`.
    """

    people: tuple[PersonPlan, ...]
    habits: tuple[Habit, ...]
    cooperatives: tuple[CooperativePlan, ...]
    federation: NodePlan
    funds: tuple[NodePlan, ...]
    projects: tuple[NodePlan, ...]
    neighbours: tuple[NodePlan, ...]
    memberships: tuple[MembershipPlan, ...]
    mandates: tuple[MandatePlan, ...]
    accounts: tuple[AccountsPlan, ...]


def plan_community(*, people_count: int = PEOPLE) -> CommunityPlan:
    """
    Return the community with so many people; all the cooperatives are there even for few.

    A smaller one has the first people of the larger one. About two hundred is the least that can
    fill every register and every counter.
    """
    everybody = people(people_count)
    habits = plan_habits(people=everybody)
    memberships = plan_memberships(people=everybody, habits=habits)
    return CommunityPlan(
        people=everybody,
        habits=habits,
        cooperatives=cooperatives(),
        federation=federation(),
        funds=funds(),
        projects=projects(),
        neighbours=neighbours(),
        memberships=memberships,
        mandates=plan_mandates(people=everybody, memberships=memberships),
        accounts=plan_accounts(memberships=memberships),
    )
