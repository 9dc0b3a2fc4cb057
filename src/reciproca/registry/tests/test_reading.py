from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from reciproca.imports import actions, queries
from reciproca.imports.columns import ColumnsMissing
from reciproca.imports.mapping import mapping_of
from reciproca.imports.models import Import
from reciproca.imports.reader import Reader
from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.registry.actions import (
    change_organisation,
    register_organisation,
    withdraw_member,
)
from reciproca.registry.actions.memberships import Step
from reciproca.registry.forms import OrganisationIn
from reciproca.registry.models import Membership, Node, Organisation, Person
from reciproca.registry.queries import nodes_known_as
from reciproca.registry.reading import COOPERATIVES, MEMBERS
from reciproca.registry.reading.undoing import NodesInUse
from reciproca.shared.sentences import sentence

RECEIVED = datetime(2026, 6, 1, 10, tzinfo=UTC)
HEADER = "denominazione,codice_fiscale,kind,codice_comune,nome_comune,pr\n"
LIST: dict[str, Any] = {
    "columns": {
        "name": "denominazione",
        "tax_code": "codice_fiscale",
        "category": "kind",
        "municipality_code": "codice_comune",
        "municipality": "nome_comune",
        "province": "pr",
    },
    "values": {"category": {"cooperativa_sociale": "social"}},
}
PONTE = "IL PONTE SOCIETA' COOPERATIVA SOCIALE ONLUS,01844160208,cooperativa_sociale,020061,,\n"

pytestmark = pytest.mark.django_db


def bring_in(
    text: str, folder: Path, reader: Reader = COOPERATIVES, *, good_rows: bool = True, **more: Any
) -> Import:
    path = folder / "elenco.csv"
    path.write_text(text, encoding="utf-8")
    received = actions.receive_file(
        kind=reader.kind,
        file_name=path.name,
        size_bytes=path.stat().st_size,
        mapping=mapping_of(more),
        organisation_id=None,
        started_by=None,
        started_at=RECEIVED,
    )
    actions.read_file(import_id=received.pk, reader=reader, path=path)
    return actions.accept_rows(import_id=received.pk, reader=reader, takes_good_rows=good_rows)


def undo(done: Import, reader: Reader) -> Import:
    return actions.undo_import(
        import_id=done.pk, reader=reader, reason="sbagliato", undone_by=None, undone_at=RECEIVED
    )


def reasons(done: Import) -> dict[str, int]:
    return {reason.code: reason.count for reason in queries.reasons(import_id=done.pk)}


def test_a_cooperative_comes_in_with_a_name_that_can_be_read(tmp_path: Path) -> None:
    done = bring_in(HEADER + PONTE, tmp_path, **LIST)

    node = Node.objects.select_related("organisation").get()
    assert done.accepted_count == 1
    assert (node.name, node.kind) == ("Il Ponte società cooperativa sociale onlus", "cooperative")
    assert node.municipality_id == "020061"
    assert node.organisation.legal_name == "IL PONTE SOCIETA' COOPERATIVA SOCIALE ONLUS"
    assert (node.organisation.tax_code, node.organisation.category) == ("01844160208", "social")


def test_zeros_that_a_spreadsheet_dropped_are_put_back(tmp_path: Path) -> None:
    text = HEADER + PONTE.replace("01844160208", "1844160208").replace("020061", "20061")

    bring_in(text, tmp_path, **LIST)

    assert Organisation.objects.get().tax_code == "01844160208"
    assert Node.objects.get().municipality_id == "020061"


def test_a_place_is_found_by_its_name_and_province(tmp_path: Path) -> None:
    text = HEADER + "ALFA,,,,FORLI',FC\nBETA,,,,Castro,BG\nGAMMA,,,,Castro,\nDELTA,,,,Atlantide,\n"

    done = bring_in(text, tmp_path, **LIST)

    places = dict(Node.objects.values_list("name", "municipality__name"))
    assert places == {"Alfa": "Forlì", "Beta": "Castro"}
    assert reasons(done) == {"place-unclear": 2}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",01844160208,,,,", "cell-missing"),
        ("ALFA,01844160209,,,,", "identifier-refused"),
        ("ALFA,,bocciofila,,,", "choice-unknown"),
        ("ALFA,,,999999,,", "place-unclear"),
    ],
)
def test_each_kind_of_bad_row_has_its_own_reason(tmp_path: Path, row: str, code: str) -> None:
    done = bring_in(f"{HEADER}{PONTE}{row}\n", tmp_path, **LIST)

    assert reasons(done) == {code: 1}
    assert done.accepted_count == 1


def test_a_refusal_names_the_field_in_the_readers_language(tmp_path: Path) -> None:
    with override("it"):
        done = bring_in(HEADER + PONTE + ",01844160208,,,,\n", tmp_path, **LIST)
        with pytest.raises(ColumnsMissing):
            bring_in("colore;forma\nrosso;tondo\n", tmp_path, good_rows=False)

    whole = Import.objects.get(refusal_code="columns-missing")
    with override("en"):
        told = {
            reason.code: reason.examples[0].reason for reason in queries.reasons(import_id=done.pk)
        }
        of_the_file = sentence(code=whole.refusal_code, params=whole.refusal_params)
    assert told["cell-missing"] == "The row lacks: name."
    assert "denominazione" not in of_the_file
    assert "name" in of_the_file


