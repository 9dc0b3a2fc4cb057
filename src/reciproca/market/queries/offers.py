"""Offers one by one: as everybody sees them, as their seller does, and what was said of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Page
from django.db.models import F, Q

from reciproca.market.forms import OfferIn
from reciproca.market.models import Complaint, Offer, Photo, PickupPoint, Product
from reciproca.market.vocabulary import Allergen
from reciproca.registry.places import Point, plain_words
from reciproca.registry.queries.paging import page_of

MOST_COMPLAINTS = 200
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class OfferPage:
    """
    An offer whole; of its photo all but the content is read.

    `is_open` is whether it can be ordered or answered today; `origins` are the places it comes
    from; `orderable` whether it has a price and a place to pick it up.
    """

    id: UUID
    title: str
    text: str
    kind: str
    kind_title: str
    category: str
    category_title: str
    seller_id: UUID
    seller: str
    price_cents: int | None
    unit: str
    unit_title: str
    pack: str
    step_milli: int
    stock_milli: int | None
    ean: str
    ingredients: str
    allergens: Sequence[str]
    pickup: PickupPoint | None
    place: str
    point: Point | None
    origins: Sequence[str]
    farthest_metres: int | None
    is_km0: bool
    measured_on: date | None
    member_terms: str
    contribution_cents: int | None
    valid_until: date | None
    photo: Photo | None
    is_open: bool
    hidden_because: str

    @property
    def orderable(self) -> bool:
        return self.is_open and self.price_cents is not None and self.pickup is not None


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An offer in its seller's list; `state` is `open`, `over`, `hidden` or `ended`."""

    id: UUID
    title: str
    kind_title: str
    price_cents: int | None
    unit_title: str
    stock_milli: int | None
    state: str
    hidden_because: str


@dataclass(frozen=True, slots=True)
class ComplaintRow:
    """A complaint as officers read it; `hides` None while nobody has decided."""

    id: UUID
    offer_id: UUID
    title: str
    seller: str
    text: str
    made_at: datetime
    hides: bool | None
    answer: str


def offer_page(*, offer_id: UUID, today: date) -> OfferPage | None:
    """Return an offer as it stands on the square, open or over; two SQL queries."""
    related = ("seller", "pickup__municipality", "place", "grown_in", "processed_in", "photo")
    found = Offer.objects.select_related(*related).defer("photo__content", "vector")
    offer = found.filter(id=offer_id).first()
    if offer is None:
        return None
    product = Product.objects.filter(ean=offer.ean).first() if offer.ean else None
    place, photo = offer.place, getattr(offer, "photo", None)
    return OfferPage(
        id=offer.id,
        title=offer.title,
        text=offer.text,
        kind=offer.kind,
        kind_title=offer.get_kind_display(),
        category=offer.category,
        category_title=offer.get_category_display(),
        seller_id=offer.seller_id,
        seller=offer.seller.name,
        price_cents=offer.price_cents,
        unit=offer.unit,
        unit_title=offer.get_unit_display(),
        pack=offer.pack,
        step_milli=offer.step_milli,
        stock_milli=offer.stock_milli,
        ean=offer.ean,
        ingredients=product.ingredients if product else "",
        allergens=[str(Allergen(each).label) for each in offer.allergens],
        pickup=offer.pickup,
        place=str(place or ""),
        point=Point(place.latitude, place.longitude) if place else None,
        origins=[str(each) for each in (offer.grown_in, offer.processed_in) if each],
        farthest_metres=offer.farthest_metres,
        is_km0=offer.is_km0,
        measured_on=offer.measured_on,
        member_terms=offer.member_terms,
        contribution_cents=offer.contribution_cents,
        valid_until=offer.valid_until,
        photo=photo,
        is_open=_state(offer, today) == "open",
        hidden_because=offer.hidden_because,
    )


def offer_of(*, offer_id: UUID, seller_id: UUID) -> Offer | None:
    """Return an offer of a seller that has not ended, for its form; one SQL query."""
    return Offer.objects.filter(id=offer_id, seller=seller_id, ended_at=None).first()


def own_offers(*, seller_id: UUID, text: str, number: int, today: date) -> Page[OwnRow]:
    """Return a page of what a seller offers and looks for, the newest first; three SQL queries."""
    found = Offer.objects.filter(seller=seller_id, ended_at=None).order_by("-id")
    for word in plain_words(text):
        found = found.filter(head__contains=word)
    rows = found.defer("vector", "head", "body", "text")
    return page_of(
        rows=rows, number=number, size=PAGE_SIZE, make=lambda offer: _own_row(offer, today)
    )


def pickups_of(*, seller_id: UUID) -> list[PickupPoint]:
    """Return where a seller hands over today, in one SQL query."""
    found = PickupPoint.objects.filter(seller=seller_id, closed_at=None)
    return list(found.select_related("municipality").order_by("name", "id"))


def photo(*, offer_id: UUID, seller_id: UUID | None, sees_hidden: bool) -> Photo | None:
    """Return an offer's photo; of one that is over or hidden its seller's and officers' alone."""
    found = Photo.objects.filter(offer=offer_id)
    if not sees_hidden:
        on_square = Q(offer__hidden_at=None, offer__ended_at=None)
        found = found.filter(on_square | Q(offer__seller=seller_id))
    return found.first()


def named_by_catalogue(offer: OfferIn, /) -> OfferIn:
    """Return an offer with the name that the shared catalogue has for its barcode, if it has."""
    code = "".join(offer.ean.split())
    product = Product.objects.filter(ean=code).first() if code else None
    return replace(offer, title=product.name) if product else offer


def offered_already(*, seller_id: UUID, codes: Collection[str]) -> set[str]:
    """Return which of these barcodes an open offer of a seller has, in one SQL query."""
    found = Offer.objects.filter(seller=seller_id, ean__in=codes, ended_at=None)
    return set(found.values_list("ean", flat=True))


def products_among(codes: Collection[str], /) -> set[str]:
    """Return which of these barcodes the shared catalogue has, in one SQL query."""
    return set(Product.objects.filter(ean__in=codes).values_list("ean", flat=True))


def complaints() -> list[ComplaintRow]:
    """Return what was said of offers: undecided first, then the latest; one SQL query."""
    found = Complaint.objects.select_related("offer__seller").defer("offer__vector")
    rows = found.order_by(F("decided_at").desc(nulls_first=True), "-id")[:MOST_COMPLAINTS]
    return [
        ComplaintRow(
            id=each.id,
            offer_id=each.offer_id,
            title=each.offer.title,
            seller=each.offer.seller.name,
            text=each.text,
            made_at=each.made_at,
            hides=each.hides,
            answer=each.answer,
        )
        for each in rows
    ]


def _state(offer: Offer, today: date) -> str:
    if offer.ended_at is not None:
        return "ended"
    if offer.hidden_at is not None:
        return "hidden"
    return "over" if offer.valid_until and offer.valid_until < today else "open"


def _own_row(offer: Offer, today: date) -> OwnRow:
    return OwnRow(
        id=offer.id,
        title=offer.title,
        kind_title=offer.get_kind_display(),
        price_cents=offer.price_cents,
        unit_title=offer.get_unit_display(),
        stock_milli=offer.stock_milli,
        state=_state(offer, today),
        hidden_because=offer.hidden_because,
    )
