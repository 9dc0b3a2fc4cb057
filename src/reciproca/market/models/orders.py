"""What somebody puts into a cart and confirms: an order for each seller, frozen as confirmed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reciproca.market.models.offers import Offer, PickupPoint
from reciproca.market.vocabulary import Unit


class CartLine(models.Model):
    """How much of an offer somebody means to order; nothing is set aside for it."""

    buyer = models.ForeignKey("registry.Node", models.CASCADE, related_name="+", db_index=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="+")
    quantity_milli = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "offer"], name="market_in_the_cart_once"),
            models.CheckConstraint(
                condition=Q(quantity_milli__gt=0), name="market_cart_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity_milli} of {self.offer_id}"


class Checkout(models.Model):
    """One confirmation of a whole cart. `key` makes a page sent twice one confirmation."""

    id = models.UUIDField(primary_key=True)
    buyer = models.ForeignKey("registry.Node", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "key"], name="market_confirmed_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class State(models.TextChoices):
    CONFIRMED = "confirmed", _("Confermato")
    READY = "ready", _("Pronto")
    COLLECTED = "collected", _("Consegnato")
    CANCELLED = "cancelled", _("Disdetto")
    EXPIRED = "expired", _("Scaduto")


OPEN_STATES = (State.CONFIRMED, State.READY)


class Order(models.Model):
    """
    What one buyer ordered from one seller; amounts in whole cents.

    Its id is a fact of the ledger: what was reserved of the buyer's credit has the ids that follow
    it. `credit_cents` were reserved at confirmation. It ends once: collected with its `purchase`,
    cancelled or expired without. The database refuses any other change.
    """

    id = models.UUIDField(primary_key=True)
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="orders")
    seller = models.ForeignKey("registry.Node", models.PROTECT, related_name="+", db_index=False)
    buyer = models.ForeignKey("registry.Node", models.PROTECT, related_name="+", db_index=False)
    pickup = models.ForeignKey(PickupPoint, models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.CONFIRMED)
    total_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()
    confirmed_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    purchase = models.OneToOneField(
        "purchases.Purchase", models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total_cents__gt=0, credit_cents__gte=0)
                & Q(credit_cents__lte=F("total_cents")),
                name="market_order_credit_within_total",
            ),
            models.CheckConstraint(
                condition=Q(state=State.COLLECTED, purchase__isnull=False)
                | (~Q(state=State.COLLECTED) & Q(purchase=None)),
                name="market_collected_is_a_purchase",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES, ended_at=None)
                | (~Q(state__in=OPEN_STATES) & Q(ended_at__isnull=False)),
                name="market_order_ends_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-id"], name="market_order_by_seller"),
            models.Index(fields=["buyer", "-id"], name="market_order_by_buyer"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=OPEN_STATES),
                name="market_order_to_expire",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OrderLine(models.Model):
    """
    One offer in an order, as it was when it was confirmed; only what was handed over is added.

    Quantities are thousandths of `unit`; `delivered_milli` is None until the order is collected,
    and never more than what was ordered. Of a buyer who was erased no line says what it was.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_index=False)
    position = models.SmallIntegerField()
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=16)
    unit = models.CharField(max_length=6, choices=Unit)
    price_cents = models.BigIntegerField()
    quantity_milli = models.BigIntegerField()
    amount_cents = models.BigIntegerField()
    delivered_milli = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="market_line_in_its_place"),
            models.CheckConstraint(
                condition=Q(delivered_milli=None)
                | Q(delivered_milli__gte=0, delivered_milli__lte=F("quantity_milli")),
                name="market_never_more_than_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.position}"


class Message(models.Model):
    """What buyer and seller write to each other about an order. It is never edited."""

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(Order, models.PROTECT, related_name="messages")
    key = models.UUIDField()
    from_seller = models.BooleanField()
    text = models.CharField(max_length=1_000)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "key"], name="market_written_once")]

    def __str__(self) -> str:
        return f"about {self.order_id}"
