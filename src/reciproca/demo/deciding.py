"""
What the community decides: criteria voted in the autumn, a vote and a call that are open now.

The autumn's assembly is over and its minutes are approved. On what is open no persona has voted
yet: whoever looks at the demo can.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from reciproca.assemblies import actions as assemblies
from reciproca.assemblies.forms import AssemblyIn, MotionIn, PdfIn
from reciproca.assemblies.models import Assembly, Body, Motion
from reciproca.assemblies.models import Elector as Called
from reciproca.assemblies.queries.minutes import minutes_of
from reciproca.assemblies.rules import Electorate, StatuteIn
from reciproca.ballots import actions as ballots
from reciproca.ballots.forms import PapersIn, VoteIn
from reciproca.ballots.models import Elector
from reciproca.ballots.rules.choices import Choice
from reciproca.demo.chance import Chance
from reciproca.demo.cooperatives import DATA
from reciproca.demo.founding import LEGAL_BASIS, NAME, Nodes
from reciproca.demo.personas import PERSONAS
from reciproca.governance import actions as governance
from reciproca.governance.forms import AdoptionIn, VotedResolution
from reciproca.projects import actions as projects
from reciproca.projects.forms import CallIn, Cost, ProjectIn
from reciproca.projects.queries import free_cents
from reciproca.redistribution import actions as redistribution
from reciproca.redistribution.rules import Criterion, RedistributionPolicy
from reciproca.registry.models import User
from reciproca.web.statements.minutes import minutes_pdf

PRESENT, BUDGET_VOTERS = 130, 60
CHAIR, SECRETARY = (
    next(place for place, each in enumerate(PERSONAS) if each.key == key)
    for key in ("guido", "luca")
)
TRIED_CENTS = 2_500_000
"""What the two proposals were tried on: about the members' part of a year."""

CALLED, MET, APPROVED = timedelta(days=60), timedelta(days=32), timedelta(days=20)
COMING_CALLED, COMING_MEETS = timedelta(days=3), timedelta(days=17)
PROPOSED_BY, VOTING_SINCE, VOTING_UNTIL = (timedelta(days=days) for days in (6, 5, 9))
HALF_AN_HOUR = timedelta(minutes=30)
TENS_OF_EUROS = 1_000


@dataclass(frozen=True, slots=True)
class _Community:
    nodes: Nodes
    year: int
    now: datetime


def decide(*, nodes: Nodes, year: int, now: datetime) -> None:
    """Hold the autumn's assembly, call the winter's, and put the call's projects to the vote."""
    community = _Community(nodes, year, now)
    body = _body(community)
    _hold(community, body)
    _call_the_next(community, body)
    _ask_for_projects(community)


def _body(of: _Community) -> Body:
    told, at = _file()["body"], of.now - CALLED
    body = assemblies.open_body(
        node_id=of.nodes.federation,
        kind="assembly",
        name=told["name"],
        opened_by=None,
        opened_at=at,
    )
    assemblies.record_statute(
        body_id=body.id,
        statute=StatuteIn(
            electorate=Electorate.PEOPLE,
            in_force_on=date(of.year, 1, 1),
            source=told["source"],
            joint_stock=False,
            first_quorum=Fraction(1, 2),
            second_quorum=Fraction(0),
            majority_of_present=False,
            notice_days=8,
            most_mandates=2,
            advance_votes=True,
        ),
        recorded_by=None,
        recorded_at=at,
    )
    return body


def _hold(of: _Community, body: Body) -> None:
    """Vote on two ways to divide the pool in second call; the second passes and is adopted."""
    told, opens = _file()["over"], of.now - MET
    policies = [_policy(of, each) for each in told["policy"]]
    _try(of, policies)
    draft = _draft(body, told, first=opens - timedelta(days=1), second=opens, at=of.now - CALLED)
    item = assemblies.add_item(assembly_id=draft.id, title=told["item"], text=told["text"])
    motions = [
        assemblies.propose_motion(
            item_id=item.id,
            motion=MotionIn(
                kind="policy",
                title=policy.title,
                policy_digest=governance.keep_policy(
                    document=policy.as_document(), recorded_at=of.now - CALLED
                ),
            ),
            proposed_by=None,
            proposed_at=of.now - CALLED,
        )
        for policy in policies
    ]
    assembly = _call(draft, of.now - CALLED)
    voters = _come(assembly, of.nodes.people, opens - HALF_AN_HOUR)
    assemblies.open_assembly(
        assembly_id=assembly.id,
        call=2,
        chair_id=of.nodes.people[CHAIR],
        secretary_id=of.nodes.people[SECRETARY],
        opened_at=opens,
    )
    for turn, (motion, each) in enumerate(zip(motions, told["policy"], strict=True), 1):
        _vote(of, motion, voters, each["yes"], opens + turn * HALF_AN_HOUR)
    assemblies.close_assembly(assembly_id=assembly.id, closed_at=opens + 3 * HALF_AN_HOUR)
    _adopt(of, motions[-1], policies[-1])
    _approve(assembly, told["protocol"], of.now - APPROVED)


