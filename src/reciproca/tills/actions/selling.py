"""What an operator does at a till with a network: show a card, tell what a sale comes to, sell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from reciproca.purchases import actions as purchases
from reciproca.purchases import queries as purchase_queries
from reciproca.purchases.errors import KeyReused
from reciproca.purchases.forms import LineBack, LineIn, RefundIn, SaleIn
from reciproca.registry import actions as registry
from reciproca.registry import queries as people
from reciproca.registry.actions.card_proofs import SpendingNotProved
from reciproca.shared.access import note_access
from reciproca.shared.durability import wait_as_if_written
from reciproca.shared.types import Actor
from reciproca.tills import queries
from reciproca.tills.access import DeviceHere, OperatorHere
from reciproca.tills.actions.places import locked_till
from reciproca.tills.errors import NotAMemberHere, SaleHeld
from reciproca.tills.models import HeldSale, TillSale
from reciproca.tills.rules import masked, purchase_key
from reciproca.valueback import queries as valueback

SEEN_AT_TILL = "till"


@dataclass(frozen=True, slots=True)
class CardHere:
    """A card as a till sees it; what may be spent only where its holder proved to be there."""

    shown_id: UUID
    name: str
    number_masked: str
    may_spend: bool
    has_pin: bool
    spendable_here_cents: int | None
    member_since: date | None


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale as a till tells it; `shown_id` is a card that was shown, or who was looked up."""

    key: str
    lines: Sequence[LineIn]
    shown_id: UUID | None = None
    credit_cents: int = 0


def show_card(*, device: DeviceHere, text: str, shown_at: datetime) -> CardHere:
    """
    Take a card that was read or typed at a device.

    Raises: what `registry.show_card` raises. Source: docs/rules/card-codes.md
    """
    shown = registry.show_card(text=text, seller_id=device.organisation_id, shown_at=shown_at)
    on = localdate(shown_at)
    spendable = None
    if shown.may_spend:
        spendable = valueback.spendable_here(
            member_id=shown.person_id, seller_id=device.organisation_id, on=on
        )
    return CardHere(
        shown_id=shown.id,
        name=shown.name,
        number_masked=masked(shown.number),
        may_spend=shown.may_spend,
        has_pin=shown.has_pin,
        spendable_here_cents=spendable,
        member_since=people.member_since(
            member_id=shown.person_id, cooperative_id=device.organisation_id
        ),
    )


def show_member(*, device: DeviceHere, operator: OperatorHere, membership_id: UUID) -> CardHere:
    """
    Take somebody of the cooperative, or who asked to join, by name; they earn, and spend nothing.

    What stands for a showing is their membership: no PIN makes it one of a card. The member reads
    that they were looked up. Raises: NotAMemberHere.
    """
    found = people.belonging(membership_id=membership_id, cooperative_id=device.organisation_id)
    if found is None:
        raise NotAMemberHere
    note_access(
        reader=Actor(operator.user_id, operator.person_id, "till", device.organisation_id),
        subject=found.person_id,
        what=SEEN_AT_TILL,
    )
    number = people.live_card_number(person_id=found.person_id)
    return CardHere(
        shown_id=membership_id,
        name=found.name,
        number_masked=masked(number) if number else "",
        may_spend=False,
        has_pin=False,
        spendable_here_cents=None,
        member_since=found.since,
    )


def prove_by_pin(*, device: DeviceHere, shown_id: UUID, pin: str, asked_at: datetime) -> int:
    """
    Let the holder of a shown card spend, by its PIN, and return what they may spend here, in cents.

    Raises: what `registry.prove_by_pin` raises.
    """
    registry.prove_by_pin(
        shown_id=shown_id, seller_id=device.organisation_id, pin=pin, asked_at=asked_at
    )
    holder = registry.shown_holder(
        shown_id=shown_id, seller_id=device.organisation_id, asked_at=asked_at
    )
    return valueback.spendable_here(
        member_id=holder.person_id, seller_id=device.organisation_id, on=localdate(asked_at)
    )


@dataclass(frozen=True, slots=True)
class QuoteHere:
    """What a sale would come to, and what credit could pay of it where that was proved."""

    quote: purchases.Quote
    spendable_here_cents: int | None


def quote(*, device: DeviceHere, sold: Sold, quoted_at: datetime) -> QuoteHere:
    """
    Tell what a sale would come to, by the rules that record it, and write nothing.

    Raises: ShownTooLongAgo, SpendingNotProved, NotSpendable, SaleEmpty.
    """
    holder = None
    if named := _named(device, sold.shown_id):
        holder = registry.Holder(named, may_spend=False)
    elif sold.shown_id:
        holder = registry.shown_holder(
            shown_id=sold.shown_id, seller_id=device.organisation_id, asked_at=quoted_at
        )
    may_spend = holder is not None and holder.may_spend
    if sold.credit_cents and not may_spend:
        raise SpendingNotProved
    sale = _sale(device, sold, quoted_at, buyer_id=holder.person_id if holder else None)
    found = purchases.quote_sale(sale=sale, quoted_at=quoted_at)
    spendable = None
    if holder is not None and may_spend:
        spendable = valueback.spendable_here(
            member_id=holder.person_id,
            seller_id=device.organisation_id,
            on=localdate(quoted_at),
            amount_cents=found.total_cents,
        )
    return QuoteHere(found, spendable)


