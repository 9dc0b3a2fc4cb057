"""The shapes in which offers and orders come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from reciproca.market.rules import WHOLE


@dataclass(frozen=True, slots=True)
class OfferIn:
    """
    What a seller says of an offer; codes of `market.vocabulary`, ISTAT codes for places.

    `key` makes a form sent twice one offer. Quantities are thousandths of the unit; without a stock
    it does not run out.
    """

    key: UUID
    seller_id: UUID
    kind: str
    category: str
    title: str
    text: str = ""
    unit: str = "piece"
    pack: str = ""
    price_cents: int | None = None
    step_milli: int = WHOLE
    stock_milli: int | None = None
    ean: str = ""
    allergens: Sequence[str] = ()
    pickup_id: UUID | None = None
    grown_in: str = ""
    processed_in: str = ""
    member_terms: str = ""
    contribution_cents: int | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class PhotoIn:
    """A photo as it came, and what is to be seen on it for whoever cannot see it."""

    content: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class PickupIn:
    """Where a seller hands over: `municipality` is an ISTAT code, `hours` are words."""

    name: str
    municipality: str
    address: str
    hours: str
