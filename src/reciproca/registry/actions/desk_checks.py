"""
What lets somebody spend for a person is worth nothing on one operator's word alone.

Either the person proves to be there (the card's PIN, a phone's code), or another one of the desk
confirms. Source: docs/decisions/0022-two-at-the-desk.md
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.actions.assisted import AtDesk, ask_another, assisting
from reciproca.registry.actions.card_proofs import prove_by_pin, show_card
from reciproca.registry.actions.cards import NoLiveCard, set_pin
from reciproca.registry.actions.changes import note_changes
from reciproca.registry.actions.people import give_email
from reciproca.registry.card_codes import check_pin_shape
from reciproca.registry.models import (
    AssistedAct,
    AssistedKind,
    CardPin,
    Community,
    DeskCheck,
    DeskDispute,
    Node,
    Person,
)
from reciproca.registry.queries.nodes import live_card_number
from reciproca.registry.telling import (
    DESK_CONFIRMED,
    DESK_DISPUTED,
    DESK_DISPUTED_SOMEWHERE,
    DESK_REFUSED,
    managers_of,
)
from reciproca.shared.errors import DomainError

PHONE_DIGITS = 21


class ProofOrPaperMissing(DomainError):
    code = "proof-or-paper-missing"
    message = _(
        "Serve il PIN di adesso o il codice del telefono; se la persona non li ha, scrivi il numero"
        " del modulo che ha firmato."
    )
    status = 422


class ProofOfAnother(DomainError):
    code = "proof-of-another"
    message = _("Questo codice è della carta di un’altra persona.")
    status = 422


class CheckedAlready(DomainError):
    code = "checked-already"
    message = _("Qualcuno ha già risposto, o la persona ha scelto un altro PIN: non serve più.")


class NotByYourself(DomainError):
    code = "not-by-yourself"
    message = _("L’hai chiesto tu: lo conferma un’altra persona della cooperativa.")


class DisputedAlready(DomainError):
    code = "disputed-already"
    message = _("L’hai già segnalato: la cooperativa e la federazione lo sanno.")


def prove_present(*, person_id: UUID, proof: str, desk: AtDesk) -> UUID:
    """
    Show somebody's card at the desk, proved by its PIN or their phone's code; return the showing.

    Call it outside of a transaction: a wrong try stays counted.

    Raises: NoLiveCard, ProofOfAnother, and what `show_card` and `prove_by_pin` raise.
    """
    digits = "".join(proof.split())
    number = live_card_number(person_id=person_id)
    if not number:
        raise NoLiveCard
    by_phone = len(digits) == PHONE_DIGITS
    if by_phone and not digits.startswith(number):
        raise ProofOfAnother
    shown = show_card(
        text=digits if by_phone else number, seller_id=desk.organisation_id, shown_at=desk.at
    )
    if not by_phone:
        prove_by_pin(
            shown_id=shown.id, seller_id=desk.organisation_id, pin=digits, asked_at=desk.at
        )
    return shown.id


def set_pin_at_desk(*, person_id: UUID, pin: str, proof: str, paper: str, desk: AtDesk) -> bool:
    """
    Let somebody choose a PIN at the desk; return whether it is worth something at once.

    It is on a `proof` that they are there, else another one of the desk must confirm it.

    Raises: ProofOrPaperMissing, NotOneOfOurs, and what `prove_present` and `set_pin` raise.
    """
    check_pin_shape(pin)
    if proof:
        prove_present(person_id=person_id, proof=proof, desk=desk)
    elif not paper:
        raise ProofOrPaperMissing
    with assisting(person_id=person_id, what=AssistedKind.PIN, desk=desk) as act:
        set_pin(
            person_id=person_id,
            pin=pin,
            set_by=desk.user_id,
            set_at=desk.at,
            tells=False,
            check_id=None if proof else ask_another(act, paper, desk),
        )
    return bool(proof)


def give_email_at_desk(*, person_id: UUID, email: str, desk: AtDesk) -> None:
    """
    Note a member's first e-mail address; nobody comes in with it before another one confirms it.

    Raises: NotOneOfOurs, and what `give_email` raises.
    """
    assert desk.user_id is not None
    with assisting(person_id=person_id, what=AssistedKind.EMAIL, desk=desk) as act:
        give_email(person_id=person_id, email=email, changed_by=desk.user_id, changed_at=desk.at)
        ask_another(act, "", desk)


@transaction.atomic
def decide_desk_check(*, check_id: UUID, confirmed: bool, desk: AtDesk) -> None:
    """
    Confirm what another one of the same desk did without proof, or take it back.

    Raises: DeskCheck.DoesNotExist (another desk's too), CheckedAlready, NotByYourself.
    """
    checks = DeskCheck.objects.select_for_update(of=("self",)).select_related("act")
    check = checks.get(pk=check_id, organisation=desk.organisation_id)
    if check.asked_by_id == desk.operator_id:
        raise NotByYourself
    is_pin = check.act.what == AssistedKind.PIN
    if check.confirmed is not None or (is_pin and not check.pins.exists()):
        raise CheckedAlready
    _decide(check, confirmed, desk.operator_id, desk.user_id, desk.at)
    _tell_holder(check.act, DESK_CONFIRMED if confirmed else DESK_REFUSED, desk)


@transaction.atomic
def dispute_act(*, act_id: int, person_id: UUID, disputed_at: datetime) -> None:
    """
    Note that somebody never asked for what a desk did for them: their card's PIN is worth nothing
    from now on, and who manages the cooperative and the federation are told.

    Raises: AssistedAct.DoesNotExist (another's too), DisputedAlready.
    """
    acts = AssistedAct.objects.select_related("organisation", "operator", "person")
    act = acts.get(pk=act_id, person=person_id)
    _dispute, is_new = DeskDispute.objects.get_or_create(act=act, defaults={"at": disputed_at})
    if not is_new:
        raise DisputedAlready
    CardPin.objects.filter(card__person=person_id).delete()
    managers = set(managers_of(node_id=act.organisation_id, at=disputed_at)) - {act.operator_id}
    tell(
        recipients=sorted(managers),
        kind=DESK_DISPUTED,
        told_at=disputed_at,
        params={"person": act.person.name, "operator": act.operator.name},
    )
    # The federation hears of the desk, and not of whom.
    federation = Community.objects.get().federation_id
    tell(
        recipients=sorted(managers_of(node_id=federation, at=disputed_at)),
        kind=DESK_DISPUTED_SOMEWHERE,
        told_at=disputed_at,
        params={"organisation": act.organisation.name, "operator": act.operator.name},
    )


def _decide(
    check: DeskCheck, confirmed: bool, by: UUID, user_id: UUID | None, at: datetime
) -> None:
    check.confirmed, check.decided_by_id, check.decided_at = confirmed, by, at
    check.save(update_fields=["confirmed", "decided_by", "decided_at"])
    if confirmed:
        return
    check.pins.all().delete()
    if check.act.what == AssistedKind.EMAIL:
        person = check.act.person_id
        Person.objects.filter(node=person, node__user=None).update(email="")
        note_changes(node_id=person, changes={"email": ("", "")}, changed_by=user_id, changed_at=at)


def _tell_holder(act: AssistedAct, kinds: dict[str, str], desk: AtDesk) -> None:
    names = Node.objects.in_bulk([desk.organisation_id, desk.operator_id])
    tell(
        recipients=[act.person_id],
        kind=kinds[act.what],
        told_at=desk.at,
        params={
            "organisation": names[desk.organisation_id].name,
            "operator": names[desk.operator_id].name,
        },
        url=reverse("web:profile"),
    )
