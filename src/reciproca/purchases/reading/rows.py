"""One row of a file of purchases: what it says, and why it cannot be taken."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from reciproca.imports.cells import REMEMBERED, amount_reader, moment_reader
from reciproca.imports.columns import Field
from reciproca.imports.reader import Fact, Order, Parsed
from reciproca.purchases.errors import AmountTooLarge, HappenedInFuture
from reciproca.purchases.reading import fields
from reciproca.purchases.recording import CLOCKS_DIFFER, LARGEST_CENTS
from reciproca.shared.errors import DomainError
from reciproca.shared.money import format_euro

LONGEST_CODE = 100
LONGEST_CATEGORY = 40
LONGEST_DESCRIPTION = 200
WITHIN = "\x1f"
"""Between two texts that make one: it is in no cell."""

GetCell = Callable[[Sequence[str]], str]


class CellMissing(DomainError):
    code = "cell-missing"
    message = _("Nella riga manca: %(field)s.")


class CodeTooLong(DomainError):
    code = "code-too-long"
    message = _("“%(text)s…” è troppo lungo per essere un codice: forse la colonna è un’altra.")


class CreditNegative(DomainError):
    code = "credit-negative"
    message = _("Il ritorno speso non può essere negativo: “%(text)s”.")


class PurchaseRow(NamedTuple):
    """
    What one row says, as JSON keeps it.

    `key` is the external key or the basket's name, empty where there is neither; `member` and
    `seller` are the file's codes; `happened_at` is ISO 8601.
    """

    key: str
    member: str
    seller: str
    happened_at: str
    amount_cents: int
    credit_cents: int
    category: str
    description: str


class Told(NamedTuple):
    """
    What the rows of one fact say.

    `own_key` names the fact where the file does not: its content, and which of its equals it is.
    """

    number: int
    own_key: str
    rows: tuple[PurchaseRow, ...]

    @property
    def first(self) -> PurchaseRow:
        """Return the row that speaks for the others: who bought and sold, and when."""
        return self.rows[0]

    @classmethod
    def of(cls, fact: Fact) -> "Told":
        """Return what the waiting rows of a fact say."""
        first, rows = fact[0], tuple([PurchaseRow._make(staged.values) for staged in fact])
        return cls(first.number, f"{first.key}:{first.occurrence}", rows)


class RowParser:
    """
    Reads rows by one mapping.

    It keeps the first and the last instant it met, as POSIX time: comparing moments of a time zone
    costs more than reading them.
    """

    def __init__(self, *, order: Order, member_may_lack: bool) -> None:
        file = order.mapping.file
        self.first, self.last = math.inf, -math.inf
        self._latest = (order.recorded_at + CLOCKS_DIFFER).timestamp()
        self._member_may_lack = member_may_lack
        self._has_seller = order.organisation_id is None
        self._has_key = order.layout.has("key")
        self._has_credit = order.layout.has("credit")
        self._cell = {field.name: _getter(order, field) for field in fields.OF_ALL_SELLERS}
        self._cents = amount_reader(
            decimal_mark=file.decimal_mark or ",",
            thousands_mark=file.thousands_mark or "",
            in_cents=file.money == "cents",
        )
        self._moment = moment_reader(timezone=file.timezone, date_format=file.date_format)
        self._instant = lru_cache(REMEMBERED)(self._read_instant)

    def parse(self, cells: Sequence[str], /) -> Parsed:
        """
        Return what a row says.

        Raises: CellMissing, CodeTooLong, BadDate, HappenedInFuture, AmountTooLarge, CreditNegative,
        and what reading an amount raises.
        """
        seller = self._code(cells, fields.SELLER) if self._has_seller else ""
        key = self._code(cells, fields.KEY) if self._has_key else ""
        amount = self._amount(cells)
        row = PurchaseRow(
            key=key,
            member=self._code(cells, fields.MEMBER, may_lack=self._member_may_lack),
            seller=seller,
            happened_at=self._happened_at(cells),
            amount_cents=amount,
            credit_cents=self._credit(cells) if self._has_credit else 0,
            category=self._cell["category"](cells)[:LONGEST_CATEGORY],
            description=self._description(cells),
        )
        return Parsed(row, f"{seller}{WITHIN}{key}" if key else "", amount)

    def basket_of(self, cells: Sequence[str], /) -> str:
        """Return what the row's basket is called, together with its seller."""
        name = self._cell["key"](cells)
        return f"{self._cell['seller'](cells)}{WITHIN}{name}" if name else ""

    def _code(self, cells: Sequence[str], field: Field, *, may_lack: bool = False) -> str:
        text = self._cell[field.name](cells)
        if not text and not may_lack:
            raise CellMissing(field=field.label)
        if len(text) > LONGEST_CODE:
            raise CodeTooLong(text=text[:40])
        return text

    def _amount(self, cells: Sequence[str]) -> int:
        text = self._cell["amount"](cells)
        if not text:
            raise CellMissing(field=fields.AMOUNT.label)
        cents = self._cents(text)
        if not -LARGEST_CENTS <= cents <= LARGEST_CENTS:
            raise AmountTooLarge(amount=format_euro(cents))
        return cents

    def _happened_at(self, cells: Sequence[str]) -> str:
        text = self._cell["happened"](cells)
        if not text:
            raise CellMissing(field=fields.HAPPENED.label)
        iso, stamp = self._instant(text)
        if stamp > self._latest:
            raise HappenedInFuture
        if stamp < self.first:
            self.first = stamp
        if stamp > self.last:
            self.last = stamp
        return iso

    def _read_instant(self, text: str) -> tuple[str, float]:
        moment = self._moment(text)
        return moment.isoformat(), moment.timestamp()

    def _credit(self, cells: Sequence[str]) -> int:
        text = self._cell["credit"](cells)
        cents = self._cents(text) if text else 0
        if cents < 0:
            raise CreditNegative(text=text)
        return cents

    def _description(self, cells: Sequence[str]) -> str:
        text, quantity = self._cell["description"](cells), self._cell["quantity"](cells)
        if quantity and quantity != "1":
            text = f"{quantity} × {text}" if text else f"{quantity} ×"
        return text[:LONGEST_DESCRIPTION]


def _getter(order: Order, field: Field) -> GetCell:
    """Return a function that takes a field's text out of a row, in the community's own words."""
    position = order.layout.positions.get(field.name)
    words = order.mapping.values.get(field.name, {})
    if position is None:
        constant = order.layout.constants.get(field.name, "").strip()
        return lambda _cells: constant
    if words:
        return lambda cells: words.get(text := cells[position].strip(), text)
    return lambda cells: cells[position].strip()
