"""The desk: found, helped, written down; and no more seen of anybody than the help needs."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.makers import client_of, make_membership, make_person

from reciproca.registry import actions, queries
from reciproca.registry.models import AssistedAct, CardPin
from reciproca.shared.access import accesses_to
from reciproca.valueback.models import Gift
from reciproca.valueback.queries import spendable
from reciproca.web.statements.member import as_printed_by, member_statement
from reciproca.web.tests.valley import Valley, make_valley

pytestmark = pytest.mark.django_db

PIN = "40718"


@pytest.fixture
def valley() -> Valley:
    community = make_valley()
    community.buy(100_000)
    community.buy(40_000, seller=community.cast.roncolago_id)
    return community


@pytest.fixture
def elsa(valley: Valley) -> Client:
    return client_of(valley.cast.elsa)


def path(valley: Valley, rest: str = "") -> str:
    return f"/office/{valley.bruno.membership_id}/{rest}"


def text(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


def acts(person: UUID) -> list[str]:
    return [row.what for row in queries.assisted_acts(person_id=person, limit=20)]


# --- finding ---


def test_nobody_is_listed_before_somebody_is_asked_for(elsa: Client) -> None:
    assert "Bruno Fedrizzi" not in text(elsa.get("/office/"))
    assert "Bruno Fedrizzi" not in text(elsa.get("/office/?q=b"))


@pytest.mark.parametrize("asked", ["fedrizzi", "BRU", "2"])
def test_a_member_is_found_by_name_or_number(elsa: Client, asked: str) -> None:
    assert "Bruno Fedrizzi" in text(elsa.get("/office/", {"q": asked}))


def test_a_card_that_is_read_leads_to_its_holder(valley: Valley, elsa: Client) -> None:
    for read in (valley.bruno.card, valley.bruno.card + "12345678"):
        answer = elsa.get("/office/", {"q": read})
        assert answer.headers["Location"] == path(valley)


def test_only_ones_own_are_found_by_name_or_card(valley: Valley, elsa: Client) -> None:
    for asked in ("carla", valley.cast.carla.card):
        answer = text(elsa.get("/office/", {"q": asked}))
        assert "Carla Endrizzi" not in answer
        assert "Nessuno con questo nome" in answer


def test_who_has_left_is_helped_elsewhere(valley: Valley, elsa: Client) -> None:
    assert valley.bruno.membership_id
    now = timezone.now()
    left = actions.Step(valley.bruno.membership_id, timezone.localdate(), None, now)
    actions.withdraw_member(left)

    assert "Bruno Fedrizzi" not in text(elsa.get("/office/?q=fedrizzi"))
    assert elsa.get(path(valley)).status_code == 404


def test_a_full_desk_costs_as_many_statements_as_an_empty_one(valley: Valley, elsa: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            elsa.get("/office/?q=per")
        return len(asked)

    make_membership(member=make_person(name="Persona Uno"), cooperative=valley.cast.lievito_id)
    few = statements()
    for number in range(12):
        person = make_person(name=f"Persona {number}")
        make_membership(member=person, cooperative=valley.cast.lievito_id)
    assert statements() == few
    assert "Ce ne sono altre" in text(elsa.get("/office/?q=per"))


# --- what a till operator sees ---


def test_a_till_operator_sees_neither_codes_nor_money_nor_purchases(
    valley: Valley, elsa: Client
) -> None:
    page = text(elsa.get(path(valley)))

    assert "Bruno Fedrizzi" in page
    for hidden in ("Codice fiscale", "IBAN", "Capitale", "Roncolago", valley.bruno.card):
        assert hidden not in page.partition("<main")[2]


def test_credit_is_told_by_its_last_day_and_not_by_where_it_was_earned(
    valley: Valley, elsa: Client
) -> None:
    page = text(elsa.get(path(valley, "credit/"))).partition("<main")[2]

    assert "28,00\u00a0€" in page
    assert "Roncolago" not in page
    assert "Lievito" not in page.partition("</h1>")[2]


def test_whoever_is_looked_up_reads_who_looked(valley: Valley, elsa: Client) -> None:
    elsa.get(path(valley))
    elsa.get(path(valley, "credit/"))

    read = [(row.what, row.reader_person) for row in accesses_to(subject=valley.bruno.id)]
    assert set(read) == {("membership", valley.cast.elsa.id), ("credit", valley.cast.elsa.id)}
    profile = text(client_of(valley.bruno).get("/profile/"))
    assert "quanto credito hai" in profile


# --- what is done ---


def test_a_newcomer_is_let_in_by_who_stands_at_the_till(valley: Valley, elsa: Client) -> None:
    told = {
        "first_name": "Nina",
        "last_name": "Nuova",
        "born_on": "1948-03-09",
        "phone": "0463 000000",
        "applied_on": timezone.localdate().isoformat(),
    }

    page = text(elsa.post("/members/newcomers/", told, follow=True))

    assert "Domanda registrata: la carta vale da subito." in page
    assert "Vale già: dal primo acquisto nasce il ritorno." in page
    again = elsa.post("/members/newcomers/", told)
    assert again.status_code == 409
    assert "già qualcuno con questo nome" in text(again)


def test_a_newcomers_card_earns_before_the_board_has_met(valley: Valley) -> None:
    cast = valley.cast
    desk = actions.AtDesk(cast.lievito_id, cast.elsa.id, cast.elsa.user.pk, timezone.now())
    actions.welcome_holder(number=cast.carla.card, applied_on=timezone.localdate(), desk=desk)

    valley.buy(10_000, by=cast.carla)

    assert spendable(member_id=cast.carla.id, on=timezone.localdate()).cents == 200


def test_nobody_at_the_till_decides_an_admission(valley: Valley, elsa: Client) -> None:
    step = f"/members/{valley.bruno.membership_id}/admission/"

    assert elsa.post(step).status_code == 404
    assert elsa.get(f"/members/{valley.bruno.membership_id}/").status_code == 404


def test_a_card_is_printed_and_its_holder_knows(valley: Valley, elsa: Client) -> None:
    sheet = elsa.post(path(valley, "card/printing/"))
    plastic = elsa.post(path(valley, "card/printing/"), {"layout": "plastic"})

    assert sheet.headers["Content-Type"] == plastic.headers["Content-Type"] == "application/pdf"
    assert sheet.content != plastic.content
    assert acts(valley.bruno.id) == ["card-printed", "card-printed"]
    assert {row.what for row in accesses_to(subject=valley.bruno.id)} == {"card"}


def test_a_lost_card_is_blocked_and_another_given(valley: Valley, elsa: Client) -> None:
    page = text(elsa.post(path(valley, "card/new/"), follow=True))

    assert "bloccata a ogni cassa" in page
    holder = queries.holder_of(number=valley.bruno.card)
    assert holder is not None
    assert holder.is_blocked
    assert queries.live_card_number(person_id=valley.bruno.id) not in ("", valley.bruno.card)
    assert acts(valley.bruno.id) == ["new-card"]


def test_a_pin_is_typed_at_the_desk_twice_the_same(valley: Valley, elsa: Client) -> None:
    refused = elsa.post(path(valley, "pin/"), {"pin": PIN, "again": "40719", "paper": "7"})
    assert refused.status_code == 422
    assert not CardPin.objects.exists()

    told = {"pin": PIN, "again": PIN, "paper": "7"}
    page = text(elsa.post(path(valley, "pin/"), told, follow=True))

    assert "aspetta la conferma di una seconda persona" in page
    assert acts(valley.bruno.id) == ["pin"]
    assert PIN not in page


def test_a_pin_too_easy_to_guess_is_not_written_down(valley: Valley, elsa: Client) -> None:
    refused = elsa.post(path(valley, "pin/"), {"pin": "11111", "again": "11111", "paper": "7"})

    assert refused.status_code == 422
    assert acts(valley.bruno.id) == []


def test_contacts_are_changed_and_nothing_else_is(valley: Valley, elsa: Client) -> None:
    before = queries.person_page(person_id=valley.bruno.id)
    told = {"phone": "0463 111111", "address": "Via dei Forni 3", "municipality": "Cles"}

    elsa.post(path(valley, "details/"), told | {"iban": "IT60X0542811101000000123456"})

    after = queries.person_page(person_id=valley.bruno.id)
    assert before is not None
    assert after is not None
    assert (after.phone, after.address, after.municipality_name) == (
        "0463 111111",
        "Via dei Forni 3",
        "Cles (TN)",
    )
    assert (after.name, after.tax_code, after.iban) == (before.name, before.tax_code, "")
    assert acts(valley.bruno.id) == ["details"]


def test_an_email_opens_the_door_so_only_a_manager_gives_the_first_one(
    valley: Valley, elsa: Client
) -> None:
    nina = make_person(name="Nina Nuova")
    line = make_membership(member=nina, cooperative=valley.cast.lievito_id)
    told = {"phone": "1", "email": "nina@example.org"}

    elsa.post(f"/office/{line}/details/", told)
    page = queries.person_page(person_id=nina)
    assert page is not None
    assert page.email == ""

    client_of(valley.cast.ada).post(f"/office/{line}/details/", told)
    page = queries.person_page(person_id=nina)
    assert page is not None
    assert page.email == "nina@example.org"


def test_another_cooperative_is_asked_and_hears_of_it(valley: Valley, elsa: Client) -> None:
    there = {"cooperative": str(valley.cast.roncolago_id)}

    choice = f'<option value="{valley.cast.roncolago_id}">Caseificio Roncolago</option>'
    assert choice in elsa.get(path(valley, "applications/")).content.decode()
    elsa.post(path(valley, "applications/"), there)

    states = {
        line.cooperative_id: line.state
        for line in queries.memberships_of(member_id=valley.bruno.id)
    }
    assert states[valley.cast.roncolago_id] == "applied"
    assert acts(valley.bruno.id) == ["application"]
    again = elsa.post(path(valley, "applications/"), there)
    assert again.status_code == 422
    assert "già una domanda" in text(again)


def gift(valley: Valley, *, pin: str = PIN, key: str = "k1", amount: str = "5") -> dict[str, str]:
    project = str(valley.cast.project_id)
    return {"project": project, "amount": amount, "pin": pin, "key": key}


def set_pin(valley: Valley) -> None:
    actions.set_pin(person_id=valley.bruno.id, pin=PIN, set_by=None, set_at=timezone.now())


def test_credit_is_given_to_a_project_on_the_pin_of_its_giver(valley: Valley, elsa: Client) -> None:
    set_pin(valley)

    page = text(elsa.post(path(valley, "gifts/"), gift(valley), follow=True))

    assert "Dono di 5,00\u00a0€ registrato." in page
    assert [row.giver_id for row in Gift.objects.all()] == [valley.bruno.id]
    assert acts(valley.bruno.id) == ["gift"]


def test_a_gift_sent_twice_is_one_gift_and_one_act(valley: Valley, elsa: Client) -> None:
    set_pin(valley)

    for _ in range(2):
        assert elsa.post(path(valley, "gifts/"), gift(valley)).status_code == 302

    assert Gift.objects.count() == 1
    assert acts(valley.bruno.id) == ["gift"]


@pytest.mark.parametrize(
    ("pin", "amount", "sentence"),
    [
        ("40719", "5", "Il PIN non è giusto"),
        ("", "5", "cinque cifre"),
        (PIN, "999", "al massimo 28,00"),
    ],
)
def test_without_the_right_pin_or_the_credit_nothing_is_given(
    valley: Valley, elsa: Client, pin: str, amount: str, sentence: str
) -> None:
    set_pin(valley)

    refused = elsa.post(path(valley, "gifts/"), gift(valley, pin=pin, amount=amount))

    assert refused.status_code == 422
    assert sentence in text(refused)
    assert not Gift.objects.exists()
    assert acts(valley.bruno.id) == []


def test_a_card_without_pin_gives_nothing(valley: Valley, elsa: Client) -> None:
    refused = elsa.post(path(valley, "gifts/"), gift(valley))

    assert "non c’è un PIN" in text(refused)


def test_wrong_pins_at_the_desk_lock_the_card_as_at_a_till(valley: Valley, elsa: Client) -> None:
    set_pin(valley)
    for number in range(5):
        elsa.post(path(valley, "gifts/"), gift(valley, pin="40719", key=str(number)))

    assert "Troppi PIN sbagliati" in text(elsa.post(path(valley, "gifts/"), gift(valley)))


def test_a_statement_is_printed_and_written_down(valley: Valley, elsa: Client) -> None:
    printed = elsa.post(path(valley, "statements/"), {"year": "2025"})

    assert printed.content.startswith(b"%PDF-")
    assert acts(valley.bruno.id) == ["statement"]
    assert {row.what for row in accesses_to(subject=valley.bruno.id)} == {"statement"}
    assert elsa.post(path(valley, "statements/"), {"year": "1999"}).status_code == 422


def test_a_printed_statement_says_of_other_cooperatives_only_the_sums(valley: Valley) -> None:
    whole = member_statement(person_id=valley.bruno.id, year=2025, today=timezone.localdate())

    printed = as_printed_by(whole, cooperative_id=valley.cast.lievito_id)

    assert [(row.name, row.total_cents) for row in printed.bought] == [
        ("Panificio Il Lievito", 100_000),
        ("Altre cooperative", 40_000),
    ]
    assert [(lot.issuer, lot.cents) for lot in printed.lots] == [
        ("Panificio Il Lievito", 2_000),
        ("Altre cooperative", 800),
    ]
    assert "Roncolago" not in repr(printed)
    assert (printed.total_cents, printed.closing_cents) == (whole.total_cents, whole.closing_cents)


def test_a_member_reads_what_was_done_by_whom_and_where(valley: Valley, elsa: Client) -> None:
    elsa.post(path(valley, "card/new/"))
    bruno = client_of(valley.bruno)

    profile = text(bruno.get("/profile/"))

    assert "Fatto per te allo sportello" in profile
    assert "Una carta nuova, al posto di quella persa" in profile
    assert "Panificio Il Lievito, Elsa Dallago" in profile
    assert bruno.get("/profile/data.json").json()["tables"]["assisted_acts"][0]["what"] == (
        "new-card"
    )
    assert AssistedAct.objects.count() == 1
