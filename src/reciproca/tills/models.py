"""
Tills, the devices paired with them, and what was done there.

What happened (`TillSale`, `HeldSale`, `Settlement`, `Closing`) is written once and never edited.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from reciproca.shared.ids import uuid7
from reciproca.tills.rules import DayTotals


class Till(models.Model):
    """
    A place where a cooperative sells. `day_number` is the day that is open there: the number that
    its next closing will have.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    day_number = models.IntegerField(default=1)
    opened_by = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("organisation"),
                Lower("name"),
                condition=Q(closed_at=None),
                name="tills_one_open_till_of_a_name",
            ),
            models.CheckConstraint(condition=Q(day_number__gt=0), name="tills_days_count_from_one"),
        ]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A browser paired with a till; of the token that it keeps only the SHA-256 is here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    till = models.ForeignKey(Till, models.PROTECT, related_name="devices")
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=60)
    paired_by = models.UUIDField(null=True)
    paired_at = models.DateTimeField()
    revoked_by = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.till_id}"


class OperatorCode(models.Model):
    """
    The five digits with which somebody unlocks the devices of an organisation that they act for.

    Kept and counted like a card's PIN (`registry.CardPin`).
    """

    person = models.ForeignKey("registry.Node", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="+", db_index=False
    )
    salt = models.BinaryField()
    digest = models.BinaryField()
    wrong_tries = models.SmallIntegerField(default=0)
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], name="tills_one_code_per_operator"
            ),
        ]

    def __str__(self) -> str:
        return f"code of {self.person_id} at {self.organisation_id}"


class TillSale(models.Model):
    """
    Where a purchase was made, or given back, and who stood there. Append-only.

    `day_number` is the till's day that it belongs to, `device` null when somebody recorded it at
    the desk instead, `offline` whether it was made without network.
    """

    purchase = models.OneToOneField(
        "purchases.Purchase", models.PROTECT, primary_key=True, related_name="+"
    )
    till = models.ForeignKey(Till, models.PROTECT, related_name="sales", db_index=False)
    day_number = models.IntegerField()
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+", db_index=False)
    operator = models.ForeignKey(
        "registry.Node", models.PROTECT, null=True, related_name="+", db_index=False
    )
    offline = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["till", "day_number", "received_at"], name="tills_sales_of_day"),
            models.Index(fields=["till", "received_at"], name="tills_sales_of_till"),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} at {self.till_id}"


class HeldSale(models.Model):
    """
    A sale made without network that could not be recorded as it came: a person decides.

    Append-only. `payload` is what the device sent, as JSON text of ASCII letters: it may hold
    anything. `code` and `params` say why it waits; what could be read stands beside.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="+", db_index=False
    )
    till = models.ForeignKey(Till, models.PROTECT, related_name="held_sales")
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    payload = models.TextField()
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    happened_at = models.DateTimeField(null=True)
    operator = models.ForeignKey(
        "registry.Node", models.PROTECT, null=True, related_name="+", db_index=False
    )
    total_cents = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"], name="tills_held_key_once_per_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"


class Settlement(models.Model):
    """
    What somebody decided of a held sale: recorded as `purchase`, or dropped for a `reason`.

    Append-only, and one for each: nothing is decided twice.
    """

    held_sale = models.OneToOneField(
        HeldSale, models.PROTECT, primary_key=True, related_name="settlement"
    )
    purchase = models.OneToOneField(
        "purchases.Purchase", models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purchase__isnull=False) | ~Q(reason=""),
                name="tills_dropped_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.held_sale_id)


class Closing(models.Model):
    """
    The end of a till's day: all that was received there since the closing before. Append-only.

    Cents; refunds and undos count as positive, credit is what was spent less what came back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    till = models.ForeignKey(Till, models.PROTECT, related_name="closings", db_index=False)
    number = models.IntegerField()
    key = models.CharField(max_length=80)
    device = models.ForeignKey(Device, models.PROTECT, null=True, related_name="+", db_index=False)
    operator = models.ForeignKey(
        "registry.Node", models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField()
    sale_count = models.IntegerField()
    sale_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()
    refund_count = models.IntegerField()
    refund_cents = models.BigIntegerField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["till", "number"], name="tills_closed_once_a_day"),
            models.UniqueConstraint(fields=["till", "key"], name="tills_closing_key_once"),
            models.CheckConstraint(
                condition=Q(sale_count__gte=0, sale_cents__gte=0)
                & Q(refund_count__gte=0, refund_cents__gte=0),
                name="tills_closing_counts_forwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.till_id} {self.number}"

    @property
    def totals(self) -> DayTotals:
        """Return its sums."""
        return DayTotals(
            self.sale_count,
            self.sale_cents,
            self.credit_cents,
            self.refund_count,
            self.refund_cents,
        )
