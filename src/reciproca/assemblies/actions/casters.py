"""
Who casts an elector's vote on what is open already, when proxies and presences change.

A vote in advance is open to the whole roll and follows them. One in the meeting keeps the roll of
those who were there when it was opened. Source: docs/decisions/0039-votes-by-other-hands.md
"""

from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from reciproca.assemblies.models import Elector, MotionBallot, Proxy
from reciproca.assemblies.queries.electors import people_behind
from reciproca.ballots import actions as ballots
from reciproca.ballots import queries


def votes_alone(elector: Elector, /, *, at: datetime) -> None:
    """Let an elector cast their own vote, also in place of one that may be changed."""
    _change(elector, to=elector, voted_too=True, at=at)


def votes_through(elector: Elector, holder: Elector, /, *, at: datetime) -> None:
    """Let the holder of an elector's proxy cast the vote where none was cast."""
    _change(elector, to=holder, voted_too=False, at=at)


def holder_of(elector: Elector, /) -> Elector | None:
    """Return who holds an elector's proxy."""
    live = Proxy.objects.filter(giver=elector, revoked_at=None).select_related("holder")
    proxy = live.first()
    return proxy.holder if proxy else None


def voted_for_by_another(elector: Elector, /, *, at: datetime) -> bool:
    """Tell whether a vote that is open in the meeting counts an elector as represented."""
    own = people_behind([elector], on=localdate(at))[elector.pk]
    casters = queries.casters_of(member_id=elector.member_id, ballots=_open(elector, advance=False))
    return bool(casters - set(own))


def _change(elector: Elector, *, to: Elector, voted_too: bool, at: datetime) -> None:
    behind = people_behind([to], on=localdate(at))[to.pk]
    caster = next(iter(behind), to.member_id)
    for ballot_id in _open(elector, advance=True):
        ballots.change_caster(
            ballot_id=ballot_id,
            member_id=elector.member_id,
            caster_id=caster,
            voted_too=voted_too,
        )


def _open(elector: Elector, *, advance: bool) -> list[UUID]:
    votes = MotionBallot.objects.filter(
        motion__item__assembly=elector.assembly_id, closed_at=None, in_advance=advance
    )
    return list(votes.order_by("id").values_list("ballot_id", flat=True))
