"""Credit that left a member without a purchase: given to projects, or ended unspent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.utils.timezone import localdate

from reciproca.shared.calendar import last_instant
from reciproca.shared.timeline import ANYTHING, Moment, Sought
from reciproca.valueback.models import ExpiredLot, Gift


@dataclass(frozen=True, slots=True)
class GiftRow:
    """Credit that somebody gave to a project."""

    id: UUID
    project_id: UUID
    project_name: str
    amount_cents: int
    happened_at: datetime
    recorded_at: datetime

    @property
    def moment(self) -> Moment:
        return Moment(self.happened_at, self.id)


@dataclass(frozen=True, slots=True)
class ExpiredRow:
    """Credit of one issuer that its holder did not spend in time; the fund got it."""

    id: UUID
    issuer_id: UUID
    issuer_name: str
    fund_id: UUID
    fund_name: str
    expires_on: date
    amount_cents: int
    recorded_at: datetime

    @property
    def moment(self) -> Moment:
        """Return the last instant in which it could be spent."""
        return Moment(last_instant(self.expires_on), self.id)


class Given(NamedTuple):
    """What a project got from how many people."""

    cents: int
    giver_count: int


def gifts_of(
    *, giver_id: UUID, before: Moment | None = None, sought: Sought = ANYTHING, limit: int = 50
) -> list[GiftRow]:
    """Return what somebody gave, latest first, in one SQL query."""
    wanted = sought.condition(node="project", amount="amount_cents", at="happened_at")
    rows = Gift.objects.filter(wanted, giver=giver_id).select_related("project")
    if before is not None:
        rows = rows.filter(before.earlier(at="happened_at"))
    return [_gift_row(row) for row in rows.order_by("-happened_at", "-id")[:limit]]


def gift_of(*, gift_id: UUID, giver_id: UUID) -> GiftRow | None:
    """Return one gift of somebody, None for a gift of anybody else, in one SQL query."""
    row = Gift.objects.filter(id=gift_id, giver=giver_id).select_related("project").first()
    return _gift_row(row) if row else None


def given_to(projects: Collection[UUID], /) -> dict[UUID, Given]:
    """Return what these projects got, those that got nothing left out, in one SQL query."""
    rows = Gift.objects.filter(project__in=projects).values_list("project")
    sums = rows.annotate(cents=Sum("amount_cents"), givers=Count("giver", distinct=True))
    return {project: Given(cents, givers) for project, cents, givers in sums}


def expired_of(
    *, member_id: UUID, before: Moment | None = None, sought: Sought = ANYTHING, limit: int = 50
) -> list[ExpiredRow]:
    """Return what somebody did not spend in time, latest first, in one SQL query."""
    wanted = sought.condition(node="issuer", amount="amount_cents") & sought.days("expires_on")
    rows = ExpiredLot.objects.filter(wanted, member=member_id).select_related("issuer", "fund")
    if before is not None:
        rows = rows.filter(_ended_before(before))
    return [_expired_row(row) for row in rows.order_by("-expires_on", "-id")[:limit]]


def expired_lot_of(*, lot_id: UUID, member_id: UUID) -> ExpiredRow | None:
    """Return one lot of somebody that ended, None for anybody else's, in one SQL query."""
    rows = ExpiredLot.objects.filter(id=lot_id, member=member_id)
    row = rows.select_related("issuer", "fund").first()
    return _expired_row(row) if row else None


def _ended_before(moment: Moment) -> Q:
    """Return the condition on lots, which end with the last instant of their day."""
    day = localdate(moment.at)
    ended = Q(expires_on__lt=day)
    if moment.at == last_instant(day):
        ended |= Q(expires_on=day, id__lt=moment.id)
    return ended


def _gift_row(gift: Gift) -> GiftRow:
    return GiftRow(
        id=gift.id,
        project_id=gift.project_id,
        project_name=gift.project.name,
        amount_cents=gift.amount_cents,
        happened_at=gift.happened_at,
        recorded_at=gift.recorded_at,
    )


def _expired_row(lot: ExpiredLot) -> ExpiredRow:
    return ExpiredRow(
        id=lot.id,
        issuer_id=lot.issuer_id,
        issuer_name=lot.issuer.name,
        fund_id=lot.fund_id,
        fund_name=lot.fund.name,
        expires_on=lot.expires_on,
        amount_cents=lot.amount_cents,
        recorded_at=lot.recorded_at,
    )
