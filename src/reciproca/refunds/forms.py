"""The shapes in which a cooperative's year comes in."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reciproca.refunds.models import Accounting


@dataclass(frozen=True, slots=True)
class AccountsIn:
    """
    The approved accounts, in whole cents and basis points.

    `cash_share_bp` and `capital_share_bp` say how each refund is paid; the rest becomes credit.
    `postal_bond_rate_bp` is the highest rate of postal savings bonds, which caps the dividend.
    """

    net_profit_cents: int
    member_surplus_cents: int
    refund_proposed_cents: int
    paid_up_capital_cents: int
    net_equity_cents: int
    total_debt_cents: int
    dividend_proposed_cents: int = 0
    postal_bond_rate_bp: int = 0
    refund_accounting: str = Accounting.APPROPRIATION
    cash_share_bp: int = 0
    capital_share_bp: int = 0
    share_value_cents: int = 2_500


@dataclass(frozen=True, slots=True)
class ResolutionIn:
    """What the cooperative's own assembly decided, with the minutes as a PDF where there are."""

    adopted_on: date
    protocol_number: str
    document_name: str = ""
    document: bytes = b""


@dataclass(frozen=True, slots=True)
class ClaimIn:
    """What a worker or contributor exchanged in the year; see `models.ExchangeClaim`."""

    member_id: UUID
    quantity: int
    quality: int = 10_000
    pay_cents: int | None = None
