"""What can be asked of purchases."""

from reciproca.purchases.queries.recorded import (
    closed_years,
    expired_called_back,
    purchase_of_seller,
    recorded_by_seller,
    recorded_keys,
)

__all__ = [
    "closed_years",
    "expired_called_back",
    "purchase_of_seller",
    "recorded_by_seller",
    "recorded_keys",
]