def _policy(of: _Community, told: Mapping[str, Any]) -> RedistributionPolicy:
    criteria = [Criterion("patronage", Fraction(told["patronage"]))]
    if "km0" in told:
        criteria.append(Criterion("km0", Fraction(told["km0"]), categories=("frutta e verdura",)))
    return RedistributionPolicy(
        title=told["title"],
        pool_id=of.nodes.by_key["monte-riparto"],
        common_id=of.nodes.by_key["fondo-comune"],
        common_share=Fraction(1, 5),
        criteria=tuple(criteria),
    )


def _try(of: _Community, policies: Sequence[RedistributionPolicy]) -> None:
    """Try them on the year's figures, as members read them before they voted."""
    tried = redistribution.open_simulation(
        documents=[policy.as_document() for policy in policies],
        starts_on=date(of.year, 1, 1),
        ends_on=date(of.year, 12, 31),
        pool_cents=TRIED_CENTS,
        made_by=_login(of, SECRETARY),
        made_at=of.now - CALLED,
    )
    redistribution.simulate(simulation_id=tried.id)


def _draft(
    body: Body, told: Mapping[str, Any], *, first: datetime, second: datetime, at: datetime
) -> Assembly:
    return assemblies.draft_assembly(
        body_id=body.id,
        assembly=AssemblyIn(told["title"], first, second, place=told["place"]),
        made_by=None,
        made_at=at,
    )


def _call(draft: Assembly, at: datetime) -> Assembly:
    return assemblies.call_assembly(
        assembly_id=draft.id, reference_on=at.date(), called_by=None, called_at=at
    )


def _come(assembly: Assembly, people: Sequence[UUID], at: datetime) -> list[UUID]:
    """Let some of those on the roll in, whoever leads the assembly first; return who came."""
    roll = dict(Called.objects.filter(assembly=assembly).values_list("member_id", "id"))
    leading = [people[CHAIR], people[SECRETARY]]
    others = [each for each in people[len(PERSONAS) :] if each in roll]
    came = [*leading, *_some(others, PRESENT, "assembly")]
    for person in came:
        assemblies.come_in(
            assembly_id=assembly.id,
            elector_id=roll[person],
            person_id=None,
            where="door",
            recorded_by=None,
            came_at=at,
        )
    return came


def _some(people: Sequence[UUID], most: int, name: str) -> list[UUID]:
    """Return some of these people, always the same."""
    chance = Chance(name)
    drawn = sorted(range(len(people)), key=lambda _place: chance.draw())
    return [people[place] for place in sorted(drawn[:most])]


def _vote(of: _Community, motion: Motion, voters: Sequence[UUID], yes: int, at: datetime) -> None:
    """Vote by papers in the hall, which two people read."""
    ballot = assemblies.open_vote(motion_id=motion.id, opened_by=None, opened_at=at)
    choices = ["yes"] * yes + ["no"] * (len(voters) - yes)
    papers = PapersIn(ballot, voters, choices)
    for reader in (_login(of, CHAIR), _login(of, SECRETARY)):
        ballots.enter_papers(papers=papers, entered_by=reader, entered_at=at)
    assemblies.close_vote(motion_id=motion.id, closed_by=None, closed_at=at + HALF_AN_HOUR / 2)


def _login(of: _Community, place: int) -> UUID:
    return User.objects.get(person=of.nodes.people[place]).id


def _cast(ballot: UUID, voter: UUID, choice: Choice, at: datetime) -> None:
    ballots.cast_vote(vote=VoteIn(ballot, voter, choice, [uuid4()]), cast_by=voter, cast_at=at)


