"""Selling to whoever shows a card: the card is used for this one sale, and its credit if proved."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from reciproca.purchases import queries
from reciproca.purchases.forms import SaleIn
from reciproca.purchases.models import Purchase
from reciproca.purchases.recording import record_and_return, record_sale
from reciproca.registry import actions as registry
from reciproca.registry import queries as cards
from reciproca.registry.actions.card_proofs import ShownTooLongAgo, SpendingNotProved
from reciproca.registry.card_codes import Read, read_text
from reciproca.shared.identifiers import IdentifierRefused
from reciproca.shared.together import Together

NOTHING_READ = Read("", "")
AT_ONCE = 64
"""More sales than a web process has threads."""


def sell(
    *, sale: SaleIn, shown_id: UUID | None, recorded_by: UUID | None, recorded_at: datetime
) -> Purchase:
    """
    Record a sale at a counter to the holder of a card that was shown there.

    Without a showing to `sale.buyer_id`, or to nobody. Sent again, the key is answered as the
    first time, though its showing is used up.

    Raises: registry's ShownTooLongAgo, SpendingNotProved, CardIsBlocked; what `record_sale`
    raises. Source: docs/rules/card-codes.md
    """
    told = sale._replace(buyer_id=cards.holder_shown(shown_id=shown_id)) if shown_id else sale
    try:
        with transaction.atomic():
            if shown_id and not _is_recorded(sale):
                registry.use_shown(
                    shown_id=shown_id,
                    seller_id=sale.seller_id,
                    spends=sale.credit_cents > 0,
                    used_at=recorded_at,
                )
            return record_sale(sale=told, recorded_by=recorded_by, recorded_at=recorded_at)
    except ShownTooLongAgo:
        # Used by this very sale, perhaps, which another sending recorded meanwhile.
        if _is_recorded(sale):
            return record_sale(sale=told, recorded_by=recorded_by, recorded_at=recorded_at)
        raise


class AtOnce(NamedTuple):
    """
    A sale by whom an API key stands for, to the holder of a card that is read here and now, and its
    PIN; or to nobody. `sale` names neither of them.
    """

    api_key: str
    sale: SaleIn
    card: str
    pin: str
    recorded_at: datetime


def sell_at_once(asked: AtOnce, /) -> Purchase:
    """
    Record a sale at a counter without a showing, together with others that are made just now.

    Whose the API key is, is asked when the sale is recorded: one that was revoked sells no more.
    Sent again, the sale's key is answered as the first time, whatever became of the card.

    Raises: registry's KeyUnknown, what `registry.take_card` raises, SpendingNotProved; what
    `record_sale` raises.
    """
    return _sales.do(asked)


def _sell_alone(asked: AtOnce) -> Purchase:
    api_key, told, card, pin, now = asked
    sale = told._replace(seller_id=cards.organisation_with_key(secret=api_key))
    if not card:
        told = sale
    elif _is_recorded(sale):
        holder = cards.holder_of(number=read_text(card).number)
        told = sale._replace(buyer_id=holder.person_id if holder else None)
    else:
        taken = registry.take_card(text=card, pin=pin, seller_id=sale.seller_id, taken_at=now)
        if sale.credit_cents and not taken.may_spend:
            raise SpendingNotProved
        told = sale._replace(buyer_id=taken.person_id)
    return record_sale(sale=told, recorded_by=None, recorded_at=now)


def _sell_together(asked: Sequence[AtOnce]) -> Sequence[Purchase | None]:
    """Record the sales that need no more than a good number; a proof or a refusal is done alone."""
    sellers = cards.holders_of_keys({each.api_key for each in asked})
    numbers = [_printed(each) for each in asked]
    holders = cards.holders_of({number for number in numbers if number})
    sales = [
        _between(each.sale, sellers.get(each.api_key), number, holders)
        for each, number in zip(asked, numbers, strict=True)
    ]
    made = iter(
        record_and_return(
            sales=[sale for sale in sales if sale],
            recorded_by=None,
            recorded_at=max(each.recorded_at for each in asked),
        )
    )
    return [next(made) if sale else None for sale in sales]


def _printed(asked: AtOnce) -> str | None:
    """Return the number of a card that only earns, nothing where there is none; else None."""
    if asked.pin or asked.sale.credit_cents:
        return None
    try:
        read = read_text(asked.card) if asked.card else NOTHING_READ
    except IdentifierRefused:
        return None
    return None if read.code else read.number


def _between(
    sale: SaleIn,
    seller: cards.KeyHolder | None,
    number: str | None,
    holders: Mapping[str, cards.CardHolder],
) -> SaleIn | None:
    """Return a sale by a key's holder to a card's, or to nobody; None where one is refused."""
    if seller is None or number is None:
        return None
    if not number:
        return sale._replace(seller_id=seller.organisation_id)
    buyer = holders.get(number)
    if buyer is None or buyer.is_blocked:
        return None
    return sale._replace(seller_id=seller.organisation_id, buyer_id=buyer.person_id)


_sales = Together(at_once=_sell_together, alone=_sell_alone, most=AT_ONCE)


def _is_recorded(sale: SaleIn) -> bool:
    return bool(queries.recorded_keys([(sale.seller_id, sale.key)]))
