"""Suppliers and what they sell, as their price lists say."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from reciproca.shared.ids import uuid7


class Supplier(models.Model):
    """
    Whose price list it is; `keeper` imported it, none is the federation, whose lists all may use.

    `code` is what a file knows the supplier by: the VAT number, else the name in small letters.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    keeper = models.ForeignKey("registry.Node", models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    vat_number = models.CharField(max_length=11, blank=True)
    tax_code = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["keeper", "code"],
                nulls_distinct=False,
                name="joint_buying_supplier_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """
    One thing of a price list, as the last file said it.

    Quantities are thousandths of the unit of sale; zero is no limit. `least` and `most` hold for
    one booking, `minimum` for the whole group. `ladder` are pairs of (thousandths, cents a unit):
    from that total on everybody pays that price.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="products", db_index=False)
    code = models.CharField(max_length=200)
    sku = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=100, blank=True)
    description = models.TextField(blank=True)
    unit = models.CharField(max_length=20)
    price_cents = models.BigIntegerField()
    pack_thousandths = models.BigIntegerField()
    portion_thousandths = models.BigIntegerField()
    least_thousandths = models.BigIntegerField()
    most_thousandths = models.BigIntegerField()
    available_thousandths = models.BigIntegerField()
    minimum_thousandths = models.BigIntegerField()
    ladder = models.JSONField(default=list)
    vat_bp = models.IntegerField(null=True)
    active = models.BooleanField(default=True)
    imported_by = models.ForeignKey("imports.Import", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "code"], name="joint_buying_product_once"),
            models.CheckConstraint(
                condition=Q(price_cents__gte=0, pack_thousandths__gt=0),
                name="joint_buying_product_has_price_and_pack",
            ),
            models.CheckConstraint(
                condition=Q(
                    portion_thousandths__gte=0,
                    least_thousandths__gte=0,
                    most_thousandths__gte=0,
                    available_thousandths__gte=0,
                    minimum_thousandths__gte=0,
                ),
                name="joint_buying_limits_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(vat_bp=None) | Q(vat_bp__range=(0, 10_000)),
                name="joint_buying_vat_is_a_rate",
            ),
        ]

    def __str__(self) -> str:
        return self.name
