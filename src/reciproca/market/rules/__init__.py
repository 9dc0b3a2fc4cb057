"""The arithmetic of the market: kilometre zero, cancellations, amounts, and where a euro goes."""

from reciproca.market.rules.amounts import (
    WHOLE,
    EuroSplit,
    credit_by_order,
    euro_split,
    line_cents,
)
from reciproca.market.rules.cancelling import (
    CancellationStep,
    PolicyUnordered,
    Refunded,
    cancelled,
)
from reciproca.market.rules.nearness import Origin, Reach, reach
from reciproca.market.rules.words import meant, slips, trigrams

__all__ = [
    "WHOLE",
    "CancellationStep",
    "EuroSplit",
    "Origin",
    "PolicyUnordered",
    "Reach",
    "Refunded",
    "cancelled",
    "credit_by_order",
    "euro_split",
    "line_cents",
    "meant",
    "reach",
    "slips",
    "trigrams",
]
