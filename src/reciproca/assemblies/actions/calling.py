"""
An assembly is called: its rules and its roll stand from then on.

A roll may have a hundred thousand lines: whoever calls leaves it to a worker.

Source: docs/rules/assembly.md
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.actions.common import AlreadyCalled, locked, locked_draft
from reciproca.assemblies.models import (
    Assembly,
    Elector,
    PluralVote,
    Seat,
    Statute,
)
from reciproca.assemblies.queries.bodies import statute_on
from reciproca.assemblies.rules import RemoteNotAllowed, check_notice
from reciproca.parameters.queries import ParameterUnknown, value_on
from reciproca.registry import queries as registry
from reciproca.registry.queries import RollLine
from reciproca.shared.errors import DomainError
from reciproca.shared.jobs import start_job
from reciproca.shared.progress import Progress, silent

AT_ONCE = 5_000
CALL = "assemblies.call"
"""The job that calls an assembly and tells its electors (`tasks.py`); about one, its id."""


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


@transaction.atomic
def ask_to_call(
    *,
    assembly_id: UUID,
    reference_on: date,
    called_by: UUID | None,
    person_id: UUID,
    asked_at: datetime,
) -> None:
    """
    Let a worker call an assembly on the roll of `reference_on`; nothing of it changes meanwhile.

    `person_id` is who asks, by the login `called_by`, and is told when all notices have left.

    Raises: what `call_assembly` raises except NobodyToCall.
    """
    assembly = locked_draft(assembly_id)
    _check(assembly, reference_on, localdate(asked_at))
    assembly.reference_on, assembly.called_by = reference_on, called_by
    assembly.save(update_fields=["reference_on", "called_by"])
    start_job(
        kind=CALL,
        args={"assembly_id": str(assembly_id), "person_id": str(person_id)},
        started_by=called_by,
        subject=str(assembly_id),
    )


@transaction.atomic
def give_up_call(*, assembly_id: UUID) -> None:
    """Let an assembly that could not be called be prepared further."""
    uncalled = Assembly.objects.filter(pk=assembly_id, called_at=None)
    uncalled.update(reference_on=None, called_by=None)


@transaction.atomic
def call_assembly(
    *,
    assembly_id: UUID,
    reference_on: date,
    called_by: UUID | None,
    called_at: datetime,
    progress: Progress = silent,
) -> Assembly:
    """
    Call an assembly: freeze its rules and the roll of `reference_on`.

    Who is on it is told by `sending.tell_electors`.

    Raises: AlreadyCalled, StatuteMissing, AgendaEmpty, ReferenceInFuture, NoticeTooShort,
    SecondCallTooEarly, RemoteNotAllowed, NobodyToCall.
    """
    assembly = locked(assembly_id)
    if assembly.called_at:
        raise AlreadyCalled
    statute = _check(assembly, reference_on, localdate(called_at))
    assembly.remote_ground = _remote_ground(assembly, statute)
    assembly.statute, assembly.reference_on = statute, reference_on
    assembly.called_by, assembly.called_at = called_by, called_at
    electors = _roll(assembly, statute, reference_on, localdate(assembly.first_call_at))
    assembly.save()
    for start in range(0, len(electors), AT_ONCE):
        progress("roll", start, len(electors))
        Elector.objects.bulk_create(electors[start : start + AT_ONCE])
    return assembly


def _check(assembly: Assembly, reference_on: date, today: date) -> Statute:
    """Return the statute by which an assembly is called today."""
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
    _remote_ground(assembly, statute)
    return statute


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
            votes=votes.get(line.member_id, 1),
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
