"""
Recording exchanges: the one way in, for a till, a file and a year of two hundred thousand alike.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import psycopg
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone, localtime

from reciproca.ledger.errors import CeilingReached, FloorReached
from reciproca.purchases import queries
from reciproca.purchases.errors import (
    AmountTooLarge,
    BuyerUnknown,
    HappenedInFuture,
    KeyReused,
    SaleEmpty,
    SelfPurchase,
    SellerUnknown,
)
from reciproca.purchases.forms import SaleIn
from reciproca.purchases.models import Kind, Purchase
from reciproca.purchases.writing import NewLine, NewPurchase, as_written, write
from reciproca.registry import queries as registry
from reciproca.shared.durability import wait_as_if_written
from reciproca.shared.ids import fact_id
from reciproca.shared.money import format_euro
from reciproca.valueback.book import Book, Valued

LARGEST_CENTS = 100_000_000_00
CLOCKS_DIFFER = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one exchange of a batch; `is_new` False: its key had been recorded before."""

    purchase_id: UUID
    is_new: bool


def record_sale(*, sale: SaleIn, recorded_by: UUID | None, recorded_at: datetime) -> Purchase:
    """
    Record one exchange and everything it sets in motion; see `record_sales`.

    Source: docs/rules/value-back.md
    """
    [purchase] = record_and_return(sales=[sale], recorded_by=recorded_by, recorded_at=recorded_at)
    return purchase


def record_and_return(
    *, sales: Sequence[SaleIn], recorded_by: UUID | None, recorded_at: datetime
) -> list[Purchase]:
    """Record a batch as `record_sales` does, and return each purchase as it is kept."""
    recorded, written = _recorded(sales, recorded_by, recorded_at)
    found = {new.id: as_written(new) for new in written}
    earlier = {each.purchase_id for each in recorded} - found.keys()
    found |= Purchase.objects.in_bulk(earlier) if earlier else {}
    return [found[each.purchase_id] for each in recorded]


def record_sales(
    *, sales: Sequence[SaleIn], recorded_by: UUID | None, recorded_at: datetime
) -> list[Recorded]:
    """
    Record a batch of exchanges, all or nothing, as if one after the other; a few SQL statements in
    all.

    A key that its seller has used before, with the same content, returns the first purchase and
    moves nothing. Sales before the first adopted policy are recorded and move nothing. What
    happened in a closed year belongs to the year of recording.

    Raises: KeyReused, SaleEmpty, AmountTooLarge, HappenedInFuture, SelfPurchase, SellerUnknown,
    BuyerUnknown, valueback.NotSpendable, valueback.PolicyUnknown. Source: docs/rules/value-back.md
    """
    return _recorded(sales, recorded_by, recorded_at)[0]


def _recorded(
    sales: Sequence[SaleIn], recorded_by: UUID | None, recorded_at: datetime
) -> tuple[list[Recorded], list[NewPurchase]]:
    """Return what became of each exchange, and those that were written, in their order."""
    for sale in sales:
        _check(sale, recorded_at)
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _record(sales, recorded_by, recorded_at)
        except (IntegrityError, FloorReached, CeilingReached) as overtaken:
            if attempt == TRIES - 1 or not somebody_was_faster(overtaken):
                raise
    raise AssertionError("unreachable")


@dataclass(frozen=True, slots=True)
class Quote:
    """What a sale would come to, in whole cents; `parts` are the four branches in their order."""

    total_cents: int
    credit_cents: int
    value_cents: int
    parts: tuple[int, int, int, int]

    @property
    def due_cents(self) -> int:
        """Return what is paid in money."""
        return self.total_cents - self.credit_cents


@transaction.atomic
def quote_sale(*, sale: SaleIn, quoted_at: datetime) -> Quote:
    """
    Decide a sale as `record_sale` would at this moment, and write nothing.

    Raises: what `record_sales` raises but KeyReused.
    """
    _check(sale, quoted_at)
    [decided] = _decided([(sale, "", fact_id())], None, quoted_at)
    columns = zip(*(line.parts for line in decided.lines), strict=True)
    member, common, territory, solidarity = (sum(column) for column in columns)
    parts = member, common, territory, solidarity
    return Quote(
        total_cents=sum(line.amount_cents for line in decided.lines),
        credit_cents=sum(line.credit_cents for line in decided.lines),
        value_cents=sum(parts),
        parts=parts,
    )


def somebody_was_faster(error: Exception) -> bool:
    """
    Tell whether between our reading and our writing somebody recorded the same key, or moved the
    same account.

    Nothing of ours is left then: read again and decide anew.
    """
    return isinstance(error, FloorReached | CeilingReached) or isinstance(
        error.__cause__, psycopg.errors.UniqueViolation
    )


