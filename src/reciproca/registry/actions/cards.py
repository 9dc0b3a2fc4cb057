"""Cards: one live number per person, which nobody can guess from another."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.card_codes import SECRET_BYTES, check_pin_shape, new_salt, pin_digest
from reciproca.registry.models import Card, CardPin, PhoneKey
from reciproca.registry.telling import CARD_REPLACED, PHONE_PAIRED, PIN_SET
from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import card_number

BODIES = 10**10
MOST_PHONES = 5
LONGEST_NAME = 100


class CardAlreadyLive(DomainError):
    code = "card-already-live"
    message = _("Questa persona ha già una carta valida: bloccala prima di darne un’altra.")


class NoLiveCard(DomainError):
    code = "no-live-card"
    message = _("Questa persona non ha una carta valida.")


class TooManyPhones(DomainError):
    code = "too-many-phones"
    message = _("La tua carta è già su %(most)s telefoni: scollegane uno dalla sua pagina.")


@transaction.atomic
def issue_cards(*, people: Sequence[UUID], issued_by: UUID | None, issued_at: datetime) -> None:
    """
    Give each of these people a card; nobody of them may have a live one.

    Numbers are drawn at random, so a few of a great many may be taken already: those who missed
    draw again, and the database decides, whoever else is drawing at the same moment.

    Raises: CardAlreadyLive.
    """
    waiting = list(people)
    try:
        with transaction.atomic():
            while waiting:
                served = _issue_new_numbers(waiting, issued_by, issued_at)
                waiting = [person for person in waiting if person not in served]
    except IntegrityError as mistake:
        raise CardAlreadyLive from mistake


@transaction.atomic
def block_card(*, person_id: UUID, blocked_by: UUID, blocked_at: datetime) -> None:
    """
    Block a person's live card, its PIN and its phones, for good, at every till. Raises: NoLiveCard.
    """
    if not _block(person_id, blocked_by, blocked_at):
        raise NoLiveCard


@transaction.atomic
def replace_card(
    *, person_id: UUID, replaced_by: UUID, replaced_at: datetime, tells: bool = True
) -> None:
    """
    Block a person's card, if there is a live one, and give them a new one.

    Without `tells` the caller tells them, with more to say.
    """
    _block(person_id, replaced_by, replaced_at)
    issue_cards(people=[person_id], issued_by=replaced_by, issued_at=replaced_at)
    if tells:
        page = reverse("web:card")
        tell(recipients=[person_id], kind=CARD_REPLACED, told_at=replaced_at, url=page)


@transaction.atomic
def set_pin(
    *,
    person_id: UUID,
    pin: str,
    set_by: UUID | None,
    set_at: datetime,
    tells: bool = True,
    check_id: UUID | None = None,
) -> None:
    """
    Give a person's card a PIN, in place of the one it had; whoever may set it knows its holder.

    Without `tells` the caller tells them, with more to say. With `check_id` it is worth nothing
    until that check is confirmed.

    Raises: PinUnfit, NoLiveCard.
    """
    check_pin_shape(pin)
    salt = new_salt()
    CardPin.objects.update_or_create(
        card=_live_card(person_id),
        defaults={
            "salt": salt,
            "digest": pin_digest(pin=pin, salt=salt),
            "wrong_tries": 0,
            "check_asked_id": check_id,
            "set_by": set_by,
            "set_at": set_at,
        },
    )
    if tells:
        tell(recipients=[person_id], kind=PIN_SET, told_at=set_at, url=reverse("web:card"))


@dataclass(frozen=True, slots=True)
class PairedPhone:
    """A phone that can show a card's codes; `secret` is told to that phone once, to nobody else."""

    id: UUID
    number: str
    secret: bytes


@transaction.atomic
def pair_phone(*, person_id: UUID, name: str, paired_at: datetime) -> PairedPhone:
    """
    Let one more phone show the codes of a person's card. Raises: NoLiveCard, TooManyPhones.
    """
    card = _live_card(person_id)
    if PhoneKey.objects.filter(card=card, revoked_at=None).count() >= MOST_PHONES:
        raise TooManyPhones(most=MOST_PHONES)
    secret = secrets.token_bytes(SECRET_BYTES)
    phone = PhoneKey.objects.create(
        card=card, secret=secret, name=name.strip()[:LONGEST_NAME], paired_at=paired_at
    )
    tell(recipients=[person_id], kind=PHONE_PAIRED, told_at=paired_at, url=reverse("web:card"))
    return PairedPhone(phone.id, card.number, secret)


def forget_phone(*, person_id: UUID, phone_id: UUID, forgotten_at: datetime) -> None:
    """Make a phone's codes worth nothing; one that is forgotten already stays so."""
    phones = PhoneKey.objects.filter(pk=phone_id, card__person=person_id, revoked_at=None)
    phones.update(revoked_at=forgotten_at)


def _live_card(person_id: UUID) -> Card:
    """Return a person's live card, locked until the transaction ends. Raises: NoLiveCard."""
    live = Card.objects.select_for_update().filter(person_id=person_id, blocked_at=None)
    found = live.first()
    if found is None:
        raise NoLiveCard
    return found


def _block(person_id: UUID, blocked_by: UUID, blocked_at: datetime) -> bool:
    """Block the live card with all that proves who holds it; tell whether there was one."""
    live = Card.objects.filter(person_id=person_id, blocked_at=None)
    phones = PhoneKey.objects.filter(card__person=person_id, revoked_at=None)
    CardPin.objects.filter(card__person=person_id).delete()
    phones.update(revoked_at=blocked_at)
    return bool(live.update(blocked_at=blocked_at, blocked_by=blocked_by))


def _issue_new_numbers(
    people: list[UUID], issued_by: UUID | None, issued_at: datetime
) -> set[UUID]:
    """Try one number each, and return the people whose number was free."""
    numbers = [card_number(secrets.randbelow(BODIES)) for _person in people]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_card (number, person_id, issued_by, issued_at)"
            " SELECT number, person, %s::uuid, %s FROM unnest(%s::text[], %s::uuid[])"
            " AS drawn(number, person) ON CONFLICT (number) DO NOTHING RETURNING person_id",
            [issued_by, issued_at, numbers, people],
        )
        return {person for (person,) in cursor.fetchall()}