def test_a_code_or_an_address_longer_than_is_kept_refuses_its_row(tmp_path: Path) -> None:
    text = f"id,nome,pec\n{'9' * 101},Il Ponte,\n1,La Torre,{'x.' * 130}a@b.it\n2,Il Melo,\n"

    done = bring_in(text, tmp_path)

    assert (done.accepted_count, sum(reasons(done).values())) == (1, 2)
    assert "text-too-long" in reasons(done)


def test_a_cooperative_that_is_here_already_is_known(tmp_path: Path) -> None:
    bring_in(HEADER + PONTE, tmp_path, **LIST)
    nameless = HEADER + PONTE + "CASA SENZA CODICE,,,020061,,\n"

    longer = bring_in(nameless, tmp_path, **LIST)
    longest = bring_in(nameless + "ALTRA CASA,,,020061,,\n", tmp_path, **LIST)

    assert (longer.accepted_count, longer.known_count) == (1, 1)
    assert (longest.accepted_count, longest.known_count) == (1, 2)


def test_nearly_the_same_name_in_the_same_place_is_shown_and_taken(tmp_path: Path) -> None:
    register_organisation(
        organisation=OrganisationIn(name="Ponte Soc. Coop. a r.l.", municipality="020061"),
        recorded_by=None,
        recorded_at=RECEIVED,
    )
    text = (
        HEADER
        + PONTE
        + "PONTE COOPERATI VA,02158360137,,020061,,\n"
        + "IL PONTE SOC. COOP.,02742110238,,023091,,\n"
    )

    done = bring_in(text, tmp_path, **LIST)

    duplicates = done.findings["duplicates"]
    pairs = [(pair["row"], pair["other_row"], pair["likeness"]) for pair in duplicates["first"]]
    assert done.accepted_count == 3
    assert duplicates["count"] == 3
    assert pairs == [(2, 0, 100), (3, 0, 100), (3, 2, 100)]


def test_a_tax_code_twice_in_a_list_is_refused_the_second_time(tmp_path: Path) -> None:
    done = bring_in(HEADER + PONTE + PONTE.replace("IL PONTE", "L'ALBA"), tmp_path, **LIST)

    assert reasons(done) == {"key-repeated": 1}


def test_a_list_is_taken_out_again_as_long_as_nobody_uses_it(tmp_path: Path) -> None:
    first = bring_in(HEADER + PONTE, tmp_path, **LIST)
    undo(first, COOPERATIVES)
    assert not Node.objects.exists()

    second = bring_in(HEADER + PONTE, tmp_path, **LIST)
    node = Node.objects.get()
    change_organisation(
        node_id=node.id,
        organisation=OrganisationIn(name="Il Ponte", tax_code="01844160208"),
        changed_by=node.id,
        changed_at=RECEIVED,
    )
    with pytest.raises(NodesInUse):
        undo(second, COOPERATIVES)
    assert Node.objects.exists()


MEMBERS_HEADER = "Cognome;Nome;Codice fiscale;Cooperativa;Data iscrizione;Quota versata\n"
ADA = "ROSSI;ADA;RSSDAA80A41L378G;01844160208;1/3/2020;50,00\n"
CARLO_OF_CENTS = "VERDI;CARLO;;01844160208;1/3/2020;0,01\n"
BRUNO = "Bianchi;Bruno;;01844160208;2/3/2020;\n"


@pytest.fixture
def ponte(tmp_path: Path) -> Node:
    bring_in(HEADER + PONTE, tmp_path, **LIST)
    return Node.objects.get()


def test_members_enter_the_register_with_their_share_capital(tmp_path: Path, ponte: Node) -> None:
    text = MEMBERS_HEADER + ADA + "Bianchi;Bruno;;01844160208;2/3/2020;\n"

    done = bring_in(text, tmp_path, MEMBERS)

    assert (done.accepted_count, done.amount_cents) == (2, 5_000)
    first, second = Membership.objects.order_by("number")
    assert (first.number, first.registered_on) == (1, date(2020, 3, 1))
    assert Person.objects.get(node=first.member).tax_code == "RSSDAA80A41L378G"
    assert second.member.name == "Bruno Bianchi"
    held = accounts.shares(member=first.member_id, cooperative=ponte.id)
    assert ledger.balance(held) == 5_000


