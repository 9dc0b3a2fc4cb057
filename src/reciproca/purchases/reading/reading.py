"""A file of purchases on its way in: rows, then facts, then sales."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
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
    refuse_sellers_never_made,
)
from reciproca.purchases.reading.options import PurchaseOptions
from reciproca.purchases.reading.rows import PurchaseRow, RowParser, Told
from reciproca.registry import queries as registry
from reciproca.shared.errors import DomainError
from reciproca.valueback.queries import adopted_policies, first_rates

MOST_NAMES = 20
NEVER = "9999"
"""A day after every day, as text."""


class MemberNotFound(DomainError):
    code = "member-not-found"
    message = gettext_lazy("Non conosciamo il socio “%(code)s”. Controlla il codice, o registralo.")


class SellerNotFound(DomainError):
    code = "seller-not-found"
    message = gettext_lazy(
        "Non conosciamo la cooperativa “%(code)s”. Scrivi il suo codice fiscale, oppure registrala."
    )


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
        self.rows_before_policy = self.rows_without_rate = 0
        # Since when each seller gives anything back, as ISO 8601 writes days.
        self.rate_from: dict[UUID, str] = {}
        # Of the batch that was checked last, by the number of each fact's first row.
        self.told: dict[int, Told] = {}
        self.checked_sales: dict[int, SaleIn] = {}
        adopted = adopted_policies().adopted
        self.policy_from = adopted[0].in_force_on.isoformat() if adopted else NEVER

    def parsed(self) -> dict[str, Any]:
        """Return the first and the last day of the file."""
        return {
            "first_on": _day(self.parser.first),
            "last_on": _day(self.parser.last),
        }

    def check(self, facts: Sequence[Fact], /) -> list[Verdict]:
        """Return for each fact whether who buys and sells is known, and whether it is recorded."""
        told = [Told.of(fact) for fact in facts]
        self.told = {each.number: each for each in told}
        self._look_up(told)
        verdicts: list[Verdict] = [self._verdict(each) for each in told]
        good = [at for at, verdict in enumerate(verdicts) if verdict is None]
        sold = {at: self._sale(told[at]) for at in good if self._seller_id(told[at].first)}
        self.checked_sales = {told[at].number: sale for at, sale in sold.items()}
        for at, verdict in self.keys.verdicts(sold).items():
            verdicts[at] = verdict
        self._note_new([told[at] for at in good if verdicts[at] is None])
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
            "rows_without_rate": self.rows_without_rate,
        }

    def prepare(self, facts: Sequence[Fact], /) -> list[SaleIn]:
        """Make the sellers and the people that nobody found, and return the facts as sales."""
        rows = [self.told[fact[0].number].first for fact in facts]
        sellers: dict[str, UUID] = {}
        people: dict[str, UUID] = {}
        if self.options.sellers.unknown == "create":
            codes = {row.seller for row in rows} & self.sellers.missing
            sellers = make_sellers(
                codes, how=self.options.sellers, rate_from=self._first_day(), order=self.order
            )
        if self.options.members.unknown == "create":
            codes = {row.member for row in rows if row.member} & self.people.missing
            people = make_people(codes, how=self.options.members, order=self.order)
        # Only now: whoever was made before a refusal is made no more.
        self.sellers.remember((), sellers)
        self.people.remember((), people)
        return [self.keys.renamed(self._checked_sale(fact)) for fact in facts]

    def accept(self, prepared: Sequence[SaleIn], /) -> list[Verdict]:
        """Record sales, all or nothing. Raises: what `record_sales` raises."""
        recorded = actions.record_sales(
            sales=prepared,
            recorded_by=self.order.recorded_by,
            recorded_at=self.order.recorded_at,
        )
        return [None if each.is_new else KNOWN for each in recorded]

    def may_overlap(self, prepared: Sequence[SaleIn], /) -> bool:
        """Return whether these only bring value: what takes some depends on what came before."""
        return not any(
            sale.credit_cents or any(line.amount_cents < 0 for line in sale.lines)
            for sale in prepared
        )

    def finish(self) -> dict[str, Any]:
        """Sum the months anew, and return what came of the whole file."""
        actions.refresh_month_totals(since=self.order.started_at)
        came = queries.import_result(import_id=self.order.import_id)
        return {
            "purchases": came.purchase_count,
            "value_cents": came.value_cents,
            "rows_before_policy": came.lines_without_policy,
            "rows_without_rate": max(
                self.rows_without_rate, self.order.findings.get("rows_without_rate", 0)
            ),
        }

    def may_refuse_late(self) -> bool:
        """Return whether credit is spent: whether it is there is known only when its turn comes."""
        return self.order.layout.has("credit")

    def _look_up(self, told: Sequence[Told]) -> None:
        find_people(
            self.people,
            codes={row.member for each in told for row in each.rows if row.member},
            source=self.options.members.source,
            cooperative_id=self.order.organisation_id,
        )
        if self.order.organisation_id is None:
            codes = {each.first.seller for each in told}
            find_sellers(self.sellers, codes=codes, source=self.options.sellers.source)

    def _verdict(self, told: Told) -> DomainError | None:
        row, options = told.first, self.options
        seller_id, buyer_id = self._seller_id(row), self.people.found.get(row.member)
        if seller_id is None and row.seller in self.sellers.unclear:
            # To make one more of a name that several bear already would help nobody.
            names = self.sellers.unclear[row.seller]
            return registry.OrganisationUnclear(code=row.seller, names=names)
        if seller_id is None and options.sellers.unknown == "refuse":
            return SellerNotFound(code=row.seller)
        if buyer_id is None and row.member and options.members.unknown == "refuse":
            return MemberNotFound(code=row.member)
        if buyer_id is not None and buyer_id == seller_id:
            return SelfPurchase()
        if len(told.rows) > 1 and any(other.member != row.member for other in told.rows):
            return BasketMixed(key=row.key)
        return None

    def _seller_id(self, row: PurchaseRow) -> UUID | None:
        return self.order.organisation_id or self.sellers.found.get(row.seller)

    def _sale(self, told: Told) -> SaleIn:
        first = told.first
        seller_id = self._seller_id(first)
        assert seller_id is not None, "sellers are found or made before a sale is"
        return SaleIn(
            key=first.key or told.own_key,
            seller_id=seller_id,
            buyer_id=self.people.found.get(first.member),
            happened_at=datetime.fromisoformat(first.happened_at),
            lines=tuple(
                LineIn(row.category, row.amount_cents, row.description) for row in told.rows
            ),
            credit_cents=sum(row.credit_cents for row in told.rows),
            policy_digest=self.options.policy or None,
            import_id=self.order.import_id,
        )

    def _checked_sale(self, fact: Fact) -> SaleIn:
        """Return the sale that `check` made, unless its buyer or seller was made only after."""
        sale = self.checked_sales.get(fact[0].number)
        if sale is None or sale.buyer_id is None:
            return self._sale(self.told[fact[0].number])
        return sale

    def _note_new(self, told: Sequence[Told]) -> None:
        makes_people = self.options.members.unknown == "create"
        self._look_rates_up(told)
        for each in told:
            row = each.first
            if makes_people and row.member in self.people.missing:
                self.new_people.add(row.member)
            if row.seller in self.sellers.missing:
                self.new_sellers.add(row.seller)
            if not self.options.policy and row.happened_at[:10] < self.policy_from:
                self.rows_before_policy += len(each.rows)
            elif row.member and row.happened_at[:10] < self._rate_from(row):
                self.rows_without_rate += len(each.rows)

    def _look_rates_up(self, told: Sequence[Told]) -> None:
        sellers = {self._seller_id(each.first) for each in told} - {None} - self.rate_from.keys()
        if new := [seller for seller in sellers if seller is not None]:
            since = first_rates(seller_ids=new)
            for seller in new:
                self.rate_from[seller] = since[seller].isoformat() if seller in since else NEVER

    def _rate_from(self, row: PurchaseRow) -> str:
        """Return since when a row's seller gives something back, made by this file or not."""
        seller_id = self._seller_id(row)
        if seller_id is None:
            return "" if self.options.sellers.rate_bp else NEVER
        return self.rate_from[seller_id]

    def _first_day(self) -> date:
        """Return the day from which sellers that this file makes are committed to their rate."""
        first = self.order.findings.get("first_on")
        return date.fromisoformat(first) if first else localtime(self.order.recorded_at).date()

    def _refuse_options(self) -> None:
        if self.order.organisation_id is not None and self.options.members.unknown == "create":
            raise MappingRefused(problems=_("“members”: qui si può solo “refuse” o “nobody”."))
        if self.options.sellers.unknown == "create":
            try:
                refuse_sellers_never_made(self.options.sellers)
            except DomainError as refusal:
                raise MappingRefused(problems=f"“sellers”: {refusal}") from refusal
        if self.options.policy and adopted_policies().named(self.options.policy) is None:
            raise MappingRefused(
                problems=_("“policy”: nessuna politica adottata ha questa impronta.")
            )


def _day(stamp: float) -> str | None:
    """Return the day of an instant in POSIX time, None where no row was read."""
    if not math.isfinite(stamp):
        return None
    return localtime(datetime.fromtimestamp(stamp, UTC)).date().isoformat()
