"""A member's share passes to somebody else: one act that ends a membership and makes another."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reciproca.ledger import rules as accounts
from reciproca.ledger.actions import post
from reciproca.ledger.queries import balance
from reciproca.parameters.queries import value_on
from reciproca.registry.actions.assisted import CardNobodys
from reciproca.registry.actions.capital import (
    KeyReused,
    capital_law,
    check_holding,
    posting_of,
)
from reciproca.registry.actions.memberships import (
    Step,
    lock_register,
    next_number,
    take_step,
    write_event,
)
from reciproca.registry.models import (
    LIVE_STATES,
    CapitalMovement,
    Card,
    Membership,
    Node,
    ShareTransfer,
)
from reciproca.registry.rules import StepNotPossible, check_day, check_step
from reciproca.registry.telling import SHARE_TAKEN, tell_node
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id


class NothingToTransfer(DomainError):
    code = "nothing-to-transfer"
    message = _("Questo socio non ha capitale versato: non c’è una quota da cedere.")


class TransferToOneself(DomainError):
    code = "transfer-to-oneself"
    message = _("La quota si cede a un’altra persona: questa carta è del socio stesso.")
    status = 422


class NotAuthorised(DomainError):
    code = "not-authorised"
    message = _(
        "Serve l’autorizzazione del consiglio: scrivi gli estremi della delibera. Se non risponde,"
        " la quota si può cedere dal %(from_on)s."
    )
    status = 422


class AskedAfterwards(DomainError):
    code = "asked-afterwards"
    message = _("La richiesta viene prima della cessione: controlla i due giorni.")
    status = 422


@dataclass(frozen=True, slots=True)
class TransferIn:
    """
    A share that passes on: whose, to the holder of which card, when it was asked for, when it
    enters the register, and by which resolution (empty: the directors let their time run out).

    `key` is the client's own id: sent again with the same content it moves nothing.
    """

    membership_id: UUID
    key: str
    card: str
    asked_on: date
    happened_on: date
    authorisation: str
    recorded_by: UUID | None
    recorded_at: datetime


@transaction.atomic
def transfer_share(transfer: TransferIn, /) -> UUID:
    """
    Pass a member's whole share on, and return the line of the register of whoever has it now.

    The giver leaves as `transferred`; the taker, if not in the register yet, is admitted and
    registered on that day. In the ledger the capital goes back to the cooperative and out again.

    Raises: StepNotPossible, NothingToTransfer, CardNobodys, TransferToOneself, NotAuthorised,
    AskedAfterwards, HoldingTooLarge, KeyReused, DayBeforeHistory, DayInFuture.
    Source: docs/rules/share-transfer.md
    """
    giver, taker_id = _locked(transfer)
    if earlier := ShareTransfer.objects.filter(giver=giver).select_related("taker").first():
        return _the_same(earlier, transfer, taker_id)
    amount = _check(transfer, giver, taker_id)
    taker = _taker(transfer, giver, taker_id)
    passed = ShareTransfer.objects.create(
        key=transfer.key,
        giver=giver,
        taker=taker,
        amount_cents=amount,
        asked_on=transfer.asked_on,
        happened_on=transfer.happened_on,
        authorisation=transfer.authorisation.strip(),
        recorded_by=transfer.recorded_by,
        recorded_at=transfer.recorded_at,
    )
    _move_capital(passed, giver, taker)
    note = _note(gettext("Quota ceduta a %(name)s: %(why)s"), taker.member.name, transfer)
    take_step(_step(transfer, giver, note=note), to="transferred", line=giver)
    _tell_taker(passed, giver, taker)
    return taker.id


@transaction.atomic
def check_transfer(transfer: TransferIn, /) -> str:
    """Return who would take the share over; moves nothing. Raises: as `transfer_share`."""
    giver, taker_id = _locked(transfer)
    _check(transfer, giver, taker_id)
    return Node.objects.get(pk=taker_id).name


def silence_allows_on(*, asked_on: date) -> date:
    """Return the first day on which a transfer needs no answer any more, asked for on a day."""
    days = int(value_on(name="share_transfer_answer_days", on=asked_on))
    # The first day does not count, and the directors have the whole of the last one.
    return asked_on + timedelta(days=days + 1)


def _locked(transfer: TransferIn) -> tuple[Membership, UUID]:
    """Lock the register's lines that this touches, in the order of their ids."""
    card = Card.objects.filter(number=transfer.card, blocked_at=None).first()
    if card is None:
        raise CardNobodys
    giver = Membership.objects.get(pk=transfer.membership_id)
    lines = Membership.objects.filter(pk=giver.pk) | Membership.objects.filter(
        member=card.person_id, cooperative=giver.cooperative_id, state__in=LIVE_STATES
    )
    locked = list(lines.select_for_update().order_by("id"))
    return next(line for line in locked if line.pk == giver.pk), card.person_id


