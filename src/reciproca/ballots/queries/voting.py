"""Reads of ballots: what is open, and what a closed one came to."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, Sum

from reciproca.ballots.models import Ballot, Channel, Closing, Elector, OpenVote, Option, SecretVote
from reciproca.ballots.rules.choices import BUDGETS, NO, YES, Choice, Method, read
from reciproca.ballots.rules.counting import Outcome
from reciproca.ballots.rules.majorities import Quorum, quorum_reached
from reciproca.governance import queries as governance
from reciproca.governance.queries import PolicyPage

FEW = 5
"""Below so many a group is too small for its members' choices to stay unknown."""


def database_now() -> datetime:
    """Return the time by the database's clock: the one by which ballots open and close."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def who_voted(ballot_ids: Collection[UUID], /) -> set[UUID]:
    """
    Return the members for whom a vote was cast on any of these ballots: for counting a quorum only,
    as long as one of them is open.
    """
    voted = Elector.objects.filter(ballot__in=ballot_ids).exclude(channel=Channel.NONE)
    return set(voted.values_list("member_id", flat=True))


def casters_of(*, member_id: UUID, ballots: Collection[UUID]) -> set[UUID]:
    """Return the people who cast an elector's vote on these ballots, in one SQL query."""
    lines = Elector.objects.filter(ballot__in=ballots, member=member_id)
    return set(lines.values_list("caster_id", flat=True))


@dataclass(frozen=True, slots=True)
class NamedVote:
    """What was cast for a member of an open ballot, and by which person."""

    member_id: UUID
    cast_by: UUID
    choice: Choice


def named_votes(ballot_id: UUID, /) -> list[NamedVote]:
    """Return who voted what on an open ballot that is closed, once for each elector."""
    votes = OpenVote.objects.filter(
        elector__ballot=ballot_id, elector__ballot__closing__isnull=False
    )
    rows = votes.filter(unit=1).order_by("elector__member_id")
    return [
        NamedVote(member, cast_by, read(choice))
        for member, cast_by, choice in rows.values_list("elector__member", "cast_by", "choice")
    ]


