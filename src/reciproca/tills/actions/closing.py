"""The end of a till's day. Source: docs/rules/till.md"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from reciproca.shared.money import format_euro
from reciproca.tills import queries
from reciproca.tills.access import DeviceHere, OperatorHere
from reciproca.tills.actions.places import locked_till
from reciproca.tills.errors import ClosingDiffers, NoteMissing, SalesWaiting
from reciproca.tills.models import Closing, Till
from reciproca.tills.rules import DayTotals


@transaction.atomic
def close_day(
    *,
    device: DeviceHere,
    operator: OperatorHere,
    key: str,
    waiting: int,
    counted: DayTotals,
    note: str,
    closed_at: datetime,
) -> Closing:
    """
    Close a till's day from a device, which says what it sold itself since the last closing.

    `waiting` are its sales that are not sent yet. The closing covers the whole till; sales that
    arrive while it is made belong to the next day. The same key again returns the first closing.

    Raises: SalesWaiting, ClosingDiffers (which names both sums). Source: docs/rules/till.md
    """
    till = locked_till(till_id=device.till_id)
    if earlier := Closing.objects.filter(till=till, key=key).first():
        return earlier
    if waiting:
        raise SalesWaiting(waiting=waiting)
    ours = queries.totals_of(till_id=till.id, day_number=till.day_number, device_id=device.id)
    if ours != counted:
        raise ClosingDiffers(
            device=_told(counted),
            system=_told(ours),
            yours=counted._asdict(),
            ours=ours._asdict(),
        )
    return _close(
        till,
        key,
        note,
        closed_at,
        device_id=device.id,
        operator_id=operator.person_id,
        closed_by=operator.user_id,
    )


@transaction.atomic
def close_day_at_desk(
    *,
    till_id: UUID,
    organisation_id: UUID,
    key: str,
    note: str,
    closed_by: UUID | None,
    closed_at: datetime,
) -> Closing:
    """
    Close a till's day without its device: lost, broken, or left by who went home.

    Raises: TillUnknown, NoteMissing.
    """
    till = locked_till(till_id=till_id, organisation_id=organisation_id)
    if earlier := Closing.objects.filter(till=till, key=key).first():
        return earlier
    if not note.strip():
        raise NoteMissing
    return _close(till, key, note, closed_at, closed_by=closed_by)


def _close(
    till: Till,
    key: str,
    note: str,
    closed_at: datetime,
    *,
    closed_by: UUID | None,
    device_id: UUID | None = None,
    operator_id: UUID | None = None,
) -> Closing:
    closing = Closing.objects.create(
        till=till,
        number=till.day_number,
        key=key,
        device_id=device_id,
        operator_id=operator_id,
        closed_by=closed_by,
        closed_at=closed_at,
        note=note.strip()[:300],
        **queries.totals_of(till_id=till.id, day_number=till.day_number)._asdict(),
    )
    Till.objects.filter(pk=till.id).update(day_number=till.day_number + 1)
    return closing


def _told(day: DayTotals) -> str:
    """Return a day's sums in a line: how many sales, their amount, refunds, credit."""
    return (
        f"{day.sale_count} / {format_euro(day.sale_cents)},"
        f" −{day.refund_count} / {format_euro(day.refund_cents)},"
        f" {format_euro(day.credit_cents)}"
    )
