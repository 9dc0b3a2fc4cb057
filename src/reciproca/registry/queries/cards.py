"""A person's card as its holder sees it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.timezone import localdate

from reciproca.registry.card_codes import MOST_WRONG_PINS
from reciproca.registry.models import Card, CardRefusal, CardShown, PhoneKey

LATEST_REFUSALS = 20


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """A phone that shows the card's codes."""

    id: UUID
    name: str
    paired_on: date


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A till that did not take the card; `code` says why."""

    seller: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CardPage:
    """A person's live card (`number` empty when it is blocked), and the numbers of earlier ones."""

    number: str
    has_pin: bool
    pin_is_locked: bool
    pin_waits: bool
    phones: list[PhoneRow]
    refusals: list[RefusalRow]
    earlier: list[str]


def card_page(*, person_id: UUID) -> CardPage:
    """Return a person's card with what happened to it lately, in three SQL queries."""
    cards = list(
        Card.objects.select_related("pin__check_asked")
        .filter(person_id=person_id)
        .order_by("-issued_at")
    )
    live = next((card for card in cards if card.blocked_at is None), None)
    pin = getattr(live, "pin", None)
    phones = PhoneKey.objects.filter(card=live, revoked_at=None).order_by("paired_at", "id")
    return CardPage(
        number=live.number if live else "",
        has_pin=pin is not None,
        pin_is_locked=pin is not None and pin.wrong_tries >= MOST_WRONG_PINS,
        pin_waits=pin is not None and pin.check_asked is not None and not pin.check_asked.confirmed,
        phones=[PhoneRow(each.id, each.name, localdate(each.paired_at)) for each in phones],
        refusals=_refusals([card.number for card in cards]),
        earlier=[card.number for card in cards if card.blocked_at is not None],
    )


def holder_shown(*, shown_id: UUID) -> UUID | None:
    """Return whose card was shown, None if there was no such showing, in one SQL query."""
    return CardShown.objects.filter(pk=shown_id).values_list("card__person", flat=True).first()


def _refusals(numbers: list[str]) -> list[RefusalRow]:
    rows = CardRefusal.objects.filter(card__in=numbers).order_by("-refused_at", "-id")
    told = rows.values_list("seller__name", "code", "refused_at")[:LATEST_REFUSALS]
    return [RefusalRow(seller, code, at) for seller, code, at in told]
