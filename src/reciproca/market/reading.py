"""
Products out of files: the shared catalogue of a federation, or a seller's own price list.

A federation's file tells what a barcode is, and nothing of who sells it. A seller's file becomes
offers of its own: each row needs a price.
"""

from collections.abc import Sequence
from datetime import datetime
from html import unescape
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.imports.cells import amount_reader
from reciproca.imports.columns import ColumnsMissing, Field, plain
from reciproca.imports.mapping import Strict, validated
from reciproca.imports.reader import KNOWN, Fact, Order, Parsed, Shown, Verdict
from reciproca.market import actions, queries
from reciproca.market.errors import AlreadyOffered, PickupMissing, PriceMissing, TitleMissing
from reciproca.market.forms import OfferIn
from reciproca.market.models import Product
from reciproca.market.quantities import read_quantity
from reciproca.market.rules import WHOLE
from reciproca.market.vocabulary import DIVISIBLE, Category, Kind, Unit
from reciproca.registry.reading.cells import PLACE_FIELDS, Cells
from reciproca.registry.rules import check_length
from reciproca.shared.errors import DomainError

LONGEST_NAME, LONGEST_TEXT, LONGEST_PACK = 120, 4_000, 40
SMALLEST_STEP_MILLI = 100
"""What is sold by weight or by measure goes by the hundred grams, where a file says nothing."""

UNITS = {
    **dict.fromkeys(("pezzo", "pezzi", "n", "nr", "cad", "confezione"), Unit.PIECE),
    **dict.fromkeys(("chilo", "chili", "chilogrammo", "kilo"), Unit.KILOGRAM),
    **dict.fromkeys(("litro", "litri", "lt"), Unit.LITRE),
    **dict.fromkeys(("ora", "ore"), Unit.HOUR),
}
"""How files write units besides our own words for them."""

EAN = Field(
    "ean",
    _("codice a barre"),
    ("barcode", "barcode_id", "codice_a_barre", "codice_ean", "ean13", "gtin", "code"),
)
NAME = Field(
    "name",
    _("nome"),
    ("nome", "prodotto", "articolo", "denominazione", "product_name", "product", "title"),
    is_required=True,
)
TEXT = Field(
    "text", _("descrizione o ingredienti"), ("descrizione", "ingredienti", "ingredients", "note")
)
OF_THE_CATALOGUE = (EAN, NAME, TEXT)
OF_A_SELLER = (
    *OF_THE_CATALOGUE,
    Field(
        "price",
        _("prezzo"),
        ("prezzo", "prezzo_ivato", "prezzo_unitario", "importo", "euro", "unit_price"),
        is_required=True,
        is_amount=True,
    ),
    Field("category", _("categoria"), ("categoria", "reparto", "settore", "department")),
    Field("unit", _("unità"), ("unita", "um", "unita_di_misura", "unit_of_measure")),
    Field("pack", _("confezione"), ("confezione", "formato", "pezzatura", "package")),
    Field("stock", _("quanto ce n’è"), ("giacenza", "disponibile", "quantita", "qta", "qty")),
    *PLACE_FIELDS,
)


class BarcodeMissing(DomainError):
    code = "barcode-missing"
    message = _("Nella riga manca il codice a barre: nel catalogo comune un prodotto è quello.")


class NameUnreadable(TitleMissing):
    code = "product-name-unreadable"
    message = _("“%(name)s” non è un nome: servono almeno due lettere o cifre.")


class ProductOptions(Strict):
    """Nothing but the columns."""


class ProductRow(NamedTuple):
    """What one row says, as JSON keeps it; `price_cents` 0 and `stock_milli` None: not said."""

    ean: str
    name: str
    text: str
    price_cents: int
    category: str
    unit: str
    pack: str
    stock_milli: int | None
    grown_in: str