def _record(
    sales: Sequence[SaleIn], recorded_by: UUID | None, recorded_at: datetime
) -> tuple[list[Recorded], list[NewPurchase]]:
    contents = [content_of(sale) for sale in sales]
    known = queries.recorded_keys([(sale.seller_id, sale.key) for sale in sales])
    answers: list[Recorded] = []
    fresh: list[tuple[SaleIn, str, UUID]] = []
    for sale, content in zip(sales, contents, strict=True):
        earlier = known.get((sale.seller_id, sale.key))
        if earlier is None:
            purchase_id = fact_id()
            known[sale.seller_id, sale.key] = purchase_id, content
            fresh.append((sale, content, purchase_id))
            answers.append(Recorded(purchase_id, is_new=True))
        elif earlier[1] == content:
            answers.append(Recorded(earlier[0], is_new=False))
        else:
            raise KeyReused(key=sale.key)
    decided = _decided(fresh, recorded_by, recorded_at) if fresh else []
    write(decided)
    if not decided:
        wait_as_if_written()
    return answers, decided


def _decided(
    fresh: Sequence[tuple[SaleIn, str, UUID]], recorded_by: UUID | None, recorded_at: datetime
) -> list[NewPurchase]:
    sales = [sale for sale, _, _ in fresh]
    sellers = {sale.seller_id for sale in sales}
    buyers = {sale.buyer_id for sale in sales if sale.buyer_id}
    _check_nodes(sellers, buyers)
    today, here = localtime(recorded_at).date(), get_current_timezone()
    days = [sale.happened_at.astimezone(here).date() for sale in sales]
    closed = queries.closed_years_for({day.year for day in days}, today=today)
    book = Book.opened(
        today=today,
        sellers=sellers,
        buyers=buyers,
        holders={sale.buyer_id for sale in sales if sale.buyer_id and _touches_lots(sale)},
    )
    decided = []
    for (sale, content, purchase_id), happened_on in zip(fresh, days, strict=True):
        belongs_on = today if happened_on.year in closed else happened_on
        valued = book.value(
            buyer_id=sale.buyer_id,
            seller_id=sale.seller_id,
            happened_on=happened_on,
            born_on=today if sale.policy_digest else belongs_on,
            lines=[(line.category, line.amount_cents) for line in sale.lines],
            credit_cents=sale.credit_cents,
            up_to=sale.up_to,
            policy_digest=sale.policy_digest,
        )
        decided.append(
            _purchase(sale, content, purchase_id, valued, belongs_on, recorded_by, recorded_at)
        )
    return decided


def _purchase(
    sale: SaleIn,
    content: str,
    purchase_id: UUID,
    valued: Valued,
    belongs_on: date,
    recorded_by: UUID | None,
    recorded_at: datetime,
) -> NewPurchase:
    total = sum(line.amount_cents for line in sale.lines)
    return NewPurchase(
        id=purchase_id,
        kind=Kind.REFUND if total < 0 else Kind.SALE,
        key=sale.key,
        content=content,
        seller_id=sale.seller_id,
        buyer_id=sale.buyer_id,
        happened_at=sale.happened_at,
        year=belongs_on.year,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        import_id=sale.import_id,
        policy_digest=valued.policy_digest,
        expires_on=valued.expires_on,
        lines=tuple(
            NewLine(
                position=position,
                category=line.category,
                description=line.description,
                amount_cents=line.amount_cents,
                credit_cents=decided.credit_cents,
                rate_bp=decided.rate_bp,
                parts=decided.parts,
            )
            for position, (line, decided) in enumerate(
                zip(sale.lines, valued.lines, strict=True), start=1
            )
        ),
        moves=valued.moves,
    )


def content_of(sale: SaleIn) -> str:
    """Return the SHA-256 of what makes two sendings of a key the same exchange."""
    told = (
        str(sale.buyer_id),
        None if sale.happened_now else sale.happened_at.timestamp(),
        [tuple(line) for line in sale.lines],
        sale.credit_cents,
        sale.up_to,
        sale.policy_digest,
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _touches_lots(sale: SaleIn) -> bool:
    return bool(sale.credit_cents) or any(line.amount_cents < 0 for line in sale.lines)


def _check(sale: SaleIn, recorded_at: datetime) -> None:
    if not sale.lines:
        raise SaleEmpty
    if sale.happened_at > recorded_at + CLOCKS_DIFFER:
        raise HappenedInFuture
    if sale.buyer_id == sale.seller_id:
        raise SelfPurchase
    for line in sale.lines:
        if abs(line.amount_cents) > LARGEST_CENTS:
            raise AmountTooLarge(amount=format_euro(line.amount_cents))


def _check_nodes(sellers: set[UUID], buyers: set[UUID]) -> None:
    """
    Refuse nodes that do not exist, before the database would with a foreign key nobody understands.
    """
    known = registry.open_node_ids(sellers | buyers)
    if not sellers <= known:
        raise SellerUnknown
    if not buyers <= known:
        raise BuyerUnknown