def _adopt(of: _Community, motion: Motion, policy: RedistributionPolicy) -> None:
    """Let the policy that was voted hold from the next year."""
    voted = motion.ballots.get()
    assert voted.resolution_id
    governance.adopt_policy(
        adoption=AdoptionIn(
            document=policy.as_document(),
            in_force_on=date(of.now.year + 1, 1, 1),
            resolution=VotedResolution(voted.resolution_id),
            legal_basis=LEGAL_BASIS,
            legal_basis_confirmed_by="Il consiglio della Federazione",
        ),
        recorded_by=None,
        recorded_at=of.now - APPROVED,
    )


def _approve(assembly: Assembly, protocol: str, at: datetime) -> None:
    assembly.refresh_from_db()
    drawn = minutes_pdf(minutes_of(assembly=assembly), number=protocol, community=NAME)
    assemblies.approve_minutes(
        assembly_id=assembly.id,
        minutes=PdfIn("verbale.pdf", drawn),
        protocol_number=protocol,
        approved_by=None,
        approved_at=at,
    )


def _call_the_next(of: _Community, body: Body) -> None:
    """Call the winter's assembly; its votes are open in advance."""
    told, meets, at = _file()["coming"], of.now + COMING_MEETS, of.now - COMING_CALLED
    draft = _draft(body, told, first=meets, second=meets + timedelta(days=1), at=at)
    motions = []
    for each in told["item"]:
        item = assemblies.add_item(assembly_id=draft.id, title=each["title"], text=each["text"])
        motions += [
            assemblies.propose_motion(
                item_id=item.id, motion=_motion(of, motion), proposed_by=None, proposed_at=at
            )
            for motion in each["motion"]
        ]
    _call(draft, at)
    for motion in motions:
        assemblies.open_vote(motion_id=motion.id, opened_by=None, opened_at=at)


def _motion(of: _Community, told: Mapping[str, Any]) -> MotionIn:
    others = of.nodes.people[len(PERSONAS) :]
    return MotionIn(
        kind=told["kind"],
        title=told["title"],
        text=told.get("text", ""),
        candidates=_some(others, told.get("candidates", 0), "committee"),
        seats=told.get("seats", 1),
    )


def _ask_for_projects(of: _Community) -> None:
    """Open a call of the common fund, admit what was proposed, and let members choose."""
    told = _file()["call"]
    fund = of.nodes.by_key[told["fund"]]
    budget = _parts(told["budget_parts"], of=free_cents(fund_id=fund))
    call = projects.open_call(
        call=CallIn(
            fund_id=fund,
            title=told["title"],
            text=told["text"],
            budget_cents=budget,
            proposals_by=(of.now - PROPOSED_BY).date(),
        ),
        opened_by=None,
        opened_at=of.now - CALLED,
    )
    options = list(_proposals(of, call, budget, told["project"]))
    ballot = projects.open_voting(
        call_id=call,
        federation_id=of.nodes.federation,
        closes_at=of.now + VOTING_UNTIL,
        opened_by=None,
        opened_at=of.now - VOTING_SINCE,
    )
    chance = Chance("projects")
    for voter in _voters(ballot, of.nodes.people[len(PERSONAS) :]):
        liked = [option for option in options if chance.happens(450)]
        _cast(ballot, voter, liked or options[:1], of.now - VOTING_SINCE)


def _parts(parts: int, *, of: int) -> int:
    """Return so many parts in a thousand of an amount in cents, in whole tens of euros."""
    return of * parts // 1_000 // TENS_OF_EUROS * TENS_OF_EUROS


def _proposals(
    of: _Community, call: UUID, budget_cents: int, told: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Let cooperatives propose and an officer admit; yield what a voter may choose."""
    at = of.now - CALLED
    for number, each in enumerate(told):
        costs = [Cost(what, _parts(parts, of=budget_cents)) for what, parts in each["costs"]]
        project = projects.propose_project(
            project=ProjectIn(
                key=UUID(int=number),
                call_id=call,
                proposer_id=of.nodes.by_key[each["of"]],
                title=each["title"],
                text=each["text"],
                costs=costs,
            ),
            proposed_by=None,
            proposed_at=at,
        )
        projects.assess_project(
            project_id=project.id,
            admissible=True,
            cost_cents=sum(cost.amount_cents for cost in costs),
            reason="",
            assessed_by=None,
            assessed_at=at,
        )
        yield str(project.id)


def _voters(ballot: UUID, people: Sequence[UUID]) -> list[UUID]:
    roll = set(Elector.objects.filter(ballot=ballot).values_list("member_id", flat=True))
    return _some([each for each in people if each in roll], BUDGET_VOTERS, "projects")


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    with (DATA / "decisions.toml").open("rb") as file:
        return tomllib.load(file)
