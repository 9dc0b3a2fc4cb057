"""Credits as the member holds them: one lot for each issuer and year's end."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.money import format_euro


class NotSpendable(DomainError):
    code = "not-spendable"
    message = _(
        "Qui si possono spendere al massimo %(spendable)s di crediti: riduci l'importo dei crediti."
    )


class Lot(NamedTuple):
    """So many cents of the credit that `issuer_id` issued and that ends on `expires_on`."""

    issuer_id: UUID
    expires_on: date
    amount_cents: int


def spendable_cents(*, lots: Iterable[Lot], on: date) -> int:
    """Return what the lots that have not ended hold on a day."""
    return sum(lot.amount_cents for lot in lots if lot.expires_on >= on)


def spendable_here_cents(*, balance_cents: int, amount_cents: int, limit_bp: int) -> int:
    """
    Return how much credit may pay of a sale: the seller's limit is a share of the amount.

    `limit_bp` is in hundredths of a percent (10,000 is all of it); floored to the cent.
    """
    return max(0, min(balance_cents, amount_cents * limit_bp // 10_000))


def lots_to_spend(*, lots: Iterable[Lot], amount_cents: int, on: date) -> tuple[Lot, ...]:
    """
    Return what each lot pays of `amount_cents`: the first to end goes first, then by issuer id.

    Raises: NotSpendable when the lots open `on` that day hold less.
    Source: docs/rules/spending-and-refunds.md
    """
    open_lots = sorted(
        (lot for lot in lots if lot.expires_on >= on),
        key=lambda lot: (lot.expires_on, lot.issuer_id),
    )
    spent, missing = taken_in_order(lots=open_lots, wanted_cents=amount_cents)
    if missing:
        raise NotSpendable(spendable=format_euro(amount_cents - missing))
    return spent


def taken_in_order(*, lots: Iterable[Lot], wanted_cents: int) -> tuple[tuple[Lot, ...], int]:
    """Return what the lots give of `wanted_cents`, first lot first, and what is then missing."""
    taken = []
    for lot in lots:
        part = min(wanted_cents, lot.amount_cents)
        if part > 0:
            taken.append(lot._replace(amount_cents=part))
            wanted_cents -= part
    return tuple(taken), wanted_cents
