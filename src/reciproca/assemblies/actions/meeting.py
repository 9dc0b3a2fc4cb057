"""
The day itself: who comes and goes, the opening and the close, and who speaks.

Source: docs/rules/assembly.md
"""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from reciproca.assemblies.actions.casters import holder_of, votes_alone, votes_through
from reciproca.assemblies.actions.common import (
    AlreadyOver,
    locked,
    locked_called,
    locked_session,
)
from reciproca.assemblies.models import Assembly, Elector, Item, Motion, Presence, Turn, Where
from reciproca.assemblies.queries.attendance import attendance_now, quorum_of
from reciproca.assemblies.queries.electors import people_behind
from reciproca.shared.errors import DomainError


class AlreadyPresent(DomainError):
    code = "already-present"
    message = _("È già fra i presenti.")


class NotPresent(DomainError):
    code = "not-present"
    message = _("Non è fra i presenti.")


class NotForThem(DomainError):
    code = "not-for-them"
    message = _("Questa persona non può rappresentare quel socio: serve il suo incarico.")
    status = 422


class NoLink(DomainError):
    code = "no-link"
    message = _("A questa assemblea si partecipa in sala: non c’è un collegamento.")


class NotYetTheDay(DomainError):
    code = "not-yet-the-day"
    message = _("È troppo presto: si entra dal giorno della convocazione, il %(day)s.")


class QuorumMissing(DomainError):
    code = "quorum-missing"
    message = _(
        "Non c’è il numero legale: voti rappresentati %(present)s su %(entitled)s, ne servono"
        " %(needed)s."
    )


class NoSecondCall(DomainError):
    code = "no-second-call"
    message = _("La seconda convocazione non c’è, o non è ancora il suo giorno.")


class AlreadyOpen(DomainError):
    code = "already-open"
    message = _("L’assemblea è già aperta.")


class VoteOpen(DomainError):
    code = "vote-open"
    message = _("C’è ancora una votazione aperta: prima chiudila.")


class AsksAlready(DomainError):
    code = "asks-already"
    message = _("È già in elenco per parlare.")


class TurnOver(DomainError):
    code = "turn-over"
    message = _("Questo intervento è già finito.")


@transaction.atomic
def come_in(
    *,
    assembly_id: UUID,
    elector_id: UUID,
    person_id: UUID | None,
    where: str,
    recorded_by: UUID | None,
    came_at: datetime,
) -> Presence:
    """
    Let an elector in, at the door or from afar; `person_id` None is the one who may act for them.

    Whoever comes votes in person, on votes in advance that are open too: a proxy that they gave
    sleeps until they leave.

    Raises: NotCalledYet, AlreadyOver, NotYetTheDay, NoLink, NotForThem, AlreadyPresent.
    """
    assembly = locked_called(assembly_id)
    first_on = localdate(assembly.first_call_at)
    if localdate(came_at) < first_on:
        raise NotYetTheDay(day=f"{first_on:%d/%m/%Y}")
    if where == Where.REMOTE and not assembly.link:
        raise NoLink
    elector = assembly.electors.get(pk=elector_id)
    behind = people_behind([elector], on=localdate(came_at))[elector.pk]
    person = person_id or next(iter(behind), None)
    if person is None or person not in behind:
        raise NotForThem
    try:
        with transaction.atomic():
            presence = Presence.objects.create(
                elector=elector,
                person_id=person,
                where=Where(where),
                came_at=came_at,
                recorded_by=recorded_by,
            )
    except IntegrityError as mistake:
        raise AlreadyPresent from mistake
    if holder_of(elector):
        votes_alone(elector, at=came_at)
    return presence


@transaction.atomic
def leave(*, assembly_id: UUID, elector_id: UUID, left_at: datetime) -> None:
    """Note that an elector left. Raises: NotPresent, AlreadyOver."""
    locked_called(assembly_id)
    there = Presence.objects.filter(elector=elector_id, elector__assembly=assembly_id, left_at=None)
    if not there.update(left_at=left_at):
        raise NotPresent
    Turn.objects.filter(elector=elector_id, ended_at=None).update(ended_at=left_at)
    elector = Elector.objects.get(pk=elector_id)
    if holder := holder_of(elector):
        votes_through(elector, holder, at=left_at)


