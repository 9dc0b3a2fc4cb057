"""
A motion goes to the vote, in advance or in the meeting, and what passes is a resolution.

Source: docs/rules/assembly.md
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import telling
from reciproca.assemblies.actions.common import locked_called, locked_session
from reciproca.assemblies.actions.meeting import refuse_without_quorum
from reciproca.assemblies.models import Assembly, Elector, Motion, MotionBallot, MotionKind
from reciproca.assemblies.queries.attendance import attendance_now, persons_present, quorum_in
from reciproca.assemblies.queries.electors import people_behind
from reciproca.assemblies.rules import Attendance
from reciproca.ballots import actions as ballots
from reciproca.ballots.forms import BallotIn, OptionIn
from reciproca.ballots.forms import Elector as Voter
from reciproca.ballots.rules.choices import Method
from reciproca.ballots.rules.counting import Outcome
from reciproca.ballots.rules.majorities import ANY_NUMBER, Base, Majority, Quorum
from reciproca.governance import actions as governance
from reciproca.shared.errors import DomainError

SIMPLE = Fraction(1, 2)


class NoAdvanceVotes(DomainError):
    code = "no-advance-votes"
    message = _("Lo statuto non permette di votare prima: apri la votazione in assemblea.")


class VotedAlready(DomainError):
    code = "voted-already"
    message = _("Su questa proposta si è già votato.")


class VoteGoingOn(DomainError):
    code = "vote-going-on"
    message = _("La votazione su questa proposta è già aperta.")


class NoVoteOpen(DomainError):
    code = "no-vote-open"
    message = _("Su questa proposta non c’è una votazione aperta.")


@transaction.atomic
def open_vote(*, motion_id: UUID, opened_by: UUID | None, opened_at: datetime) -> UUID:
    """
    Put a motion, in the text that it has now, to the vote, and return the ballot's id.

    In the meeting those vote who are there or represented, and only with the quorum. Before it,
    where the statute allows, everybody on the roll: whoever votes counts as there.

    Raises: NotCalledYet, AlreadyOver, NoAdvanceVotes, VoteGoingOn, VotedAlready, QuorumMissing,
    what `ballots.actions.open_ballot` raises.
    """
    motion = Motion.objects.select_related("item").get(pk=motion_id)
    assembly = locked_called(motion.item.assembly_id)
    _check_unvoted(motion)
    in_advance = assembly.opened_at is None
    assert assembly.statute is not None
    if in_advance and not assembly.statute.advance_votes:
        raise NoAdvanceVotes
    if assembly.call is not None:
        refuse_without_quorum(assembly, assembly.call)
    counted = attendance_now(assembly=assembly)
    voters = _everybody(assembly, opened_at) if in_advance else _there(assembly, counted)
    motion.refresh_from_db(fields=["text_number"])
    text = motion.texts.get(number=motion.text_number)
    ballot = BallotIn(
        reference=motion.id,
        body_id=assembly.body.node_id,
        question=motion.title,
        text=text.text,
        policy_digest=motion.policy_id,
        electors=voters,
        opens_at=opened_at,
        closes_at=None,
        secret=motion.secret,
        may_change=not motion.secret,
        majority=_majority(assembly, motion),
        quorum=_least_quorum(assembly) if in_advance else ANY_NUMBER,
    )
    ballot_id = ballots.open_ballot(
        ballot=_between_persons(ballot, motion), opened_by=opened_by, opened_at=opened_at
    )
    MotionBallot.objects.create(
        motion=motion,
        text=text,
        ballot_id=ballot_id,
        in_advance=in_advance,
        present_votes=counted.votes,
        entitled_votes=counted.entitled,
        opened_at=opened_at,
    )
    casters = list(dict.fromkeys(voter.cast_by or voter.member_id for voter in voters))
    telling.tell_of_vote(
        kind=telling.VOTE_OPEN,
        motion=motion,
        assembly=assembly,
        people=casters,
        told_at=opened_at,
    )
    return ballot_id


@transaction.atomic
def close_vote(*, motion_id: UUID, closed_by: UUID | None, closed_at: datetime) -> Outcome:
    """
    Close the open vote on a motion, in the meeting; what passes is a resolution of the body.

    Raises: NotInSession, AlreadyOver, NoVoteOpen, what `ballots.actions.close_ballot` raises.
    """
    motion = Motion.objects.select_related("item").get(pk=motion_id)
    assembly = locked_session(motion.item.assembly_id)
    vote = motion.ballots.select_related("ballot", "text").filter(closed_at=None).first()
    if vote is None:
        raise NoVoteOpen
    counted = attendance_now(assembly=assembly)
    if vote.in_advance:
        members = Elector.objects.filter(pk__in=counted.cast_by).values_list("member_id", flat=True)
        ballots.mark_present(ballot_id=vote.ballot_id, members=list(members))
    outcome = ballots.close_ballot(
        ballot_id=vote.ballot_id, closed_by=closed_by, closed_at=closed_at
    )
    vote.closed_at = closed_at
    if outcome.passed:
        vote.resolution = governance.record_voted_resolution(
            body_id=assembly.body.node_id,
            title=motion.title,
            text=vote.text.text,
            ballot_id=vote.ballot_id,
            policy_digest=motion.policy_id or "",
            recorded_by=closed_by,
            recorded_at=closed_at,
        )
    vote.save(update_fields=["closed_at", "resolution"])
    return outcome


def void_open_vote(
    *, motion: Motion, because: str, voided_by: UUID | None, voided_at: datetime
) -> None:
    """Close the open vote on a motion, if there is one, so that its votes count for nothing."""
    vote = motion.ballots.filter(closed_at=None).first()
    if vote is None:
        return
    ballots.void_ballot(ballot_id=vote.ballot_id, voided_by=voided_by, voided_at=voided_at)
    vote.closed_at, vote.void_because = voided_at, because
    vote.save(update_fields=["closed_at", "void_because"])
    assembly = locked_called(motion.item.assembly_id)
    telling.tell_of_vote(
        kind=telling.VOTES_VOID,
        motion=motion,
        assembly=assembly,
        people=[
            person
            for voter in _everybody(assembly, voided_at)
            for person in [voter.cast_by or voter.member_id]
        ],
        told_at=voided_at,
    )


def _check_unvoted(motion: Motion) -> None:
    before = MotionBallot.objects.filter(motion=motion, void_because="")
    if before.filter(closed_at=None).exists():
        raise VoteGoingOn
    if before.exists():
        raise VotedAlready


def _everybody(assembly: Assembly, at: datetime) -> Sequence[Voter]:
    """Return all on the roll, each voting alone or, where a proxy is given, through its holder."""
    electors = list(assembly.electors.order_by("id"))
    behind = people_behind(electors, on=localdate(at))
    first = {elector.id: next(iter(behind[elector.id]), elector.member_id) for elector in electors}
    holders = dict(
        assembly.electors.filter(proxies_given__revoked_at=None).values_list(
            "id", "proxies_given__holder"
        )
    )
    return [
        _voter(elector, first[holders.get(elector.id) or elector.id], present=False)
        for elector in electors
    ]


def _there(assembly: Assembly, counted: Attendance[UUID]) -> Sequence[Voter]:
    """Return those who are there or represented, each with the person who casts the vote."""
    person = persons_present(assembly=assembly)
    electors = Elector.objects.in_bulk(list(counted.cast_by))
    return [
        _voter(electors[each], person[caster], present=True)
        for each, caster in counted.cast_by.items()
    ]


def _voter(elector: Elector, person: UUID, *, present: bool) -> Voter:
    return Voter(
        member_id=elector.member_id,
        votes=elector.votes,
        cast_by=None if person == elector.member_id else person,
        financing=elector.financing,
        present=present,
    )


def _majority(assembly: Assembly, motion: Motion) -> Majority | None:
    assert assembly.statute is not None
    base: Base = "present" if assembly.statute.majority_of_present else "cast"
    if motion.majority:
        return Majority(base=base, share=Fraction(motion.majority), strict=False)
    # Whoever has most votes is elected; a motion needs more than half.
    if motion.kind == MotionKind.ELECTION:
        return None
    return Majority(base=base, share=SIMPLE, strict=True)


def _least_quorum(assembly: Assembly) -> Quorum:
    return quorum_in(assembly=assembly, call=1 if assembly.second_call_at is None else 2)


def _between_persons(ballot: BallotIn, motion: Motion) -> BallotIn:
    """Return the ballot of an election: as many names as there are seats. Others stay."""
    if motion.kind != MotionKind.ELECTION:
        return ballot
    candidates = motion.candidates.select_related("person").order_by("person__name_key", "id")
    return replace(
        ballot,
        method=Method.APPROVAL,
        options=[OptionIn(str(each.person_id), each.person.name) for each in candidates],
        seats=motion.seats,
        most_choices=motion.seats,
    )
