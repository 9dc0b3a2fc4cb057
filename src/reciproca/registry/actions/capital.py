"""Share capital: what members paid in and what they were given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.ledger import rules as accounts
from reciproca.ledger.actions import post
from reciproca.ledger.queries import balance
from reciproca.ledger.rules import Move, Posting
from reciproca.parameters.queries import values_on
from reciproca.registry.models import CapitalMovement, Membership, NodeKind
from reciproca.registry.rules import check_day
from reciproca.shared.calendar import first_instant
from reciproca.shared.errors import DomainError
from reciproca.shared.ids import fact_id
from reciproca.shared.money import format_euro

# The law bounds what a person may hold, not an organisation: this is against a slip of the fingers.
MOST_AT_ONCE_CENTS = 1_000_000_000
HAVE_CAPITAL = ("registered", "suspended")
MAY_TAKE_BACK = ("registered", "suspended", "withdrawn", "excluded", "deceased", "transferred")


class NotInRegister(DomainError):
    code = "not-in-register"
    message = _("Il capitale si versa da quando si è nel libro soci: prima registra l’iscrizione.")


class ShareTooSmall(DomainError):
    code = "share-too-small"
    message = _("La quota di un socio vale almeno %(least)s: così diventerebbe %(held)s.")
    status = 422


class HoldingTooLarge(DomainError):
    code = "holding-too-large"
    message = _("Una persona può avere al massimo %(most)s di capitale: diventerebbero %(held)s.")
    status = 422


class MovementTooLarge(DomainError):
    code = "capital-movement-too-large"
    message = _(
        "In una volta si muovono al massimo %(most)s di capitale: controlla le cifre, o registra"
        " più movimenti."
    )
    status = 422


class NotThatMuch(DomainError):
    code = "not-that-much-capital"
    message = _("Questo socio ha %(held)s di capitale: non se ne può restituire di più.")
    status = 422


class AmountNotPositive(DomainError):
    code = "amount-not-positive"
    message = _("Scrivi un importo maggiore di zero.")
    status = 422


class KeyReused(DomainError):
    code = "key-reused"
    message = _("Un altro movimento ha già questa chiave, con un altro importo o un altro giorno.")


@dataclass(frozen=True, slots=True)
class CapitalIn:
    """
    Share capital that moves, in whole cents, on a day.

    `key` is the client's own id: sent again with the same content it moves nothing.
    """

    membership_id: UUID
    key: str
    amount_cents: int
    happened_on: date
    recorded_by: UUID | None
    recorded_at: datetime


def pay_in_capital(capital: CapitalIn, /) -> UUID:
    """
    Record share capital that a member paid in, and return the movement's id.

    Raises: AmountNotPositive, MovementTooLarge, NotInRegister, ShareTooSmall, HoldingTooLarge,
    KeyReused, rules.DayInFuture.
    Source: docs/rules/ledger.md
    """
    return _move(capital, sign=1, states=HAVE_CAPITAL)


def repay_capital(capital: CapitalIn, /) -> UUID:
    """
    Record share capital given back to a member, and return the movement's id.

    Raises: AmountNotPositive, MovementTooLarge, NotInRegister, NotThatMuch, ShareTooSmall (what a
    member keeps is nothing or a whole share), KeyReused, rules.DayInFuture.
    Source: docs/rules/ledger.md
    """
    return _move(capital, sign=-1, states=MAY_TAKE_BACK)


@transaction.atomic
def _move(capital: CapitalIn, *, sign: int, states: Sequence[str]) -> UUID:
    if capital.amount_cents <= 0:
        raise AmountNotPositive
    if capital.amount_cents > MOST_AT_ONCE_CENTS:
        raise MovementTooLarge(most=format_euro(MOST_AT_ONCE_CENTS))
    line = (
        Membership.objects.select_for_update()
        .select_related("member")
        .get(pk=capital.membership_id)
    )
    amount = sign * capital.amount_cents
    if earlier := CapitalMovement.objects.filter(membership=line, key=capital.key).first():
        if (earlier.amount_cents, earlier.happened_on) != (amount, capital.happened_on):
            raise KeyReused
        return earlier.id
    if line.state not in states:
        raise NotInRegister
    check_day(on=capital.happened_on, last_on=None, today=timezone.localdate(capital.recorded_at))
    _check_holding(line, amount, capital.happened_on)
    movement = CapitalMovement.objects.create(
        id=fact_id(),
        membership=line,
        key=capital.key,
        amount_cents=amount,
        happened_on=capital.happened_on,
        recorded_by=capital.recorded_by,
        recorded_at=capital.recorded_at,
    )
    post([posting_of(movement, line)])
    return movement.id


def posting_of(movement: CapitalMovement, line: Membership) -> Posting:
    """Return what a movement moves in the ledger."""
    capital = accounts.capital(cooperative=line.cooperative_id)
    shares = accounts.shares(member=line.member_id, cooperative=line.cooperative_id)
    passes = movement.transfer_id is not None
    if movement.amount_cents > 0:
        code = "share-taken-over" if passes else "share-capital"
        move = Move(capital, shares, movement.amount_cents, code)
    else:
        code = "share-passed-on" if passes else "share-repaid"
        move = Move(shares, capital, -movement.amount_cents, code)
    return Posting(movement.id, first_instant(movement.happened_on), [move])


def check_holding(*, held_cents: int, is_person: bool, law: dict[str, int]) -> None:
    """
    Refuse a holding that the law does not allow; `law` maps parameter names to cents.

    Raises: ShareTooSmall, HoldingTooLarge.
    """
    least, most = law["share_min_value"], law["member_max_holding"]
    if 0 < held_cents < least:
        raise ShareTooSmall(least=format_euro(least), held=format_euro(held_cents))
    if is_person and held_cents > most:
        raise HoldingTooLarge(most=format_euro(most), held=format_euro(held_cents))


def capital_law(*, on: date) -> dict[str, int]:
    """Return the thresholds of share capital on a day, in cents."""
    values = values_on(names=["share_min_value", "member_max_holding"], on=on)
    return {name: int(value) for name, value in values.items()}


def _check_holding(line: Membership, amount: int, on: date) -> None:
    held = balance(accounts.shares(member=line.member_id, cooperative=line.cooperative_id))
    if held + amount < 0:
        raise NotThatMuch(held=format_euro(held))
    is_person = line.member.kind == NodeKind.PERSON
    check_holding(held_cents=held + amount, is_person=is_person, law=capital_law(on=on))
