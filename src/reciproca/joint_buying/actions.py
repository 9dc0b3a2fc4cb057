"""What a group does to buy together."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from reciproca.joint_buying.models import Product, Supplier
from reciproca.joint_buying.rules import FINEST
from reciproca.shared.locks import wait_for_turn

NO_LIMITS = {
    "category": "",
    "description": "",
    "pack_thousandths": FINEST,
    "portion_thousandths": 0,
    "least_thousandths": 0,
    "most_thousandths": 0,
    "available_thousandths": 0,
    "minimum_thousandths": 0,
    "ladder": [],
    "vat_bp": None,
    "active": True,
}
"""What holds of a new product where its file is silent."""


class SupplierIn(NamedTuple):
    """A supplier as a list names it; codes are empty or valid."""

    code: str
    name: str
    vat_number: str
    tax_code: str


Told = tuple[SupplierIn, str, Mapping[str, Any]]


@transaction.atomic
def keep_products(
    *, keeper_id: UUID | None, import_id: UUID, products: Sequence[Told], kept_at: datetime
) -> None:
    """
    Keep products (supplier, the product's code, its fields) as a price list says them.

    What a list is silent on (None) stays as it was, or is no limit; what it does not name stays.
    Five SQL statements, however many there are.
    """
    wait_for_turn(f"joint_buying.pricelists {keeper_id}")
    suppliers = _suppliers(keeper_id, {each.code: each for each, _code, _told in products})
    codes = {code for _supplier, code, _told in products}
    kept = {
        (each.supplier_id, each.code): each
        for each in Product.objects.filter(supplier__in=suppliers.values(), code__in=codes)
    }
    changed = {}
    for supplier, code, told in products:
        key = suppliers[supplier.code].id, code
        product = kept.get(key) or Product(supplier_id=key[0], code=code, **NO_LIMITS)
        for name, value in told.items():
            if value is not None:
                setattr(product, name, value)
        # A rung that costs no less than the new price is none any more.
        product.ladder = [rung for rung in product.ladder if rung[1] < product.price_cents]
        product.imported_by_id, product.changed_at = import_id, kept_at
        changed[key] = product
    Product.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["supplier", "code"],
        update_fields=[
            *NO_LIMITS,
            "sku",
            "name",
            "unit",
            "price_cents",
            "imported_by",
            "changed_at",
        ],
    )


def _suppliers(keeper_id: UUID | None, told: Mapping[str, SupplierIn]) -> dict[str, Supplier]:
    """Return the suppliers by their codes, as the list names them; new ones are made."""
    kept = {each.code: each for each in Supplier.objects.filter(keeper_id=keeper_id, code__in=told)}
    for code, each in told.items():
        supplier = kept.setdefault(code, Supplier(keeper_id=keeper_id, code=code))
        supplier.name = each.name
        supplier.vat_number = each.vat_number or supplier.vat_number
        supplier.tax_code = each.tax_code or supplier.tax_code
    Supplier.objects.bulk_create(
        kept.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["name", "vat_number", "tax_code"],
    )
    return kept