def outcome(ballot_id: UUID, /) -> Outcome | None:
    """Return what a ballot came to; None as long as it is not closed."""
    closing = Closing.objects.filter(pk=ballot_id).first()
    if closing is None:
        return None
    told = json.loads(closing.outcome)
    return Outcome(
        passed=told["passed"],
        tally={option: Fraction(votes) for option, votes in told["tally"].items()},
        winners=told["winners"],
        cast=told["cast"],
        present=told["present"],
        entitled=told["entitled"],
        quorum_reached=told["quorum_reached"],
        coefficient=Fraction(told["coefficient"]),
        financing_present=told["financing_present"],
    )


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A ballot as a list shows it: how many rights to vote its reader casts, and still has to."""

    id: UUID
    question: str
    body: str
    secret: bool
    opens_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None
    casts: int
    to_cast: int


@dataclass(frozen=True, slots=True)
class Right:
    """
    A right to vote that somebody casts: their own, or that of whom they represent.

    `in_urn`: their paper is in the urn, which is not counted yet.
    """

    member_id: UUID
    name: str
    votes: int
    own: bool
    voted: bool
    in_urn: bool

    @property
    def key(self) -> str:
        return str(self.member_id)


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """What is asked on a ballot, in the order of its paper."""

    ballot: Ballot
    method: Method
    options: Sequence[Option]

    @property
    def keys(self) -> list[str]:
        return [YES, NO] if self.method is Method.MOTION else [each.key for each in self.options]

    @property
    def is_budget(self) -> bool:
        return self.method in BUDGETS

    @property
    def is_single(self) -> bool:
        """Tell whether a paper says one thing: then papers are counted in heaps."""
        return self.method is Method.MOTION or self.ballot.most_choices == 1


@dataclass(frozen=True, slots=True)
class BallotPage(BallotPaper):
    """
    A ballot for whoever may see it: question, options, how many voted of how many, and the rights
    to vote that its reader casts. `outcome` is None until the close;
    it decides nothing if `is_void`. `forgotten_at` is when its roll was deleted.
    """

    body: str
    rights: Sequence[Right]
    voted: int
    electors: int
    present: int
    entitled: int
    few_financing: bool
    closed_at: datetime | None
    outcome: Outcome | None
    is_void: bool
    policy: PolicyPage | None
    forgotten_at: datetime | None = None

    @property
    def has_quorum(self) -> bool:
        return self.ballot.quorum_share != "0"

    @property
    def quorum_reached(self) -> bool:
        quorum = Quorum(Fraction(self.ballot.quorum_share), strict=self.ballot.quorum_strict)
        return quorum_reached(quorum=quorum, present=self.present, entitled=self.entitled)


def ballots_of(*, person_id: UUID) -> list[BallotRow]:
    """Return the ballots on which somebody has or casts a vote, the latest first, in one query."""
    theirs = Q(roll__caster_id=person_id) | Q(roll__member_id=person_id)
    casts = Q(roll__caster_id=person_id)
    still = casts & Q(roll__channel=Channel.NONE)
    found = (
        Ballot.objects.filter(theirs)
        .annotate(
            casts=Count("roll", filter=casts, distinct=True),
            to_cast=Count("roll", filter=still, distinct=True),
        )
        .select_related("body", "closing")
        .order_by(F("closing__closed_at").desc(nulls_first=True), "closes_at", "-id")
    )
    return [
        BallotRow(
            id=each.id,
            question=each.question,
            body=each.body.name,
            secret=each.secret,
            opens_at=each.opens_at,
            closes_at=each.closes_at,
            closed_at=each.closing.closed_at if hasattr(each, "closing") else None,
            casts=each.casts,
            to_cast=each.to_cast,
        )
        for each in found
    ]


def ballots_to_vote_on(*, person_id: UUID, now: datetime) -> list[Ballot]:
    """Return the open ballots on which somebody has a vote to cast, soonest to close first."""
    return list(
        Ballot.objects.filter(
            Q(closes_at=None) | Q(closes_at__gt=now),
            roll__caster_id=person_id,
            roll__channel=Channel.NONE,
            closing=None,
            opens_at__lte=now,
        )
        .distinct()
        .order_by(F("closes_at").asc(nulls_last=True), "id")
    )


def ballot_page(*, ballot_id: UUID, person_id: UUID) -> BallotPage | None:
    """
    Return a ballot as somebody on its roll sees it; None for everybody else.

    Once its roll is forgotten nobody knows whose it was: everybody sees what it came to.
    """
    found = Ballot.objects.select_related("body", "closing", "forgotten")
    ballot = found.filter(pk=ballot_id).first()
    if ballot is None:
        return None
    if hasattr(ballot, "forgotten"):
        return _forgotten_page(ballot)
    theirs = Q(caster_id=person_id) | Q(member_id=person_id)
    lines = list(
        Elector.objects.filter(theirs, ballot=ballot)
        .select_related("member", "urn_paper")
        .order_by("member_id")
    )
    if not lines:
        return None
    voted = ~Q(channel=Channel.NONE)
    sums = Elector.objects.filter(ballot=ballot).aggregate(
        voted=Count("id", filter=voted),
        electors=Count("id"),
        present=Sum("votes", filter=Q(present=True), default=0),
        entitled=Sum("votes", default=0),
        financing=Count("id", filter=Q(financing=True)),
    )
    return BallotPage(
        ballot=ballot,
        body=ballot.body.name,
        method=Method(ballot.method),
        options=list(ballot.options.order_by("number")),
        rights=[
            Right(
                member_id=each.member_id,
                name=each.member.name,
                votes=each.votes,
                own=each.member_id == person_id,
                voted=each.channel != Channel.NONE,
                in_urn=hasattr(each, "urn_paper"),
            )
            for each in lines
            if each.caster_id == person_id
        ],
        voted=sums["voted"],
        electors=sums["electors"],
        present=sums["present"],
        entitled=sums["entitled"],
        few_financing=0 < sums["financing"] < FEW,
        closed_at=ballot.closing.closed_at if hasattr(ballot, "closing") else None,
        outcome=outcome(ballot_id),
        policy=policy_of(ballot),
        is_void=_is_void(ballot),
    )


def _forgotten_page(ballot: Ballot) -> BallotPage:
    found = outcome(ballot.id)
    assert found is not None
    paper = paper_of(ballot)
    return BallotPage(
        ballot=ballot,
        body=ballot.body.name,
        method=paper.method,
        options=paper.options,
        rights=[],
        voted=ballot.forgotten.voted,
        electors=ballot.forgotten.electors,
        present=found.present,
        entitled=found.entitled,
        few_financing=False,
        closed_at=ballot.closing.closed_at,
        outcome=found,
        policy=policy_of(ballot),
        is_void=_is_void(ballot),
        forgotten_at=ballot.forgotten.forgotten_at,
    )


def paper_of(ballot: Ballot, /) -> BallotPaper:
    """Return what is asked on a ballot, in one SQL query."""
    return BallotPaper(ballot, Method(ballot.method), list(ballot.options.order_by("number")))


def policy_of(ballot: Ballot, /) -> PolicyPage | None:
    """Return the policy that a ballot would adopt, as one reads it."""
    return governance.policy_page(digest=ballot.policy_id) if ballot.policy_id else None


def _is_void(ballot: Ballot) -> bool:
    """Tell whether a ballot was closed because its question had changed."""
    return hasattr(ballot, "closing") and "void" in json.loads(ballot.closing.outcome)


def closing_of(ballot_id: UUID, /) -> Closing | None:
    """Return the close of a ballot; None as long as it is open."""
    return Closing.objects.select_related("ballot").filter(pk=ballot_id).first()


@dataclass(frozen=True, slots=True)
class RollRow:
    """A line of the roll of a closed ballot: who might vote, and whether they did, and how."""

    name: str
    votes: int
    caster: str
    channel: Channel


def roll(*, ballot_id: UUID) -> list[RollRow]:
    """Return who might vote and who did, by name: only for a ballot that is closed."""
    lines = Elector.objects.filter(ballot_id=ballot_id, ballot__closing__isnull=False)
    found = lines.select_related("member", "caster").order_by("member__name", "member_id")
    return [
        RollRow(
            name=each.member.name,
            votes=each.votes,
            caster=each.caster.name if each.caster_id != each.member_id else "",
            channel=Channel(each.channel),
        )
        for each in found
    ]


def parties_of(code: UUID, /) -> set[UUID] | None:
    """
    Return who may see an open vote: its elector, and who cast it; None for a published secret one.

    An open vote that was changed since is nobody's any more.
    """
    if SecretVote.objects.filter(pk=code, ballot__closing__isnull=False).exists():
        return None
    vote = OpenVote.objects.select_related("elector").filter(pk=code).first()
    return {vote.elector.member_id, vote.cast_by} if vote else set()
