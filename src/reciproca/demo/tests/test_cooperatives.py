"""The invented organisations: of every kind, in real places, with sound codes."""

from collections import Counter, defaultdict

import pytest

from reciproca.demo.accounts import AccountsPlan
from reciproca.demo.cooperatives import CooperativePlan, NodePlan
from reciproca.demo.goods import assortments, categories
from reciproca.demo.memberships import FEWEST_MEMBERS, MembershipPlan
from reciproca.demo.personas import PERSONAS
from reciproca.demo.plan import CommunityPlan, plan_community
from reciproca.registry.models import (
    Category,
    MemberKind,
    MembershipState,
    MutualExchange,
    Mutuality,
    NodeKind,
    Role,
    Sector,
)
from reciproca.shared.identifiers import is_identifier


def accounts_of(community: CommunityPlan, key: str) -> AccountsPlan:
    keys = [cooperative.key for cooperative in community.cooperatives]
    return community.accounts[keys.index(key)]


def organisations(community: CommunityPlan) -> list[CooperativePlan | NodePlan]:
    return [
        *community.cooperatives,
        community.federation,
        *community.funds,
        *community.projects,
        *community.neighbours,
    ]


def test_about_sixty_cooperatives_of_all_sectors(community: CommunityPlan) -> None:
    sectors = Counter(cooperative.sector for cooperative in community.cooperatives)
    registers = {cooperative.category for cooperative in community.cooperatives}

    assert 60 <= len(community.cooperatives) <= 70
    assert set(sectors) == set(Sector.values)
    assert len(registers) >= 12


def test_cooperatives_speak_the_registry_s_words(community: CommunityPlan) -> None:
    for cooperative in community.cooperatives:
        assert cooperative.category in Category.values
        assert cooperative.exchange in MutualExchange.values
        assert cooperative.mutuality in Mutuality.values
        assert cooperative.shop in assortments()
    nodes = (community.federation, *community.funds, *community.projects, *community.neighbours)
    assert all(node.kind in NodeKind.values for node in nodes)


def test_keys_names_and_codes_are_borne_once(community: CommunityPlan) -> None:
    nodes = organisations(community)
    identities = [node.identity for node in nodes if node.identity]

    assert len({node.key for node in nodes}) == len({node.name for node in nodes}) == len(nodes)
    assert len({identity.vat_number for identity in identities}) == len(identities)
    assert len({identity.iban for identity in identities}) == len(identities)
    assert len({identity.rea for identity in identities}) == len(identities)


@pytest.mark.parametrize("kind", ["partita_iva", "iban", "rea"])
def test_codes_are_valid(community: CommunityPlan, kind: str) -> None:
    field = {"partita_iva": "vat_number", "iban": "iban", "rea": "rea"}[kind]

    for node in organisations(community):
        if node.identity:
            assert is_identifier(kind=kind, value=getattr(node.identity, field))


def test_rates_name_goods_that_are_sold_and_one_rate_is_general(community: CommunityPlan) -> None:
    for cooperative in community.cooperatives:
        named = [rate.category for rate in cooperative.rates]
        assert named.count("") == 1
        assert set(named) - {""} <= set(categories())
        assert all(0 < rate.rate_bp <= 1_000 for rate in cooperative.rates)
        assert 0 <= cooperative.accepts_bp <= 10_000


def test_categories_fit_their_column() -> None:
    assert max(map(len, categories())) <= 40


def test_each_branch_but_the_member_s_has_its_fund(community: CommunityPlan) -> None:
    assert [fund.branch for fund in community.funds if fund.kind == "fund"] == [
        "common",
        "territory",
        "solidarity",
    ]
    assert [fund.kind for fund in community.funds] == ["fund", "fund", "fund", "pool"]


# --- registers ---


def test_everybody_is_a_member_somewhere(community: CommunityPlan) -> None:
    members = {line.member for line in community.memberships}

    assert members >= {person.index for person in community.people}


def test_registers_are_numbered_in_order_of_entry(community: CommunityPlan) -> None:
    registers: dict[int, list[MembershipPlan]] = defaultdict(list)
    for line in community.memberships:
        registers[line.cooperative].append(line)

    assert set(registers) == set(range(len(community.cooperatives)))
    for lines in registers.values():
        numbered = [line for line in lines if line.number is not None]
        assert [line.number for line in numbered] == list(range(1, len(numbered) + 1))
        days = [line.registered_day for line in numbered if line.registered_day is not None]
        assert days == sorted(days)
        assert len({line.member for line in lines}) == len(lines) >= FEWEST_MEMBERS - 2


