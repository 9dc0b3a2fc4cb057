"""Giving purchases back, in part or whole: undo, refund, and the undoing of a whole file."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from reciproca.ledger import queries as ledger
from reciproca.ledger.errors import CeilingReached, FloorReached
from reciproca.ledger.rules import Move
from reciproca.purchases import queries
from reciproca.purchases.errors import (
    KeyReused,
    LineUnknown,
    NothingLeft,
    NotRefundable,
    PurchaseUnknown,
    UndoDayOver,
    UndoTooLate,
)
from reciproca.purchases.forms import LineBack, RefundIn
from reciproca.purchases.models import Kind, Line, Purchase
from reciproca.purchases.recording import TRIES, Recorded, somebody_was_faster
from reciproca.purchases.rules import Undo, undo_needs
from reciproca.purchases.writing import NewLine, NewPurchase, write
from reciproca.shared.durability import wait_as_if_written
from reciproca.shared.ids import fact_id
from reciproca.valueback import queries as valueback
from reciproca.valueback.book import Book, parts_in_columns
from reciproca.valueback.queries import ExpiredLotKey
from reciproca.valueback.rules import (
    Branch,
    ExpiredAmount,
    Lot,
    RefundPlan,
    SoldLine,
    ValueBackPolicy,
    plan_refund,
)

# The policy of a purchase from before the first one: its lines have a rate of zero, so nothing was
# born.
NOTHING_BORN = ValueBackPolicy(
    title="",
    branches=(Branch("member", {}, Fraction(1), None),),
    pool_id=None,
    expires_after_years=0,
    expired_to_id=UUID(int=0),
)


def refund_purchase(
    *, refund: RefundIn, recorded_by: UUID | None, recorded_at: datetime
) -> Purchase:
    """Give one purchase back, in part or whole; see `refund_purchases`."""
    [recorded] = refund_purchases(
        refunds=[refund], recorded_by=recorded_by, recorded_at=recorded_at
    )
    return Purchase.objects.get(id=recorded.purchase_id)


def undo_purchase(
    *,
    purchase_id: UUID,
    key: str,
    reason: str,
    recorded_by: UUID | None,
    recorded_at: datetime,
    day_is_open: bool | None = None,
) -> Purchase:
    """
    Undo a purchase: freely within ten minutes of its recording, with a reason until its day is
    over. A key sent again is answered as the first time, however late.

    `day_is_open` where somebody closes days, as a till does; else a day ends at midnight.

    Raises: UndoTooLate, UndoDayOver, PurchaseUnknown, NotRefundable, NothingLeft, KeyReused.
    """
    purchase = Purchase.objects.filter(id=purchase_id).first()
    if purchase is None:
        raise PurchaseUnknown
    if not queries.recorded_keys([(purchase.seller_id, key)]):
        _check_in_time(purchase, reason, recorded_at, day_is_open)
    undo = RefundIn(key, purchase_id, recorded_at, reason=reason.strip(), is_undo=True)
    return refund_purchase(refund=undo, recorded_by=recorded_by, recorded_at=recorded_at)


def _check_in_time(
    purchase: Purchase, reason: str, now: datetime, day_is_open: bool | None
) -> None:
    if day_is_open is None:
        day_is_open = localtime(purchase.recorded_at).date() == localtime(now).date()
    needs = undo_needs(recorded_at=purchase.recorded_at, now=now, day_is_open=day_is_open)
    if needs is Undo.AS_REFUND:
        raise UndoDayOver
    if needs is Undo.WITH_REASON and not reason.strip():
        raise UndoTooLate


def refund_purchases(
    *, refunds: Sequence[RefundIn], recorded_by: UUID | None, recorded_at: datetime
) -> list[Recorded]:
    """
    Give a batch of purchases back, all or nothing, each in part or whole; a few SQL statements in
    all.

    Credits return to their lots and value before less value after is taken back. A key sent again
    with the same content returns the first refund and moves nothing.

    Raises: PurchaseUnknown, NotRefundable, NothingLeft, LineUnknown, KeyReused,
    valueback.MoreThanLeft. Source: docs/rules/spending-and-refunds.md
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _record(refunds, recorded_by, recorded_at)
        except (IntegrityError, FloorReached, CeilingReached) as overtaken:
            if attempt == TRIES - 1 or not somebody_was_faster(overtaken):
                raise
    raise AssertionError("unreachable")


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """
    What a refund would bring about, in whole cents: money and credits that go back to the buyer,
    the value taken back and the member's own part of it.
    """

    money_cents: int
    credit_cents: int
    value_cents: int
    member_cents: int


@transaction.atomic
def preview_refund(*, refund: RefundIn, previewed_at: datetime) -> RefundPreview:
    """
    Return what a refund would bring about now, without recording it.

    Raises: PurchaseUnknown, NotRefundable, NothingLeft, LineUnknown, valueback.MoreThanLeft.
    """
    desk = _Desk(_locked([refund.purchase_id]), [refund], today=localtime(previewed_at).date())
    lines = desk.decide(refund, content_of(refund), fact_id(), None, previewed_at).lines
    return RefundPreview(
        money_cents=-sum(line.amount_cents - line.credit_cents for line in lines),
        credit_cents=-sum(line.credit_cents for line in lines),
        value_cents=-sum(sum(line.parts) for line in lines),
        member_cents=-sum(line.parts[0] for line in lines),
    )


