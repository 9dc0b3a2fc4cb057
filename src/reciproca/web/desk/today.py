"""A cooperative's day: what was sold and given back, what members hold, what the network owes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.timezone import localdate

from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.purchases import queries as purchases
from reciproca.purchases.queries import Filters, SoldMonth, SoldRow, SoldTotal
from reciproca.registry import queries as registry
from reciproca.registry.queries import OrganisationPage
from reciproca.shared.first_steps import FirstStep, in_turn
from reciproca.valueback import queries as valueback
from reciproca.valueback.queries import Promise
from reciproca.web.desk.first_steps import first_steps
from reciproca.web.desk.waiting import Waiting, waiting_for

LATEST = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """
    Everything on a manager's first page.

    `year` is the one that pages open on. `held_cents` is what members can still spend of this
    cooperative's credit, `position_cents` what the network owes it (negative: it owes).
    """

    cooperative: OrganisationPage
    today: SoldTotal
    month: SoldTotal
    year: int
    months: Sequence[SoldMonth]
    held_cents: int
    position_cents: int
    waiting: Sequence[Waiting]
    steps: Sequence[FirstStep]
    latest: Sequence[SoldRow]

    @property
    def year_cents(self) -> int:
        return sum(month.cents for month in self.months)

    @property
    def year_count(self) -> int:
        return sum(month.purchase_count for month in self.months)


@dataclass(frozen=True, slots=True)
class TillDesk:
    """What a till needs: the day so far, what comes back, how much credit it takes."""

    cooperative: OrganisationPage
    today: SoldTotal
    promises: Sequence[Promise]
    limit_bp: int
    latest: Sequence[SoldRow]


def desk(*, cooperative_id: UUID, person_id: UUID, now: datetime) -> Desk:
    """
    Return a manager's first page; as many SQL queries for one purchase as for a thousand.

    `steps` are the first ones, and there are none after the first purchase.
    """
    today = localdate(now)
    cooperative = _organisation(cooperative_id)
    is_cooperative = cooperative.kind == "cooperative"
    latest = purchases.sold_by(seller_id=cooperative_id, filters=Filters(), limit=LATEST)
    year = purchases.sellers_year_to_open(seller_id=cooperative_id, today=today)
    issued, owed = accounts.issued(issuer=cooperative_id), accounts.clearing(node=cooperative_id)
    balances = ledger.balances([issued, owed])
    return Desk(
        cooperative=cooperative,
        today=_sold(cooperative_id, today, today),
        month=_sold(cooperative_id, today.replace(day=1), today),
        year=year,
        months=purchases.months_sold(seller_id=cooperative_id, year=year),
        held_cents=-balances[issued],
        position_cents=balances[owed],
        waiting=waiting_for(
            cooperative_id=cooperative_id,
            is_cooperative=is_cooperative,
            joined_on=localdate(cooperative.opened_at),
            today=today,
        ),
        steps=[]
        if latest
        else in_turn(
            first_steps(seller_id=cooperative_id, person_id=person_id, today=today, now=now)
        ),
        latest=latest,
    )


def till_desk(*, cooperative_id: UUID, today: date) -> TillDesk:
    """Return a till's first page: its own day, no sums of other days, nobody's credit."""
    of_today = Filters(first_day=today, last_day=today)
    promises = valueback.promises_of(seller_id=cooperative_id, on=today)
    return TillDesk(
        cooperative=_organisation(cooperative_id),
        today=_sold(cooperative_id, today, today),
        # What holds for everything else is said after what has its own rate.
        promises=sorted(promises, key=lambda each: not each.category),
        limit_bp=valueback.limit_in_force_bp(
            valueback.limit_of(seller_id=cooperative_id, on=today)
        ),
        latest=purchases.sold_by(seller_id=cooperative_id, filters=of_today, limit=LATEST),
    )


def _organisation(cooperative_id: UUID) -> OrganisationPage:
    found = registry.organisation_page(node_id=cooperative_id)
    assert found is not None
    return found


def _sold(cooperative_id: UUID, first: date, last: date) -> SoldTotal:
    return purchases.sold_total(
        seller_id=cooperative_id, filters=Filters(first_day=first, last_day=last)
    )
