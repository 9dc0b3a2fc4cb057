"""Price lists out of files: what `imports` asks of a room that it does not know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.imports.cells import amount_reader
from reciproca.imports.columns import Field
from reciproca.imports.mapping import Strict, validated
from reciproca.imports.reader import KNOWN, Fact, Order, Parsed, Shown, Verdict
from reciproca.imports.refusals import UndoRefused
from reciproca.joint_buying.actions import SupplierIn, keep_products
from reciproca.joint_buying.models import Product, Supplier
from reciproca.joint_buying.quantities import format_quantity, parse_ladder, parse_quantity
from reciproca.joint_buying.rules import FINEST
from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import CLEANERS, with_zeros

MOST_VAT_BP = 10_000
NO = ("0", "no", "false", "falso", "n")
QUANTITIES = ("pack", "portion", "least", "most", "available", "minimum")

FIELDS = (
    Field(
        "supplier",
        _("fornitore"),
        ("fornitore", "produttore", "ragione_sociale", "supplier_name"),
        is_required=True,
    ),
    Field("supplier_vat", _("partita IVA"), ("partita_iva", "p_iva", "piva", "vat_number")),
    Field("supplier_tax", _("codice fiscale"), ("codice_fiscale", "cf", "tax_code")),
    Field("sku", _("codice del prodotto"), ("codice", "codice_prodotto", "articolo", "code")),
    Field(
        "name", _("prodotto"), ("prodotto", "nome", "denominazione", "product"), is_required=True
    ),
    Field("category", _("categoria"), ("categoria", "reparto")),
    Field("description", _("descrizione"), ("descrizione", "note")),
    Field(
        "unit",
        _("unità di vendita"),
        ("um", "unita", "unita_di_misura", "misura"),
        is_required=True,
    ),
    Field(
        "price",
        _("prezzo per unità"),
        ("prezzo", "prezzo_unitario", "costo", "umprice", "unit_price"),
        is_required=True,
        is_amount=True,
    ),
    Field("pack", _("quantità della cassa"), ("cassa", "confezione", "collo", "packageqty")),
    Field("portion", _("multiplo"), ("multiplo", "porzione", "mulqty", "multiple")),
    Field("least", _("minimo per prenotazione"), ("minimo_prenotazione", "minqty")),
    Field("most", _("massimo per prenotazione"), ("massimo", "massimo_prenotazione", "maxqty")),
    Field("available", _("quantità disponibile"), ("disponibile", "disponibilita", "availableqty")),
    Field("minimum", _("minimo del gruppo"), ("minimo_gruppo", "minimo_ordine", "minimo")),
    Field("ladder", _("scaglioni di prezzo"), ("scaglioni", "sconti_quantita", "price_ladder")),
    Field("vat", _("aliquota IVA"), ("iva", "aliquota", "vatrate")),
    Field("shipping", _("trasporto per unità"), ("trasporto", "shippingcost")),
    Field("active", _("ordinabile"), ("attivo", "ordinabile")),
)


class CellMissing(DomainError):
    code = "cell-missing"
    message = _("Nella riga manca: %(field)s.")
    status = 422


class CellTooLong(DomainError):
    code = "cell-too-long"
    message = _("“%(field)s” è troppo lungo: accorcialo a %(most)s caratteri.")
    status = 422


class PortionOutOfPack(DomainError):
    code = "portion-out-of-pack"
    message = _(
        "Il multiplo non divide la cassa: con %(portion)s una cassa di %(pack)s non si riempie."
    )
    status = 422


class PriceNegative(DomainError):
    code = "price-negative"
    message = _("Il prezzo è sotto zero: scrivilo positivo.")
    status = 422


class VatUnreadable(DomainError):
    code = "vat-unreadable"
    message = _("L’aliquota IVA “%(text)s” non si legge: scrivila in cifre, fra 0 e 100.")
    status = 422


class ShippingOnProduct(DomainError):
    code = "shipping-on-product"
    message = _(
        "Questo prodotto ha un trasporto per unità, che qui non si tiene a parte: aggiungilo al"
        " prezzo e togli il valore."
    )
    status = 422


class ListNotUndone(UndoRefused):
    code = "pricelist-not-undone"
    message = _("Un listino non si toglie: importa di nuovo quello di prima, e torna com’era.")


class NoOptions(Strict):
    """A price list has none of its own."""


class ProductRow(NamedTuple):
    """What one row says, as JSON keeps it; None where the file has no such column."""

    supplier: str
    supplier_code: str
    supplier_vat: str
    supplier_tax: str
    code: str
    told: dict[str, Any]


LONGEST = {
    "supplier": 200,
    "supplier_vat": 20,
    "supplier_tax": 20,
    "sku": 60,
    "name": 200,
    "category": 100,
    "description": 4_000,
    "unit": 20,
}


class PriceListReading:
    """One list; see `imports.reader.Reading`."""

    def __init__(self, order: Order, /) -> None:
        self.order = order
        validated(NoOptions, order.mapping.room_options)
        file = order.mapping.file
        self.cents = amount_reader(
            decimal_mark=file.decimal_mark or ",",
            thousands_mark=file.thousands_mark or "",
            in_cents=file.money == "cents",
        )

    def parse(self, row: Sequence[str], /) -> Parsed:
        """Return what a row says. Raises: the reasons above, and what reads codes and numbers."""
        vat = self._code(row, "supplier_vat", "partita_iva")
        tax = self._code(row, "supplier_tax", "codice_fiscale")
        supplier, sku, name = (self._text(row, each) or "" for each in ("supplier", "sku", "name"))
        supplier_code = vat or supplier.casefold()
        code = sku or name.casefold()
        told = {"sku": sku, "name": name, "unit": self._text(row, "unit")}
        told |= {each: self._text(row, each) for each in ("category", "description")}
        told |= self._figures(row)
        values = ProductRow(supplier, supplier_code, vat, tax, code, told)
        return Parsed(list(values), f"{supplier_code}\n{code}")

    def basket_of(self, _row: Sequence[str], /) -> str:
        """Return nothing: a product is one row."""
        return ""

    def parsed(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Return which products are already kept just so, in one SQL query."""
        rows = [ProductRow._make(fact[0].values) for fact in facts]
        kept = Product.objects.filter(
            supplier__keeper_id=self.order.organisation_id,
            supplier__code__in={row.supplier_code for row in rows},
            code__in={row.code for row in rows},
        ).select_related("supplier")
        by_code = {(each.supplier.code, each.code): each for each in kept}
        return [
            KNOWN if _is_same(by_code.get((row.supplier_code, row.code)), row) else None
            for row in rows
        ]

    def checked(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def prepare(self, facts: Sequence[Fact], /) -> list[ProductRow]:
        """Return the products."""
        return [ProductRow._make(fact[0].values) for fact in facts]

    def accept(self, prepared: Sequence[ProductRow], /) -> list[Verdict]:
        """Keep the products, all or none."""
        keep_products(
            keeper_id=self.order.organisation_id,
            import_id=self.order.import_id,
            products=[
                (
                    SupplierIn(row.supplier_code, row.supplier, row.supplier_vat, row.supplier_tax),
                    row.code,
                    row.told,
                )
                for row in prepared
            ],
            kept_at=self.order.recorded_at,
        )
        return [None] * len(prepared)

    def may_overlap(self, _prepared: Sequence[object], /) -> bool:
        """Return False: each batch must see the suppliers of the one before."""
        return False

    def finish(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def may_refuse_late(self) -> bool:
        """Return False: what can be refused is known before."""
        return False

    def _text(self, row: Sequence[str], name: str) -> str | None:
        """Return a cell, None without such a column. Raises: CellMissing, CellTooLong."""
        layout, field = self.order.layout, _BY_NAME[name]
        at = layout.positions.get(name)
        if at is None and name not in layout.constants:
            return None
        text = " ".join((layout.constants[name] if at is None else row[at]).split())
        if not text and field.is_required:
            raise CellMissing(field=field.label)
        if len(text) > LONGEST.get(name, LONGEST["name"]):
            raise CellTooLong(field=field.label, most=LONGEST.get(name, LONGEST["name"]))
        return text

    def _code(self, row: Sequence[str], name: str, kind: str) -> str:
        text = self._text(row, name)
        return CLEANERS[kind](with_zeros(text)) if text else ""

    def _figures(self, row: Sequence[str]) -> dict[str, Any]:
        price_cents = self.cents(self._text(row, "price") or "")
        if price_cents < 0:
            raise PriceNegative
        told: dict[str, Any] = {"price_cents": price_cents}
        for name in QUANTITIES:
            text = self._text(row, name)
            told[f"{name}_thousandths"] = None if text is None else parse_quantity(text or "0")
        _settle_pack(told)
        ladder = self._text(row, "ladder")
        told["ladder"] = None if ladder is None else parse_ladder(ladder, price_cents=price_cents)
        told["vat_bp"] = _vat_bp(self._text(row, "vat"))
        if parse_quantity(self._text(row, "shipping") or "0"):
            raise ShippingOnProduct
        active = self._text(row, "active")
        told["active"] = None if not active else active.casefold() not in NO
        return told


class PriceListReader:
    """Price lists of suppliers; see `imports.reader.Reader`."""

    kind = "pricelist"
    title = _("Listino di un fornitore")
    options = NoOptions
    has_baskets = False

    def fields(self, *, organisation_id: UUID | None) -> Sequence[Field]:
        """Return what a row says."""
        return FIELDS

    def begin(self, order: Order, /) -> PriceListReading:
        """Return the reading of one list. Raises: MappingRefused."""
        return PriceListReading(order)

    def shown(self, values: Sequence[Any], /) -> Sequence[Shown]:
        """Return a row as the preview shows it."""
        row = ProductRow._make(values)
        pack = row.told["pack_thousandths"]
        return [
            Shown(_("Fornitore"), row.supplier),
            Shown(_("Prodotto"), row.told["name"]),
            Shown(_("Unità"), row.told["unit"]),
            Shown(_("Prezzo"), row.told["price_cents"], "cents"),
            Shown(_("Cassa"), "" if pack is None else format_quantity(pack)),
        ]

    def undo(
        self, *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
    ) -> None:
        """Refuse: what a product was before is not kept. Raises: ListNotUndone."""
        raise ListNotUndone


PRICELISTS = PriceListReader()

_BY_NAME = {field.name: field for field in FIELDS}


def _settle_pack(told: dict[str, Any]) -> None:
    """Let a product that comes in no cases come by the portion. Raises: PortionOutOfPack."""
    pack, portion = told["pack_thousandths"], told["portion_thousandths"]
    if not pack:
        told["pack_thousandths"] = portion or (None if pack is None else FINEST)
    elif portion and pack % portion:
        raise PortionOutOfPack(portion=format_quantity(portion), pack=format_quantity(pack))


def _vat_bp(text: str | None) -> int | None:
    if not text:
        return None
    try:
        rate_bp = parse_quantity(text.removesuffix("%").strip())
    except DomainError as refusal:
        raise VatUnreadable(text=text) from refusal
    # Thousandths of a percent; a basis point is ten of them.
    whole, rest = divmod(rate_bp, 10)
    if rest or whole > MOST_VAT_BP:
        raise VatUnreadable(text=text)
    return whole


def _is_same(kept: Product | None, row: ProductRow) -> bool:
    if kept is None:
        return False
    supplier: Supplier = kept.supplier
    names = (supplier.name, supplier.vat_number, supplier.tax_code)
    return names == (
        row.supplier,
        row.supplier_vat or supplier.vat_number,
        row.supplier_tax or supplier.tax_code,
    ) and all(value is None or getattr(kept, name) == value for name, value in row.told.items())
