"""What proves at a till that a card's holder stands there: the phone's code, or the PIN."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.makers import NOON, Cast, make_cast

from reciproca.notices.queries import notices_of
from reciproca.registry import actions, card_codes
from reciproca.registry.actions.card_proofs import (
    MOST_UNKNOWN_NUMBERS,
    CardIsBlocked,
    CardUnknown,
    PinLocked,
    PinMissing,
    PinWrong,
    ShownTooLongAgo,
    SpendingNotProved,
    TooManyUnknown,
)
from reciproca.registry.actions.cards import NoLiveCard, PairedPhone, TooManyPhones
from reciproca.registry.card_codes import PhoneCodeOld, PhoneCodeUsed, PinUnfit, phone_code, step_at
from reciproca.registry.models import CardPin, CardRefusal
from reciproca.shared.identifiers import IdentifierRefused, card_number

pytestmark = pytest.mark.django_db

PIN = "40718"
HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def shown_on(phone: PairedPhone, at: datetime) -> str:
    """Return what the phone shows at a moment, by its own clock."""
    return phone.number + phone_code(secret=phone.secret, step=step_at(at))


def show(cast: Cast, text: str, *, at: datetime = NOON) -> actions.Shown:
    return actions.show_card(text=text, seller_id=cast.lievito_id, shown_at=at)


def prove(cast: Cast, shown: actions.Shown, pin: str, *, at: datetime = NOON) -> None:
    actions.prove_by_pin(shown_id=shown.id, seller_id=cast.lievito_id, pin=pin, asked_at=at)


def spend(cast: Cast, shown: actions.Shown, *, at: datetime = NOON) -> None:
    actions.use_shown(shown_id=shown.id, seller_id=cast.lievito_id, spends=True, used_at=at)


def told(cast: Cast, word: str) -> bool:
    """Tell whether Bruno has a notice with this word."""
    return any(word in notice.sentence for notice in notices_of(person_id=cast.bruno.id))


# --- the codes themselves ---


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, the rows of SHA-256.
    secret = b"12345678901234567890123456789012"
    told = {59: "46119246", 1111111109: "68084774", 1234567890: "91819424", 20000000000: "77737706"}

    for seconds, code in told.items():
        moment = datetime.fromtimestamp(seconds, UTC)
        assert phone_code(secret=secret, step=step_at(moment)) == code


def test_what_was_read_is_a_number_or_a_number_and_a_code() -> None:
    number = card_number(482_193_700)

    assert card_codes.read_text(f"{number[:1]} {number[1:7]} {number[7:]}") == (number, "")
    assert card_codes.read_text(number + "46119246") == (number, "46119246")
    for nonsense in ("", "abc", number[:-1], number + "4611924", "٤" * 21, number + "x" * 8):
        with pytest.raises(IdentifierRefused):
            card_codes.read_text(nonsense)


@pytest.mark.parametrize(
    "pin", ["", "1234", "123456", "11111", "12345", "98765", "4071a", "４０７１８"]
)
def test_a_pin_that_everybody_would_try_is_refused(cast: Cast, pin: str) -> None:
    with pytest.raises(PinUnfit):
        actions.set_pin(person_id=cast.bruno.id, pin=pin, set_by=None, set_at=NOON)


# --- at the till ---


def test_a_printed_card_earns_and_does_not_spend(cast: Cast) -> None:
    shown = show(cast, cast.bruno.card)

    assert (shown.person_id, shown.may_spend) == (cast.bruno.id, False)
    with pytest.raises(SpendingNotProved):
        spend(cast, shown)
    used = actions.use_shown(
        shown_id=shown.id, seller_id=cast.lievito_id, spends=False, used_at=NOON
    )
    assert used == cast.bruno.id


def test_the_phones_code_lets_its_holder_spend_once(cast: Cast) -> None:
    phone = actions.pair_phone(person_id=cast.bruno.id, name="Telefono", paired_at=NOON)
    shown = show(cast, shown_on(phone, NOON))

    spend(cast, shown)

    with pytest.raises(ShownTooLongAgo):
        spend(cast, shown)


def test_a_code_photographed_and_shown_again_is_refused_and_its_holder_told(cast: Cast) -> None:
    phone = actions.pair_phone(person_id=cast.bruno.id, name="Telefono", paired_at=NOON)
    photographed = shown_on(phone, NOON)
    show(cast, photographed)

    with pytest.raises(PhoneCodeUsed):
        actions.show_card(text=photographed, seller_id=cast.roncolago_id, shown_at=NOON)

    assert told(cast, "Roncolago")
    assert show(cast, shown_on(phone, NOON + HALF_A_MINUTE), at=NOON + HALF_A_MINUTE).may_spend


def test_an_old_code_is_refused_and_a_clock_may_differ_by_a_minute(cast: Cast) -> None:
    phone = actions.pair_phone(person_id=cast.bruno.id, name="Telefono", paired_at=NOON)

    with pytest.raises(PhoneCodeOld):
        show(cast, shown_on(phone, NOON - 3 * HALF_A_MINUTE))
    with pytest.raises(PhoneCodeOld):
        show(cast, shown_on(phone, NOON + 3 * HALF_A_MINUTE))
    assert show(cast, shown_on(phone, NOON - 2 * HALF_A_MINUTE)).may_spend
    assert show(cast, shown_on(phone, NOON + 2 * HALF_A_MINUTE)).may_spend


def test_once_a_code_served_an_earlier_one_is_worth_nothing(cast: Cast) -> None:
    phone = actions.pair_phone(person_id=cast.bruno.id, name="Telefono", paired_at=NOON)
    show(cast, shown_on(phone, NOON))

    with pytest.raises(PhoneCodeUsed):
        show(cast, shown_on(phone, NOON - HALF_A_MINUTE))


def test_a_forgotten_phone_and_one_of_a_blocked_card_show_nothing(cast: Cast) -> None:
    first, second = (
        actions.pair_phone(person_id=cast.bruno.id, name=name, paired_at=NOON) for name in "ab"
    )
    actions.forget_phone(person_id=cast.ada.id, phone_id=second.id, forgotten_at=NOON)
    actions.forget_phone(person_id=cast.bruno.id, phone_id=first.id, forgotten_at=NOON)
    with pytest.raises(PhoneCodeOld):
        show(cast, shown_on(first, NOON))
    assert show(cast, shown_on(second, NOON)).may_spend

    actions.block_card(person_id=cast.bruno.id, blocked_by=cast.ada.user.pk, blocked_at=NOON)

    with pytest.raises(CardIsBlocked):
        show(cast, shown_on(second, NOON + HALF_A_MINUTE), at=NOON + HALF_A_MINUTE)
    with pytest.raises(NoLiveCard):
        actions.pair_phone(person_id=cast.bruno.id, name="c", paired_at=NOON)


def test_a_card_is_on_five_phones_at_most(cast: Cast) -> None:
    for name in "abcde":
        actions.pair_phone(person_id=cast.bruno.id, name=name, paired_at=NOON)

    with pytest.raises(TooManyPhones):
        actions.pair_phone(person_id=cast.bruno.id, name="f", paired_at=NOON)


def test_a_pin_lets_the_printed_card_spend_and_another_persons_does_not(cast: Cast) -> None:
    actions.set_pin(person_id=cast.bruno.id, pin=PIN, set_by=None, set_at=NOON)
    actions.set_pin(person_id=cast.ada.id, pin="73902", set_by=None, set_at=NOON)
    shown = show(cast, cast.bruno.card)

    with pytest.raises(PinWrong) as refused:
        prove(cast, shown, "73902")
    assert refused.value.params == {"left": 4}
    prove(cast, shown, PIN)

    spend(cast, shown)
    assert CardPin.objects.get(card=cast.bruno.card).wrong_tries == 0


def test_a_pin_cannot_be_guessed(cast: Cast) -> None:
    actions.set_pin(person_id=cast.bruno.id, pin=PIN, set_by=None, set_at=NOON)
    shown = show(cast, cast.bruno.card)
    for guess in range(4):
        with pytest.raises(PinWrong):
            prove(cast, shown, f"4071{guess}")
    with pytest.raises(PinLocked):
        prove(cast, shown, "40710")

    with pytest.raises(PinLocked):
        prove(cast, shown, PIN)
    assert told(cast, "Lievito")

    actions.set_pin(person_id=cast.bruno.id, pin="58213", set_by=None, set_at=NOON)
    prove(cast, shown, "58213")


def test_a_card_without_a_pin_says_so(cast: Cast) -> None:
    with pytest.raises(PinMissing):
        prove(cast, show(cast, cast.bruno.card), PIN)


def test_nothing_of_a_pin_is_kept_but_a_keyed_digest(cast: Cast) -> None:
    actions.set_pin(person_id=cast.bruno.id, pin=PIN, set_by=None, set_at=NOON)

    kept = CardPin.objects.get(card=cast.bruno.card)
    assert PIN.encode() not in bytes(kept.digest) + bytes(kept.salt)
    assert not card_codes.pin_is_right(
        pin="40719", salt=bytes(kept.salt), digest=bytes(kept.digest)
    )


def test_what_was_shown_is_for_this_till_and_for_twenty_minutes(cast: Cast) -> None:
    shown = show(cast, cast.bruno.card)

    for seller, at in (
        (cast.roncolago_id, NOON),
        (cast.lievito_id, NOON + timedelta(minutes=21)),
    ):
        with pytest.raises(ShownTooLongAgo):
            actions.use_shown(shown_id=shown.id, seller_id=seller, spends=False, used_at=at)


def test_numbers_cannot_be_guessed(cast: Cast) -> None:
    for body in range(MOST_UNKNOWN_NUMBERS):
        with pytest.raises(CardUnknown):
            show(cast, card_number(body))

    with pytest.raises(TooManyUnknown):
        show(cast, card_number(MOST_UNKNOWN_NUMBERS))
    assert show(cast, cast.bruno.card).person_id == cast.bruno.id
    later = NOON + timedelta(minutes=11)
    with pytest.raises(CardUnknown):
        show(cast, card_number(MOST_UNKNOWN_NUMBERS), at=later)


def test_a_refusal_is_kept_for_good(cast: Cast) -> None:
    actions.block_card(person_id=cast.bruno.id, blocked_by=cast.ada.user.pk, blocked_at=NOON)
    with pytest.raises(CardIsBlocked):
        show(cast, cast.bruno.card)

    kept = CardRefusal.objects.get(card=cast.bruno.card)
    assert (kept.code, kept.seller_id) == ("card-blocked", cast.lievito_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()
