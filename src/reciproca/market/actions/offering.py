"""What sellers do with what they offer or look for: make, change, end; one or many at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import override
from stdnum import ean as barcodes

from reciproca.market.errors import (
    AlreadyOffered,
    EanRefused,
    OfferUnknown,
    PickupMissing,
    PriceMissing,
    StepRefused,
    TermsMissing,
    TitleMissing,
)
from reciproca.market.forms import OfferIn, PhotoIn
from reciproca.market.models import Offer, Photo, PickupPoint, Product, Word, WordPiece
from reciproca.market.rules import WHOLE, Origin, reach, trigrams
from reciproca.market.vocabulary import DIVISIBLE, Category, Kind
from reciproca.parameters.queries import value_on
from reciproca.registry import queries as registry
from reciproca.registry.places import distance_metres, municipalities_by_code, plain_words
from reciproca.shared.ids import uuid7
from reciproca.shared.photos import as_jpeg

SHORTEST_WORD, LONGEST_WORD = 3, 40


def clean_ean(text: str, /) -> str:
    """Return a barcode without blanks. Raises: EanRefused."""
    code = "".join(text.split())
    if code and not barcodes.is_valid(code):
        raise EanRefused(ean=text[:20])
    return code


@transaction.atomic
def make_offer(
    *, offer: OfferIn, photo: PhotoIn | None = None, made_by: UUID | None, made_at: datetime
) -> Offer:
    """
    Put an offer or a need on the square; the same `key` again is the first one.

    Raises: TitleMissing, PriceMissing, PickupMissing, EanRefused, StepRefused, TermsMissing,
    AlreadyOffered, PhotoUnreadable, PhotoTooLarge. Source: docs/rules/market.md
    """
    earlier = Offer.objects.filter(seller=offer.seller_id, key=offer.key).first()
    if earlier is not None:
        return earlier
    [made] = make_offers(offers=[offer], made_by=made_by, made_at=made_at)
    _keep_photo(made, photo)
    return made


@transaction.atomic
def make_offers(
    *,
    offers: Sequence[OfferIn],
    import_id: UUID | None = None,
    made_by: UUID | None,
    made_at: datetime,
) -> list[Offer]:
    """
    Put many offers on the square, all or nothing, in a few SQL statements.

    Raises: what `make_offer` raises but of photos.
    """
    fields = _fields_of(offers, made_at)
    made = [
        Offer(
            id=uuid7(),
            seller_id=offer.seller_id,
            key=offer.key,
            imported_by_id=import_id,
            made_by=made_by,
            **told,
        )
        for offer, told in zip(offers, fields, strict=True)
    ]
    with _one_offer_a_barcode():
        Offer.objects.bulk_create(made)
    _keep_words(f"{each.head} {each.body}" for each in made)
    return made


@transaction.atomic
def change_offer(
    *,
    offer_id: UUID,
    offer: OfferIn,
    photo: PhotoIn | None = None,
    changed_at: datetime,
) -> Offer:
    """
    Say anew what an open offer is; who confirmed an order before keeps the price they confirmed.

    Raises: OfferUnknown (not this seller's, or ended); what `make_offer` raises.
    """
    found = Offer.objects.select_for_update().filter(
        id=offer_id, seller=offer.seller_id, ended_at=None
    )
    kept = found.first()
    if kept is None:
        raise OfferUnknown
    [told] = _fields_of([offer], changed_at)
    for name, value in told.items():
        setattr(kept, name, value)
    with _one_offer_a_barcode():
        kept.save(update_fields=list(told))
    _keep_words([f"{kept.head} {kept.body}"])
    _keep_photo(kept, photo)
    return kept


def end_offer(*, offer_id: UUID, seller_id: UUID, ended_at: datetime) -> None:
    """Take an offer off the square for good; orders of it go on. Raises: OfferUnknown."""
    open_ones = Offer.objects.filter(id=offer_id, seller=seller_id, ended_at=None)
    if not open_ones.update(ended_at=ended_at):
        raise OfferUnknown


def keep_products(*, products: Sequence[Product]) -> None:
    """Add products to the shared catalogue; a barcode that is there stays as it is."""
    Product.objects.bulk_create(products, ignore_conflicts=True)


def end_imported(*, import_id: UUID, ended_at: datetime) -> None:
    """Take off the square all that a file put there, and out of the catalogue what it added."""
    Offer.objects.filter(imported_by=import_id, ended_at=None).update(ended_at=ended_at)
    Product.objects.filter(imported_by=import_id).delete()


@contextmanager
def _one_offer_a_barcode() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "market_barcode_offered_once" not in str(error):
            raise
        raise AlreadyOffered from error


def _fields_of(offers: Sequence[OfferIn], at: datetime) -> list[dict[str, Any]]:
    """Return the columns of each offer, checked and measured, in four SQL queries at most."""
    sellers = {offer.seller_id for offer in offers}
    names, places = registry.names_of(sellers), registry.municipalities_of(sellers)
    asked = {offer.pickup_id for offer in offers if offer.pickup_id}
    pickups = PickupPoint.objects.filter(seller__in=sellers, closed_at=None).in_bulk(asked)
    radius = int(value_on(name="km0_radius", on=localdate(at)))
    return [
        _fields(offer, pickups, names[offer.seller_id], places.get(offer.seller_id), radius, at)
        for offer in offers
    ]


def _fields(
    offer: OfferIn,
    pickups: Mapping[UUID, PickupPoint],
    seller_name: str,
    seller_place: str | None,
    radius_metres: int,
    at: datetime,
) -> dict[str, Any]:
    _check(offer)
    pickup = pickups.get(offer.pickup_id) if offer.pickup_id else None
    if pickup is None and (offer.kind == Kind.GOODS or offer.pickup_id):
        raise PickupMissing
    place = pickup.municipality_id if pickup else seller_place
    origins = [code for code in (offer.grown_in, offer.processed_in) if code]
    found = reach(origins=_seen_from(place, origins), radius_metres=radius_metres)
    with override("it"):
        category = str(Category(offer.category).label)
    return {
        "kind": offer.kind,
        "category": offer.category,
        "title": offer.title.strip(),
        "text": offer.text.strip(),
        "unit": offer.unit,
        "pack": offer.pack.strip(),
        "price_cents": offer.price_cents,
        "step_milli": offer.step_milli,
        "stock_milli": offer.stock_milli,
        "ean": clean_ean(offer.ean),
        "allergens": list(offer.allergens),
        "pickup": pickup,
        "place_id": place,
        "grown_in_id": offer.grown_in or None,
        "processed_in_id": offer.processed_in or None,
        "farthest_metres": found.farthest_metres if found else None,
        "is_km0": found.is_km0 if found else False,
        "measured_on": localdate(at) if found else None,
        "member_terms": offer.member_terms.strip(),
        "contribution_cents": offer.contribution_cents,
        "valid_until": offer.valid_until,
        "head": _plain(offer.title),
        "body": _plain(category, seller_name, offer.pack, offer.text, offer.member_terms),
        "changed_at": at,
    }


def _check(offer: OfferIn) -> None:
    if not offer.title.strip():
        raise TitleMissing
    price = offer.price_cents
    if (offer.kind == Kind.GOODS and price is None) or (price is not None and price <= 0):
        raise PriceMissing
    if offer.unit not in DIVISIBLE and offer.step_milli % WHOLE:
        raise StepRefused
    if offer.kind == Kind.AGREEMENT and not offer.member_terms.strip():
        raise TermsMissing


def _seen_from(place: str | None, origins: Iterable[str]) -> list[Origin]:
    """Return these places as seen from where something is sold; none where that is not known."""
    if place is None:
        return []
    known = municipalities_by_code()
    here = known[place]
    return [
        Origin(
            metres=distance_metres(a=here.point, b=known[code].point),
            same_province=here.province_sigla == known[code].province_sigla,
        )
        for code in origins
    ]


def _plain(*texts: str) -> str:
    return " ".join(plain_words(" ".join(texts)))


def _keep_words(texts: Iterable[str]) -> None:
    words = {
        word
        for text in texts
        for word in text.split()
        if SHORTEST_WORD <= len(word) <= LONGEST_WORD
    }
    known = set(Word.objects.filter(text__in=words).values_list("text", flat=True))
    # In one order for everybody: two who add the same words wait for each other, never in a circle.
    new = sorted(words - known)
    Word.objects.bulk_create([Word(text=word) for word in new], ignore_conflicts=True)
    pieces = [WordPiece(piece=piece, word=word) for word in new for piece in trigrams(word)]
    WordPiece.objects.bulk_create(pieces, ignore_conflicts=True)


def _keep_photo(offer: Offer, photo: PhotoIn | None) -> None:
    if photo is None:
        return
    picture = as_jpeg(photo.content)
    Photo.objects.update_or_create(offer=offer, defaults={"alt": photo.alt, **picture._asdict()})
