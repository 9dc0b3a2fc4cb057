"""People and organisations come in: one by one, or many at once."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.makers import NOON, make_cast, make_fund, make_organisation, make_person

from reciproca.notices.models import Notice
from reciproca.registry import actions, queries
from reciproca.registry.actions.checks import (
    ChoiceUnknown,
    ExternalIdTaken,
    MunicipalityUnknown,
    TaxCodeTaken,
)
from reciproca.registry.actions.organisations import CommunityAlreadyOpen, HolderRefused
from reciproca.registry.forms import OrganisationIn, PersonIn
from reciproca.registry.models import DirectoryEntry, Municipality, Node, NodeChange, Person
from reciproca.registry.rules import CodeUnreadable, EmailUnreadable, NameMissing
from reciproca.shared.identifiers import IdentifierRefused

pytestmark = pytest.mark.django_db

ADA = PersonIn(first_name="Ada", last_name="Bertoldi", tax_code="RSSMRA85T10A562S")


def register(*people: PersonIn) -> list[object]:
    return list(actions.register_people(people=people, recorded_by=None, recorded_at=NOON))


def organisations(*shops: OrganisationIn) -> list[object]:
    return list(
        actions.register_organisations(organisations=shops, recorded_by=None, recorded_at=NOON)
    )


def test_a_person_comes_in_with_a_card_of_their_own() -> None:
    person = actions.register_person(person=ADA, recorded_by=None, recorded_at=NOON)

    number = queries.live_card_number(person_id=person)
    holder = queries.holder_of(number=number)
    assert holder is not None
    assert (holder.person_id, holder.name, holder.is_blocked) == (person, "Ada Bertoldi", False)


def test_what_people_write_is_kept_tidy() -> None:
    person = make_person(
        first_name="  Ada ", last_name="Bertoldi", tax_code="rssmra85t10a562s", name="  Ada  B. "
    )

    page = queries.person_page(person_id=person)
    assert page is not None
    assert (page.name, page.tax_code) == ("Ada B.", "RSSMRA85T10A562S")


@pytest.mark.parametrize(
    ("person", "refusal"),
    [
        (PersonIn(first_name=" "), NameMissing),
        (PersonIn(name="Ada", tax_code="RSSMRA85T10A562T"), IdentifierRefused),
        (PersonIn(name="Ada", email="ada at valle"), EmailUnreadable),
        (PersonIn(name="Ada", iban="IT60X0542811101000000123457"), IdentifierRefused),
        (PersonIn(name="Ada", municipality="999999"), MunicipalityUnknown),
    ],
)
def test_a_mistake_in_one_person_lets_nobody_in(person: PersonIn, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        register(PersonIn(name="Bruno"), person)

    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("organisation", "refusal"),
    [
        (OrganisationIn(name=""), NameMissing),
        (OrganisationIn(name="Forno", kind="person"), ChoiceUnknown),
        (OrganisationIn(name="Forno", sector="magia"), ChoiceUnknown),
        (OrganisationIn(name="Forno", vat_number="01234560125"), IdentifierRefused),
        (OrganisationIn(name="Forno", rea="XX-12"), IdentifierRefused),
        (OrganisationIn(name="Forno", register_number="12"), CodeUnreadable),
        (OrganisationIn(name="Forno", sdi_code="12"), CodeUnreadable),
    ],
)
def test_a_mistake_in_one_organisation_lets_none_in(
    organisation: OrganisationIn, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        organisations(OrganisationIn(name="Malga"), organisation)

    assert not Node.objects.exists()


def test_a_tax_code_is_one_persons_only() -> None:
    register(ADA)

    with pytest.raises(TaxCodeTaken):
        register(ADA)
    with pytest.raises(TaxCodeTaken):
        register(
            PersonIn(name="Bruno", tax_code="BNCGLI92A41H501G"),
            PersonIn(name="Carla", tax_code="BNCGLI92A41H501G"),
        )


def test_a_sole_trader_may_have_the_code_of_the_person_behind_the_firm() -> None:
    register(ADA)

    make_organisation(kind="company", tax_code=ADA.tax_code)


def test_a_key_of_others_files_names_one_node() -> None:
    (ada,) = register(PersonIn(name="Ada", external_id=("cassa", "17")))

    assert queries.nodes_known_as(source="cassa", values=["17", "18"]) == {"17": ada}
    with pytest.raises(ExternalIdTaken):
        register(PersonIn(name="Bruno", external_id=("cassa", "17")))
    register(PersonIn(name="Bruno", external_id=("altra cassa", "17")))


def test_a_thousand_people_cost_as_many_statements_as_two() -> None:
    def statements(how_many: int) -> int:
        people = [PersonIn(name=f"Socio {i}", municipality="022205") for i in range(how_many)]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            register(*people)
        return len(asked)

    few, many = statements(2), statements(1_000)
    # Of many cards a number may be drawn twice: those who missed draw again.
    assert many <= few + 1


def test_there_is_one_community() -> None:
    cast = make_cast()

    community = queries.community()
    assert community is not None
    assert community.federation_id == cast.federation_id
    with pytest.raises(CommunityAlreadyOpen):
        actions.open_community(
            name="Altra", federation=OrganisationIn(name="Altra"), opened_by=None, opened_at=NOON
        )


def test_a_fund_is_held_by_an_organisation() -> None:
    cast = make_cast()
    fund = make_fund(held_by=cast.lievito_id, name="Fondo forno")

    assert Node.objects.get(pk=fund).held_by_id == cast.lievito_id
    with pytest.raises(HolderRefused):
        make_fund(held_by=cast.bruno.id)
    with pytest.raises(ChoiceUnknown):
        make_fund(held_by=cast.lievito_id, kind="cooperative")


def test_a_changed_account_is_written_down_and_told_to_who_manages() -> None:
    cast = make_cast()
    new = OrganisationIn(name="Il Lievito", iban="IT60X0542811101000000123456")

    actions.change_organisation(
        node_id=cast.lievito_id, organisation=new, changed_by=cast.ada.user.pk, changed_at=NOON
    )

    changed = {row.field: (row.before, row.after) for row in NodeChange.objects.all()}
    assert changed["iban"] == ("", "IT60X0542811101000000123456")
    assert changed["name"] == ("Panificio Il Lievito", "Il Lievito")
    assert "iban-changed" in [
        notice.kind for notice in Notice.objects.filter(recipient=cast.ada.id)
    ]
    assert queries.search(filters=queries.Filters(text="panificio"), number=1).object_list == []


def test_of_a_person_only_that_a_field_changed_is_written_down() -> None:
    cast = make_cast()
    person = PersonIn(name="Bruno Fedrizzi", phone="0461 000000")

    actions.change_person(
        person_id=cast.bruno.id, person=person, changed_by=cast.bruno.user.pk, changed_at=NOON
    )

    (row,) = NodeChange.objects.filter(node_id=cast.bruno.id)
    assert (row.field, row.before, row.after) == ("phone", "", "")


def test_the_database_itself_keeps_people_out_of_the_directory() -> None:
    person = make_person()

    with pytest.raises(IntegrityError, match="directory_without_people"), transaction.atomic():
        DirectoryEntry.objects.create(node_id=person, kind="person", name_key="x", words="")


def test_every_municipality_is_there() -> None:
    assert Municipality.objects.count() == 7_899
    assert str(Municipality.objects.get(pk="022205")) == "Trento (TN)"
