"""A ballot as the desk sees it: whom a name means, who waits, what is in the urn; never results."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from reciproca.ballots.models import (
    AssistedVote,
    Ballot,
    Channel,
    Elector,
    PaperReading,
    UrnPaper,
)
from reciproca.ballots.queries.voting import FEW, BallotPaper, paper_of
from reciproca.registry import queries as registry
from reciproca.registry.places import plain_words
from reciproca.shared.errors import DomainError

MOST_FOUND = 20
LATEST_IN_URN = 200


class ElectorUnknown(DomainError):
    code = "elector-unknown"
    message = _(
        "Nessuno fra gli aventi diritto corrisponde a “%(text)s”: prova col numero del libro soci,"
        " la carta o il cognome."
    )
    status = 422


class ElectorUnclear(DomainError):
    code = "elector-unclear"
    message = _(
        "“%(text)s” va bene per più di una persona: scrivi il numero del libro soci o la carta."
    )
    status = 422


@dataclass(frozen=True, slots=True)
class DeskRow:
    """
    An elector as the desk finds them; `caster` names who votes, empty for the elector.

    `state` is "" (may vote), voted, urn or waits.
    """

    member_id: UUID
    name: str
    caster: str
    votes: int
    state: str


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A vote that somebody helped with and nobody confirmed yet; its choice is read by all."""

    id: UUID
    name: str
    choice: object
    paper: str
    helper_id: UUID
    helper: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Urn:
    """The papers in an urn that is not counted yet: of how many people, and how many votes."""

    financing: bool
    people: int
    votes: int

    @property
    def is_small(self) -> bool:
        """Tell whether whoever counts may guess who chose what."""
        return self.people < FEW


