"""What the desk shows of tills: places, devices, operators and closed days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from reciproca.purchases.models import Purchase
from reciproca.registry import queries as registry
from reciproca.registry.card_codes import MOST_WRONG_PINS
from reciproca.registry.places import plain_words
from reciproca.registry.queries.paging import page_of
from reciproca.shared.calendar import end_of_day, first_instant
from reciproca.tills.models import Closing, Device, HeldSale, OperatorCode, Till, TillSale
from reciproca.tills.queries.state import totals_of
from reciproca.tills.rules import DayTotals

PAGE_SIZE = 50
LATEST_CLOSINGS = 8


@dataclass(frozen=True, slots=True)
class TillRow:
    """A till in the list; `closed_at` is set where nobody sells there any more."""

    id: UUID
    name: str
    day_number: int
    opened_at: datetime
    closed_at: datetime | None
    device_count: int
    held_count: int
    last_closing_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device of a till; `revoked_at` is set where it sells no more."""

    id: UUID
    name: str
    paired_at: datetime
    paired_by: str
    last_seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """A closed day of a till; `by` is who closed it."""

    id: UUID
    till_id: UUID
    till_name: str
    number: int
    closed_at: datetime
    by: str
    at_desk: bool
    totals: DayTotals
    note: str


class BackAtDesk(NamedTuple):
    """Of a day's sales, what was given back at the desk instead: how often, and whole cents."""

    refund_count: int = 0
    refund_cents: int = 0


@dataclass(frozen=True, slots=True)
class TillPage:
    """A till with its devices, the sums of its open day, and its latest closings."""

    row: TillRow
    devices: Sequence[DeviceRow]
    open: DayTotals
    back: BackAtDesk
    closings: Sequence[ClosingRow]


@dataclass(frozen=True, slots=True)
class OperatorCodeRow:
    """Somebody who may sell here, and how it stands with their code."""

    person_id: UUID
    name: str
    has_code: bool
    is_locked: bool


def tills_of(*, organisation_id: UUID) -> list[TillRow]:
    """Return an organisation's tills by name, those that are closed last, in one SQL query."""
    rows = _tills(organisation_id).order_by(F("closed_at").asc(nulls_first=True), "name", "id")
    return [_till_row(till) for till in rows]


def till_page(*, till_id: UUID, organisation_id: UUID) -> TillPage | None:
    """Return one of an organisation's tills, in seven SQL queries."""
    till = _tills(organisation_id).filter(pk=till_id).first()
    if till is None:
        return None
    devices = list(
        Device.objects.filter(till=till_id).order_by(
            F("revoked_at").desc(nulls_first=True), "-paired_at", "id"
        )
    )
    names = registry.names_of_users({each.paired_by for each in devices if each.paired_by})
    closings = Closing.objects.filter(till=till_id).order_by("-number")[:LATEST_CLOSINGS]
    return TillPage(
        row=_till_row(till),
        devices=[
            DeviceRow(
                id=each.id,
                name=each.name,
                paired_at=each.paired_at,
                paired_by=names.get(each.paired_by, "") if each.paired_by else "",
                last_seen_at=each.last_seen_at,
                revoked_at=each.revoked_at,
            )
            for each in devices
        ],
        open=totals_of(till_id=till_id, day_number=till.day_number),
        back=back_at_desk(till_id=till_id, day_number=till.day_number),
        closings=_closing_rows(list(closings.select_related("till", "operator"))),
    )


def till_of_device(*, device_id: UUID, organisation_id: UUID) -> UUID | None:
    """Return the till of one of an organisation's devices, in one SQL query."""
    devices = Device.objects.filter(pk=device_id, till__organisation=organisation_id)
    return devices.values_list("till_id", flat=True).first()


@dataclass(frozen=True, slots=True)
class ClosingFilters:
    """Which closed days: of one till, in a period, of one who closed them; empty means all."""

    till_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    who: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.till_id, self.since, self.until, self.who))


def closings_of(
    *, organisation_id: UUID, number: int, filters: ClosingFilters = ClosingFilters()
) -> Page[ClosingRow]:
    """Return a page of an organisation's closed days, the last first, in four SQL queries."""
    ordered = _closings(organisation_id, filters)
    page = page_of(rows=ordered, number=number, size=PAGE_SIZE, make=lambda closing: closing)
    return Page(_closing_rows(list(page.object_list)), page.number, page.paginator)  # type: ignore[arg-type]