def test_a_members_cooperative_may_be_named(tmp_path: Path, ponte: Node) -> None:
    rows = "Rossi;Ada;;IL PONTE S.C.S.;1/3/2020;\nVerdi;Carla;;IT01844160208;1/3/2020;\n"
    done = bring_in(
        MEMBERS_HEADER + rows + "Bianchi;Bruno;;1844160208;2/3/2020;\n", tmp_path, MEMBERS
    )
    other = HEADER + PONTE.replace("01844160208", "02184190961")
    bring_in(other, tmp_path, **LIST)
    unclear = bring_in(MEMBERS_HEADER + "Neri;Dora;;Il Ponte;1/3/2020;\n", tmp_path, MEMBERS)

    assert (done.accepted_count, Membership.objects.filter(cooperative=ponte).count()) == (3, 3)
    assert reasons(unclear) == {"organisation-unclear": 1}


def test_members_who_are_in_already_are_known_by_code_or_by_their_row(
    tmp_path: Path, ponte: Node
) -> None:
    text = MEMBERS_HEADER + ADA + "Bianchi;Bruno;;01844160208;2/3/2020;\n"
    bring_in(text, tmp_path, MEMBERS)

    longer = bring_in(text + "Verdi;Carla;;01844160208;2/3/2020;\n", tmp_path, MEMBERS)

    assert (longer.accepted_count, longer.known_count) == (1, 2)
    assert Person.objects.count() == 3


def test_somebody_who_left_may_come_back(tmp_path: Path, ponte: Node) -> None:
    bring_in(MEMBERS_HEADER + ADA, tmp_path, MEMBERS)
    line = Membership.objects.get()
    withdraw_member(Step(line.id, date(2021, 1, 1), None, RECEIVED, "trasferimento"))

    back = bring_in(MEMBERS_HEADER + ADA.replace("2020", "2022"), tmp_path, MEMBERS)

    assert back.accepted_count == 1
    assert Membership.objects.filter(member=line.member).count() == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("ROSSI;ADA;RSSDAA80A41L378Z;01844160208;1/3/2020;", "identifier-refused"),
        (";;;01844160208;1/3/2020;", "name-missing"),
        (f"{'R' * 101};ADA;;01844160208;1/3/2020;", "text-too-long"),
        (f"{'R ' * 45};{'A ' * 60};;01844160208;1/3/2020;", "text-too-long"),
        ("ROSSI;ADA;;01844160208;;", "cell-missing"),
        ("ROSSI;ADA;;01844160208;1/3/2034;", "day-in-future"),
        ("ROSSI;ADA;;00000000000;1/3/2020;", "cooperative-not-found"),
        ("ROSSI;ADA;;01844160208;1/3/2020;-5", "share-negative"),
        ("ROSSI;ADA;;01844160208;1/3/2020;0,01", "share-too-small"),
    ],
)
def test_each_kind_of_bad_member_has_its_own_reason(
    tmp_path: Path, ponte: Node, row: str, code: str
) -> None:
    done = bring_in(MEMBERS_HEADER + row + "\n", tmp_path, MEMBERS)

    assert reasons(done) == {code: 1}


def test_somebody_in_two_registers_is_one_person_whatever_else_is_refused(
    tmp_path: Path, ponte: Node
) -> None:
    bring_in(HEADER + "IL MELO,00488410010,,020061,,\n", tmp_path, **LIST)
    # One row is refused while recording, so that the others are taken in parts.
    elsewhere = ADA.replace("01844160208", "00488410010")
    text = MEMBERS_HEADER + ADA + CARLO_OF_CENTS + elsewhere + BRUNO

    done = bring_in(text, tmp_path, MEMBERS)

    assert (done.accepted_count, reasons(done)) == (3, {"share-too-small": 1})
    assert Person.objects.filter(tax_code="RSSDAA80A41L378G").count() == 1
    assert Membership.objects.filter(member__person__tax_code="RSSDAA80A41L378G").count() == 2


def test_a_code_of_its_own_in_each_register_is_still_one_person(
    tmp_path: Path, ponte: Node
) -> None:
    bring_in(HEADER + "IL MELO,00488410010,,020061,,\n", tmp_path, **LIST)
    head = "Codice socio;Nominativo;Codice fiscale;Cooperativa;Data iscrizione\n"
    rows = [
        "P1;Ada Rossi;RSSDAA80A41L378G;01844160208;1/3/2020",
        "M9;Ada Rossi;RSSDAA80A41L378G;00488410010;1/3/2021",
        "M10;Ada Rossi;RSSDAA80A41L378G;00488410010;1/3/2021",
    ]

    done = bring_in(head + "\n".join(rows) + "\n", tmp_path, MEMBERS, good_rows=False)

    assert (done.accepted_count, done.known_count, done.refused_count) == (2, 1, 0)
    ada = Person.objects.get()
    assert nodes_known_as(source="import", values=["P1", "M9"]) == {
        "P1": ada.node_id,
        "M9": ada.node_id,
    }


def test_people_without_a_cooperative_are_people(tmp_path: Path) -> None:
    done = bring_in("Nominativo;CF;Email\nADA ROSSI;;ada@esempio.it\n", tmp_path, MEMBERS)

    assert (done.accepted_count, Node.objects.get().name) == (1, "Ada Rossi")
    undo(done, MEMBERS)
    assert not Node.objects.exists()