@dataclass(frozen=True, slots=True)
class DeskPage(BallotPaper):
    """All that the desk needs of a ballot; `closed_at` None while it is open."""

    body: str
    voted: int
    electors: int
    closed_at: datetime | None
    has_financing: bool
    waiting: Sequence[WaitingRow]
    urns: Sequence[Urn]
    in_urn: Sequence[DeskRow]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two readings of papers differ: of whom or which choice, and what each of them says."""

    key: str
    mine: str
    theirs: str


def ballot_of(*, ballot_id: UUID, node_id: UUID | None) -> Ballot | None:
    """Return a ballot of this very organisation, in one SQL query."""
    found = Ballot.objects.select_related("body", "closing")
    return found.filter(pk=ballot_id, body=node_id).first()


def desk_page(ballot: Ballot, /) -> DeskPage:
    """Return a ballot for the desk of its organisation; six SQL queries."""
    paper = paper_of(ballot)
    roll = Elector.objects.filter(ballot=ballot)
    sums = roll.aggregate(
        voted=Count("id", filter=~Q(channel=Channel.NONE)),
        electors=Count("id"),
        financing=Count("id", filter=Q(financing=True)),
    )
    in_urn = roll.filter(urn_paper__isnull=False).select_related("member", "caster")
    urns = in_urn.values("financing").annotate(people=Count("id"), total=Sum("votes"))
    return DeskPage(
        ballot=ballot,
        method=paper.method,
        options=paper.options,
        body=ballot.body.name,
        voted=sums["voted"],
        electors=sums["electors"],
        closed_at=ballot.closing.closed_at if hasattr(ballot, "closing") else None,
        has_financing=sums["financing"] > 0,
        waiting=_waiting(ballot),
        urns=[
            Urn(row["financing"], row["people"], row["total"]) for row in urns.order_by("financing")
        ],
        in_urn=_rows(list(in_urn.order_by("member__name_key", "id")[:LATEST_IN_URN])),
    )


def found_at_desk(ballot: Ballot, /, *, text: str) -> list[DeskRow]:
    """Return the electors whom a text may mean, by name; at most seven SQL queries."""
    return _rows(list(_electors_meant(ballot, text)))


def desk_row(ballot: Ballot, /, *, member_id: UUID) -> DeskRow | None:
    """Return one elector as the desk finds them."""
    found = _roll(ballot).filter(member_id=member_id)
    return next(iter(_rows(list(found))), None)


def member_meant(ballot: Ballot, /, *, text: str) -> UUID:
    """
    Return the elector whom a number of the register, a card, a tax code or a name means.

    Raises: ElectorUnknown, ElectorUnclear.
    """
    found = _electors_meant(ballot, text)
    if not found:
        raise ElectorUnknown(text=text.strip())
    if len(found) > 1:
        raise ElectorUnclear(text=text.strip())
    return found[0].member_id


def differences(
    *, ballot_id: UUID, financing: bool, person_id: UUID
) -> tuple[Sequence[Difference], datetime] | None:
    """
    Return where somebody's reading of papers differs from the latest of another, and since when.

    None unless both have read: nobody sees a reading before they have made their own.
    """
    readings = PaperReading.objects.filter(ballot=ballot_id, financing=financing)
    mine = readings.filter(entered_by=person_id).first()
    theirs = readings.exclude(entered_by=person_id).order_by("-entered_at", "-id").first()
    if mine is None or theirs is None:
        return None
    one, other = json.loads(mine.content), json.loads(theirs.content)
    rows = [
        Difference(key, str(one.get(key, "")), str(other.get(key, "")))
        for key in sorted(one.keys() | other.keys())
        if one.get(key) != other.get(key)
    ]
    return rows, max(mine.entered_at, theirs.entered_at)


def has_read(*, ballot_id: UUID, financing: bool, person_id: UUID) -> bool:
    """Tell whether somebody's reading of papers waits for another's."""
    readings = PaperReading.objects.filter(ballot=ballot_id, financing=financing)
    return readings.filter(entered_by=person_id).exists()


def names_on_roll(*, ballot_id: UUID, members: Sequence[UUID]) -> dict[UUID, str]:
    """Return the names of electors, in one SQL query."""
    found = Elector.objects.filter(ballot=ballot_id, member__in=members)
    return dict(found.values_list("member_id", "member__name"))


def _roll(ballot: Ballot) -> QuerySet[Elector]:
    return Elector.objects.filter(ballot=ballot).select_related("member", "caster")


def _electors_meant(ballot: Ballot, text: str) -> Sequence[Elector]:
    bare, roll = "".join(text.split()), _roll(ballot)
    if not plain_words(text):
        return []
    if bare.isascii() and bare.isdigit() and len(bare) < 10:
        number = int(bare)
        numbered = registry.members_with_numbers(cooperative_id=ballot.body_id, numbers=[number])
        if numbered:
            return list(roll.filter(member=numbered[number]))
    person = registry.person_by(code=bare)
    if person is not None:
        return list(roll.filter(member=person))
    for word in plain_words(text):
        roll = roll.filter(member__name_key__contains=word)
    return list(roll.order_by("member__name_key", "id")[:MOST_FOUND])


def _rows(electors: Sequence[Elector]) -> list[DeskRow]:
    in_urn = set(UrnPaper.objects.filter(elector__in=electors).values_list("pk", flat=True))
    assisted = AssistedVote.objects.filter(elector__in=electors, cast_at=None)
    waits = set(assisted.values_list("elector_id", flat=True))

    def state(each: Elector) -> str:
        if each.channel:
            return "voted"
        return "urn" if each.pk in in_urn else "waits" if each.pk in waits else ""

    return [
        DeskRow(
            member_id=each.member_id,
            name=each.member.name,
            caster=each.caster.name if each.caster_id != each.member_id else "",
            votes=each.votes,
            state=state(each),
        )
        for each in electors
    ]


def _waiting(ballot: Ballot) -> list[WaitingRow]:
    rows = AssistedVote.objects.filter(
        elector__ballot=ballot, elector__channel=Channel.NONE, cast_at=None
    )
    return [
        WaitingRow(
            id=row.id,
            name=row.elector.member.name,
            choice=json.loads(row.choice),
            paper=row.paper,
            helper_id=row.assisted_by_id,
            helper=row.assisted_by.name,
            at=row.assisted_at,
        )
        for row in rows.select_related("elector__member", "assisted_by").order_by(
            "assisted_at", "id"
        )
    ]
