"""Who asks at a till: the device by its cookie, the person who stands there by a token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.utils.timezone import localdate

from reciproca.registry import queries as registry
from reciproca.tills.errors import DeviceUnknown, OperatorUnknown
from reciproca.tills.models import Device, OperatorCode

TOKEN_BYTES = 32
UNLOCKED_FOR = timedelta(hours=12)
SEEN_ANEW_AFTER = timedelta(minutes=5)
SALT = "reciproca.tills.operator"


@dataclass(frozen=True, slots=True)
class DeviceHere:
    """A paired device, the till it stands at, and whose that is."""

    id: UUID
    name: str
    till_id: UUID
    till_name: str
    day_number: int
    organisation_id: UUID
    organisation_name: str


@dataclass(frozen=True, slots=True)
class OperatorHere:
    """Who stands at a device; `user_id` is their login, if they have one."""

    person_id: UUID
    name: str
    user_id: UUID | None


def new_token() -> str:
    """Return what a device keeps: nobody can guess it."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """Return what is kept of it; it is random and long, so that SHA-256 without salt is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_of(*, token: str, seen_at: datetime) -> DeviceHere:
    """
    Return the device that a token is of, in one SQL query; now and then it is noted as seen.

    Raises: DeviceUnknown (never paired, revoked, its till closed).
    """
    device = (
        Device.objects.select_related("till__organisation")
        .filter(
            digest=token_digest(token),
            revoked_at=None,
            till__closed_at=None,
            till__organisation__closed_at=None,
        )
        .first()
    )
    if device is None:
        raise DeviceUnknown
    if device.last_seen_at is None or seen_at - device.last_seen_at > SEEN_ANEW_AFTER:
        Device.objects.filter(pk=device.id).update(last_seen_at=seen_at)
    till = device.till
    return DeviceHere(
        id=device.id,
        name=device.name,
        till_id=till.id,
        till_name=till.name,
        day_number=till.day_number,
        organisation_id=till.organisation_id,
        organisation_name=till.organisation.name,
    )


def operator_token(*, device: DeviceHere, code: OperatorCode) -> str:
    """Return what lets somebody work at this device for some hours, or until a new code."""
    told = {"device": str(device.id), "person": str(code.person_id), "code": _version(code.set_at)}
    return signing.dumps(told, salt=SALT)


def operator_of(*, token: str, device: DeviceHere, now: datetime) -> OperatorHere:
    """
    Return who unlocked this device, in two SQL queries.

    Raises: OperatorUnknown (too long ago, another device, a new code since, no mandate any more).
    """
    try:
        told = signing.loads(token, salt=SALT, max_age=UNLOCKED_FOR)
        person, version = UUID(told["person"]), told["code"]
    except (signing.BadSignature, KeyError, TypeError, ValueError) as bad:
        raise OperatorUnknown from bad
    codes = OperatorCode.objects.filter(organisation=device.organisation_id, person=person)
    set_at = codes.values_list("set_at", flat=True).first()
    if told.get("device") != str(device.id) or set_at is None or _version(set_at) != version:
        raise OperatorUnknown
    found = registry.operator_of(
        organisation_id=device.organisation_id, person_id=person, on=localdate(now)
    )
    if found is None:
        raise OperatorUnknown
    return OperatorHere(found.person_id, found.name, found.user_id)


def _version(set_at: datetime) -> str:
    return str(set_at.timestamp())
