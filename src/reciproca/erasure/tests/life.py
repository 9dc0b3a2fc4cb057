"""Somebody who has done all that leaves a trace, and the ways in which tests live her life."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone
from tests.makers import (
    Member,
    make_membership,
    make_organisation,
    make_person,
    make_user,
)

from reciproca.erasure import actions
from reciproca.purchases import actions as purchases
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.files import bring_in
from reciproca.registry import actions as registry
from reciproca.registry import queries as registry_queries
from reciproca.registry.models import Card, Membership, Person
from reciproca.shared.access import note_access
from reciproca.shared.types import Actor
from reciproca.tills.models import HeldSale
from reciproca.tills.tests.counter import Counter, give_pin
from reciproca.transparency import actions as transparency
from reciproca.valueback import actions as valueback

NAME = "Zenobia Quintarelli"
EMAIL, LOGIN = "zenobia.q@example.org", "zq.entra@example.org"
PASSWORD = "segreto segreto"
SAID = {
    "name": "quintarelli",
    "e-mail": EMAIL,
    "login": LOGIN,
    "phone": "0463987654",
    "address": "Via dei Larici 77",
    "IBAN": "IT60X0542811101000000123456",
    "tax code": "QNTZNB80A41L378X",
    "bought": "semi di zafferano",
    "paper": "modulo Zq-17",
}
"""What tells this person from all others; the cards' numbers come on top."""


@dataclass
class Told:
    """A community in which somebody has lived, and who it was."""

    counter: Counter
    zenobia: Member
    cards: list[str]
    membership_id: UUID


def make_zenobia(cooperative: UUID) -> Member:
    """Register somebody with all that can be known of a person."""
    person = make_person(
        name=NAME,
        first_name="Zenobia",
        last_name="Quintarelli",
        email=EMAIL,
        phone=SAID["phone"],
        address=SAID["address"],
        iban=SAID["IBAN"],
        municipality="022205",
        born_on=date(1980, 1, 1),
        external_id=("gestionale", "quintarelli-1"),
    )
    Person.objects.filter(node=person).update(tax_code=SAID["tax code"])
    card = registry_queries.live_card_number(person_id=person)
    line = make_membership(member=person, cooperative=cooperative)
    return Member(person, NAME, card, make_user(person=person, email=LOGIN), line)


def buy(counter: Counter, person: UUID, cents: int = 2_000) -> Purchase:
    sale = SaleIn(
        key=str(uuid4()),
        seller_id=counter.cast.lievito_id,
        buyer_id=person,
        happened_at=timezone.now(),
        lines=(LineIn("", cents, SAID["bought"]),),
    )
    recorded = purchases.record_sale(sale=sale, recorded_by=None, recorded_at=timezone.now())
    return Purchase.objects.get(pk=recorded.id)


def leave(counter: Counter, member: Member) -> None:
    """Let somebody leave their cooperative, with their share given back."""
    assert member.membership_id
    today = timezone.localdate()
    registry.withdraw_member(
        registry.Step(member.membership_id, today, None, timezone.now(), f"Saluta {NAME}")
    )
    registry.repay_capital(
        registry.CapitalIn(member.membership_id, "resa", 2_500, today, None, timezone.now())
    )


def settle(person: UUID) -> None:
    """Let credit go, and let the log catch up."""
    valueback.let_credit_go(member_id=person, let_go_at=timezone.now())
    transparency.sequence(at=timezone.now())


def erase(person: UUID, *, erased_by: UUID | None = None, paper: str = "") -> None:
    actions.erase_person(
        person_id=person, erased_by=erased_by, erased_at=timezone.now(), paper=paper
    )


