"""What was decided, how it came to that, and what ran because of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from reciproca.assemblies.models import Assembly, MotionBallot
from reciproca.assemblies.queries.motions import VoteRow, votes_on
from reciproca.assemblies.queries.own import acting_for, runs_for
from reciproca.governance import queries as governance
from reciproca.governance.effects import effects_of
from reciproca.registry import queries as registry
from reciproca.shared.types import Actor


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that ran because of a decision: when, what, how much, by whom."""

    at: datetime
    sentence: str
    amount_cents: int | None
    by: str
    url: str


@dataclass(frozen=True, slots=True)
class Decision:
    """
    A resolution with the assembly and the ballot that took it, and all that came of it.

    `vote` and `assembly` are None for one that was taken outside and recorded here.
    """

    resolution: governance.ResolutionRow
    node_name: str
    assembly: Assembly | None
    vote: VoteRow | None
    effects: Sequence[Happened]


def decision_for(*, resolution_id: UUID, actor: Actor, on: date) -> Decision | None:
    """
    Return a decision for whoever may read it: who acts for the organisation, who was on the roll,
    and everybody where the federation decided.
    """
    resolution = governance.resolution(resolution_id=resolution_id)
    if resolution is None:
        return None
    made = MotionBallot.objects.select_related("motion__item__assembly__body").filter(
        resolution=resolution_id
    )
    ballot = made.first()
    assembly = ballot.motion.item.assembly if ballot else None
    if not _may_read(resolution, assembly, actor, on):
        return None
    votes = votes_on([ballot.motion])[ballot.motion_id] if ballot else []
    effects = effects_of(resolution_id)
    names = registry.names_of_users([effect.by for effect in effects if effect.by])
    return Decision(
        resolution=resolution,
        node_name=registry.names_of([resolution.body_id])[resolution.body_id],
        assembly=assembly,
        vote=next((vote for vote in votes if vote.resolution_id == resolution_id), None),
        effects=[
            Happened(
                at=effect.at,
                sentence=effect.sentence,
                amount_cents=effect.amount_cents,
                by=names.get(effect.by, "") if effect.by else "",
                url=effect.url,
            )
            for effect in effects
        ],
    )


def _may_read(
    resolution: governance.ResolutionRow, assembly: Assembly | None, actor: Actor, on: date
) -> bool:
    community = registry.community()
    if runs_for(actor) == resolution.body_id:
        return True
    if community is not None and community.federation_id == resolution.body_id:
        return True
    if assembly is None or actor.person_id is None:
        return False
    members = acting_for(person_id=actor.person_id, on=on)
    return assembly.electors.filter(member__in=members).exists()
