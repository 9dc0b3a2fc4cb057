"""The arithmetic of value back: policy, value per line, spending, refunds, expiry, VAT."""

from reciproca.valueback.rules.lots import (
    Lot,
    NotSpendable,
    lots_to_spend,
    spendable_cents,
    spendable_here_cents,
)
from reciproca.valueback.rules.policy import (
    BRANCH_KEYS,
    Branch,
    PolicyRefused,
    RateRefused,
    ValueBackPolicy,
    check_rate,
)
from reciproca.valueback.rules.postings import (
    ExpiredAmount,
    Standing,
    credit_back_moves,
    expiry_moves,
    spending_moves,
    value_moves,
)
from reciproca.valueback.rules.refund import (
    LineRefund,
    MoreThanLeft,
    RefundPlan,
    SoldLine,
    credit_back,
    plan_refund,
    refund_of_line,
)
from reciproca.valueback.rules.sentences import branch_name, policy_sentences
from reciproca.valueback.rules.value import LineValue, line_value
from reciproca.valueback.rules.vat import (
    BasketLine,
    CreditAboveBasket,
    RateTotal,
    Treatment,
    VatOnRedemption,
    vat_on_redemption,
)

__all__ = [
    "BRANCH_KEYS",
    "BasketLine",
    "Branch",
    "CreditAboveBasket",
    "ExpiredAmount",
    "LineRefund",
    "LineValue",
    "Lot",
    "MoreThanLeft",
    "NotSpendable",
    "PolicyRefused",
    "RateRefused",
    "RateTotal",
    "RefundPlan",
    "SoldLine",
    "Standing",
    "Treatment",
    "ValueBackPolicy",
    "VatOnRedemption",
    "branch_name",
    "check_rate",
    "credit_back",
    "credit_back_moves",
    "expiry_moves",
    "line_value",
    "lots_to_spend",
    "plan_refund",
    "policy_sentences",
    "refund_of_line",
    "spendable_cents",
    "spendable_here_cents",
    "spending_moves",
    "value_moves",
    "vat_on_redemption",
]
