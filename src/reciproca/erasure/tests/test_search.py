"""
Somebody is erased: at once everywhere, but where the law has their name kept, and till it ends.

The search reads every column of every table, every file of the data directory and the log. Whoever
adds a table that keeps something of people lets Zenobia write in it (`life`), and is found by it.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from tests.makers import (
    make_person,
)

from reciproca.erasure import actions
from reciproca.erasure.remembering import list_path
from reciproca.erasure.tests.life import (
    LOGIN,
    NAME,
    PASSWORD,
    SAID,
    Told,
    buy,
    erase,
    leave,
    make_zenobia,
    prove_presence,
    settle,
    sign_in,
)
from reciproca.erasure.tests.search import places_of
from reciproca.notices.models import Notice
from reciproca.purchases.models import Line, Purchase
from reciproca.registry import queries as registry_queries
from reciproca.registry.models import Card, Membership, User
from reciproca.shared.dates import kept_until
from reciproca.shared.models import AccessLog, ErasedPerson
from reciproca.tills.models import HeldSale
from reciproca.tills.tests.counter import Counter
from reciproca.transparency import actions as transparency
from reciproca.transparency.models import Leaf, Log, Opening
from reciproca.transparency.rules import merkle
from reciproca.transparency.tests.log import entries

pytestmark = pytest.mark.django_db


def test_the_search_finds_what_is_to_be_erased(told: Told, list_taken: Path) -> None:
    sign_in()

    found = {what: places_of(text) for what, text in SAID.items()}
    cards = {card: places_of(card) for card in told.cards}

    assert {what for what, places in found.items() if not places} == set()
    assert {"registry_node", "registry_person", "notices_notice", "imports_row"} <= found["name"]
    assert {"registry_claim", "registry_invitation", "registry_phonekey"} <= found["name"]
    assert {"purchases_purchase", "registry_membershipevent"} <= found["name"]
    assert f"file {list_taken.name}" in found["name"]
    assert "account_emailaddress" in found["login"]
    assert "django_session" not in found["name"]
    assert {"tills_heldsale", "registry_cardrefusal", "imports_row"} <= cards[told.zenobia.card]


def test_after_an_erasure_only_the_members_register_names_her(
    told: Told, list_taken: Path, django_capture_on_commit_callbacks: Any
) -> None:
    zenobia = told.zenobia
    settle(zenobia.id)
    size, root = _head()
    about = _facts_told_of(zenobia.id)
    browser = sign_in()
    prove_presence(browser, "/profile/erasure/confirmation/")

    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post("/profile/erasure/confirmation/", {"understood": "on"}, follow=True)

    text = answer.content.decode()
    assert "I tuoi dati sono cancellati" in text
    found = {what: places_of(said) for what, said in SAID.items()}
    assert found == {what: {"registry_membership"} if what == "name" else set() for what in SAID}
    assert {card: places_of(card) for card in told.cards} == {card: set() for card in told.cards}

    # The book of Lievito has her name, and nothing else does; where she only applied, nobody's.
    book = registry_queries.register_at(
        cooperative_id=told.counter.cast.lievito_id, on=timezone.localdate()
    )
    assert NAME in [line.name for line in book]
    assert registry_queries.names_of([zenobia.id]) == {zenobia.id: "Persona cancellata"}
    others = Membership.objects.filter(member=zenobia.id).exclude(pk=told.membership_id)
    assert [line.kept_name for line in others] == [""]

    # She cannot come in any more, and what is left of the login is nobody's.
    assert browser.get("/profile/").status_code == 302
    again = Client().post("/accounts/login/", {"login": LOGIN, "password": PASSWORD})
    assert again.status_code == 422
    user = User.objects.get(person=zenobia.id)
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert not EmailAddress.objects.filter(user=user).exists()
    assert not Card.objects.filter(person=zenobia.id).exists()
    assert not AccessLog.objects.filter(subject=zenobia.id).exists()

    # The log: no opening is left of her, each has its notice, and no root moved.
    assert about
    assert not Opening.objects.filter(fact__in=about).exists()
    assert _root_at(size) == root
    transparency.sequence(at=timezone.now())
    assert _root_at(size) == root
    after = Log.objects.get()
    assert after.size == size + len(about)
    hashes = [merkle.leaf_hash(entry) for entry in entries()]
    assert merkle.root(hashes) == bytes(after.root)
    assert {entry[1:2] for entry in entries()[size:]} == {b"E"}
    places = dict(Leaf.objects.values_list("fact", "index"))
    committed = {notice.payload for notice in Opening.objects.filter(kind="E")}
    indices = {int(re.findall(r'"index":(\d+)', payload)[0]) for payload in committed}
    assert indices == {places[fact] for fact in about}
    assert all('"ground":"gdpr-17"' in payload for payload in committed)
    assert not any(str(zenobia.id) in payload for payload in committed)


def test_what_the_law_has_kept_goes_on_the_day_after_its_last(told: Told) -> None:
    settle(told.zenobia.id)
    erase(told.zenobia.id)
    line = Membership.objects.get(pk=told.membership_id)
    today = timezone.localdate()
    last = kept_until(on=today, months=120)
    assert line.kept_until == last

    assert actions.forget_what_is_over(on=last) == 0
    assert places_of(SAID["name"]) == {"registry_membership"}
    assert actions.forget_what_is_over(on=last + timedelta(days=1)) == 1
    assert places_of(SAID["name"]) == set()
    book = registry_queries.register_at(cooperative_id=told.counter.cast.lievito_id, on=today)
    assert "Persona cancellata" in [each.name for each in book]


def test_whom_an_old_backup_brings_back_is_erased_again(
    counter: Counter, log: Log, django_capture_on_commit_callbacks: Any
) -> None:
    zenobia, tea = make_zenobia(counter.cast.lievito_id), make_person(name="Tea Tarda")
    buy(counter, zenobia.id)
    transparency.sequence(at=timezone.now())
    buy(counter, tea)
    backup = transaction.savepoint()
    leave(counter, zenobia)
    for person in (zenobia.id, tea):
        settle(person)
    with django_capture_on_commit_callbacks(execute=True):
        erase(zenobia.id)
        erase(tea)
    kept = ErasedPerson.objects.get(person=zenobia.id)
    transaction.savepoint_rollback(backup)
    assert registry_queries.names_of([zenobia.id]) == {zenobia.id: NAME}

    # Tea's purchase has no place in the log as the backup has it: she is erased once it has one.
    assert actions.erase_again() == (1, 1)
    assert actions.erase_again() == (0, 1)

    again = ErasedPerson.objects.get(person=zenobia.id)
    assert (again.erased_at, again.kept_until) == (kept.erased_at, kept.kept_until)
    assert places_of(SAID["name"]) == {"registry_membership"}
    assert places_of(SAID["bought"]) == {"purchases_line"}
    assert not Line.objects.filter(purchase__buyer=zenobia.id).exclude(description="").exists()
    assert list_path().stat().st_mode & 0o777 == 0o600


def test_what_others_did_stays_written_with_nobodys_name(told: Told) -> None:
    zenobia = told.zenobia
    notices_before = Notice.objects.filter(recipient=told.counter.cast.dario.id).count()
    settle(zenobia.id)
    erase(zenobia.id)

    dario = Notice.objects.filter(recipient=told.counter.cast.dario.id)
    assert dario.count() == notices_before
    assert dario.filter(params__person="Persona cancellata").exists()
    assert not Notice.objects.filter(recipient=zenobia.id).exists()
    sums = Purchase.objects.filter(buyer=zenobia.id).values_list("total_cents", flat=True)
    assert sorted(sums) == [-2_000, 2_000, 2_000]
    assert set(Line.objects.filter(purchase__buyer=zenobia.id).values_list("rate_bp")) == {(500,)}
    held = HeldSale.objects.get(total_cents=1_200)
    assert '"card": null' in held.payload
    assert "1200" in held.payload


def test_an_erasure_costs_the_same_queries_however_much_was_bought(
    counter: Counter, log: Log, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    few, many = make_person(name="Pia Poco"), make_person(name="Tea Tanto")
    for person, count in ((few, 1), (many, 9)):
        for _each in range(count):
            buy(counter, person)
        settle(person)

    with CaptureQueriesContext(connection) as first:
        erase(few)
    with django_assert_num_queries(len(first)):
        erase(many)


def _head() -> tuple[int, bytes]:
    log = Log.objects.get()
    return log.size, bytes(log.root)


def _root_at(size: int) -> bytes:
    return merkle.root([merkle.leaf_hash(entry) for entry in entries()[:size]])


def _facts_told_of(person: UUID) -> set[UUID]:
    return set(Opening.objects.filter(payload__contains=str(person)).values_list("fact", flat=True))
