"""Who is there before the year begins: nodes, registers, mandates, the policy and the promises."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from reciproca.demo.cooperatives import CooperativePlan, NodePlan
from reciproca.demo.days import date_of
from reciproca.demo.memberships import MembershipPlan
from reciproca.demo.people import PersonPlan
from reciproca.demo.plan import CommunityPlan
from reciproca.governance import actions as governance
from reciproca.governance.forms import AdoptionIn, ResolutionIn
from reciproca.registry import actions as registry
from reciproca.registry.actions.memberships import Step
from reciproca.registry.forms import MemberIn, OrganisationIn, PersonIn
from reciproca.shared.progress import Progress
from reciproca.tills import actions as tills
from reciproca.valueback import actions as valueback

NAME: Final = "Comunità delle Tre Valli"
BRANCHES: Final = (
    ("member", "A te", "To you", "2/5"),
    ("common", "Fondo comune", "Common fund", "3/10"),
    ("territory", "Territorio", "Territory", "1/5"),
    ("solidarity", "Solidarietà", "Solidarity", "1/10"),
)
LEGAL_BASIS: Final = (
    "Parere dello studio legale della Federazione: rete limitata di esercenti convenzionati (PSD2,"
    " art. 3, lettera k); regolamento del ritorno depositato presso la Federazione."
)


@dataclass(slots=True)
class Nodes:
    """The ids that the plan's indexes, positions and keys became."""

    federation: UUID
    people: list[UUID] = field(default_factory=list)
    cooperatives: list[UUID] = field(default_factory=list)
    by_key: dict[str, UUID] = field(default_factory=dict)


def found(*, plan: CommunityPlan, year: int, now: datetime, progress: Progress) -> Nodes:
    """Bring everybody in as of the year's beginning and return their nodes."""
    progress("organisations")
    federation = registry.open_community(
        name=NAME, federation=_organisation(plan.federation), opened_by=None, opened_at=now
    )
    nodes = Nodes(federation, by_key={plan.federation.key: federation})
    _organisations(plan, nodes, now)
    progress("people")
    nodes.people = registry.register_people(
        people=[_person(each) for each in plan.people], recorded_by=None, recorded_at=now
    )
    progress("registers")
    _registers(plan, nodes, year, now)
    _mandates(plan, nodes, year, now)
    _tills(plan, nodes, now)
    progress("policy")
    _policy(plan, nodes, year, now)
    _promises(plan, nodes, year)
    return nodes


def _organisations(plan: CommunityPlan, nodes: Nodes, now: datetime) -> None:
    nodes.cooperatives = registry.register_organisations(
        organisations=[_cooperative(each) for each in plan.cooperatives],
        recorded_by=None,
        recorded_at=now,
    )
    neighbours = registry.register_organisations(
        organisations=[_organisation(each) for each in plan.neighbours],
        recorded_by=None,
        recorded_at=now,
    )
    for cooperative, node in zip(plan.cooperatives, nodes.cooperatives, strict=True):
        nodes.by_key[cooperative.key] = node
    for neighbour, node in zip(plan.neighbours, neighbours, strict=True):
        nodes.by_key[neighbour.key] = node
    for each in (*plan.funds, *plan.projects):
        nodes.by_key[each.key] = registry.create_fund(
            kind=each.kind,
            name=each.name,
            description=each.about,
            held_by=nodes.federation,
            municipality=each.place.istat_code if each.place else "",
            created_by=None,
            created_at=now,
        )


def _registers(plan: CommunityPlan, nodes: Nodes, year: int, now: datetime) -> None:
    entered = [each for each in plan.memberships if each.registered_day is not None]
    lines = registry.register_members(
        members=[_member(each, nodes, year) for each in entered],
        recorded_by=None,
        recorded_at=now,
    )
    for each, line in zip(entered, lines, strict=True):
        if each.state == "withdrawn":
            left_on = date_of(year=year, day=each.left_day or 0)
            registry.withdraw_member(Step(line, left_on, None, now))
    for each in plan.memberships:
        if each.state == "applied":
            registry.apply_for_membership(
                member_id=_member_id(each, nodes),
                cooperative_id=nodes.cooperatives[each.cooperative],
                applied_on=date_of(year=year, day=each.applied_day),
                kind=each.kind,
                recorded_by=None,
                recorded_at=now,
            )


def _mandates(plan: CommunityPlan, nodes: Nodes, year: int, now: datetime) -> None:
    for each in plan.mandates:
        registry.grant_mandate(
            person_id=nodes.people[each.person],
            organisation_id=nodes.by_key[each.organisation],
            role=each.role,
            starts_on=date_of(year=year, day=each.starts_day),
            granted_by=None,
            granted_at=now,
        )


