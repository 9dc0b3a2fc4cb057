"""What can be asked of value back."""

from reciproca.valueback.queries.credit import (
    ExpiredLotKey,
    Spendable,
    expired_amounts,
    expired_by_issuer,
    spendable,
    spendable_here,
)
from reciproca.valueback.queries.gifts import (
    ExpiredRow,
    GiftRow,
    Given,
    expired_lot_of,
    expired_of,
    gift_of,
    gifts_of,
    given_to,
)
from reciproca.valueback.queries.policies import (
    Policies,
    PolicyInForce,
    adopted_policies,
    policy_in_force,
)
from reciproca.valueback.queries.promises import (
    Promise,
    limit_in_force_bp,
    limit_of,
    promises_of,
)
from reciproca.valueback.queries.terms import (
    RateRow,
    Terms,
    first_rates,
    general_rates,
    rates_of,
    sellers_taking_none,
    terms,
)
from reciproca.valueback.rules import ValueBackPolicy

__all__ = [
    "ExpiredLotKey",
    "ExpiredRow",
    "GiftRow",
    "Given",
    "Policies",
    "PolicyInForce",
    "Promise",
    "RateRow",
    "Spendable",
    "Terms",
    "ValueBackPolicy",
    "adopted_policies",
    "expired_amounts",
    "expired_by_issuer",
    "expired_lot_of",
    "expired_of",
    "first_rates",
    "general_rates",
    "gift_of",
    "gifts_of",
    "given_to",
    "limit_in_force_bp",
    "limit_of",
    "policy_in_force",
    "promises_of",
    "rates_of",
    "sellers_taking_none",
    "spendable",
    "spendable_here",
    "terms",
]
