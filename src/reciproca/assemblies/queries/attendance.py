"""Who is there at this moment, who is represented, and whether that is enough."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from django.db.models import Count, Sum

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
    """Return who votes at this moment, by the ids of the roll, in four SQL queries."""
    inside = Presence.objects.filter(elector__assembly=assembly, left_at=None)
    present = list(inside.order_by("came_at", "id").values_list("elector_id", flat=True))
    proxies = Proxy.objects.filter(giver__assembly=assembly, revoked_at=None)
    mandates = [
        Mandate(holder=holder, giver=giver)
        for holder, giver in proxies.order_by("given_at", "id").values_list("holder_id", "giver_id")
    ]
    # Of a roll of many thousands only those are read who are there, or gave or hold a proxy.
    concerned = {*present, *(each for one in mandates for each in (one.holder, one.giver))}
    roll = Elector.objects.filter(assembly=assembly)
    rows = roll.filter(pk__in=concerned).order_by("id").values_list("id", "votes", "financing")
    assert assembly.statute is not None
    counted = attendance(
        roll=[Voter(*row) for row in rows],
        present=present,
        mandates=mandates,
        most_mandates=assembly.statute.most_mandates,
    )
    return replace(counted, entitled=roll.aggregate(votes=Sum("votes", default=0))["votes"])


def quorum_of(counted: Attendance[UUID], /, *, assembly: Assembly, call: int) -> Standing:
    """Return how far an attendance is from the quorum of a call, in two SQL queries."""
    quorum = quorum_in(assembly=assembly, call=call)
    in_advance, votes_in_advance = _voted_in_advance(assembly, counted)
    present = counted.votes + votes_in_advance
    share = quorum.share * counted.entitled
    return Standing(
        call=call,
        present=present,
        entitled=counted.entitled,
        needed=max(1, _least(share, strict=quorum.strict)),
        heads=sum(1 for elector, caster in counted.cast_by.items() if elector == caster),
        represented=sum(1 for elector, caster in counted.cast_by.items() if elector != caster),
        in_advance=in_advance,
        reached=present > 0
        and quorum_reached(quorum=quorum, present=present, entitled=counted.entitled),
    )


def _voted_in_advance(assembly: Assembly, counted: Attendance[UUID]) -> tuple[int, int]:
    """Return how many who are not there have voted on what still stands, and their votes."""
    votes = MotionBallot.objects.filter(
        motion__item__assembly=assembly, in_advance=True, void_because=""
    )
    standing = list(votes.values_list("ballot_id", flat=True))
    if not standing:
        return 0, 0
    voted = Elector.objects.filter(assembly=assembly, member__in=ballots.who_voted(standing))
    absent = voted.exclude(pk__in=counted.cast_by)
    sums = absent.aggregate(electors=Count("id"), votes=Sum("votes", default=0))
    return sums["electors"], sums["votes"]


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
