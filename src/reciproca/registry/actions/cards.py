"""Cards: one live number per person, which nobody can guess from another."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.models import Card
from reciproca.registry.telling import CARD_REPLACED
from reciproca.shared.errors import DomainError
from reciproca.shared.identifiers import card_number

BODIES = 10**10


class CardAlreadyLive(DomainError):
    code = "card-already-live"
    message = _("Questa persona ha già una carta valida: bloccala prima di darne un’altra.")


class NoLiveCard(DomainError):
    code = "no-live-card"
    message = _("Non c’è una carta valida da bloccare.")


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
    """Block a person's live card, for good. Raises: NoLiveCard."""
    live = Card.objects.filter(person_id=person_id, blocked_at=None)
    if not live.update(blocked_at=blocked_at, blocked_by=blocked_by):
        raise NoLiveCard


@transaction.atomic
def replace_card(*, person_id: UUID, replaced_by: UUID, replaced_at: datetime) -> None:
    """Block a person's card, if there is a live one, and give them a new one."""
    live = Card.objects.filter(person_id=person_id, blocked_at=None)
    live.update(blocked_at=replaced_at, blocked_by=replaced_by)
    issue_cards(people=[person_id], issued_by=replaced_by, issued_at=replaced_at)
    tell(
        recipients=[person_id], kind=CARD_REPLACED, told_at=replaced_at, url=reverse("web:profile")
    )


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
