"""
Showing a card at a till, and proving that its holder stands there: a phone's code, or the PIN.

Every refusal is kept where the holder reads it. What is counted or kept of a refusal is committed
before it is raised: call these outside of the sale's own transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry import card_codes
from reciproca.registry.card_codes import MOST_WRONG_PINS, PhoneCodeOld, PhoneCodeUsed
from reciproca.registry.models import Card, CardPin, CardRefusal, CardShown, Node, PhoneKey
from reciproca.registry.telling import CARD_REFUSED
from reciproca.shared.errors import DomainError

MOST_UNKNOWN_NUMBERS = 30
GUESSES_FORGOTTEN_AFTER = timedelta(minutes=10)
SHOWN_FOR = timedelta(minutes=20)
"""How long after a card was shown its sale may follow: a full trolley takes its time."""


class CardUnknown(DomainError):
    code = "card-unknown"
    message = _("Non troviamo questa carta. Controlla il numero, o cerca la persona per nome.")
    status = 404


class CardIsBlocked(DomainError):
    code = "card-blocked"
    message = _("Questa carta è stata bloccata. Chiedi al socio un documento o la nuova carta.")


class TooManyUnknown(DomainError):
    code = "too-many-unknown"
    message = _("Troppi numeri sconosciuti di seguito. Aspetta dieci minuti, poi riprova.")
    status = 429


class PinMissing(DomainError):
    code = "pin-missing"
    message = _(
        "Su questa carta non c’è un PIN. Il socio lo sceglie dal telefono, o qui allo sportello."
    )


class PinWrong(DomainError):
    code = "pin-wrong"
    message = _("Il PIN non è giusto. Tentativi rimasti: %(left)s.")


class PinWaiting(DomainError):
    code = "pin-waiting"
    message = _(
        "Questo PIN è stato scelto allo sportello e aspetta che una seconda persona della"
        " cooperativa lo confermi. Intanto la carta raccoglie il ritorno."
    )


class PinLocked(DomainError):
    code = "pin-locked"
    message = _("Troppi PIN sbagliati: il socio ne deve scegliere uno nuovo.")


class ShownTooLongAgo(DomainError):
    code = "shown-too-long-ago"
    message = _("La carta è stata mostrata troppo tempo fa, o è già servita: leggila di nuovo.")


class SpendingNotProved(DomainError):
    code = "spending-not-proved"
    message = _("Per usare il ritorno serve il codice del telefono, oppure la carta con il PIN.")


TOLD = (CardIsBlocked, PhoneCodeUsed, PinLocked)
"""What may mean that somebody else has the card; a mistyped PIN is only on the card's own page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as a till sees it: whose it is, and whether the holder's credit may be spent."""

    id: UUID
    person_id: UUID
    name: str
    number: str
    may_spend: bool
    has_pin: bool


class Holder(NamedTuple):
    """Whose a card is that was shown, and whether their credit may be spent with it."""

    person_id: UUID
    may_spend: bool


def show_card(*, text: str, seller_id: UUID, shown_at: datetime) -> Shown:
    """
    Take a card as a till read it or somebody typed it; a phone's code is used up by it.

    Raises: IdentifierRefused, CardUnknown, TooManyUnknown, CardIsBlocked, PhoneCodeOld,
    PhoneCodeUsed. Source: docs/rules/card-codes.md
    """
    cards = Card.objects.select_related("person", "pin")
    card, may_spend = _taken(cards, text, seller_id, shown_at)
    shown = CardShown.objects.create(
        card=card, seller_id=seller_id, may_spend=may_spend, shown_at=shown_at
    )
    return Shown(
        id=shown.id,
        person_id=card.person_id,
        name=card.person.name,
        number=card.number,
        may_spend=shown.may_spend,
        has_pin=hasattr(card, "pin"),
    )


def take_card(*, text: str, pin: str, seller_id: UUID, taken_at: datetime) -> Holder:
    """
    Take a card, and its PIN where one was typed, for a sale that follows at once: nothing is shown.

    Raises: what `show_card` and `prove_by_pin` raise. Source: docs/rules/card-codes.md
    """
    card, may_spend = _taken(Card.objects.all(), text, seller_id, taken_at)
    if pin and not may_spend:
        _try_pin(card, pin, seller_id, taken_at)
        may_spend = True
    return Holder(card.person_id, may_spend)


def prove_by_pin(*, shown_id: UUID, seller_id: UUID, pin: str, asked_at: datetime) -> None:
    """
    Let the holder of a card that was shown spend credit, by its PIN.

    A try is counted before it is looked at, so that fifty at once are fifty tries.

    Raises: ShownTooLongAgo, PinWaiting, PinMissing, PinWrong, PinLocked.
    Source: docs/rules/card-codes.md
    """
    _try_pin(_fresh(shown_id, seller_id, asked_at).card, pin, seller_id, asked_at)
    CardShown.objects.filter(pk=shown_id).update(may_spend=True)


def shown_holder(*, shown_id: UUID, seller_id: UUID, asked_at: datetime) -> Holder:
    """
    Return whose card was shown and whether it may spend, without using it.

    Raises: ShownTooLongAgo.
    """
    shown = _fresh(shown_id, seller_id, asked_at)
    return Holder(shown.card.person_id, shown.may_spend)


def use_shown(*, shown_id: UUID, seller_id: UUID, spends: bool, used_at: datetime) -> UUID:
    """
    Use a card that was shown, for the one sale that this transaction records; return its holder.

    Two sales with one showing wait for each other here, and the second is refused.

    Raises: ShownTooLongAgo, SpendingNotProved, CardIsBlocked (meanwhile).
    """
    shown = _fresh(shown_id, seller_id, used_at)
    if shown.card.blocked_at is not None:
        raise CardIsBlocked
    if spends and not shown.may_spend:
        raise SpendingNotProved
    if not CardShown.objects.filter(pk=shown_id, used_at=None).update(used_at=used_at):
        raise ShownTooLongAgo
    return shown.card.person_id


def note_blocked(*, numbers: Collection[str], seller_id: UUID, noted_at: datetime) -> None:
    """Keep that blocked cards were shown where nobody could know it, and tell their holders."""
    cards = Card.objects.filter(number__in=set(numbers), blocked_at__isnull=False)
    for card in cards.order_by("number"):
        _refused(CardIsBlocked(), card, seller_id, noted_at)


def _taken(cards: QuerySet[Card], text: str, seller_id: UUID, at: datetime) -> tuple[Card, bool]:
    """Return the card that was read, and whether a phone's code lets its holder spend."""
    read = card_codes.read_text(text)
    card = cards.filter(number=read.number).first()
    if card is None:
        _refuse_guess(seller_id, at)
        raise CardUnknown
    if card.blocked_at is not None:
        raise _refused(CardIsBlocked(), card, seller_id, at)
    if read.code:
        _use_code(card, read.code, seller_id, at)
    return card, bool(read.code)


