"""What can be asked about buying together."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from reciproca.joint_buying.models import Product, Supplier
from reciproca.joint_buying.quantities import format_ladder, format_quantity
from reciproca.shared.gdxp import HEADER
from reciproca.shared.money import format_cents

CSV_HEADER = (*HEADER[:-1], "minimum", "ladder")
"""What a list handed out as CSV says: all of GDXP but transport, and what GDXP has no place for."""


@dataclass(frozen=True, slots=True)
class PriceListRow:
    """A supplier's list as the overview shows it."""

    id: UUID
    name: str
    is_shared: bool
    product_count: int
    changed_at: object


def price_lists(*, node_id: UUID | None) -> list[PriceListRow]:
    """Return the lists that somebody may use: their own, and the federation's; one SQL query."""
    rows = (
        _visible(node_id)
        .annotate(product_count=Count("products"), changed_at=Max("products__changed_at"))
        .order_by("name", "id")
    )
    return [
        PriceListRow(
            each.id, each.name, each.keeper_id is None, each.product_count, each.changed_at
        )
        for each in rows
    ]


def supplier(*, supplier_id: UUID, node_id: UUID | None) -> Supplier | None:
    """Return a supplier whose list somebody may use."""
    return _visible(node_id).filter(pk=supplier_id).first()


def products_of(*, supplier_id: UUID, text: str = "") -> QuerySet[Product]:
    """Return what a list offers, by category and name; `text` is a part of a name or code."""
    found = Product.objects.filter(supplier_id=supplier_id)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(sku__icontains=text))
    return found.order_by("category", "name", "id")


def csv_rows(*, of: Supplier) -> Iterator[list[str]]:
    """Yield the rows of a list under CSV_HEADER; imported, they make the same list."""
    for product in products_of(supplier_id=of.id):
        told = _told(product)
        told |= {
            "supplier": of.name,
            "supplier_vat": of.vat_number,
            "supplier_tax": of.tax_code,
            "price": format_cents(product.price_cents, thousands=""),
            "active": "1" if product.active else "0",
            "minimum": format_quantity(product.minimum_thousandths),
            "ladder": format_ladder(product.ladder),
        }
        yield [str(told.get(name, "")).replace("\n", " ") for name in CSV_HEADER]


def gdxp_products(*, supplier_id: UUID) -> list[dict[str, object]]:
    """Return what a list offers in the names of GDXP's columns."""
    return [
        {
            **_told(product, decimal_mark="."),
            "price": product.price_cents,
            "active": product.active,
        }
        for product in products_of(supplier_id=supplier_id)
    ]


def _told(product: Product, *, decimal_mark: str = ",") -> dict[str, object]:
    """Return a product's texts and quantities; what is no limit or not known is empty."""

    def quantity(thousandths: int) -> str:
        return format_quantity(thousandths, decimal_mark=decimal_mark) if thousandths else ""

    return {
        "sku": product.sku,
        "name": product.name,
        "category": product.category,
        "description": product.description,
        "unit": product.unit,
        "pack": quantity(product.pack_thousandths),
        "least": quantity(product.least_thousandths),
        "portion": quantity(product.portion_thousandths),
        "most": quantity(product.most_thousandths),
        "available": quantity(product.available_thousandths),
        "vat": (
            ""
            if product.vat_bp is None
            else format_quantity(product.vat_bp * 10, decimal_mark=decimal_mark)
        ),
    }


def _visible(node_id: UUID | None) -> QuerySet[Supplier]:
    return Supplier.objects.filter(Q(keeper=None) | Q(keeper_id=node_id))
