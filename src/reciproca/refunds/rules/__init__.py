"""The arithmetic of a cooperative's year: what law takes first, what members get back."""

from reciproca.refunds.rules.patronage import (
    ExchangeKind,
    MemberExchange,
    PatronageRefund,
    PaymentSplit,
    ceiling_cents,
    patronage_refund,
    split_payment,
)
from reciproca.refunds.rules.steps import Reason, Step, StepKey
from reciproca.refunds.rules.surplus import (
    Accounting,
    LegalLimits,
    LossForYear,
    Surplus,
    YearAccounts,
    divide_surplus,
)

__all__ = [
    "Accounting",
    "ExchangeKind",
    "LegalLimits",
    "LossForYear",
    "MemberExchange",
    "PatronageRefund",
    "PaymentSplit",
    "Reason",
    "Step",
    "StepKey",
    "Surplus",
    "YearAccounts",
    "ceiling_cents",
    "divide_surplus",
    "patronage_refund",
    "split_payment",
]
