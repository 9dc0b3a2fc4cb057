"""Reads that recording and giving back rest on, and what a seller may read of its own."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from reciproca.purchases.models import ClosedYear, Line, Purchase
from reciproca.shared.arrays import array_of_uuids
from reciproca.shared.locks import share_turn
from reciproca.shared.prepared import fetch
from reciproca.valueback.queries import ExpiredLotKey

YEARS = "closed-years"
"""The turn that a close waits for and that recording shares."""


def recorded_keys(keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], tuple[UUID, str]]:
    """
    Return (purchase id, content) of those of these (seller, key) pairs that exist, in one SQL
    query.
    """
    rows = fetch(
        "SELECT p.seller_id, p.key, p.id, p.content FROM unnest(%s::uuid[], %s::varchar[])"
        " AS k(seller_id, key)"
        " JOIN purchases_purchase p ON p.seller_id = k.seller_id AND p.key = k.key",
        [array_of_uuids(seller for seller, _ in keys), [key for _, key in keys]],
    )
    return {(seller, key): (purchase, content) for seller, key, purchase, content in rows}


class SoldLine(NamedTuple):
    """A line as it was recorded, in whole cents."""

    category: str
    amount_cents: int
    credit_cents: int


def lines_of(purchase_ids: Collection[UUID], /) -> dict[UUID, list[SoldLine]]:
    """Return the lines of these purchases, in their order, in one SQL query."""
    found: dict[UUID, list[SoldLine]] = {purchase_id: [] for purchase_id in purchase_ids}
    lines = Line.objects.filter(purchase__in=found).order_by("purchase", "position")
    for purchase_id, *line in lines.values_list("purchase_id", *SoldLine._fields):
        found[purchase_id].append(SoldLine(*line))
    return found


def closed_years() -> frozenset[int]:
    """Return the years whose figures are final."""
    return frozenset(ClosedYear.objects.values_list("year", flat=True))


def closed_years_for(years: Collection[int], /, *, today: date) -> frozenset[int]:
    """
    Return the years whose figures are final, to somebody who records facts of these years.

    None of them can be closed until the transaction ends: a year's figures are fixed either before
    or after what is being recorded. The present year cannot be closed: whoever
    records only its facts asks nothing.
    """
    if all(year == today.year for year in years):
        return frozenset()
    share_turn(YEARS)
    return closed_years()


def expired_called_back(lots: Collection[ExpiredLotKey], /) -> dict[ExpiredLotKey, int]:
    """
    Return how much refunds have taken of what ended unspent of these lots, in whole cents, in one
    SQL query.
    """
    rows = (
        Purchase.objects.filter(buyer__in={member for member, _, _ in lots}, expired_cents__gt=0)
        .values_list("buyer", "seller", "expires_on")
        .annotate(cents=Sum("expired_cents"))
    )
    return {(buyer, seller, expires_on): cents for buyer, seller, expires_on, cents in rows}


def parties_of(purchase_id: UUID, /) -> set[UUID] | None:
    """Return who sold and who bought, None where no purchase has this id."""
    found = Purchase.objects.filter(id=purchase_id).values_list("seller", "buyer").first()
    return {party for party in found if party} if found else None


def purchase_of_seller(*, purchase_id: UUID, seller_id: UUID) -> Purchase | None:
    """Return a purchase if this seller recorded it: anybody else's does not exist for it."""
    return Purchase.objects.filter(id=purchase_id, seller=seller_id).first()


def recorded_by_seller(*, seller_id: UUID, before: UUID | None, limit: int) -> list[Purchase]:
    """Return a seller's last recorded purchases and refunds, newest first, in one SQL query."""
    rows = Purchase.objects.filter(seller=seller_id)
    return list((rows.filter(id__lt=before) if before else rows).order_by("-id")[:limit])
