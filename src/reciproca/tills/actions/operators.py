"""The codes with which operators unlock a device."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from reciproca.registry import queries as registry
from reciproca.registry.card_codes import (
    MOST_WRONG_PINS,
    PinUnfit,
    check_pin_shape,
    new_salt,
    pin_digest,
    pin_is_right,
)
from reciproca.tills.access import UNLOCKED_FOR, DeviceHere, operator_token
from reciproca.tills.errors import CodeLocked, CodeMissing, CodeUnfit, CodeWrong, OperatorNotHere
from reciproca.tills.models import OperatorCode
from reciproca.tills.telling import tell_code_set, tell_locked


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Who may work at a device until when; `token` says so with every request."""

    token: str
    expires_at: datetime
    name: str


@transaction.atomic
def set_code(
    *, person_id: UUID, organisation_id: UUID, code: str, set_by: UUID | None, set_at: datetime
) -> None:
    """
    Give an operator a code in place of the one they had, and tell them.

    Every device that they unlocked with the old one is locked. Raises: CodeUnfit, OperatorNotHere.
    """
    try:
        check_pin_shape(code)
    except PinUnfit as unfit:
        raise CodeUnfit from unfit
    held = registry.operator_of(
        organisation_id=organisation_id, person_id=person_id, on=localdate(set_at)
    )
    if held is None:
        raise OperatorNotHere
    salt = new_salt()
    OperatorCode.objects.update_or_create(
        person_id=person_id,
        organisation_id=organisation_id,
        defaults={
            "salt": salt,
            "digest": pin_digest(pin=code, salt=salt),
            "wrong_tries": 0,
            "set_by": set_by,
            "set_at": set_at,
        },
    )
    tell_code_set(person_id=person_id, told_at=set_at)


def unlock(*, device: DeviceHere, person_id: UUID, code: str, asked_at: datetime) -> Unlocked:
    """
    Let an operator work at a device.

    A try is counted before it is looked at, and stays counted: call this outside of a transaction.

    Raises: OperatorNotHere, CodeMissing, CodeWrong, CodeLocked.
    """
    operator = registry.operator_of(
        organisation_id=device.organisation_id, person_id=person_id, on=localdate(asked_at)
    )
    if operator is None:
        raise OperatorNotHere
    known = OperatorCode.objects.filter(organisation=device.organisation_id, person=person_id)
    if not known.filter(wrong_tries__lt=MOST_WRONG_PINS).update(wrong_tries=F("wrong_tries") + 1):
        raise CodeLocked if known.exists() else CodeMissing
    kept = known.get()
    if not pin_is_right(pin=code, salt=bytes(kept.salt), digest=bytes(kept.digest)):
        left = MOST_WRONG_PINS - kept.wrong_tries
        if left > 0:
            raise CodeWrong(left=left)
        tell_locked(
            organisation_id=device.organisation_id,
            person_id=person_id,
            person=operator.name,
            till=device.till_name,
            told_at=asked_at,
        )
        raise CodeLocked
    known.update(wrong_tries=0)
    token = operator_token(device=device, code=kept)
    return Unlocked(token, asked_at + UNLOCKED_FOR, operator.name)