def _tills(plan: CommunityPlan, nodes: Nodes, now: datetime) -> None:
    """Open a till wherever somebody stands at one; a browser is paired with it from its pages."""
    behind = {each.organisation for each in plan.mandates if each.role == "till"}
    for organisation in sorted(behind):
        tills.open_till(
            organisation_id=nodes.by_key[organisation],
            name="Cassa 1",
            opened_by=None,
            opened_at=now,
        )


def _policy(plan: CommunityPlan, nodes: Nodes, year: int, now: datetime) -> None:
    funds = {each.branch: nodes.by_key[each.key] for each in plan.funds}
    document = {
        "kind": "value-back",
        "v": 1,
        "title": f"Come dividiamo il valore, dal {year}",
        "branches": [
            {
                "key": key,
                "name": {"it": italian, "en": english},
                "share": share,
                "node": str(funds[key]) if key != "member" else None,
            }
            for key, italian, english, share in BRANCHES
        ],
        "member_part": "own",
        "pool": None,
        "expires_after_years": 1,
        "expired_to": str(funds["solidarity"]),
    }
    governance.adopt_policy(
        adoption=AdoptionIn(
            document=document,
            in_force_on=date(year, 1, 1),
            resolution=ResolutionIn(
                body_id=nodes.federation,
                title="Criteri di divisione del valore",
                adopted_on=date(year - 1, 11, 23),
                protocol_number=f"{year - 1}/117",
            ),
            legal_basis=LEGAL_BASIS,
            legal_basis_confirmed_by="Il consiglio della Federazione",
        ),
        recorded_by=None,
        recorded_at=now,
    )


def _promises(plan: CommunityPlan, nodes: Nodes, year: int) -> None:
    """Commit each cooperative to what it gives back and what it takes in credits."""
    for node, each in zip(nodes.cooperatives, plan.cooperatives, strict=True):
        for category, rate_bp in each.rates:
            valueback.commit_rate(
                seller_id=node,
                category=category,
                rate_bp=rate_bp,
                valid_from=date(year, 1, 1),
                recorded_by=None,
            )
        valueback.set_acceptance_limit(
            seller_id=node, share_bp=each.accepts_bp, valid_from=date(year, 1, 1), recorded_by=None
        )


def _cooperative(plan: CooperativePlan) -> OrganisationIn:
    return OrganisationIn(
        name=plan.name,
        legal_name=plan.identity.legal_name,
        description=plan.about,
        sector=plan.sector,
        category=plan.category,
        mutuality=plan.mutuality,
        mutual_exchange=plan.exchange,
        register_number=plan.register_number,
        tax_code=plan.identity.tax_code,
        vat_number=plan.identity.vat_number,
        rea=plan.identity.rea,
        certified_email=plan.identity.certified_email,
        municipality=plan.place.istat_code,
        address=plan.address,
        iban=plan.identity.iban,
        account_name=plan.identity.legal_name,
    )


def _organisation(plan: NodePlan) -> OrganisationIn:
    own = plan.identity
    return OrganisationIn(
        name=plan.name,
        kind=plan.kind,
        legal_name=own.legal_name if own else "",
        description=plan.about,
        tax_code=own.tax_code if own else "",
        vat_number=own.vat_number if own else "",
        rea=own.rea if own else "",
        certified_email=own.certified_email if own else "",
        municipality=plan.place.istat_code if plan.place else "",
        address=plan.address,
        iban=own.iban if own else "",
        account_name=own.legal_name if own else "",
    )


def _person(plan: PersonPlan) -> PersonIn:
    return PersonIn(
        first_name=plan.first_name,
        last_name=plan.last_name,
        tax_code=plan.tax_code,
        born_on=plan.born_on,
        email=plan.email,
        municipality=plan.place.istat_code,
    )


def _member(plan: MembershipPlan, nodes: Nodes, year: int) -> MemberIn:
    assert plan.registered_day is not None
    return MemberIn(
        member_id=_member_id(plan, nodes),
        cooperative_id=nodes.cooperatives[plan.cooperative],
        registered_on=date_of(year=year, day=plan.registered_day),
        applied_on=date_of(year=year, day=plan.applied_day),
        kind=plan.kind,
        share_cents=plan.capital_cents,
    )


def _member_id(plan: MembershipPlan, nodes: Nodes) -> UUID:
    if isinstance(plan.member, str):
        return nodes.by_key[plan.member]
    return nodes.people[plan.member]
