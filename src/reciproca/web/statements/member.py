"""A member's year on one page: bought, given back, refunded, and the credit at its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from reciproca.ledger import sums
from reciproca.purchases.queries.years import BoughtAt, bought_by_seller
from reciproca.refunds import queries as refunds
from reciproca.refunds.queries import MemberRefund
from reciproca.registry import queries as registry
from reciproca.shared.calendar import year_span
from reciproca.valueback import queries as valueback
from reciproca.web.member.branches import BranchPart, branch_parts
from reciproca.web.statements.words import Amount, credit_lines


@dataclass(frozen=True, slots=True)
class LotLine:
    """Credit of one issuer (None: of several) at the year's end, and its last day."""

    issuer_id: UUID | None
    issuer: str
    expires_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class MemberStatement:
    """
    One member's year; amounts in whole cents.

    `credit` are the lines between `opening_cents` and `closing_cents`; `debt_cents` is value still
    to be made up for after a refund of spent credit.
    """

    year: int
    is_over: bool
    community: str
    member: str
    card: str
    bought: Sequence[BoughtAt]
    branches: Sequence[BranchPart]
    opening_cents: int
    credit: Sequence[Amount]
    lots: Sequence[LotLine]
    debt_cents: int
    refunds: Sequence[MemberRefund]
    capital_cents: int

    @property
    def total_cents(self) -> int:
        return sum(row.total_cents for row in self.bought)

    @property
    def spent_credit_cents(self) -> int:
        return sum(row.credit_cents for row in self.bought)

    @property
    def value_cents(self) -> int:
        return sum(row.value_cents for row in self.bought)

    @property
    def closing_cents(self) -> int:
        return sum(lot.cents for lot in self.lots)

    @property
    def refunded_cents(self) -> int:
        return sum(refund.amount_cents for refund in self.refunds)

    @property
    def is_empty(self) -> bool:
        """Tell whether the year has nothing to show."""
        return not (self.bought or self.credit or self.lots or self.refunds)


@dataclass(frozen=True, slots=True)
class _Sums:
    """The four branches of all purchases together."""

    member_cents: int
    common_cents: int
    territory_cents: int
    solidarity_cents: int


def member_statement(*, person_id: UUID, year: int, today: date) -> MemberStatement:
    """Return a member's statement of a year, in about ten SQL queries whatever it holds."""
    begins, ends = year_span(year)
    head = registry.page_head(person_id=person_id)
    bought = bought_by_seller(buyer_id=person_id, year=year)
    flows = sums.flows(owner=person_id, purposes=["credit"], begins_at=begins, ends_at=ends)
    lots = sums.lots_at(member=person_id, before=ends)
    names = registry.names_of([lot.issuer for lot in lots])
    last_day = min(date(year, 12, 31), today)
    return MemberStatement(
        year=year,
        is_over=today.year > year,
        community=head.community_name,
        member=head.person_name,
        card=head.card_number,
        bought=bought,
        branches=branch_parts(_sums(bought), valueback.policy_in_force(on=last_day)),
        opening_cents=sums.balance_at(owner=person_id, purpose="credit", before=begins),
        credit=credit_lines(flows),
        lots=[
            LotLine(lot.issuer, names.get(lot.issuer, ""), lot.expires_on, lot.cents)
            for lot in lots
        ],
        debt_cents=-sums.balance_at(owner=person_id, purpose="recovery", before=ends),
        refunds=refunds.refunds_of_member(member_id=person_id, year=year),
        capital_cents=sums.balance_at(owner=person_id, purpose="shares", before=ends),
    )


def as_printed_by(statement: MemberStatement, *, cooperative_id: UUID) -> MemberStatement:
    """
    Return a statement as a cooperative's desk may print it: what belongs to others is one line.

    Sums stay those of the member; where they bought elsewhere, and what, is not this desk's to see.
    """
    others = _("Altre cooperative")
    bought = [row for row in statement.bought if row.seller_id == cooperative_id]
    if elsewhere := [row for row in statement.bought if row.seller_id != cooperative_id]:
        figures = {name: sum(getattr(row, name) for row in elsewhere) for name in _BOUGHT}
        bought.append(replace(elsewhere[0], name=others, **figures))
    refunded = [row for row in statement.refunds if row.cooperative_id == cooperative_id]
    if others_refunds := [row for row in statement.refunds if row.cooperative_id != cooperative_id]:
        figures = {name: sum(getattr(row, name) for row in others_refunds) for name in _REFUNDED}
        refunded.append(replace(others_refunds[0], cooperative=others, **figures))
    hidden = [
        lot if lot.issuer_id == cooperative_id else replace(lot, issuer_id=None, issuer=others)
        for lot in statement.lots
    ]
    lots = [
        replace(first, cents=first.cents + sum(lot.cents for lot in rest))
        for _key, (first, *rest) in groupby(
            sorted(hidden, key=lambda lot: (lot.expires_on, lot.issuer_id is None)),
            key=lambda lot: (lot.expires_on, lot.issuer_id is None),
        )
    ]
    return replace(statement, bought=bought, refunds=refunded, lots=lots, capital_cents=0)


_BOUGHT = (
    "purchase_count",
    "total_cents",
    "credit_cents",
    "value_cents",
    "member_cents",
    "common_cents",
    "territory_cents",
    "solidarity_cents",
)
_REFUNDED = ("amount_cents", "credit_cents", "cash_cents", "capital_cents")


def _sums(bought: Sequence[BoughtAt]) -> _Sums:
    return _Sums(
        sum(row.member_cents for row in bought),
        sum(row.common_cents for row in bought),
        sum(row.territory_cents for row in bought),
        sum(row.solidarity_cents for row in bought),
    )