def _the_same(earlier: ShareTransfer, transfer: TransferIn, taker_id: UUID) -> UUID:
    if earlier.key != transfer.key:
        raise StepNotPossible
    asked = (taker_id, transfer.asked_on, transfer.happened_on)
    if asked != (earlier.taker.member_id, earlier.asked_on, earlier.happened_on):
        raise KeyReused
    return earlier.taker_id


def _check(transfer: TransferIn, giver: Membership, taker_id: UUID) -> int:
    """Return what passes on, in cents; refuse what may not."""
    check_step(state=giver.state, to="transferred")
    if giver.member_id == taker_id:
        raise TransferToOneself
    if transfer.asked_on > transfer.happened_on:
        raise AskedAfterwards
    from_on = silence_allows_on(asked_on=transfer.asked_on)
    if not transfer.authorisation.strip() and transfer.happened_on < from_on:
        raise NotAuthorised(from_on=f"{from_on:%d/%m/%Y}")
    amount = balance(_shares(giver.member_id, giver))
    if amount <= 0:
        raise NothingToTransfer
    check_holding(
        held_cents=balance(_shares(taker_id, giver)) + amount,
        is_person=True,
        law=capital_law(on=transfer.happened_on),
    )
    return amount


def _taker(transfer: TransferIn, giver: Membership, taker_id: UUID) -> Membership:
    """Return the line of whoever takes the share over, in the register from that day at least."""
    lock_register(giver.cooperative_id)
    note = _note(gettext("Quota ricevuta da %(name)s: %(why)s"), giver.member.name, transfer)
    line = _live_line(giver, taker_id) or _new_line(transfer, giver, taker_id)
    if line.state == "applied":
        take_step(_step(transfer, line), to="admitted", line=line, tells=False)
    if line.state == "admitted":
        line.number = next_number(line.cooperative_id)
        line.registered_on = transfer.happened_on
        take_step(_step(transfer, line, note=note), to="registered", line=line)
    else:
        last = line.events.aggregate(last=Max("happened_on"))["last"]
        today = timezone.localdate(transfer.recorded_at)
        check_day(on=transfer.happened_on, last_on=last, today=today)
        write_event(line, _step(transfer, line, note=note))
    return line


def _live_line(giver: Membership, taker_id: UUID) -> Membership | None:
    lines = Membership.objects.filter(member=taker_id, cooperative=giver.cooperative_id)
    return lines.select_related("member").filter(state__in=LIVE_STATES).first()


def _new_line(transfer: TransferIn, giver: Membership, taker_id: UUID) -> Membership:
    today = timezone.localdate(transfer.recorded_at)
    check_day(on=transfer.asked_on, last_on=None, today=today)
    line = Membership.objects.create(
        member_id=taker_id,
        cooperative_id=giver.cooperative_id,
        kind=giver.kind,
        state="applied",
        applied_on=transfer.asked_on,
    )
    write_event(line, replace(_step(transfer, line), happened_on=transfer.asked_on))
    return line


def _move_capital(passed: ShareTransfer, giver: Membership, taker: Membership) -> None:
    sides = [(giver, -passed.amount_cents), (taker, passed.amount_cents)]
    movements = [
        CapitalMovement.objects.create(
            id=fact_id(),
            membership=line,
            key=f"transfer-{passed.id}",
            amount_cents=amount,
            transfer=passed,
            happened_on=passed.happened_on,
            recorded_by=passed.recorded_by,
            recorded_at=passed.recorded_at,
        )
        for line, amount in sides
    ]
    post([posting_of(movement, movement.membership) for movement in movements])


def _tell_taker(passed: ShareTransfer, giver: Membership, taker: Membership) -> None:
    tell_node(
        node_id=taker.member_id,
        kind=SHARE_TAKEN,
        told_at=passed.recorded_at,
        params={
            "giver": giver.member.name,
            "cooperative": giver.cooperative.name,
            "amount_cents": passed.amount_cents,
        },
        url=reverse("web:own_capital", args=[taker.id]),
    )


def _note(sentence: str, name: str, transfer: TransferIn) -> str:
    """Return what the history says: with whom the share passed, and by which resolution."""
    why = transfer.authorisation.strip() or gettext("il consiglio non ha risposto nei termini")
    return sentence % {"name": name[:80], "why": why}


def _step(transfer: TransferIn, line: Membership, *, note: str = "") -> Step:
    return Step(
        line.id, transfer.happened_on, transfer.recorded_by, transfer.recorded_at, note[:300]
    )


def _shares(member_id: UUID, line: Membership) -> accounts.AccountKey:
    return accounts.shares(member=member_id, cooperative=line.cooperative_id)
