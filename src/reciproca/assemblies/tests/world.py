"""An assembly of Il Lievito and what leads up to it, as the tests of this room play it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from tests.makers import NOON, Cast, Member, make_member

from reciproca.assemblies import actions
from reciproca.assemblies.forms import AssemblyIn, MotionIn, PdfIn
from reciproca.assemblies.models import Assembly, Body, Elector, Item, Motion, MotionBallot
from reciproca.assemblies.rules import Electorate, StatuteIn
from reciproca.ballots import actions as ballots
from reciproca.ballots.forms import VoteIn

FIRST = NOON + timedelta(days=20)
SECOND = FIRST + timedelta(days=1)

STATUTE = StatuteIn(
    electorate=Electorate.MEMBERS,
    in_force_on=date(2025, 1, 1),
    source="Statuto, articoli 20-24",
    joint_stock=True,
    first_quorum=Fraction(1, 2),
    second_quorum=Fraction(0),
    majority_of_present=False,
    notice_days=8,
    most_mandates=2,
)


def make_body(node_id: UUID, *, name: str = "Assemblea dei soci", **statute: Any) -> Body:
    """Open the assembly of an organisation, with a statute."""
    body = actions.open_body(
        node_id=node_id, kind="assembly", name=name, opened_by=None, opened_at=NOON
    )
    record_statute(body, **statute)
    return body


def record_statute(body: Body, **changes: Any) -> None:
    actions.record_statute(
        body_id=body.id, statute=replace(STATUTE, **changes), recorded_by=None, recorded_at=NOON
    )


def draft(body: Body, **changes: Any) -> Assembly:
    """Prepare an assembly with one point on its agenda."""
    stated = AssemblyIn(
        title="Assemblea di giugno",
        first_call_at=FIRST,
        second_call_at=SECOND,
        place="Sala del forno, Cles",
    )
    assembly = actions.draft_assembly(
        body_id=body.id, assembly=replace(stated, **changes), made_by=None, made_at=NOON
    )
    actions.add_item(assembly_id=assembly.id, title="Apertura domenicale", text="Se e come.")
    return assembly


def item_of(assembly: Assembly) -> Item:
    return Item.objects.get(assembly=assembly)


def propose(assembly: Assembly, **fields: Any) -> Motion:
    """Put something to decide on the one point of the agenda."""
    given = {
        "kind": "resolution",
        "title": "Apriamo la domenica",
        "text": "Il forno apre la domenica.\nDalle 8 alle 12.",
        **fields,
    }
    return actions.propose_motion(
        item_id=item_of(assembly).id, motion=MotionIn(**given), proposed_by=None, proposed_at=NOON
    )


def call(assembly: Assembly, *, at: datetime = NOON, reference_on: date | None = None) -> None:
    actions.call_assembly(
        assembly_id=assembly.id,
        reference_on=reference_on or at.date(),
        called_by=None,
        called_at=at,
    )
    actions.tell_electors(assembly_id=assembly.id, told_by=None, told_at=at)


def members_of(cast: Cast, count: int) -> list[Member]:
    """Let more people join Il Lievito."""
    return [make_member(member_of=cast.lievito_id) for _ in range(count)]


def line(assembly: Assembly, member: UUID) -> Elector:
    return Elector.objects.get(assembly=assembly, member=member)


def come(assembly: Assembly, *people: UUID, at: datetime = FIRST, where: str = "door") -> None:
    for person in people:
        actions.come_in(
            assembly_id=assembly.id,
            elector_id=line(assembly, person).id,
            person_id=None,
            where=where,
            recorded_by=None,
            came_at=at,
        )


def give(assembly: Assembly, giver: UUID, holder: UUID) -> UUID:
    return actions.give_proxy(
        assembly_id=assembly.id,
        giver_id=line(assembly, giver).id,
        holder_id=line(assembly, holder).id,
        signed=None,
        given_by=None,
        given_at=NOON,
    ).id


def open_meeting(assembly: Assembly, *, chair: UUID, call: int = 1, at: datetime = FIRST) -> None:
    actions.open_assembly(
        assembly_id=assembly.id, call=call, chair_id=chair, secretary_id=chair, opened_at=at
    )


def open_vote(motion: Motion, *, at: datetime = FIRST) -> UUID:
    return actions.open_vote(motion_id=motion.id, opened_by=None, opened_at=at)


def vote(
    ballot_id: UUID,
    member: UUID,
    choice: Any,
    *,
    by: UUID | None = None,
    at: datetime = FIRST,
) -> None:
    votes = 1
    elector = Elector.objects.filter(member=member).order_by("-assembly__made_at").first()
    if elector is not None:
        votes = elector.votes
    ballots.cast_vote(
        vote=VoteIn(ballot_id, member, choice, [uuid4() for _ in range(votes)]),
        cast_by=by or member,
        cast_at=at,
    )


def close_vote(motion: Motion, *, at: datetime = FIRST) -> Any:
    return actions.close_vote(motion_id=motion.id, closed_by=None, closed_at=at)


def last_ballot(motion: Motion) -> MotionBallot:
    return MotionBallot.objects.filter(motion=motion).order_by("-opened_at", "-id")[0]


def held_assembly(cast: Cast) -> Assembly:
    """Return an assembly that met, decided and is over; Ada was there and voted for Bruno too."""
    body = make_body(cast.lievito_id)
    actions.give_seat(
        body_id=body.id,
        person_id=cast.bruno.id,
        starts_on=NOON.date(),
        recorded_by=None,
        recorded_at=NOON,
    )
    assembly = draft(body)
    pdf = PdfIn("relazione.pdf", b"%PDF-1.7")
    actions.attach_document(item_id=item_of(assembly).id, pdf=pdf, added_by=None)
    motion = propose(assembly)
    call(assembly)
    give(assembly, cast.bruno.id, cast.ada.id)
    come(assembly, cast.ada.id)
    open_meeting(assembly, chair=cast.ada.id)
    actions.ask_to_speak(
        assembly_id=assembly.id,
        elector_id=line(assembly, cast.ada.id).id,
        item_id=None,
        asked_at=FIRST,
    )
    ballot_id = open_vote(motion)
    vote(ballot_id, cast.ada.id, "yes")
    vote(ballot_id, cast.bruno.id, "yes", by=cast.ada.id)
    close_vote(motion)
    actions.close_assembly(assembly_id=assembly.id, closed_at=FIRST)
    actions.approve_minutes(
        assembly_id=assembly.id,
        minutes=PdfIn("verbale.pdf", b"%PDF-1.7"),
        protocol_number="1",
        approved_by=None,
        approved_at=SECOND,
    )
    return Assembly.objects.get(pk=assembly.id)


def decide(
    assembly: Assembly, motion: Motion, people: Sequence[Member], choice: Any = "yes"
) -> Any:
    """Let people come, open, vote alike, and close the vote."""
    come(assembly, *(person.id for person in people))
    open_meeting(assembly, chair=people[0].id)
    ballot_id = open_vote(motion)
    for person in people:
        vote(ballot_id, person.id, choice)
    return close_vote(motion)
