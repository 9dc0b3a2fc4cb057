"""The shapes in which exchanges come in, from the API, a file or a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

NOT_LOOKED_UP = UUID(int=0)
"""Who sells, as long as nobody has asked whose the API key is that came with the sale."""


class LineIn(NamedTuple):
    """
    One category and amount in whole cents, VAT included; negative only in a refund without its
    purchase.
    """

    category: str
    amount_cents: int
    description: str = ""


class SaleIn(NamedTuple):
    """
    One exchange as the seller's side tells it.

    `key` is the client's own id, unique per seller. `credit_cents` of the buyer's credit pay for a
    part; with `up_to` as much of that as can be spent here, without it exactly that or nothing.
    Lines are all positive or zero (a sale) or all negative or zero (a refund whose purchase is not
    known: it mirrors). `policy_digest` names the policy to apply where a file says so; lots then
    end by the day of recording. With `happened_now` the seller named no instant: `happened_at` is
    when we heard of it, which another sending does not repeat.
    """

    key: str
    seller_id: UUID
    buyer_id: UUID | None
    happened_at: datetime
    lines: tuple[LineIn, ...]
    credit_cents: int = 0
    up_to: bool = False
    policy_digest: str | None = None
    import_id: UUID | None = None
    happened_now: bool = False


class LineBack(NamedTuple):
    """
    How much of one line comes back, in whole cents of what was paid for it (money and credit
    together).
    """

    position: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class RefundIn:
    """A purchase given back in part, or whole when `lines` is None; `key` as in a sale."""

    key: str
    purchase_id: UUID
    happened_at: datetime
    lines: tuple[LineBack, ...] | None = None
    reason: str = ""
    is_undo: bool = False
