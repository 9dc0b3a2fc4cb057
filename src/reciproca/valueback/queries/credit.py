"""The credit that members hold, and what of it ended unspent."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Sum

from reciproca.ledger import queries as ledger
from reciproca.valueback.models import ExpiredLot
from reciproca.valueback.queries.terms import terms
from reciproca.valueback.rules import ExpiredAmount, spendable_here_cents

ExpiredLotKey = tuple[UUID | None, UUID, date | None]
"""Member, issuer, last day: which lot a purchase fed."""


@dataclass(frozen=True, slots=True)
class Spendable:
    """What a member can spend today, and the part that ends first."""

    cents: int
    ends_first_on: date | None
    ends_first_cents: int
    lots: tuple[ledger.Lot, ...]


def spendable(*, member_id: UUID, on: date) -> Spendable:
    """Return a member's credit with its lots, in one SQL query."""
    lots = tuple(lot for lot in ledger.lots(members=[member_id]) if lot.expires_on >= on)
    first = lots[0].expires_on if lots else None
    return Spendable(
        cents=sum(lot.cents for lot in lots),
        ends_first_on=first,
        ends_first_cents=sum(lot.cents for lot in lots if lot.expires_on == first),
        lots=lots,
    )


def spendable_here(
    *, member_id: UUID, seller_id: UUID, on: date, amount_cents: int | None = None
) -> int:
    """
    Return how much credit a member may spend at a seller: of a sale of `amount_cents`, or of one
    that is large enough. Three SQL queries.
    """
    limit_bp = terms(seller_ids=[seller_id]).limit_bp(seller_id=seller_id, on=on)
    balance = spendable(member_id=member_id, on=on).cents
    if amount_cents is None:
        return balance if limit_bp else 0
    return spendable_here_cents(balance_cents=balance, amount_cents=amount_cents, limit_bp=limit_bp)


def expired_amounts(lots: Collection[ExpiredLotKey], /) -> dict[ExpiredLotKey, list[ExpiredAmount]]:
    """
    Return what ended unspent of these (member, issuer, last day) lots, by fund, in one SQL query.

    The rows are locked until the transaction ends: whoever asks for the same lots waits.
    """
    found: dict[ExpiredLotKey, list[ExpiredAmount]] = defaultdict(list)
    rows = (
        ExpiredLot.objects.select_for_update(no_key=True)
        .filter(
            member__in={member for member, _, _ in lots},
            issuer__in={issuer for _, issuer, _ in lots},
        )
        .order_by("id")
        .values_list("member", "issuer", "expires_on", "fund", "amount_cents")
    )
    for member, issuer, expires_on, fund, cents in rows:
        if (member, issuer, expires_on) in lots:
            found[member, issuer, expires_on].append(ExpiredAmount(fund, cents))
    return found


def expired_by_issuer(*, year: int) -> dict[UUID, int]:
    """Return how much credit of a year's end nobody spent, by issuer, in one SQL query."""
    ended = ExpiredLot.objects.filter(expires_on=date(year, 12, 31))
    return dict(ended.values_list("issuer").annotate(cents=Sum("amount_cents")))