def test_a_membership_s_dates_agree_with_its_state(community: CommunityPlan) -> None:
    for line in community.memberships:
        assert line.kind in MemberKind.values
        assert line.state in MembershipState.values
        assert (line.registered_day is None) == (line.state == "applied") == (not line.number)
        assert (line.left_day is not None) == (line.state == "withdrawn")
        assert (line.capital_cents == 0) == (line.state == "applied")
        if line.registered_day is not None:
            assert line.applied_day < line.registered_day < (line.left_day or 365)


def test_some_apply_some_arrive_and_some_leave_during_the_year(community: CommunityPlan) -> None:
    states = Counter(line.state for line in community.memberships)
    arrivals = sum((line.registered_day or -1) > 0 for line in community.memberships)

    assert states["applied"] > 30
    assert states["withdrawn"] > 30
    assert arrivals > 150


def test_consortia_are_made_of_cooperatives(community: CommunityPlan) -> None:
    keys = {cooperative.key for cooperative in community.cooperatives}
    members: dict[str, set[int | str]] = defaultdict(set)
    for line in community.memberships:
        members[community.cooperatives[line.cooperative].key].add(line.member)

    for key in ("rete-mani", "botteghe-in-rete", "confidi-montano"):
        assert len(members[key]) >= 9
        assert members[key] < keys
    others = set().union(*(m for key, m in members.items() if len(m & keys) == 0))
    assert all(isinstance(member, int) for member in others)


def test_every_cooperative_has_a_manager_and_personas_keep_their_posts(
    community: CommunityPlan,
) -> None:
    managers = Counter(m.organisation for m in community.mandates if m.role == "manager")
    posts = {(m.person, m.organisation, m.role) for m in community.mandates}

    assert managers == Counter(cooperative.key for cooperative in community.cooperatives)
    assert {mandate.role for mandate in community.mandates} == set(Role.values)
    assert len({m.person for m in community.mandates}) == len(community.mandates)
    for index, persona in enumerate(PERSONAS):
        if persona.role:
            assert (index, persona.organisation, persona.role) in posts


def test_a_small_community_still_has_every_register_and_counter() -> None:
    small = plan_community(people_count=250)
    managers = {m.organisation for m in small.mandates if m.role == "manager"}

    assert len(managers) == len(small.cooperatives)
    assert {line.cooperative for line in small.memberships} == set(range(len(managers)))


# --- accounts ---


def test_the_paid_up_capital_is_what_the_members_paid(community: CommunityPlan) -> None:
    paid: Counter[int] = Counter()
    for line in community.memberships:
        if line.state == "registered":
            paid[line.cooperative] += line.capital_cents

    for accounts in community.accounts:
        assert accounts.paid_up_capital_cents == paid[accounts.cooperative] > 0


def test_only_users_are_proposed_a_refund_of_what_they_bought(community: CommunityPlan) -> None:
    for cooperative, accounts in zip(community.cooperatives, community.accounts, strict=True):
        assert accounts.refund_proposed_cents == 0 or cooperative.exchange == "users"
        assert accounts.member_surplus_cents >= 0
        assert accounts.cash_share_bp + accounts.capital_share_bp <= 10_000
        assert accounts.assembly_day > 365


def test_the_accounts_try_every_guard_rail(community: CommunityPlan) -> None:
    loss = accounts_of(community, "malga-alta")
    even = accounts_of(community, "le-nogare")
    above_members = accounts_of(community, "sette-fontane")
    above_left = accounts_of(community, "pietra-grigia")
    above_cap = accounts_of(community, "tre-archi")
    weak = accounts_of(community, "prato-fiorito")
    tiny = accounts_of(community, "del-larice")

    assert loss.net_profit_cents < 0 == loss.refund_proposed_cents
    assert even.net_profit_cents == 0
    assert above_members.refund_proposed_cents > above_members.member_surplus_cents
    assert above_left.refund_proposed_cents <= above_left.member_surplus_cents
    assert above_left.refund_proposed_cents * 100 > above_left.net_profit_cents * 67
    assert above_cap.dividend_proposed_cents * 1_000 > above_cap.paid_up_capital_cents * 55
    assert weak.net_equity_cents * 4 == weak.total_debt_cents
    assert weak.dividend_proposed_cents > 0
    assert 0 < tiny.refund_proposed_cents < 200
    assert accounts_of(community, "ripa-chiara").refund_accounting == "cost"
    assert accounts_of(community, "confidi-montano").total_debt_cents == 0


def test_refunds_are_paid_as_credit_money_and_capital(community: CommunityPlan) -> None:
    shares = {
        (accounts.cash_share_bp, accounts.capital_share_bp)
        for accounts in community.accounts
        if accounts.refund_proposed_cents
    }

    assert {(0, 0), (10_000, 0), (0, 10_000), (3_000, 3_000)} <= shares
