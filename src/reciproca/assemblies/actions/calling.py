"""
An assembly is called: its rules and its roll stand from then on, and every elector is told.

Source: docs/rules/assembly.md
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies import telling
from reciproca.assemblies.actions.common import locked, locked_draft
from reciproca.assemblies.models import (
    Assembly,
    Elector,
    PluralVote,
    Seat,
    Sending,
    SendingWay,
    Statute,
)
from reciproca.assemblies.queries.bodies import statute_on
from reciproca.assemblies.queries.electors import people_behind
from reciproca.assemblies.rules import RemoteNotAllowed, check_notice
from reciproca.parameters.queries import ParameterUnknown, value_on
from reciproca.registry import queries as registry
from reciproca.registry.queries import RollLine
from reciproca.shared.errors import DomainError

AT_ONCE = 5_000


class StatuteMissing(DomainError):
    code = "statute-missing"
    message = _("Prima registra lo statuto: dice chi vota, con quale preavviso e quale quorum.")


class AgendaEmpty(DomainError):
    code = "agenda-empty"
    message = _("Scrivi almeno un punto all’ordine del giorno.")
    status = 422


class NobodyToCall(DomainError):
    code = "nobody-to-call"
    message = _(
        "Nessuno ha diritto di voto quel giorno: serve chi è nel libro soci da abbastanza tempo, o"
        " chi fa parte dell’organo."
    )


class ReferenceInFuture(DomainError):
    code = "reference-in-future"
    message = _("L’elenco degli aventi diritto si ferma a un giorno passato, o a oggi.")
    status = 422


class SentInFuture(DomainError):
    code = "sent-in-future"
    message = _("Scrivi il giorno in cui è partito: non può essere dopo oggi.")
    status = 422


@transaction.atomic
def call_assembly(
    *, assembly_id: UUID, reference_on: date, called_by: UUID | None, called_at: datetime
) -> Assembly:
    """
    Call an assembly: freeze its rules and the roll of `reference_on`, and tell every elector.

    Whoever reads mail with us is told at once, and the proof is kept; the others are told on paper
    (`record_sendings`).

    Raises: AlreadyCalled, StatuteMissing, AgendaEmpty, ReferenceInFuture, NoticeTooShort,
    SecondCallTooEarly, RemoteNotAllowed, NobodyToCall.
    """
    assembly = locked_draft(assembly_id)
    today = localdate(called_at)
    meets_on = localdate(assembly.first_call_at)
    statute = statute_on(body_id=assembly.body_id, on=meets_on)
    if statute is None:
        raise StatuteMissing
    if not assembly.items.exists():
        raise AgendaEmpty
    if reference_on > today:
        raise ReferenceInFuture
    check_notice(
        sent_on=today,
        first_on=meets_on,
        second_on=assembly.second_call_at and localdate(assembly.second_call_at),
        days=statute.notice_days,
    )
    assembly.remote_ground = _remote_ground(assembly, statute)
    assembly.statute, assembly.reference_on = statute, reference_on
    assembly.called_by, assembly.called_at = called_by, called_at
    electors = _roll(assembly, statute, reference_on, meets_on)
    assembly.save()
    Elector.objects.bulk_create(electors, batch_size=AT_ONCE)
    _tell(assembly, electors, called_by, called_at)
    return assembly


@transaction.atomic
def record_sendings(
    *,
    assembly_id: UUID,
    electors: Collection[UUID],
    way: str,
    reference: str,
    sent_on: date,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> int:
    """
    Record that electors were sent the call otherwise: by letter, certified mail or by hand.

    Return how many. Raises: SentInFuture.
    """
    if sent_on > localdate(recorded_at):
        raise SentInFuture
    assembly = locked(assembly_id)
    chosen = assembly.electors.filter(pk__in=electors)
    noon = recorded_at.replace(
        year=sent_on.year, month=sent_on.month, day=sent_on.day, hour=12, minute=0, second=0
    )
    made = Sending.objects.bulk_create(
        Sending(
            elector=elector,
            way=SendingWay(way),
            reference=reference.strip(),
            sent_at=noon,
            recorded_by=recorded_by,
        )
        for elector in chosen
    )
    return len(made)


def _remote_ground(assembly: Assembly, statute: Statute) -> str:
    """Return on what ground one may take part from afar, empty where nobody does."""
    if not assembly.link:
        return ""
    if statute.remote:
        return statute.remote_ground
    last = localdate(assembly.second_call_at or assembly.first_call_at)
    try:
        value_on(name="remote_assembly_without_statute", on=last)
    except ParameterUnknown as mistake:
        raise RemoteNotAllowed from mistake
    return _now("Norma che lo permette anche senza statuto, in vigore quel giorno")


def _roll(
    assembly: Assembly, statute: Statute, reference_on: date, meets_on: date
) -> Sequence[Elector]:
    """
    Return the roll: who is there on the reference day, and votes on the day of the first call.
    """
    votes = _plural_votes(assembly, statute, reference_on)
    lines = _lines(assembly, statute, reference_on, meets_on)
    if not lines:
        raise NobodyToCall
    return [
        Elector(
            assembly=assembly,
            member_id=line.member_id,
            number=line.number,
            # A person who cooperates has one vote, whatever they were when more were recorded.
            votes=1 if line.is_person and not line.financing else votes.get(line.member_id, 1),
            financing=line.financing,
        )
        for line in lines
    ]


def _lines(
    assembly: Assembly, statute: Statute, reference_on: date, meets_on: date
) -> Sequence[RollLine]:
    if statute.electorate == "seats":
        seats = Seat.objects.filter(body=assembly.body_id, starts_on__lte=reference_on)
        held = seats.exclude(ends_on__lt=reference_on).values_list("person_id", flat=True)
        return [RollLine(person, None, True, False) for person in dict.fromkeys(held)]
    # 90 days in the register are over on the day of the assembly, the first one not counted.
    waiting = timedelta(days=int(value_on(name="voting_right_days", on=meets_on)))
    entered_by = meets_on - waiting
    if statute.electorate == "people":
        return registry.people_on_roll(on=reference_on, entered_by=entered_by)
    return registry.roll_lines(
        cooperative_id=assembly.body.node_id, on=reference_on, entered_by=entered_by
    )


def _plural_votes(assembly: Assembly, statute: Statute, on: date) -> dict[UUID, int]:
    if statute.most_votes == 1:
        return {}
    known = PluralVote.objects.filter(body=assembly.body_id, in_force_on__lte=on)
    rows = known.order_by("in_force_on", "recorded_at", "id").values_list("member_id", "votes")
    return {member: min(votes, statute.most_votes) for member, votes in rows}


def _tell(
    assembly: Assembly, electors: Sequence[Elector], told_by: UUID | None, told_at: datetime
) -> None:
    """Tell whoever can be reached here, and keep the proof of it."""
    behind = people_behind(electors, on=localdate(told_at))
    reached = registry.addresses_of([person for people in behind.values() for person in people])
    told = {
        elector.id: [person for person in behind[elector.id] if person in reached]
        for elector in electors
    }
    telling.tell_called(
        assembly=assembly,
        people=[person for people in told.values() for person in people],
        told_at=told_at,
    )
    Sending.objects.bulk_create(
        [
            Sending(elector=elector, way=SendingWay.NOTICE, sent_at=told_at, recorded_by=told_by)
            for elector in electors
            if told[elector.id]
        ],
        batch_size=AT_ONCE,
    )