def _record(
    refunds: Sequence[RefundIn], recorded_by: UUID | None, recorded_at: datetime
) -> list[Recorded]:
    sold = _locked([refund.purchase_id for refund in refunds])
    keys = [(sold[refund.purchase_id].purchase.seller_id, refund.key) for refund in refunds]
    known = queries.recorded_keys(keys)
    answers: list[Recorded] = []
    fresh: list[tuple[RefundIn, str, UUID]] = []
    for refund, key in zip(refunds, keys, strict=True):
        content, earlier = content_of(refund), known.get(key)
        if earlier is None:
            refund_id = fact_id()
            known[key] = refund_id, content
            fresh.append((refund, content, refund_id))
            answers.append(Recorded(refund_id, is_new=True))
        elif earlier[1] == content:
            answers.append(Recorded(earlier[0], is_new=False))
        else:
            raise KeyReused(key=refund.key)
    if fresh:
        desk = _Desk(sold, [each[0] for each in fresh], today=localtime(recorded_at).date())
        write([desk.decide(*each, recorded_by, recorded_at) for each in fresh])
    else:
        wait_as_if_written()
    return answers


def content_of(refund: RefundIn) -> str:
    """Return the SHA-256 of what makes two sendings of a key the same refund."""
    told = (refund.purchase_id, refund.lines, refund.is_undo)
    return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass(slots=True)
class _Sold:
    """A purchase as sold, and what was given back of it so far."""

    purchase: Purchase
    lines: list[Line] = field(default_factory=list)
    money_back: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    credit_back: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def sold_lines(self) -> dict[int, SoldLine]:
        return {
            line.position: SoldLine(
                rate=Fraction(line.rate_bp, 10_000),
                amount_cents=line.amount_cents,
                credit_cents=line.credit_cents,
                money_back_cents=self.money_back[line.position],
                credit_back_cents=self.credit_back[line.position],
            )
            for line in self.lines
        }


def _locked(purchase_ids: Iterable[UUID]) -> dict[UUID, _Sold]:
    """
    Return the purchases with their lines and earlier corrections; refunds of one purchase wait for
    each other.
    """
    wanted = sorted(set(purchase_ids))
    found = {
        purchase.id: _Sold(purchase)
        for purchase in Purchase.objects.select_for_update(no_key=True)
        .filter(id__in=wanted)
        .order_by("id")
    }
    if len(found) < len(wanted):
        raise PurchaseUnknown
    for line in Line.objects.filter(purchase__in=wanted).order_by("purchase", "position"):
        found[line.purchase_id].lines.append(line)
    for line in Line.objects.filter(purchase__corrects__in=wanted).select_related("purchase"):
        corrected = line.purchase.corrects_id
        assert corrected is not None
        found[corrected].money_back[line.position] -= line.amount_cents - line.credit_cents
        found[corrected].credit_back[line.position] -= line.credit_cents
    return found


class _Desk:
    """
    Decides the refunds of a batch one after the other, each knowing what the ones before it will
    have done.
    """

    def __init__(
        self, sold: dict[UUID, _Sold], refunds: Sequence[RefundIn], *, today: date
    ) -> None:
        self.sold = sold
        purchases = [each.purchase for each in sold.values()]
        buyers = {purchase.buyer_id for purchase in purchases if purchase.buyer_id}
        self.book = Book.opened(today=today, sellers=[], buyers=buyers, holders=buyers)
        years = {localtime(refund.happened_at).year for refund in refunds}
        self.closed = queries.closed_years_for(years, today=today)
        self.spent = _spent_lots(purchase.id for purchase in purchases if purchase.credit_cents)
        self.expired = _expired(purchases, today=today)

    def decide(
        self,
        refund: RefundIn,
        content: str,
        refund_id: UUID,
        recorded_by: UUID | None,
        recorded_at: datetime,
    ) -> NewPurchase:
        sold = self.sold[refund.purchase_id]
        purchase = sold.purchase
        if purchase.corrects_id is not None:
            raise NotRefundable
        lines = sold.sold_lines()
        wanted = _wanted(refund, lines)
        plan, policy = self._plan(sold, lines, wanted)
        happened_on = localtime(refund.happened_at).date()
        return NewPurchase(
            id=refund_id,
            kind=_kind(purchase, wanted),
            key=refund.key,
            content=content,
            seller_id=purchase.seller_id,
            buyer_id=purchase.buyer_id,
            happened_at=refund.happened_at,
            year=(self.book.today if happened_on.year in self.closed else happened_on).year,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
            import_id=None,
            policy_digest=purchase.policy_id,
            expires_on=purchase.expires_on,
            lines=tuple(_rows(sold, wanted, plan, policy)),
            moves=plan.moves,
            corrects_id=purchase.id,
            is_undo=refund.is_undo,
            reason=refund.reason[:300],
            expired_cents=self._called_back(purchase, plan.moves),
        )

    def _plan(
        self, sold: _Sold, lines: dict[int, SoldLine], wanted: Sequence[LineBack]
    ) -> tuple[RefundPlan, ValueBackPolicy]:
        purchase, today = sold.purchase, self.book.today
        force = self.book.policies.named(purchase.policy_id or "")
        policy = force.policy if force else NOTHING_BORN
        # Nothing moves for somebody who is no member: then the seller's id only fills the place.
        member_id = purchase.buyer_id or purchase.seller_id
        plan = plan_refund(
            policy=policy,
            member_id=member_id,
            seller_id=purchase.seller_id,
            refunded_on=today,
            lines=[(lines[back.position], back.amount_cents) for back in wanted],
            standing=self.book.standing(
                member_id,
                purchase.seller_id,
                born_expires_on=purchase.expires_on or policy.expires_on(today),
                policy=policy,
                expired=self.expired.get(_lot_of(purchase), ()),
            ),
            spent=self.spent.get(purchase.id, ()),
            credit_back_cents=sum(sold.credit_back.values()),
        )
        self.book.follow(plan.moves)
        return plan, policy

    def _called_back(self, purchase: Purchase, moves: Iterable[Move]) -> int:
        """
        Return what these moves take of value that had ended, which nobody can then take again.
        """
        called = sum(move.amount for move in moves if move.code == "refund-expired")
        if called:
            self.expired[_lot_of(purchase)] = less(self.expired[_lot_of(purchase)], called)
        return called


