"""Who is there at this moment, who is represented, and whether that is enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from reciproca.assemblies.models import Assembly, Elector, MotionBallot, Presence, Proxy
from reciproca.assemblies.rules import Attendance, Mandate, Voter, attendance
from reciproca.ballots import queries as ballots
from reciproca.ballots.rules.majorities import Quorum, quorum_reached

SECOND_CALL = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How far the quorum is: votes there, represented or cast in advance, of all entitled, and how
    many are needed.

    `heads` are electors who are there in person, `represented` those who are by proxy, `in_advance`
    those who are neither and have voted before.
    """

    call: int
    present: int
    entitled: int
    needed: int
    heads: int
    represented: int
    in_advance: int
    reached: bool


def attendance_now(*, assembly: Assembly) -> Attendance[UUID]:
    """Return who votes at this moment, by the ids of the roll, in three SQL queries."""
    electors = Elector.objects.filter(assembly=assembly).values_list("id", "votes", "financing")
    present = Presence.objects.filter(elector__assembly=assembly, left_at=None)
    proxies = Proxy.objects.filter(giver__assembly=assembly, revoked_at=None)
    assert assembly.statute is not None
    return attendance(
        roll=[Voter(*row) for row in electors.order_by("id")],
        present=list(present.order_by("came_at", "id").values_list("elector_id", flat=True)),
        mandates=[
            Mandate(holder=holder, giver=giver)
            for holder, giver in proxies.order_by("given_at", "id").values_list(
                "holder_id", "giver_id"
            )
        ],
        most_mandates=assembly.statute.most_mandates,
    )


def quorum_of(counted: Attendance[UUID], /, *, assembly: Assembly, call: int) -> Standing:
    """Return how far an attendance is from the quorum of a call, in two SQL queries."""
    quorum = quorum_in(assembly=assembly, call=call)
    advance = _voted_in_advance(assembly, counted)
    present = counted.votes + sum(advance)
    share = quorum.share * counted.entitled
    return Standing(
        call=call,
        present=present,
        entitled=counted.entitled,
        needed=max(1, _least(share, strict=quorum.strict)),
        heads=sum(1 for elector, caster in counted.cast_by.items() if elector == caster),
        represented=sum(1 for elector, caster in counted.cast_by.items() if elector != caster),
        in_advance=len(advance),
        reached=present > 0
        and quorum_reached(quorum=quorum, present=present, entitled=counted.entitled),
    )


def _voted_in_advance(assembly: Assembly, counted: Attendance[UUID]) -> list[int]:
    """Return the votes of each elector who is not there and has voted on what still stands."""
    votes = MotionBallot.objects.filter(
        motion__item__assembly=assembly, in_advance=True, void_because=""
    )
    standing = list(votes.values_list("ballot_id", flat=True))
    if not standing:
        return []
    voted = Elector.objects.filter(assembly=assembly, member__in=ballots.who_voted(standing))
    return list(voted.exclude(pk__in=counted.cast_by).values_list("votes", flat=True))


def quorum_in(*, assembly: Assembly, call: int) -> Quorum:
    """Return what the statute asks for in a call: more than the first share, or the second."""
    assert assembly.statute is not None
    if call == SECOND_CALL:
        return Quorum(share=Fraction(assembly.statute.second_quorum))
    return Quorum(share=Fraction(assembly.statute.first_quorum), strict=True)


def persons_present(*, assembly: Assembly) -> Mapping[UUID, UUID]:
    """Return, by the ids of the roll, the person who is there for each elector."""
    there = Presence.objects.filter(elector__assembly=assembly, left_at=None)
    return dict(there.values_list("elector_id", "person_id"))


def _least(share: Fraction, *, strict: bool) -> int:
    """Return the least whole number of votes that reaches a share."""
    if strict:
        return share.numerator // share.denominator + 1
    return -(-share.numerator // share.denominator)
