"""Taking a whole members' register back: all of it or, when something was used, nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import override
from tests.makers import make_membership, make_organisation, make_person, make_user

from reciproca.imports import actions as imports
from reciproca.imports.models import Import, State
from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import balance
from reciproca.registry import actions, queries
from reciproca.registry.actions.capital import CapitalIn
from reciproca.registry.models import (
    Card,
    ExternalId,
    Membership,
    MembershipEvent,
    Node,
    Person,
)
from reciproca.registry.reading import MEMBERS
from reciproca.registry.reading.undoing import NodesInUse, OriginUnknown
from reciproca.registry.tests.test_reading import ADA, BRUNO, MEMBERS_HEADER, bring_in
from reciproca.shared.sentences import kept, sentence

pytestmark = pytest.mark.django_db

UNDONE = datetime(2026, 6, 2, 10, tzinfo=UTC)
REGISTER = MEMBERS_HEADER + ADA + BRUNO


@pytest.fixture
def ponte() -> UUID:
    return make_organisation(name="Il Ponte", tax_code="01844160208")


def undo(done: Import, *, reason: str = "libro di un’altra cooperativa") -> Import:
    return imports.undo_import(
        import_id=done.pk, reader=MEMBERS, reason=reason, undone_by=None, undone_at=UNDONE
    )


def test_a_members_register_is_taken_back_whole(tmp_path: Path, ponte: UUID) -> None:
    done = bring_in(REGISTER, tmp_path, MEMBERS)
    ada = Person.objects.get(tax_code="RSSDAA80A41L378G").node_id

    undone = undo(done)

    assert undone.state == State.UNDONE
    assert queries.member_count(cooperative_id=ponte) == 0
    assert balance(accounts.shares(member=ada, cooperative=ponte)) == 0
    assert balance(accounts.capital(cooperative=ponte)) == 0
    whole_book = queries.members_page(cooperative_id=ponte, text="", state="", number=1)
    assert list(whole_book) == []
    assert not Card.objects.exists()
    assert not ExternalId.objects.exists()
    assert not Person.objects.exclude(tax_code="", last_name="", email="").exists()
    assert set(Node.objects.filter(kind="person").values_list("name", flat=True)) == {""}


def test_an_annulled_line_says_why_and_which_number_it_had(tmp_path: Path, ponte: UUID) -> None:
    undo(bring_in(REGISTER, tmp_path, MEMBERS))

    page = queries.members_page(cooperative_id=ponte, text="", state="annulled", number=1)
    line = queries.membership(membership_id=page[1].id)

    assert {row.name for row in page} == {"Scheda annullata"}
    assert line is not None
    assert (line.state_title, line.number) == ("Iscrizione annullata", None)
    assert [event.state for event in line.events] == ["registered", "annulled"]
    assert line.events[-1].note == "n. 1: libro di un’altra cooperativa"


def test_the_same_register_comes_in_again_with_the_same_numbers(
    tmp_path: Path, ponte: UUID
) -> None:
    undo(bring_in(REGISTER, tmp_path, MEMBERS))

    again = bring_in(REGISTER, tmp_path, MEMBERS)

    live = Membership.objects.filter(state="registered").order_by("number")
    assert again.accepted_count == 2
    assert [line.number for line in live] == [1, 2]
    assert live[0].member.person.tax_code == "RSSDAA80A41L378G"


def test_whoever_was_here_before_stays_and_loses_only_the_line(tmp_path: Path, ponte: UUID) -> None:
    ada = make_person(name="Ada Rossi", tax_code="RSSDAA80A41L378G")
    elsewhere = make_membership(member=ada, cooperative=make_organisation(name="Lievito"))
    done = bring_in(REGISTER, tmp_path, MEMBERS)

    undo(done)

    assert Node.objects.get(pk=ada).name == "Ada Rossi"
    assert Card.objects.filter(person=ada).exists()
    assert set(Membership.objects.filter(member=ada).values_list("id", "state")) >= {
        (elsewhere, "registered")
    }
    assert queries.live_cooperatives_of(member_id=ada) != {ponte}
    assert queries.members_among([ada], cooperative_id=ponte) == set()


def log_in(person: UUID, _line: UUID) -> None:
    make_user(person=person, email="ada@example.org")


def set_a_pin(person: UUID, _line: UUID) -> None:
    actions.set_pin(person_id=person, pin="90210", set_by=person, set_at=UNDONE)


def lose_the_card(person: UUID, _line: UUID) -> None:
    actions.block_card(person_id=person, blocked_by=person, blocked_at=UNDONE)


def leave(_person: UUID, line: UUID) -> None:
    actions.withdraw_member(
        actions.Step(line, date(2026, 6, 1), recorded_by=None, recorded_at=UNDONE)
    )


def pay_in(_person: UUID, line: UUID) -> None:
    actions.pay_in_capital(CapitalIn(line, "k", 2_500, date(2026, 6, 1), None, UNDONE))


def join_another(person: UUID, _line: UUID) -> None:
    make_membership(member=person, cooperative=make_organisation(name="Lievito"), share_cents=0)


@pytest.mark.parametrize(
    ("use", "told"),
    [
        (log_in, "accessi (1)"),
        (set_a_pin, "usi della carta (1)"),
        (lose_the_card, "usi della carta (1)"),
        (leave, "passaggi nel libro soci (1)"),
        (pay_in, "movimenti di capitale (1)"),
        (join_another, "altre iscrizioni (1)"),
    ],
)
def test_what_was_used_since_refuses_the_undo_and_nothing_is_half_done(
    tmp_path: Path, ponte: UUID, use: Callable[[UUID, UUID], None], told: str
) -> None:
    done = bring_in(REGISTER, tmp_path, MEMBERS)
    line = Membership.objects.get(member__person__tax_code="RSSDAA80A41L378G")
    use(line.member_id, line.id)
    before = everything()

    with pytest.raises(NodesInUse) as refusal:
        undo(done)

    done.refresh_from_db()
    assert told in str(refusal.value)
    with override("en"):
        kept_in_english = kept(refusal.value.params)
    assert told in sentence(code="nodes-in-use", params=kept_in_english)
    assert (done.state, done.undo_reason) == (State.DONE, "")
    assert everything() == before


def test_a_register_of_which_nothing_is_known_any_more_is_not_called_undone(
    tmp_path: Path, ponte: UUID
) -> None:
    make_person(name="Ada Rossi", tax_code="RSSDAA80A41L378G")
    done = bring_in(MEMBERS_HEADER + ADA, tmp_path, MEMBERS)
    Membership.objects.update(imported_by=None)

    with pytest.raises(OriginUnknown):
        undo(done)

    assert Membership.objects.filter(state="registered").exists()


def test_the_database_gives_an_annulled_line_no_number(tmp_path: Path, ponte: UUID) -> None:
    undo(bring_in(REGISTER, tmp_path, MEMBERS))

    with pytest.raises(DatabaseError, match="annulled_was_never"), transaction.atomic():
        Membership.objects.update(number=7)


def everything() -> list[object]:
    tables = (Node, Person, Card, ExternalId, Membership, MembershipEvent)
    return [sorted(map(str, table._default_manager.values_list())) for table in tables]