def _kind(purchase: Purchase, wanted: Sequence[LineBack]) -> Kind:
    """
    Return what a correction is: money that comes in is a sale again.

    So is the undoing of a refund that came without its purchase, and giving back only the items
    that had been returned within a basket.
    """
    back = sum(line.amount_cents for line in wanted)
    if back == 0:
        return Kind.REFUND if purchase.kind == Kind.SALE else Kind.SALE
    return Kind.REFUND if back > 0 else Kind.SALE


def _rows(
    sold: _Sold, wanted: Sequence[LineBack], plan: RefundPlan, policy: ValueBackPolicy
) -> list[NewLine]:
    """Return the contrary lines, and note on the purchase what they give back of it."""
    by_position = {line.position: line for line in sold.lines}
    rows = []
    for (position, amount), back in zip(wanted, plan.lines, strict=True):
        line = by_position[position]
        sold.money_back[position] += back.money_cents
        sold.credit_back[position] += back.credit_cents
        rows.append(
            NewLine(
                position=position,
                category=line.category,
                description=line.description,
                amount_cents=-amount,
                credit_cents=-back.credit_cents,
                rate_bp=line.rate_bp,
                parts=parts_in_columns(policy, back.parts),
            )
        )
    return rows


def _lot_of(purchase: Purchase) -> ExpiredLotKey:
    return purchase.buyer_id, purchase.seller_id, purchase.expires_on


def _expired(
    purchases: Sequence[Purchase], *, today: date
) -> dict[ExpiredLotKey, list[ExpiredAmount]]:
    """
    Return what ended unspent of the lots that these purchases fed, less what refunds called back
    already.
    """
    lots = {
        _lot_of(purchase)
        for purchase in purchases
        if purchase.buyer_id and purchase.expires_on and purchase.expires_on < today
    }
    if not lots:
        return {}
    # Locked before it is read how much was called back: two refunds that share a lot meet here.
    ended = valueback.expired_amounts(lots)
    called = queries.expired_called_back(lots)
    return {lot: less(amounts, called.get(lot, 0)) for lot, amounts in ended.items()}


def less(amounts: Sequence[ExpiredAmount], cents: int) -> list[ExpiredAmount]:
    """Return what is left of amounts by fund after `cents` were called back, in their order."""
    left = []
    for fund_id, amount in amounts:
        taken = min(amount, cents)
        cents -= taken
        if amount > taken:
            left.append(ExpiredAmount(fund_id, amount - taken))
    return left


def _wanted(refund: RefundIn, lines: dict[int, SoldLine]) -> list[LineBack]:
    if refund.lines is None:
        wanted = [
            LineBack(position, line.left_cents)
            for position, line in lines.items()
            if line.left_cents
        ]
    else:
        # A line named twice is one line that comes back by both amounts.
        amounts: dict[int, int] = defaultdict(int)
        for position, amount in refund.lines:
            amounts[position] += amount
        wanted = [LineBack(*back) for back in amounts.items() if back[1]]
    for back in wanted:
        if back.position not in lines:
            raise LineUnknown(position=back.position)
    if not wanted:
        raise NothingLeft
    return wanted


def _spent_lots(purchase_ids: Iterable[UUID]) -> dict[UUID, list[Lot]]:
    """Return what each purchase took from each lot, in spending order, in one SQL query."""
    spent: dict[UUID, list[Lot]] = defaultdict(list)
    ids = list(purchase_ids)
    for entry in ledger.transfers_of_facts(ids) if ids else []:
        if entry.code == "spend":
            assert entry.debit.expires_on is not None
            spent[entry.reference].append(
                Lot(entry.debit.party, entry.debit.expires_on, entry.amount)
            )
    return spent
