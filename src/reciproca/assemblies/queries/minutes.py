"""
All that the minutes of an assembly say, from what is recorded: the same again whenever asked.

Date, who was there and with how many votes, what was put to the vote, how and with which result
and, unless it was secret, who voted what (art. 2375 c.c.).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from reciproca.assemblies.models import (
    Assembly,
    Elector,
    Item,
    Motion,
    MotionBallot,
    Presence,
    Proxy,
    Sending,
    Turn,
)
from reciproca.assemblies.queries.motions import VoteRow, votes_on
from reciproca.ballots import queries as ballots
from reciproca.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who was there, from when until when, with how many votes and for whom besides."""

    name: str
    person: str
    where: str
    votes: int
    came_at: datetime
    left_at: datetime | None
    represents: Sequence[str]


@dataclass(frozen=True, slots=True)
class NamedVote:
    """
    What was cast for an elector, and by whom if not by themselves.

    `choice` is yes, no, abstain, or the names of who was voted for.
    """

    name: str
    cast_by: str
    choice: str


@dataclass(frozen=True, slots=True)
class VoteTaken:
    """A ballot and, unless it was secret, who voted what."""

    vote: VoteRow
    named: Sequence[NamedVote]


@dataclass(frozen=True, slots=True)
class MotionTaken:
    """A motion, in the text that was put to the vote, with its ballots."""

    title: str
    text: str
    secret: bool
    candidates: Sequence[str]
    votes: Sequence[VoteTaken]


@dataclass(frozen=True, slots=True)
class ItemTaken:
    """A point of the agenda with what was decided on it."""

    number: int
    title: str
    text: str
    motions: Sequence[MotionTaken]


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of an assembly; `told` counts electors by how they were told of it."""

    assembly: Assembly
    node_name: str
    chair: str
    secretary: str
    elector_count: int
    entitled_votes: int
    told: Mapping[str, int]
    attendees: Sequence[Attendee]
    speakers: Sequence[str]
    items: Sequence[ItemTaken]


def without_minutes(ballot_ids: Collection[UUID], /) -> set[UUID]:
    """Return those of these ballots whose assembly has no approved minutes, in one SQL query."""
    waiting = MotionBallot.objects.filter(
        ballot__in=ballot_ids, motion__item__assembly__approved_at=None
    )
    return set(waiting.values_list("ballot_id", flat=True))


def minutes_of(*, assembly: Assembly) -> Minutes:
    """Return the minutes of an assembly, as far as it has come."""
    electors = list(Elector.objects.filter(assembly=assembly).order_by("number", "id"))
    told = Sending.objects.filter(elector__assembly=assembly).order_by("elector", "id")
    ways: dict[str, set[UUID]] = {}
    for sending in told:
        ways.setdefault(sending.get_way_display(), set()).add(sending.elector_id)
    speakers = Turn.objects.filter(elector__assembly=assembly, began_at__isnull=False)
    return Minutes(
        assembly=assembly,
        node_name=assembly.body.node.name,
        chair=assembly.chair.name if assembly.chair else "",
        secretary=assembly.secretary.name if assembly.secretary else "",
        elector_count=len(electors),
        entitled_votes=sum(elector.votes for elector in electors),
        told={way: len(people) for way, people in ways.items()},
        attendees=_attendees(assembly),
        speakers=list(
            speakers.order_by("began_at", "id").values_list("elector__member__name", flat=True)
        ),
        items=_items(assembly),
    )


def _attendees(assembly: Assembly) -> list[Attendee]:
    there = Presence.objects.filter(elector__assembly=assembly).select_related(
        "elector__member", "person"
    )
    held: dict[UUID, list[str]] = {}
    # A proxy that was taken back before the opening never spoke for anybody.
    for proxy in Proxy.objects.filter(giver__assembly=assembly, revoked_at=None).select_related(
        "giver__member"
    ):
        held.setdefault(proxy.holder_id, []).append(proxy.giver.member.name)
    return [
        Attendee(
            name=row.elector.member.name,
            person="" if row.person_id == row.elector.member_id else row.person.name,
            where=row.get_where_display(),
            votes=row.elector.votes,
            came_at=row.came_at,
            left_at=row.left_at,
            represents=sorted(held.get(row.elector_id, [])),
        )
        for row in there.order_by("came_at", "id")
    ]


def _items(assembly: Assembly) -> list[ItemTaken]:
    motions = list(
        Motion.objects.filter(item__assembly=assembly)
        .prefetch_related("texts", "candidates__person")
        .order_by("item__number", "number")
    )
    votes = votes_on(motions)
    return [
        ItemTaken(
            number=item.number,
            title=item.title,
            text=item.text,
            motions=[
                _motion(motion, votes.get(motion.id, []))
                for motion in motions
                if motion.item_id == item.id
            ],
        )
        for item in Item.objects.filter(assembly=assembly).order_by("number")
    ]


def _motion(motion: Motion, votes: Sequence[VoteRow]) -> MotionTaken:
    (text,) = (each.text for each in motion.texts.all() if each.number == motion.text_number)
    return MotionTaken(
        title=motion.title,
        text=text,
        secret=motion.secret,
        candidates=sorted(each.person.name for each in motion.candidates.all()),
        votes=[
            VoteTaken(vote, [] if motion.secret else _named(vote))
            for vote in votes
            if vote.closed_at
        ],
    )


def _named(vote: VoteRow) -> list[NamedVote]:
    """Return who voted what, by name; nothing of a vote that is void."""
    if vote.void_because:
        return []
    rows = ballots.named_votes(vote.ballot_id)
    chosen = [
        UUID(str(key)) for row in rows if not isinstance(row.choice, str) for key in row.choice
    ]
    voting = [person for row in rows for person in (row.member_id, row.cast_by)]
    names = registry.names_of([*voting, *chosen])
    named = [
        NamedVote(
            name=names.get(row.member_id, ""),
            cast_by="" if row.cast_by == row.member_id else names.get(row.cast_by, ""),
            choice=row.choice
            if isinstance(row.choice, str)
            else ", ".join(sorted(names.get(UUID(str(key)), "") for key in row.choice)),
        )
        for row in rows
    ]
    return sorted(named, key=lambda each: each.name)
