"""What each member's refund is in proportion to: bought, worked or brought in the year."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import connection

from reciproca.refunds.models import AnnualAccounts, ExchangeClaim
from reciproca.refunds.rules import ExchangeKind, MemberExchange

KINDS = {
    "users": ExchangeKind.CONSUMER,
    "work": ExchangeKind.WORK,
    "contribution": ExchangeKind.CONTRIBUTION,
}

# Purchases count from the day in the members' register (not that of admission) to the day of
# leaving it, refunds with a minus in their own year where the purchase they give back counted: what
# was bought before joining does not lower a claim by coming back after. One join of the register
# and the purchases: lists of a hundred thousand ids would travel to Python and back.
BOUGHT = """
SELECT m.member_id, sum(p.total_cents)::bigint
FROM registry_membership m
JOIN purchases_purchase p ON p.seller_id = m.cooperative_id AND p.buyer_id = m.member_id
LEFT JOIN purchases_purchase sold ON sold.id = p.corrects_id
CROSS JOIN LATERAL (SELECT
  (coalesce(sold.happened_at, p.happened_at) AT TIME ZONE %(zone)s)::date) AS bought (day)
WHERE m.cooperative_id = %(cooperative)s AND p.year = %(year)s
  AND m.registered_on IS NOT NULL AND m.state <> 'excluded'
  AND bought.day >= m.registered_on AND (m.left_on IS NULL OR bought.day <= m.left_on)
GROUP BY m.member_id HAVING sum(p.total_cents) > 0 ORDER BY m.member_id
"""
BOUGHT_IN_ALL = f"""
SELECT count(*), coalesce(sum(cents), 0)::bigint FROM ({BOUGHT}) AS bought (member, cents)
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True)
class MemberClaim:
    """A member's claim as it is frozen; `yearly_cents` is what the ceiling looks at."""

    member_id: UUID
    weight: int
    yearly_cents: int

    @property
    def exchange(self) -> MemberExchange:
        """Return the claim as the rules take it."""
        return MemberExchange(str(self.member_id), self.weight, yearly_cents=self.yearly_cents)


def claims_of(*, accounts: AnnualAccounts, kind: ExchangeKind) -> list[MemberClaim]:
    """Return every member's claim of the year, by member id, in one SQL query."""
    if kind is ExchangeKind.CONSUMER:
        return bought(cooperative_id=accounts.cooperative_id, year=accounts.year)
    rows = ExchangeClaim.objects.filter(accounts=accounts, quantity__gt=0, quality__gt=0)
    return [
        MemberClaim(row.member_id, row.quantity * row.quality, row.pay_cents or 0)
        for row in rows.order_by("member_id")
    ]


def bought(*, cooperative_id: UUID, year: int) -> list[MemberClaim]:
    """Return what each registered member bought in the year, net of what was given back."""
    with connection.cursor() as cursor:
        cursor.execute(
            BOUGHT, {"cooperative": cooperative_id, "year": year, "zone": settings.TIME_ZONE}
        )
        return [MemberClaim(member, cents, cents) for member, cents in cursor.fetchall()]


def bought_in_all(*, cooperative_id: UUID, year: int) -> tuple[int, int]:
    """Return how many members bought something in the year, and the cents of all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            BOUGHT_IN_ALL, {"cooperative": cooperative_id, "year": year, "zone": settings.TIME_ZONE}
        )
        members, cents = cursor.fetchone()
        return members, cents
