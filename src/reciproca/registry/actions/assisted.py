"""At a cooperative's desk: doing for somebody what they could do on a phone, written down."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.notices.actions import tell
from reciproca.registry.actions.memberships import apply_for_membership, lock_register
from reciproca.registry.actions.people import register_person
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import (
    LIVE_STATES,
    AssistedAct,
    AssistedKind,
    Card,
    DeskCheck,
    Membership,
    Node,
)
from reciproca.registry.models.nodes import Plain
from reciproca.registry.rules import DayInFuture, clean_person
from reciproca.registry.telling import ASSISTED, DESK_CHECK_ASKED, managers_of
from reciproca.shared.errors import DomainError


class NotOneOfOurs(DomainError):
    code = "not-one-of-ours"
    message = _("Allo sportello si aiuta chi è socio qui, o ha chiesto di esserlo.")
    status = 404


class IdentityMissing(DomainError):
    code = "identity-missing"
    message = _("Scrivi il codice fiscale oppure la data di nascita: uno dei due basta.")
    status = 422


class ContactMissing(DomainError):
    code = "contact-missing"
    message = _("Scrivi come si raggiunge: e-mail, telefono o indirizzo. Uno basta.")
    status = 422


class PersonAlreadyKnown(DomainError):
    code = "person-already-known"
    message = _(
        "Nella comunità c’è già qualcuno con questo nome e questa data di nascita: chiedi la carta."
        " Se è un’altra persona, scrivi anche il codice fiscale."
    )


class CardNobodys(DomainError):
    code = "card-nobodys"
    message = _("Nessuno ha questa carta: controlla le cifre.")
    status = 422


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Who stands at whose desk, and when."""

    organisation_id: UUID
    operator_id: UUID
    user_id: UUID | None
    at: datetime


@contextmanager
def assisting(*, person_id: UUID, what: str, desk: AtDesk) -> Iterator[AssistedAct]:
    """
    Do for somebody what the block does, all or nothing; write it into their history and tell them.
    The block is given the line of their history.

    The person belongs to the desk's cooperative, or has asked to, once the block is done.

    Raises: NotOneOfOurs, and what the block raises.
    """
    with transaction.atomic():
        act = AssistedAct.objects.create(
            person_id=person_id,
            organisation_id=desk.organisation_id,
            operator_id=desk.operator_id,
            what=what,
            at=desk.at,
        )
        yield act
        lines = Membership.objects.filter(member=person_id, cooperative=desk.organisation_id)
        if not lines.filter(state__in=LIVE_STATES).exists():
            raise NotOneOfOurs
        names = Node.objects.in_bulk([desk.organisation_id, desk.operator_id])
        tell(
            recipients=[person_id],
            kind=ASSISTED[what],
            told_at=desk.at,
            params={
                "organisation": names[desk.organisation_id].name,
                "operator": names[desk.operator_id].name,
            },
            url=reverse("web:profile"),
        )


def ask_another(act: AssistedAct, paper: str, desk: AtDesk) -> UUID:
    """Let an act be worth nothing until another one of the desk confirms it; tell them."""
    check = DeskCheck.objects.create(
        act=act, organisation_id=desk.organisation_id, asked_by_id=desk.operator_id, paper=paper
    )
    others = set(managers_of(node_id=desk.organisation_id, at=desk.at)) - {desk.operator_id}
    tell(
        recipients=sorted(others),
        kind=DESK_CHECK_ASKED,
        told_at=desk.at,
        params={"operator": Node.objects.get(pk=desk.operator_id).name},
        url=reverse("web:office_checks"),
    )
    return check.id


@transaction.atomic
def welcome_newcomer(*, person: PersonIn, applied_on: date, desk: AtDesk) -> UUID:
    """
    Let somebody whom nobody knows yet ask to join: they get a card, which earns from now on, and
    a line that waits for the board. Return the line's id.

    Nobody comes in with the e-mail address that was written for them before another one of the desk
    confirms it, as with a first address of a member. Source: docs/decisions/0022-two-at-the-desk.md

    Raises: IdentityMissing, ContactMissing, PersonAlreadyKnown, rules.DayInFuture, and what
    `register_person` and `apply_for_membership` raise.
    """
    cleaned = clean_person(person)
    _check_newcomer(cleaned, on=timezone.localdate(desk.at))
    # Held while we look: the same form sent twice cannot make two of one person.
    lock_register(desk.organisation_id)
    if _known(cleaned):
        raise PersonAlreadyKnown
    newcomer = register_person(person=cleaned, recorded_by=desk.user_id, recorded_at=desk.at)
    line = _apply(newcomer, applied_on, desk)
    if cleaned.email:
        with assisting(person_id=newcomer, what=AssistedKind.EMAIL, desk=desk) as act:
            ask_another(act, "", desk)
    return line


@transaction.atomic
def welcome_holder(*, number: str, applied_on: date, desk: AtDesk) -> UUID:
    """
    Let the holder of a card ask at the desk to join, and return the line's id.

    Raises: CardNobodys (blocked ones too), and what `apply_for_membership` raises.
    """
    card = Card.objects.filter(number=number, blocked_at=None).first()
    if card is None:
        raise CardNobodys
    return _apply(card.person_id, applied_on, desk)


def _apply(person_id: UUID, applied_on: date, desk: AtDesk) -> UUID:
    with assisting(person_id=person_id, what="admission", desk=desk):
        return apply_for_membership(
            member_id=person_id,
            cooperative_id=desk.organisation_id,
            applied_on=applied_on,
            recorded_by=desk.user_id,
            recorded_at=desk.at,
        )


def _check_newcomer(person: PersonIn, *, on: date) -> None:
    if not (person.tax_code or person.born_on):
        raise IdentityMissing
    if person.born_on and person.born_on > on:
        raise DayInFuture
    if not (person.email or person.phone or person.address):
        raise ContactMissing


def _known(person: PersonIn) -> bool:
    """Tell whether this is somebody whom we know; two different tax codes are two people."""
    if person.born_on is None:
        return False
    alike = Node.objects.filter(
        kind="person",
        name_key=Plain(Value(person.name)),
        person__born_on=person.born_on,
        closed_at=None,
    )
    return (alike.filter(person__tax_code="") if person.tax_code else alike).exists()
