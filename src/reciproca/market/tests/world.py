"""A square with a few offers: what the tests of this room play with."""

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from tests.makers import NOON

from reciproca.market import actions
from reciproca.market.forms import OfferIn, PhotoIn, PickupIn
from reciproca.market.models import Complaint, Offer, PickupPoint
from reciproca.registry import queries as registry

CLES = "022062"


def pickup(seller: UUID, *, municipality: str = "") -> PickupPoint:
    """Return where a seller hands over: its first place, or a new one."""
    place = municipality or registry.municipalities_of([seller]).get(seller, CLES)
    kept = PickupPoint.objects.filter(seller=seller, municipality=place, closed_at=None).first()
    told = PickupIn("Bottega", place, "Via Roma 1", "da lunedì a sabato, 8–12")
    return kept or actions.open_pickup(seller_id=seller, pickup=told, opened_at=NOON)


def told(seller: UUID, **fields: Any) -> OfferIn:
    """Return what a seller says of a loaf of bread, or of what `fields` say."""
    said: dict[str, Any] = {
        "key": uuid4(),
        "seller_id": seller,
        "kind": "goods",
        "category": "pane",
        "title": "Pagnotta di segale",
        "price_cents": 420,
        **fields,
    }
    if "pickup_id" not in said and said["kind"] == "goods":
        said["pickup_id"] = pickup(seller).id
    return OfferIn(**said)


def offer(seller: UUID, *, photo: PhotoIn | None = None, **fields: Any) -> Offer:
    """Put it on the square."""
    return actions.make_offer(offer=told(seller, **fields), photo=photo, made_by=None, made_at=NOON)


def photo(width: int = 40, height: int = 30) -> PhotoIn:
    """Return a photo whose camera wrote down where it was."""
    made, exif = BytesIO(), Image.Exif()
    exif[0x010F] = "Macchina di Bruno"
    Image.new("RGB", (width, height), "brown").save(made, "JPEG", exif=exif)
    return PhotoIn(made.getvalue(), "Una pagnotta")


def complain(about: Offer, person: UUID, text: str = "La foto è di un’altra cosa.") -> Complaint:
    """Say that an offer must not be there."""
    return actions.complain(offer_id=about.id, key=uuid4(), text=text, made_by=person, made_at=NOON)