def all_closings(*, organisation_id: UUID, filters: ClosingFilters) -> list[ClosingRow]:
    """Return all of an organisation's closed days, the last first, in two SQL queries."""
    return _closing_rows(list(_closings(organisation_id, filters)))


def _closings(organisation_id: UUID, filters: ClosingFilters) -> QuerySet[Closing]:
    rows = Closing.objects.filter(till__organisation=organisation_id)
    if filters.till_id:
        rows = rows.filter(till=filters.till_id)
    if filters.since:
        rows = rows.filter(closed_at__gte=first_instant(filters.since))
    if filters.until:
        rows = rows.filter(closed_at__lt=end_of_day(filters.until))
    for word in plain_words(filters.who):
        rows = rows.filter(operator__name_key__contains=word)
    return rows.select_related("till", "operator").order_by("-closed_at", "-id")


def closing_of(*, closing_id: UUID, organisation_id: UUID) -> ClosingRow | None:
    """Return one of an organisation's closed days, in two SQL queries."""
    rows = Closing.objects.filter(pk=closing_id, till__organisation=organisation_id)
    found = _closing_rows(list(rows.select_related("till", "operator")))
    return found[0] if found else None


def back_at_desk(*, till_id: UUID, day_number: int) -> BackAtDesk:
    """
    Return what was given back at the desk of the sales of a till's day, in one SQL query.

    No drawer gave it, so that no day's sums hold it; the page of the day names it beside them.
    """
    sold = TillSale.objects.filter(till=till_id, day_number=day_number)
    at_a_till = TillSale.objects.filter(purchase=OuterRef("pk"))
    back = Purchase.objects.filter(~Exists(at_a_till), corrects__in=sold.values("purchase"))
    sums = back.aggregate(refund_count=Count("pk"), refund_cents=-Sum("total_cents", default=0))
    return BackAtDesk(**sums)


def operator_codes(*, organisation_id: UUID, now: datetime) -> list[OperatorCodeRow]:
    """Return who may sell here and how it stands with their codes, in two SQL queries."""
    people = registry.operators_of(organisation_id=organisation_id, on=localdate(now))
    codes = OperatorCode.objects.filter(organisation=organisation_id)
    tries = dict(codes.values_list("person_id", "wrong_tries"))
    return [
        OperatorCodeRow(
            person_id=each.person_id,
            name=each.name,
            has_code=each.person_id in tries,
            is_locked=tries.get(each.person_id, 0) >= MOST_WRONG_PINS,
        )
        for each in people
    ]


def _tills(organisation_id: UUID) -> QuerySet[Till]:
    held = HeldSale.objects.filter(till=OuterRef("pk"), settlement=None).order_by()
    closed = Closing.objects.filter(till=OuterRef("pk")).order_by("-number")
    return Till.objects.filter(organisation=organisation_id).annotate(
        device_count=Count("devices", filter=Q(devices__revoked_at=None)),
        held_count=Coalesce(
            Subquery(
                held.values("till").annotate(count=Count("pk")).values("count"),
                output_field=IntegerField(),
            ),
            0,
        ),
        last_closing_at=Subquery(closed.values("closed_at")[:1]),
    )


def _till_row(till: Till) -> TillRow:
    return TillRow(
        id=till.id,
        name=till.name,
        day_number=till.day_number,
        opened_at=till.opened_at,
        closed_at=till.closed_at,
        device_count=till.device_count,  # type: ignore[attr-defined]
        held_count=till.held_count,  # type: ignore[attr-defined]
        last_closing_at=till.last_closing_at,  # type: ignore[attr-defined]
    )


def _closing_rows(closings: Sequence[Closing]) -> list[ClosingRow]:
    users = {each.closed_by for each in closings if each.closed_by and not each.operator_id}
    names = registry.names_of_users(users)
    return [
        ClosingRow(
            id=each.id,
            till_id=each.till_id,
            till_name=each.till.name,
            number=each.number,
            closed_at=each.closed_at,
            by=each.operator.name
            if each.operator
            else names.get(each.closed_by, "")
            if each.closed_by
            else "",
            at_desk=each.device_id is None,
            totals=each.totals,
            note=each.note,
        )
        for each in closings
    ]
