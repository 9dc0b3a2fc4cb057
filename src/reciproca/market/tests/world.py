"""A square with a few offers: what the tests of this room play with."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from PIL import Image
from tests.makers import FIRST_DAY, NOON, Cast, adopt_policy

from reciproca.market import actions, queries
from reciproca.market.forms import OfferIn, PhotoIn, PickupIn
from reciproca.market.models import Complaint, Offer, Order, PickupPoint
from reciproca.purchases.actions import record_sale
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.registry import queries as registry
from reciproca.valueback import actions as valueback
from reciproca.valueback import queries as valueback_queries

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


def put(buyer: UUID, *wanted: tuple[Offer, int]) -> None:
    """Put so many thousandths of each offer into somebody's cart."""
    for each, milli in wanted:
        actions.put_in_cart(buyer_id=buyer, offer_id=each.id, quantity_milli=milli, put_at=NOON)


def confirm(buyer: UUID, *, uses_credit: bool = False, at: datetime = NOON) -> list[Order]:
    """Confirm a cart as its buyer sees it; return its orders by seller's name."""
    made = actions.confirm_cart(
        buyer_id=buyer,
        key=uuid4(),
        seen=queries.cart(buyer_id=buyer, now=at).seen,
        uses_credit=uses_credit,
        confirmed_at=at,
    )
    return list(made.orders.order_by("seller__name", "id"))


def give_credit(cast: Cast, buyer: UUID, cents: int) -> None:
    """Let somebody have so much credit, born of a purchase at Lievito."""
    adopt_policy(cast)
    valueback.commit_rate(
        seller_id=cast.lievito_id, rate_bp=5_000, valid_from=FIRST_DAY, recorded_by=None
    )
    # Half of it comes back, and of that the policy gives the member a part: enough is bought.
    sale = SaleIn("credit", cast.lievito_id, buyer, NOON, (LineIn("", cents * 5),))
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON)
    assert valueback_queries.spendable(member_id=buyer, on=NOON.date()).cents == cents


def hand_over(order: Order, *, at: datetime = NOON, **delivered: int) -> Order:
    """Hand an order over; `line_1=0` says that nothing was delivered of its first line."""
    named = {int(name.removeprefix("line_")): milli for name, milli in delivered.items()}
    return actions.hand_over(
        order_id=order.id,
        seller_id=order.seller_id,
        delivered=named,
        recorded_by=None,
        handed_over_at=at,
    )


def cancel(order: Order) -> Order:
    """Let its seller cancel an order."""
    return actions.cancel_order(
        order_id=order.id, by=order.seller_id, reason="Forno rotto", cancelled_at=NOON
    )
