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

__all__ = ["Complaint", "Offer", "Photo", "PickupPoint", "Product", "Word", "WordPiece"]