def live(counter: Counter, folder: Path) -> Told:
    """Let Zenobia do everything that leaves a trace, and leave; `folder` is for a file."""
    cast = counter.cast
    zenobia = make_zenobia(cast.lievito_id)
    own = Actor(zenobia.user.pk, zenobia.id, "member", None)
    # A second entry that was merged, a lost card, a phone, a PIN, an act at the desk.
    double = make_person(name="Quintarelli Zenobia")
    registry.merge_people(
        merged_id=double, heir_id=zenobia.id, merged_by=None, merged_at=timezone.now()
    )
    registry.replace_card(
        person_id=zenobia.id, replaced_by=zenobia.user.pk, replaced_at=timezone.now()
    )
    registry.pair_phone(
        person_id=zenobia.id, name="Telefono di Quintarelli", paired_at=timezone.now()
    )
    give_pin(zenobia)
    desk = registry.AtDesk(cast.lievito_id, cast.ada.id, cast.ada.user.pk, timezone.now())
    registry.set_pin_at_desk(
        person_id=zenobia.id, pin="51837", proof="", paper=SAID["paper"], desk=desk
    )
    # A till refuses the blocked card, with a network and without.
    assert counter.device.post("card/", {"text": zenobia.card}).status_code == 409
    sale = {
        "key": str(uuid4()),
        "card": f"{zenobia.card[:1]} {zenobia.card[1:7]} {zenobia.card[7:]}",
        "happened_at": timezone.now().isoformat(),
        "lines": [{"amount_cents": 1_200}],
    }
    unread = {"key": str(uuid4()), "carta": zenobia.card}
    batch = {"device_time": timezone.now().isoformat(), "sales": [sale, unread]}
    assert counter.device.post("sync/", batch).status_code == 200
    assert HeldSale.objects.count() == 2
    # Purchases, a gift, a thing given back.
    buy(counter, zenobia.id)
    given_back = buy(counter, zenobia.id)
    purchases.undo_purchase(
        purchase_id=given_back.pk,
        key=str(uuid4()),
        reason=f"ripensamento di {NAME}",
        recorded_by=None,
        recorded_at=timezone.now(),
    )
    valueback.give_credit(
        key="dono",
        giver_id=zenobia.id,
        project_id=cast.project_id,
        amount_cents=10,
        happened_at=timezone.now(),
        recorded_by=None,
    )
    # What others were told of her, what she asked, who read her data, whom a link was meant for.
    registry.apply_for_membership(
        member_id=zenobia.id,
        cooperative_id=cast.roncolago_id,
        applied_on=timezone.localdate(),
        recorded_by=zenobia.user.pk,
        recorded_at=timezone.now(),
    )
    line = Membership.objects.get(member=zenobia.id, cooperative=cast.roncolago_id)
    registry.withdraw_member(
        registry.Step(line.id, timezone.localdate(), None, timezone.now(), f"{NAME} ci ripensa")
    )
    claim = registry.claim_organisation(
        organisation_id=make_organisation(name="Bottega"),
        person_id=zenobia.id,
        words="Sono Zenobia Quintarelli",
        claimed_at=timezone.now(),
    )
    registry.decide_claim(
        claim_id=claim,
        accepted=False,
        answer="Cara Quintarelli, no",
        decided_by=cast.olga.user.pk,
        decided_at=timezone.now(),
    )
    note_access(
        reader=Actor(cast.ada.user.pk, cast.ada.id, "manager", cast.lievito_id),
        subject=zenobia.id,
        what="contacts",
    )
    note_access(reader=own, subject=cast.bruno.id, what="till")
    registry.invite(
        organisation_id=cast.lievito_id,
        role="till",
        invitee=NAME,
        invited_by=cast.ada.user.pk,
        invited_at=timezone.now(),
    )
    # A file of purchases, of which a row that names her is refused.
    text = f"data;tessera;importo;negozio\n2025-06-02;{zenobia.card};pane;{NAME}\n"
    bring_in(text, folder, good_rows=True, organisation_id=cast.lievito_id)
    leave(counter, zenobia)
    cards = list(Card.objects.filter(person=zenobia.id).values_list("number", flat=True))
    assert len(cards) == 3
    return Told(counter, zenobia, cards, zenobia.membership_id or uuid4())


def sign_in() -> Client:
    """Let Zenobia in by her own password."""
    browser = Client()
    answer = browser.post("/accounts/login/", {"login": LOGIN, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def prove_presence(browser: Client, page: str) -> None:
    """Ask for a page that takes a proof of presence, and give it."""
    asked = browser.get(page)
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    answer = browser.post(asked.headers["Location"], {"password": PASSWORD})
    assert answer.headers["Location"] == page