def sell(*, device: DeviceHere, operator: OperatorHere, sold: Sold, sold_at: datetime) -> UUID:
    """
    Record a sale at a till and return its purchase.

    Sent again with the same key, lines and credit it is answered as the first time, in whatever
    way that came.

    Raises: KeyReused, SaleHeld, and what `purchases.sell` raises.
    """
    try:
        return _sell(device, operator, sold, sold_at)
    except KeyReused:
        # This very sale, perhaps, sent again: it happened at another moment by our clock.
        if earlier := _earlier(device, sold):
            wait_as_if_written()
            return earlier
        raise


@transaction.atomic
def _sell(device: DeviceHere, operator: OperatorHere, sold: Sold, sold_at: datetime) -> UUID:
    till = locked_till(till_id=device.till_id)
    held = HeldSale.objects.filter(organisation=device.organisation_id, key=sold.key)
    if held.exists():
        raise SaleHeld
    named = _named(device, sold.shown_id)
    if named and sold.credit_cents:
        raise SpendingNotProved
    purchase = purchases.sell(
        sale=_sale(device, sold, sold_at, buyer_id=named),
        shown_id=None if named else sold.shown_id,
        recorded_by=operator.user_id,
        recorded_at=sold_at,
    )
    note_sales([purchase.id], device, till.day_number, operator.person_id, sold_at)
    return purchase.id


def undo(
    *,
    device: DeviceHere,
    operator: OperatorHere,
    purchase_id: UUID,
    key: str,
    reason: str,
    undone_at: datetime,
) -> UUID:
    """
    Take a sale of this till back: freely for ten minutes, with a reason until its day is closed.

    Raises: SaleUnknown, UndoTooLate, UndoDayOver, NotRefundable, NothingLeft, KeyReused.
    """
    sale = queries.sale_of(device=device, purchase_id=purchase_id, now=undone_at)
    if earlier := _known(device, key):
        wait_as_if_written()
        return earlier
    with transaction.atomic():
        till = locked_till(till_id=device.till_id)
        undone = purchases.undo_purchase(
            purchase_id=purchase_id,
            key=purchase_key(key),
            reason=reason,
            recorded_by=operator.user_id,
            recorded_at=undone_at,
            day_is_open=sale.day_number == till.day_number,
        )
        note_sales([undone.id], device, till.day_number, operator.person_id, undone_at)
    return undone.id


def refund(
    *,
    device: DeviceHere,
    operator: OperatorHere,
    purchase_id: UUID,
    key: str,
    lines: Sequence[LineBack] | None,
    reason: str,
    refunded_at: datetime,
) -> UUID:
    """
    Give a sale of this till back, in part or whole.

    Raises: SaleUnknown, NotRefundable, NothingLeft, LineUnknown, MoreThanLeft, KeyReused.
    """
    queries.sale_of(device=device, purchase_id=purchase_id, now=refunded_at)
    if earlier := _known(device, key):
        wait_as_if_written()
        return earlier
    with transaction.atomic():
        till = locked_till(till_id=device.till_id)
        back = purchases.refund_purchase(
            refund=RefundIn(
                key=purchase_key(key),
                purchase_id=purchase_id,
                happened_at=refunded_at,
                lines=tuple(lines) if lines else None,
                reason=reason,
            ),
            recorded_by=operator.user_id,
            recorded_at=refunded_at,
        )
        note_sales([back.id], device, till.day_number, operator.person_id, refunded_at)
    return back.id


def note_sales(
    purchase_ids: Sequence[UUID],
    device: DeviceHere,
    day_number: int,
    operator_id: UUID | None,
    received_at: datetime,
    *,
    offline: bool = False,
) -> None:
    """Keep where purchases were made; those that were noted already stay as they are."""
    TillSale.objects.bulk_create(
        [
            TillSale(
                purchase_id=purchase_id,
                till_id=device.till_id,
                day_number=day_number,
                device_id=device.id,
                operator_id=operator_id,
                offline=offline,
                received_at=received_at,
            )
            for purchase_id in purchase_ids
        ],
        ignore_conflicts=True,
    )


def _named(device: DeviceHere, shown_id: UUID | None) -> UUID | None:
    """Return who was looked up by name, None where a card was shown, or nobody."""
    if shown_id is None or people.holder_shown(shown_id=shown_id):
        return None
    found = people.belonging(membership_id=shown_id, cooperative_id=device.organisation_id)
    return found.person_id if found else None


def _sale(device: DeviceHere, sold: Sold, at: datetime, *, buyer_id: UUID | None = None) -> SaleIn:
    return SaleIn(
        key=purchase_key(sold.key),
        seller_id=device.organisation_id,
        buyer_id=buyer_id,
        happened_at=at,
        lines=tuple(sold.lines),
        credit_cents=sold.credit_cents,
    )


def _earlier(device: DeviceHere, sold: Sold) -> UUID | None:
    """Return the purchase that this very sale was recorded as. Raises: KeyReused."""
    known = queries.recorded_sales(organisation_id=device.organisation_id, keys=[sold.key])
    found = known.get(sold.key)
    if found is None:
        return None
    if not found.is_same(lines=sold.lines, credit_cents=sold.credit_cents):
        raise KeyReused(key=sold.key)
    return found.id


def _known(device: DeviceHere, key: str) -> UUID | None:
    """Return what was recorded under a key before."""
    name = device.organisation_id, purchase_key(key)
    found = purchase_queries.recorded_keys([name]).get(name)
    return found[0] if found else None
