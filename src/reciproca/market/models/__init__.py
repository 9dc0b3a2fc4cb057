"""The tables of the market."""

from reciproca.market.models.offers import (
    Complaint,
    Offer,
    Photo,
    PickupPoint,
    Product,
    Word,
    WordPiece,
)
from reciproca.market.models.orders import (
    OPEN_STATES,
    CartLine,
    Checkout,
    Message,
    Order,
    OrderLine,
    State,
)

__all__ = [
    "OPEN_STATES",
    "CartLine",
    "Checkout",
    "Complaint",
    "Message",
    "Offer",
    "Order",
    "OrderLine",
    "Photo",
    "PickupPoint",
    "Product",
    "State",
    "Word",
    "WordPiece",
]
