"""
The fact of an exchange and its lines. Written once; corrected by contrary purchases, never edited.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from reciproca.purchases.rules import receipt_number


class Kind(models.TextChoices):
    SALE = "sale"
    REFUND = "refund"


class Purchase(models.Model):
    """
    One buyer, one seller, one amount, in whole cents; negative when it gives an earlier purchase
    back.

    The figures are the sums of its lines. `policy` is null where no policy was in force: then
    nothing moved. `expires_on` names the lot that the member's own part went to; null when pooled
    or nothing moved.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=6, choices=Kind)
    key = models.CharField(max_length=120)
    content = models.CharField(max_length=64)
    # db_constraint=False: checked once a batch instead (shared.references).
    seller = models.ForeignKey(
        "registry.Node", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    buyer = models.ForeignKey(
        "registry.Node",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    happened_at = models.DateTimeField()
    # The year it belongs to: of the day it happened, or of the day it was recorded when that year
    # was closed.
    year = models.SmallIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = models.UUIDField(null=True)
    imported_by = models.ForeignKey(
        "imports.Import",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    policy = models.ForeignKey(
        "governance.Policy",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    expires_on = models.DateField(null=True)
    total_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField(default=0)
    value_cents = models.BigIntegerField(default=0)
    member_cents = models.BigIntegerField(default=0)
    common_cents = models.BigIntegerField(default=0)
    territory_cents = models.BigIntegerField(default=0)
    solidarity_cents = models.BigIntegerField(default=0)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="corrections", db_index=False
    )
    is_undo = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    # Of a refund: how much of the value taken back had expired and came from the fund
    # (docs/rules/spending-and-refunds).
    expired_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "key"], name="purchases_key_once_per_seller"),
            models.CheckConstraint(
                condition=Q(
                    value_cents=F("member_cents")
                    + F("common_cents")
                    + F("territory_cents")
                    + F("solidarity_cents")
                ),
                name="purchases_branches_make_the_value",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="sale",
                    total_cents__gte=F("credit_cents"),
                    credit_cents__gte=0,
                )
                | Q(
                    kind="refund",
                    total_cents__lte=F("credit_cents"),
                    credit_cents__lte=0,
                ),
                name="purchases_refund_is_negative",
            ),
            models.CheckConstraint(
                condition=Q(policy__isnull=False) | Q(value_cents=0),
                name="purchases_no_policy_no_value",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "happened_at", "id"], name="purchases_of_buyer"),
            models.Index(fields=["seller", "happened_at", "id"], name="purchases_of_seller"),
            models.Index(
                fields=["corrects"],
                name="purchases_corrections",
                condition=Q(corrects__isnull=False),
            ),
            models.Index(
                fields=["imported_by", "id"],
                name="purchases_of_import",
                condition=Q(imported_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def number(self) -> str:
        """Return the number of its receipt."""
        return receipt_number(self.key)


class Line(models.Model):
    """One category and amount of a purchase, with everything that its value was computed from."""

    pk = models.CompositePrimaryKey("purchase_id", "position")
    purchase = models.ForeignKey(
        Purchase, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    position = models.SmallIntegerField()
    category = models.CharField(max_length=40, blank=True)
    description = models.CharField(max_length=200, blank=True)
    amount_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField(default=0)
    rate_bp = models.IntegerField(default=0)
    value_cents = models.BigIntegerField(default=0)
    member_cents = models.BigIntegerField(default=0)
    common_cents = models.BigIntegerField(default=0)
    territory_cents = models.BigIntegerField(default=0)
    solidarity_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    value_cents=F("member_cents")
                    + F("common_cents")
                    + F("territory_cents")
                    + F("solidarity_cents")
                ),
                name="purchases_line_branches_make_the_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.position}"


class ClosedYear(models.Model):
    """A year whose figures are final: what arrives late belongs to the year in which it arrives."""

    year = models.SmallIntegerField(primary_key=True)
    closed_at = models.DateTimeField()
    closed_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return str(self.year)


class MonthTotal(models.Model):
    """
    A seller's purchases of a calendar month, summed. Kept by `actions.refresh_month_totals`, never
    by hand.

    Pages of the whole community read these; a cooperative's own pages read its purchases.
    """

    pk = models.CompositePrimaryKey("seller_id", "month")
    seller = models.ForeignKey("registry.Node", models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()
    purchase_count = models.IntegerField()
    member_count = models.IntegerField()
    total_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()
    value_cents = models.BigIntegerField()
    member_cents = models.BigIntegerField()
    common_cents = models.BigIntegerField()
    territory_cents = models.BigIntegerField()
    solidarity_cents = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["month"], name="purchases_totals_by_month")]

    def __str__(self) -> str:
        return f"{self.seller_id} {self.month}"
