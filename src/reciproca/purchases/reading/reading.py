"""A file of purchases on its way in: rows, then facts, then sales."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproca.imports.mapping import MappingRefused, validated
from reciproca.imports.reader import KNOWN, Fact, Order, Verdict
from reciproca.purchases import actions, queries
from reciproca.purchases.errors import SelfPurchase
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.purchases.reading.keys import KeyBook
from reciproca.purchases.reading.nodes import (
    Nodes,
    find_people,
    find_sellers,
    make_people,
    make_sellers,
)
from reciproca.purchases.reading.options import PurchaseOptions
from reciproca.purchases.reading.rows import PurchaseRow, RowParser
from reciproca.shared.errors import DomainError
from reciproca.valueback.queries import adopted_policies

MOST_NAMES = 20


class MemberNotFound(DomainError):
    code = "member-not-found"
    message = gettext_lazy("Non conosciamo il socio “%(code)s”. Controlla il codice, o registralo.")


class SellerNotFound(DomainError):
    code = "seller-not-found"
    message = gettext_lazy("Non conosciamo la cooperativa “%(code)s”. Registrala e riprova.")


class BasketMixed(DomainError):
    code = "basket-mixed"
    message = gettext_lazy(
        "Le righe dello scontrino “%(key)s” hanno soci diversi: uno scontrino è di una persona."
    )


class PurchaseReading:
    """One file of purchases; see `imports.reader.Reading`."""

    def __init__(self, order: Order, /) -> None:
        self.order = order
        self.options = validated(PurchaseOptions, order.mapping.room_options)
        self._refuse_options()
        parser = RowParser(order=order, member_may_lack=self.options.members.may_lack)
        self.parser, self.parse, self.basket_of = parser, parser.parse, parser.basket_of
        self.people, self.sellers, self.keys = Nodes(), Nodes(), KeyBook()
        self.new_people: set[str] = set()
        self.new_sellers: set[str] = set()
        self.rows_before_policy = 0
        self.checked_sales: dict[int, SaleIn] = {}
        adopted = adopted_policies().adopted
        self.policy_from = adopted[0].in_force_on.isoformat() if adopted else "9999"

    def parsed(self) -> dict[str, Any]:
        """Return the first and the last day of the file."""
        return {
            "first_on": _day(self.parser.first_at),
            "last_on": _day(self.parser.last_at),
        }

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Return for each fact whether who buys and sells is known, and whether it is recorded."""
        self._look_up(facts)
        verdicts: list[Verdict] = [self._verdict(fact) for fact in facts]
        good = [at for at, verdict in enumerate(verdicts) if verdict is None]
        sold = {at: self._sale(facts[at]) for at in good if self._seller_id(facts[at][0])}
        self.checked_sales = {facts[at][0].number: sale for at, sale in sold.items()}
        for at, verdict in self.keys.verdicts(sold).items():
            verdicts[at] = verdict
        self._note_new([facts[at] for at in good if verdicts[at] is None])
        return verdicts

    def checked(self) -> dict[str, Any]:
        """Return who would be made, and how many rows are older than any policy."""
        return {
            "new_members": len(self.new_people),
            "new_sellers": len(self.new_sellers),
            "new_seller_names": [
                self.options.sellers.name.format(value=code)
                for code in sorted(self.new_sellers)[:MOST_NAMES]
            ],
            "rows_before_policy": self.rows_before_policy,
        }

    def prepare(self, facts: Sequence[Fact], /) -> None:
        """Make the sellers and the people that nobody found."""
        rows = [_row(fact[0].values) for fact in facts]
        if self.options.sellers.unknown == "create":
            codes = {row.seller for row in rows} & self.sellers.missing
            make_sellers(
                self.sellers,
                codes=codes,
                how=self.options.sellers,
                rate_from=self._first_day(),
                order=self.order,
            )
        if self.options.members.unknown == "create":
            codes = {row.member for row in rows if row.member} & self.people.missing
            make_people(self.people, codes=codes, how=self.options.members, order=self.order)

    def accept(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Record the facts as sales, all or nothing. Raises: what `record_sales` raises."""
        recorded = actions.record_sales(
            sales=[self.keys.renamed(self._checked_sale(fact)) for fact in facts],
            recorded_by=self.order.recorded_by,
            recorded_at=self.order.recorded_at,
        )
        return [None if each.is_new else KNOWN for each in recorded]

    def finish(self) -> dict[str, Any]:
        """Sum the months anew, and return what came of the whole file."""
        actions.refresh_month_totals(since=self.order.started_at)
        came = queries.import_result(import_id=self.order.import_id)
        return {
            "purchases": came.purchase_count,
            "value_cents": came.value_cents,
            "rows_before_policy": came.lines_without_policy,
        }

    def may_refuse_late(self) -> bool:
        """Return whether credit is spent: whether it is there is known only when its turn comes."""
        return self.order.layout.has("credit")

    def _look_up(self, facts: Sequence[Fact]) -> None:
        rows = [_row(staged.values) for fact in facts for staged in fact]
        find_people(
            self.people,
            codes={row.member for row in rows if row.member},
            source=self.options.members.source,
            cooperative_id=self.order.organisation_id,
        )
        if self.order.organisation_id is None:
            codes = {row.seller for row in rows}
            find_sellers(self.sellers, codes=codes, source=self.options.sellers.source)

    def _verdict(self, fact: Fact) -> DomainError | None:
        row = _row(fact[0].values)
        seller_id, buyer_id = self._seller_id(fact[0]), self.people.found.get(row.member)
        if seller_id is None and self.options.sellers.unknown == "refuse":
            return SellerNotFound(code=row.seller)
        if buyer_id is None and row.member and self.options.members.unknown == "refuse":
            return MemberNotFound(code=row.member)
        if buyer_id is not None and buyer_id == seller_id:
            return SelfPurchase()
        if len(fact) > 1 and any(_row(other.values).member != row.member for other in fact):
            return BasketMixed(key=row.key)
        return None

    def _seller_id(self, staged: Any) -> UUID | None:
        return self.order.organisation_id or self.sellers.found.get(_row(staged.values).seller)

    def _sale(self, fact: Fact) -> SaleIn:
        first, rows = fact[0], [_row(staged.values) for staged in fact]
        seller_id = self._seller_id(first)
        assert seller_id is not None, "sellers are found or made before a sale is"
        return SaleIn(
            key=rows[0].key or f"{first.key}:{first.occurrence}",
            seller_id=seller_id,
            buyer_id=self.people.found.get(rows[0].member),
            happened_at=datetime.fromisoformat(rows[0].happened_at),
            lines=tuple(LineIn(row.category, row.amount_cents, row.description) for row in rows),
            credit_cents=sum(row.credit_cents for row in rows),
            policy_digest=self.options.policy or None,
            import_id=self.order.import_id,
        )

    def _checked_sale(self, fact: Fact) -> SaleIn:
        """Return the sale that `check` made, unless its buyer was made only after that."""
        sale = self.checked_sales.get(fact[0].number)
        if sale is None or sale.buyer_id is None:
            return self._sale(fact)
        return sale

    def _note_new(self, facts: Sequence[Fact]) -> None:
        for fact in facts:
            row = _row(fact[0].values)
            if row.member in self.people.missing and self.options.members.unknown == "create":
                self.new_people.add(row.member)
            if row.seller in self.sellers.missing:
                self.new_sellers.add(row.seller)
            if not self.options.policy and row.happened_at[:10] < self.policy_from:
                self.rows_before_policy += len(fact)

    def _first_day(self) -> date:
        """Return the day from which sellers that this file makes are committed to their rate."""
        first = self.order.findings.get("first_on")
        return date.fromisoformat(first) if first else localtime(self.order.recorded_at).date()

    def _refuse_options(self) -> None:
        if self.order.organisation_id is not None and self.options.members.unknown == "create":
            raise MappingRefused(problems=_("“members”: qui si può solo “refuse” o “nobody”."))
        if self.options.policy and adopted_policies().named(self.options.policy) is None:
            raise MappingRefused(
                problems=_("“policy”: nessuna politica adottata ha questa impronta.")
            )


_row = PurchaseRow._make


def _day(moment: datetime | None) -> str | None:
    return localtime(moment).date().isoformat() if moment else None
