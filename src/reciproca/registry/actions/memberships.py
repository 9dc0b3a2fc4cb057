"""The members' register: one step at a time, each a line of history that stays."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.parameters.queries import value_on
from reciproca.registry.models import Membership, MembershipEvent, Node, NodeKind
from reciproca.registry.rules import ENDED, StepNotPossible, check_day, check_step
from reciproca.registry.telling import APPLICATION, STEPS, managers_of, tell_node
from reciproca.shared.errors import DomainError


class MembershipAlreadyLive(DomainError):
    code = "membership-already-live"
    message = _("C’è già una domanda o un’iscrizione aperta in questa cooperativa.")


class NotACooperative(DomainError):
    code = "not-a-cooperative"
    message = _("Solo una cooperativa aperta ha un libro soci.")
    status = 422


class ReasonMissing(DomainError):
    code = "reason-missing"
    message = _("Scrivi il motivo: una decisione come questa va motivata.")
    status = 422


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a membership: when it happened, who recorded it when, and the reason."""

    membership_id: UUID
    happened_on: date
    recorded_by: UUID | None
    recorded_at: datetime
    note: str = ""


@transaction.atomic
def apply_for_membership(
    *,
    member_id: UUID,
    cooperative_id: UUID,
    applied_on: date,
    recorded_by: UUID | None,
    recorded_at: datetime,
    kind: str = "cooperator",
) -> UUID:
    """
    Record that somebody asks to join a cooperative, tell who manages it, and return the line's id.

    Raises: NotACooperative, MembershipAlreadyLive, rules.DayInFuture.
    """
    check_day(on=applied_on, last_on=None, today=timezone.localdate(recorded_at))
    cooperative = lock_register(cooperative_id)
    line = Membership(
        member_id=member_id,
        cooperative_id=cooperative_id,
        kind=kind,
        state="applied",
        applied_on=applied_on,
    )
    try:
        with transaction.atomic():
            line.save(force_insert=True)
    except IntegrityError as mistake:
        raise MembershipAlreadyLive from mistake
    write_event(line, Step(line.id, applied_on, recorded_by, recorded_at))
    tell(
        recipients=managers_of(node_id=cooperative_id, at=recorded_at),
        kind=APPLICATION,
        told_at=recorded_at,
        params={
            "person": line.member.name,
            "cooperative": cooperative.name,
            "days": _days_of_law("admission_refusal_days", on=applied_on),
        },
        url=reverse("registry:member", args=[line.id]),
    )
    return line.id


@transaction.atomic
def admit_member(step: Step, /) -> None:
    """Admit an applicant, as the directors decided. Raises: StepNotPossible, DayBeforeHistory."""
    take_step(step, to="admitted")


@transaction.atomic
def refuse_application(step: Step, /) -> None:
    """Refuse an applicant, with the reason the law asks for. Raises: ReasonMissing, as above."""
    take_step(step, to="refused", reason_needed=True)


@transaction.atomic
def register_member(step: Step, /) -> int:
    """
    Enter somebody admitted in the members' register and return their number in it.

    The next number is taken under a lock on the cooperative, so two never get the same.

    Raises: StepNotPossible, DayBeforeHistory, DayInFuture.
    """
    line = _locked(step.membership_id)
    if line.state != "admitted":
        raise StepNotPossible
    lock_register(line.cooperative_id)
    line.number = next_number(line.cooperative_id)
    line.registered_on = step.happened_on
    take_step(step, to="registered", line=line)
    return line.number


@transaction.atomic
def suspend_member(step: Step, /) -> None:
    """Suspend a member, with a reason. Raises: ReasonMissing, StepNotPossible and about days."""
    take_step(step, to="suspended", reason_needed=True)


@transaction.atomic
def reinstate_member(step: Step, /) -> None:
    """End a suspension: number and day in the register stay. Raises: StepNotPossible."""
    line = _locked(step.membership_id)
    if line.state != "suspended":
        raise StepNotPossible
    take_step(step, to="registered", line=line)


@transaction.atomic
def withdraw_member(step: Step, /) -> None:
    """Record that a member leaves, or an applicant steps back. Raises: StepNotPossible."""
    take_step(step, to="withdrawn")


@transaction.atomic
def exclude_member(step: Step, /) -> None:
    """Exclude a member, with the reason the law asks for. Raises: ReasonMissing, as above."""
    take_step(step, to="excluded", reason_needed=True)


@transaction.atomic
def note_death(step: Step, /) -> None:
    """Record that a member died; nobody is told. Raises: StepNotPossible."""
    take_step(step, to="deceased")


def lock_register(cooperative_id: UUID) -> Node:
    """Hold a cooperative's register until the transaction ends. Raises: NotACooperative."""
    held = Node.objects.select_for_update(of=["self"], no_key=True)
    cooperative = held.filter(pk=cooperative_id, kind=NodeKind.COOPERATIVE, closed_at=None).first()
    if cooperative is None:
        raise NotACooperative
    return cooperative


def next_number(cooperative_id: UUID) -> int:
    """Return the number after the last of a register, whose lock the caller holds."""
    lines = Membership.objects.filter(cooperative_id=cooperative_id)
    last: int | None = lines.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _locked(membership_id: UUID) -> Membership:
    return Membership.objects.select_for_update().get(pk=membership_id)


def take_step(
    step: Step,
    *,
    to: str,
    line: Membership | None = None,
    reason_needed: bool = False,
    tells: bool = True,
) -> None:
    """
    Write one step of a membership down, as the life of a membership allows it.

    `line` is locked by the caller and may carry changes of its own.
    """
    line = line or _locked(step.membership_id)
    check_step(state=line.state, to=to)
    if reason_needed and not step.note.strip():
        raise ReasonMissing
    last = line.events.aggregate(last=Max("happened_on"))["last"]
    today = timezone.localdate(step.recorded_at)
    check_day(on=step.happened_on, last_on=last, today=today)
    line.state = to
    if to in ENDED:
        line.left_on = step.happened_on
    line.save()
    write_event(line, step)
    if tells and to in STEPS:
        _tell_member(line, step)


def write_event(line: Membership, step: Step) -> None:
    """Write a line of history in the state in which the membership is now."""
    MembershipEvent.objects.create(
        membership=line,
        state=line.state,
        happened_on=step.happened_on,
        note=step.note.strip(),
        recorded_by=step.recorded_by,
        recorded_at=step.recorded_at,
    )


def _tell_member(line: Membership, step: Step) -> None:
    tell_node(
        node_id=line.member_id,
        kind=STEPS[line.state],
        told_at=step.recorded_at,
        params={
            "cooperative": line.cooperative.name,
            "number": line.number,
            "note": step.note.strip(),
            "days": _days_of_law("admission_appeal_days", on=step.happened_on),
        },
        url=reverse("web:profile"),
    )


def _days_of_law(name: str, *, on: date) -> int:
    return int(value_on(name=name, on=on))