@transaction.atomic
def open_assembly(
    *, assembly_id: UUID, call: int, chair_id: UUID, secretary_id: UUID, opened_at: datetime
) -> Assembly:
    """
    Open an assembly in its first or second call; chair and secretary are people on the roll.

    Raises: NotCalledYet, AlreadyOver, AlreadyOpen, NotYetTheDay, NoSecondCall, QuorumMissing.
    """
    assembly = locked_called(assembly_id)
    if assembly.opened_at:
        raise AlreadyOpen
    _check_day(assembly, call, localdate(opened_at))
    refuse_without_quorum(assembly, call)
    assembly.call, assembly.opened_at = call, opened_at
    assembly.chair_id, assembly.secretary_id = chair_id, secretary_id
    assembly.save(update_fields=["call", "opened_at", "chair", "secretary"])
    return assembly


@transaction.atomic
def close_assembly(*, assembly_id: UUID, closed_at: datetime) -> None:
    """
    Close an assembly, or one that did not reach its quorum and never opened.

    Whoever is still there leaves with it. Raises: NotInSession, AlreadyOver, VoteOpen.
    """
    assembly = locked_session(assembly_id)
    if (
        Motion.objects.filter(item__assembly=assembly, ballots__closed_at=None)
        .exclude(ballots=None)
        .exists()
    ):
        raise VoteOpen
    inside = Presence.objects.filter(elector__assembly=assembly, left_at=None)
    inside.update(left_at=closed_at)
    waiting = Turn.objects.filter(elector__assembly=assembly, ended_at=None)
    waiting.update(ended_at=closed_at)
    Assembly.objects.filter(pk=assembly_id).update(closed_at=closed_at)


def refuse_without_quorum(assembly: Assembly, call: int) -> None:
    """Refuse to go on while too few votes are there. Raises: QuorumMissing."""
    standing = quorum_of(attendance_now(assembly=assembly), assembly=assembly, call=call)
    if not standing.reached:
        raise QuorumMissing(
            present=standing.present, entitled=standing.entitled, needed=standing.needed
        )


@transaction.atomic
def ask_to_speak(
    *, assembly_id: UUID, elector_id: UUID, item_id: UUID | None, asked_at: datetime
) -> Turn:
    """
    Put an elector who is there on the list of those who want to speak.

    Raises: NotInSession, AlreadyOver, NotPresent, AsksAlready.
    """
    assembly = locked_session(assembly_id)
    elector = Elector.objects.get(pk=elector_id, assembly=assembly)
    if not elector.presences.filter(left_at=None).exists():
        raise NotPresent
    item = Item.objects.filter(pk=item_id, assembly=assembly).first() if item_id else None
    try:
        with transaction.atomic():
            return Turn.objects.create(elector=elector, item=item, asked_at=asked_at)
    except IntegrityError as mistake:
        raise AsksAlready from mistake


@transaction.atomic
def give_floor(*, turn_id: UUID, began_at: datetime) -> None:
    """Let somebody speak; whoever was speaking is done. Raises: NotInSession, TurnOver."""
    turn = Turn.objects.select_related("elector").get(pk=turn_id)
    assembly = locked_session(turn.elector.assembly_id)
    speaking = Turn.objects.filter(
        elector__assembly=assembly, began_at__isnull=False, ended_at=None
    )
    speaking.exclude(pk=turn_id).update(ended_at=began_at)
    waiting = Turn.objects.filter(pk=turn_id, began_at=None, ended_at=None)
    if not waiting.update(began_at=began_at):
        raise TurnOver


@transaction.atomic
def end_turn(*, turn_id: UUID, ended_at: datetime) -> None:
    """End a turn, or take somebody off the list. Raises: TurnOver, AlreadyOver."""
    turn = Turn.objects.select_related("elector").get(pk=turn_id)
    if locked(turn.elector.assembly_id).closed_at:
        raise AlreadyOver
    if not Turn.objects.filter(pk=turn_id, ended_at=None).update(ended_at=ended_at):
        raise TurnOver


def _check_day(assembly: Assembly, call: int, today: date) -> None:
    first_on = localdate(assembly.first_call_at)
    if call == 1 and today < first_on:
        raise NotYetTheDay(day=f"{first_on:%d/%m/%Y}")
    second = assembly.second_call_at
    if call == 2 and (second is None or today < localdate(second)):
        raise NoSecondCall
