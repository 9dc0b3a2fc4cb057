"""What can be asked of the market."""

from reciproca.market.queries.offers import (
    ComplaintRow,
    OfferPage,
    OwnRow,
    complaints,
    named_by_catalogue,
    offer_of,
    offer_page,
    offered_already,
    own_offers,
    photo,
    pickups_of,
    products_among,
)
from reciproca.market.queries.search import Found, OfferRow, PlaceRow, Wanted, search

__all__ = [
    "ComplaintRow",
    "Found",
    "OfferPage",
    "OfferRow",
    "OwnRow",
    "PlaceRow",
    "Wanted",
    "complaints",
    "named_by_catalogue",
    "offer_of",
    "offer_page",
    "offered_already",
    "own_offers",
    "photo",
    "pickups_of",
    "products_among",
    "search",
]