def _try_pin(card: Card, pin: str, seller_id: UUID, at: datetime) -> None:
    known = CardPin.objects.filter(card=card)
    if known.exclude(check_asked=None).exclude(check_asked__confirmed=True).exists():
        raise _refused(PinWaiting(), card, seller_id, at)
    if not known.filter(wrong_tries__lt=MOST_WRONG_PINS).update(wrong_tries=F("wrong_tries") + 1):
        raise _refused(PinLocked() if known.exists() else PinMissing(), card, seller_id, at)
    kept = known.get()
    if not card_codes.pin_is_right(pin=pin, salt=bytes(kept.salt), digest=bytes(kept.digest)):
        left = MOST_WRONG_PINS - kept.wrong_tries
        raise _refused(PinWrong(left=left) if left > 0 else PinLocked(), card, seller_id, at)
    known.update(wrong_tries=0)


def _fresh(shown_id: UUID, seller_id: UUID, at: datetime) -> CardShown:
    found = CardShown.objects.select_related("card").filter(
        pk=shown_id, seller=seller_id, used_at=None, shown_at__gt=at - SHOWN_FOR
    )
    shown = found.first()
    if shown is None:
        raise ShownTooLongAgo
    return shown


def _use_code(card: Card, code: str, seller_id: UUID, at: datetime) -> None:
    for phone in PhoneKey.objects.filter(card=card, revoked_at=None).order_by("id"):
        step = card_codes.step_of(code=code, secret=bytes(phone.secret), now=at)
        if step is None:
            continue
        unused = PhoneKey.objects.filter(pk=phone.pk, last_step__lt=step, revoked_at=None)
        if not unused.update(last_step=step):
            raise _refused(PhoneCodeUsed(), card, seller_id, at)
        return
    raise _refused(PhoneCodeOld(), card, seller_id, at)


def _refuse_guess(seller_id: UUID, at: datetime) -> None:
    since = at - GUESSES_FORGOTTEN_AFTER
    guesses = CardRefusal.objects.filter(card=None, seller=seller_id, refused_at__gt=since)
    if guesses.count() >= MOST_UNKNOWN_NUMBERS:
        raise TooManyUnknown
    CardRefusal.objects.create(seller_id=seller_id, code=CardUnknown.code, refused_at=at)


def _refused(refusal: DomainError, card: Card, seller_id: UUID, at: datetime) -> DomainError:
    with transaction.atomic():
        CardRefusal.objects.create(card=card, seller_id=seller_id, code=refusal.code, refused_at=at)
        if isinstance(refusal, TOLD):
            tell(
                recipients=[card.person_id],
                kind=CARD_REFUSED,
                told_at=at,
                params={"seller": Node.objects.get(pk=seller_id).name},
                url=reverse("web:card"),
            )
    return refusal