class ProductReading:
    """One file of products; see `imports.reader.Reading`."""

    def __init__(self, order: Order, /) -> None:
        validated(ProductOptions, order.mapping.room_options)
        self.order, self.seller_id = order, order.organisation_id
        if self.seller_id is None and not order.layout.has("ean"):
            raise ColumnsMissing(missing=EAN.label, found=", ".join(order.layout.header))
        self.cells = Cells(order=order, fields=OF_A_SELLER)
        file = order.mapping.file
        self.cents = amount_reader(
            decimal_mark=file.decimal_mark or ",",
            thousands_mark=file.thousands_mark or "",
            in_cents=file.money == "cents",
        )
        self.pickup_id = self._pickup_id()

    def _pickup_id(self) -> UUID | None:
        """Return where a seller's goods are picked up: its first place. Raises: PickupMissing."""
        if self.seller_id is None:
            return None
        points = queries.pickups_of(seller_id=self.seller_id)
        if not points:
            raise PickupMissing
        return points[0].id

    def parse(self, row: Sequence[str], /) -> Parsed:
        """
        Return what a row says.

        Raises: CellMissing, EanRefused, BarcodeMissing, NameUnreadable, TextTooLong, PriceMissing,
        ChoiceUnknown, PlaceUnclear, QuantityUnreadable, and what reading an amount raises.
        """
        cells = self.cells
        code = actions.clean_ean(cells.text(row, "ean"))
        if not code and self.seller_id is None:
            raise BarcodeMissing
        own = self.seller_id is not None
        price = self.cents(cells.text(row, "price")) if own else 0
        if own and price <= 0:
            raise PriceMissing
        unit = self._unit(row) if own else ""
        stock = cells.text(row, "stock") if own else ""
        told = ProductRow(
            ean=code,
            name=_name(cells.text(row, "name")),
            text=_within(unescape(cells.text(row, "text")), LONGEST_TEXT),
            price_cents=price,
            category=cells.choice(row, "category", Category, otherwise="altro") if own else "",
            unit=unit,
            pack=_within(cells.text(row, "pack"), LONGEST_PACK) if own else "",
            stock_milli=read_quantity(stock) if stock else None,
            grown_in=cells.municipality(row) if own else "",
        )
        return Parsed(told, code, price)

    def _unit(self, row: Sequence[str]) -> str:
        known = UNITS.get(plain(self.cells.text(row, "unit")))
        return known or self.cells.choice(row, "unit", Unit, otherwise=Unit.PIECE)

    def basket_of(self, _row: Sequence[str], /) -> str:
        """Return nothing: a product is one row."""
        return ""

    def parsed(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Return which products the catalogue has already, or the seller offers already."""
        rows = [_row(fact) for fact in facts]
        codes = {row.ean for row in rows if row.ean}
        if self.seller_id is None:
            known = queries.products_among(codes)
            return [KNOWN if row.ean in known else None for row in rows]
        offered = queries.offered_already(seller_id=self.seller_id, codes=codes)
        return [AlreadyOffered() if row.ean in offered else None for row in rows]

    def checked(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def prepare(self, facts: Sequence[Fact], /) -> list[tuple[str, ProductRow]]:
        """Return the rows of the facts, each with what names it among all files."""
        return [(f"{self.order.import_id}:{fact[0].number}", _row(fact)) for fact in facts]

    def accept(self, prepared: Sequence[tuple[str, ProductRow]], /) -> list[Verdict]:
        """Add products to the catalogue, or put a seller's offers on the square."""
        if self.seller_id is None:
            actions.keep_products(products=[self._product(row) for _name, row in prepared])
        else:
            actions.make_offers(
                offers=[self._offer(self.seller_id, name, row) for name, row in prepared],
                import_id=self.order.import_id,
                made_by=self.order.recorded_by,
                made_at=self.order.recorded_at,
            )
        return [None] * len(prepared)

    def may_overlap(self, _prepared: Sequence[object], /) -> bool:
        """Return False: nothing is gained."""
        return False

    def finish(self) -> dict[str, Any]:
        """Return nothing to say."""
        return {}

    def may_refuse_late(self) -> bool:
        """Return False: what was checked is good."""
        return False

    def _product(self, row: ProductRow) -> Product:
        return Product(
            ean=row.ean, name=row.name, ingredients=row.text, imported_by_id=self.order.import_id
        )

    def _offer(self, seller_id: UUID, name: str, row: ProductRow) -> OfferIn:
        divisible = row.unit in DIVISIBLE
        return OfferIn(
            key=uuid5(NAMESPACE_URL, name),
            seller_id=seller_id,
            kind=Kind.GOODS,
            category=row.category,
            title=row.name,
            text=row.text,
            unit=row.unit,
            pack=row.pack,
            price_cents=row.price_cents,
            step_milli=SMALLEST_STEP_MILLI if divisible else WHOLE,
            stock_milli=row.stock_milli,
            ean=row.ean,
            pickup_id=self.pickup_id,
            grown_in=row.grown_in,
        )


class ProductReader:
    """Products out of a file; see `imports.reader.Reader`."""

    kind = "products"
    title = _("Prodotti")
    options = ProductOptions
    has_baskets = False

    def fields(self, *, organisation_id: UUID | None) -> Sequence[Field]:
        """Return what a row says: in a seller's own file also price, unit and stock."""
        return OF_THE_CATALOGUE if organisation_id is None else OF_A_SELLER

    def begin(self, order: Order, /) -> ProductReading:
        """Return the reading of one file. Raises: ColumnsMissing, PickupMissing."""
        return ProductReading(order)

    def shown(self, values: Sequence[Any], /) -> Sequence[Shown]:
        """Return a row as the preview shows it."""
        row = ProductRow._make(values)
        told = [
            Shown(_("Codice a barre"), row.ean),
            Shown(_("Nome"), row.name),
            Shown(_("Descrizione"), row.text[:80]),
        ]
        if row.price_cents:
            told.append(Shown(_("Categoria"), str(Category(row.category).label)))
            told.append(Shown(_("Prezzo"), row.price_cents, "cents"))
        return told

    def undo(
        self, *, import_id: UUID, reason: str, recorded_by: UUID | None, recorded_at: datetime
    ) -> None:
        """Take off the square, or out of the catalogue, what a file brought in."""
        actions.end_imported(import_id=import_id, ended_at=timezone.now())


PRODUCTS = ProductReader()


def _row(fact: Fact) -> ProductRow:
    return ProductRow._make(fact[0].values)


def _name(text: str) -> str:
    name = " ".join(unescape(text).split())
    if sum(letter.isalnum() for letter in name) < 2:
        raise NameUnreadable(name=name[:40])
    return _within(name, LONGEST_NAME)


def _within(text: str, most: int) -> str:
    check_length(text=text, most=most)
    return text
