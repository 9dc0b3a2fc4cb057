"""Tills and the devices that sell there."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from reciproca.tills.access import new_token, token_digest
from reciproca.tills.errors import (
    DeviceAlreadyRevoked,
    SalesHeld,
    TillDayOpen,
    TillNameMissing,
    TillNameTaken,
    TillUnknown,
)
from reciproca.tills.models import Device, HeldSale, Till, TillSale
from reciproca.tills.telling import tell_paired


@dataclass(frozen=True, slots=True)
class PairedDevice:
    """A device that was just paired; `token` is told to it now and to nobody again."""

    id: UUID
    token: str
    till_id: UUID
    till_name: str


def open_till(
    *, organisation_id: UUID, name: str, opened_by: UUID | None, opened_at: datetime
) -> Till:
    """Open a place to sell. Raises: TillNameMissing, TillNameTaken."""
    try:
        with transaction.atomic():
            return Till.objects.create(
                organisation_id=organisation_id,
                name=_name(name),
                opened_by=opened_by,
                opened_at=opened_at,
            )
    except IntegrityError as error:
        raise TillNameTaken from error


def rename_till(*, till_id: UUID, organisation_id: UUID, name: str) -> None:
    """Give a till another name. Raises: TillUnknown, TillNameMissing, TillNameTaken."""
    try:
        with transaction.atomic():
            open_tills = Till.objects.filter(
                pk=till_id, organisation=organisation_id, closed_at=None
            )
            if not open_tills.update(name=_name(name)):
                raise TillUnknown
    except IntegrityError as error:
        raise TillNameTaken from error


@transaction.atomic
def close_till(
    *, till_id: UUID, organisation_id: UUID, closed_by: UUID | None, closed_at: datetime
) -> None:
    """
    Sell at this till no more; its devices are revoked, its history stays.

    Raises: TillUnknown, TillDayOpen (its day must be closed first), SalesHeld.
    """
    till = locked_till(till_id=till_id, organisation_id=organisation_id)
    if HeldSale.objects.filter(till=till, settlement=None).exists():
        raise SalesHeld
    if TillSale.objects.filter(till=till, day_number=till.day_number).exists():
        raise TillDayOpen
    Till.objects.filter(pk=till.id).update(closed_at=closed_at, closed_by=closed_by)
    devices = Device.objects.filter(till=till, revoked_at=None)
    devices.update(revoked_at=closed_at, revoked_by=closed_by)


@transaction.atomic
def pair_device(
    *,
    till_id: UUID,
    organisation_id: UUID,
    name: str,
    paired_by: UUID | None,
    paired_at: datetime,
) -> PairedDevice:
    """Let a browser sell at a till, and tell the managers. Raises: TillUnknown."""
    till = Till.objects.filter(pk=till_id, organisation=organisation_id, closed_at=None).first()
    if till is None:
        raise TillUnknown
    token = new_token()
    device = Device.objects.create(
        till=till,
        digest=token_digest(token),
        name=" ".join(name.split())[:60] or till.name,
        paired_by=paired_by,
        paired_at=paired_at,
    )
    tell_paired(
        organisation_id=organisation_id, device=device.name, till=till.name, told_at=paired_at
    )
    return PairedDevice(device.id, token, till.id, till.name)


def revoke_device(
    *, device_id: UUID, organisation_id: UUID, revoked_by: UUID | None, revoked_at: datetime
) -> None:
    """
    Let a device sell no more, from this moment on. Raises: DeviceAlreadyRevoked.
    """
    devices = Device.objects.filter(
        pk=device_id, till__organisation=organisation_id, revoked_at=None
    )
    if not devices.update(revoked_at=revoked_at, revoked_by=revoked_by):
        raise DeviceAlreadyRevoked


def locked_till(*, till_id: UUID, organisation_id: UUID | None = None) -> Till:
    """
    Return an open till; its sales and its closing wait for each other until the transaction ends.

    Raises: TillUnknown.
    """
    tills = Till.objects.select_for_update(no_key=True).filter(pk=till_id, closed_at=None)
    if organisation_id is not None:
        tills = tills.filter(organisation=organisation_id)
    till = tills.first()
    if till is None:
        raise TillUnknown
    return till


def _name(name: str) -> str:
    bare = " ".join(name.split())[:60]
    if not bare:
        raise TillNameMissing
    return bare
