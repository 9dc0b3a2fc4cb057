"""Two entries of one person: found with reasons, merged where it is sound, and taken back."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.makers import NOON, Cast, client_of, make_cast, make_membership, make_person

from reciproca.notices.queries import notices_of
from reciproca.registry import actions, queries
from reciproca.registry.actions.merging import (
    BothAreMembers,
    HasHistory,
    MergeAlreadyUndone,
    MergeRefused,
    TaxCodesDiffer,
)
from reciproca.registry.actions.merging_people import (
    BirthDaysDiffer,
    MemberElsewhere,
    NotTwoPeople,
    SignsIn,
)
from reciproca.registry.models import Card, Membership, Node, Person
from reciproca.registry.rules import likeness_of_people
from reciproca.shared.access import accesses_to

pytestmark = pytest.mark.django_db

BORN = date(1948, 3, 9)
CODES = ("RSSMRA85T10A562S", "BNCGLI92A41H501G")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def person(name: str = "Nina Nuova", **fields: Any) -> UUID:
    return make_person(name=name, **fields)


def apply(member: UUID, cooperative: UUID) -> UUID:
    return actions.apply_for_membership(
        member_id=member,
        cooperative_id=cooperative,
        applied_on=NOON.date(),
        recorded_by=None,
        recorded_at=NOON,
    )


def merge(merged: UUID, heir: UUID, cooperative: UUID | None = None) -> UUID:
    return actions.merge_people(
        merged_id=merged, heir_id=heir, merged_by=None, merged_at=NOON, cooperative_id=cooperative
    )


def alike(cooperative: UUID | None = None) -> list[tuple[UUID, UUID, int]]:
    found = queries.like_people(cooperative_id=cooperative)
    return [(each.one_id, each.other_id, each.likeness) for each in found]


# --- finding ---


def test_what_is_alike_weighs_and_a_name_alone_is_not_asked() -> None:
    def percent(*same: str) -> int:
        every = ("birth", "email", "phone", "place")
        return likeness_of_people(**{f"same_{each}": each in same for each in every})

    assert [percent("birth"), percent("email"), percent("phone"), percent("place")] == [
        85,
        70,
        60,
        50,
    ]
    assert percent() == 0
    assert percent("birth", "email", "phone", "place") == 99


def test_people_are_found_by_name_in_any_order_with_what_else_is_alike(cast: Cast) -> None:
    one = person("Nina Nuova", born_on=BORN, phone="0463 111 111")
    other = person("NUOVA Nìna", born_on=BORN, phone="0463111111")
    mailed, again = (person("Ugo Rossi", email=each) for each in ("u@x.it", "U@X.it"))
    person("Nina Nuova", born_on=date(1990, 1, 1))
    person("Ada Sola"), person("Ada Sola")

    assert alike() == [(one, other, 99), (mailed, again, 70)]


def test_two_tax_codes_are_two_people_and_whoever_was_told_apart_stays_so(cast: Cast) -> None:
    for code in CODES:
        person(born_on=BORN, tax_code=code)
    one, other = (person("Ugo Rossi", born_on=BORN) for _ in range(2))
    assert [pair[:2] for pair in alike()] == [(one, other)]

    actions.note_not_the_same(one_id=one, other_id=other, noted_by=None, noted_at=NOON)

    assert alike() == []
    with pytest.raises(MergeRefused):
        actions.note_not_the_same(
            one_id=one, other_id=cast.lievito_id, noted_by=None, noted_at=NOON
        )


def test_a_cooperative_finds_only_those_of_its_own_register(cast: Cast) -> None:
    one, other = (person(born_on=BORN) for _ in range(2))
    apply(one, cast.lievito_id)
    assert alike(cast.lievito_id) == []

    apply(other, cast.lievito_id)

    assert [pair[:2] for pair in alike(cast.lievito_id)] == [(one, other)]
    assert alike(cast.roncolago_id) == []


# --- merging ---


def test_a_merge_moves_lines_cards_and_codes_and_fills_what_was_empty(cast: Cast) -> None:
    merged, heir = person(born_on=BORN, tax_code=CODES[0]), person()
    line = apply(merged, cast.lievito_id)
    old = queries.live_card_number(person_id=merged)
    own = queries.live_card_number(person_id=heir)

    merge(merged, heir)

    assert Membership.objects.get(pk=line).member_id == heir
    holder = queries.holder_of(number=old)
    assert holder is not None
    assert (holder.person_id, holder.is_blocked) == (heir, True)
    assert queries.live_card_number(person_id=heir) == own
    assert old in queries.card_page(person_id=heir).earlier
    kept = Person.objects.get(pk=heir)
    assert (kept.tax_code, kept.born_on) == (CODES[0], BORN)
    assert Node.objects.get(pk=merged).merged_into_id == heir
    [notice] = notices_of(person_id=heir)
    assert "avevi due schede" in notice.sentence


def test_what_a_desk_did_for_either_is_read_by_the_heir(cast: Cast) -> None:
    desk = actions.AtDesk(cast.lievito_id, cast.elsa.id, cast.elsa.user.pk, NOON)
    merged, heir = person(), person()
    apply(merged, cast.lievito_id)
    with actions.assisting(person_id=merged, what="statement", desk=desk):
        pass

    merge(merged, heir)

    assert [act.what for act in queries.assisted_acts(person_id=heir, limit=5)] == ["statement"]


def test_taking_it_back_gives_each_its_own_again(cast: Cast) -> None:
    merged, heir = person(born_on=BORN, tax_code=CODES[0]), person()
    line = apply(merged, cast.lievito_id)
    number = queries.live_card_number(person_id=merged)
    done = merge(merged, heir)

    actions.undo_people_merge(merge_id=done, undone_by=None, undone_at=NOON)

    assert Membership.objects.get(pk=line).member_id == merged
    assert queries.live_card_number(person_id=merged) == number
    assert Card.objects.filter(person=heir, blocked_at=None).count() == 1
    codes = {each.pk: each.tax_code for each in Person.objects.filter(pk__in=[merged, heir])}
    assert codes == {merged: CODES[0], heir: ""}
    assert Person.objects.get(pk=heir).born_on is None
    assert Node.objects.get(pk=merged).closed_at is None
    with pytest.raises(MergeAlreadyUndone):
        actions.undo_people_merge(merge_id=done, undone_by=None, undone_at=NOON)


def test_nothing_by_which_one_comes_in_or_spends_goes_along(cast: Cast) -> None:
    merged, heir = person(email="nina@example.org", phone="1"), person()
    actions.set_pin(person_id=merged, pin="40718", set_by=None, set_at=NOON)

    merge(merged, heir)

    page = queries.person_page(person_id=heir)
    assert page is not None
    assert page.email == ""
    assert not queries.card_page(person_id=heir).has_pin


def test_whoever_signs_in_stays(cast: Cast) -> None:
    twin = person("Bruno Fedrizzi")

    with pytest.raises(SignsIn, match="quella scheda resta"):
        merge(cast.bruno.id, twin)
    merge(twin, cast.bruno.id)


def test_whoever_has_capital_or_a_task_stays(cast: Cast) -> None:
    shareholder, operator = person(), person()
    make_membership(member=shareholder, cooperative=cast.lievito_id)
    actions.grant_mandate(
        person_id=operator,
        organisation_id=cast.lievito_id,
        role="till",
        starts_on=NOON.date(),
        ends_on=None,
        granted_by=None,
        granted_at=NOON,
    )

    for busy in (shareholder, operator):
        with pytest.raises(HasHistory):
            merge(busy, cast.carla.id)


def test_two_who_are_two_are_refused(cast: Cast) -> None:
    coded, other = (person(tax_code=code) for code in CODES)
    born, later = person(born_on=BORN), person(born_on=date(1990, 1, 1))
    one, twin = person(), person()
    for each in (one, twin):
        apply(each, cast.lievito_id)

    with pytest.raises(TaxCodesDiffer):
        merge(coded, other)
    with pytest.raises(BirthDaysDiffer):
        merge(born, later)
    with pytest.raises(BothAreMembers):
        merge(one, twin)
    for nobody in (born, cast.lievito_id):
        with pytest.raises(NotTwoPeople):
            merge(nobody, born)


def test_a_cooperative_leaves_to_the_federation_who_is_in_anothers_book(cast: Cast) -> None:
    merged, heir = person(), person()
    apply(merged, cast.roncolago_id)

    with pytest.raises(MemberElsewhere):
        merge(merged, heir, cast.lievito_id)
    merge(merged, heir)


# --- the pages ---


def test_an_officer_sees_who_they_are_and_both_read_that_it_was_looked_at(cast: Cast) -> None:
    olga = client_of(cast.olga)
    one = person(born_on=BORN, phone="0463 111111", email="n@x.it")
    other = person(born_on=BORN, phone="0463 111111")

    listed = olga.get("/doubles/people/").content.decode()
    assert "stessa data di nascita" in listed
    assert "stesso telefono" in listed
    page = olga.get(f"/doubles/people/{one}/{other}/").content.decode()
    assert "9 marzo 1948" in page
    for hidden in ("0463 111111", "n@x.it", queries.live_card_number(person_id=one)):
        assert hidden not in listed + page
    assert [row.what for row in accesses_to(subject=one)] == ["identity"]

    answer = olga.post(f"/doubles/people/{one}/{other}/merge/", follow=True)
    assert "Unite: resta" in answer.content.decode()
    [row] = queries.people_merges(cooperative_id=None)
    answer = olga.post(f"/merges/people/{row.id}/undo/", follow=True)
    assert "Sono di nuovo due" in answer.content.decode()


def test_a_manager_sees_and_merges_only_those_of_the_own_register(cast: Cast) -> None:
    ada, dario = client_of(cast.ada), client_of(cast.dario)
    one, other = person(born_on=BORN), person(born_on=BORN)
    for each in (one, other):
        apply(each, cast.lievito_id)
    line = Membership.objects.get(member=one)
    path = f"/doubles/people/{one}/{other}/"

    refused = ada.post(f"{path}merge/")
    assert refused.status_code == 409
    assert "nello stesso libro soci" in refused.content.decode()
    assert dario.get(path).status_code == 404
    assert dario.post(f"{path}merge/").status_code == 404
    actions.refuse_application(
        actions.Step(line.id, NOON.date(), None, NOON, note="Due volte la stessa")
    )
    assert "Unite: resta" in ada.post(f"{path}merge/", follow=True).content.decode()
    [row] = queries.people_merges(cooperative_id=cast.lievito_id)
    assert dario.post(f"/merges/people/{row.id}/undo/").status_code == 404


def test_the_list_takes_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    olga = client_of(cast.olga)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert olga.get("/doubles/people/").status_code == 200
        return len(captured)

    for number in range(2):
        person(born_on=BORN), person(born_on=BORN, name=f"Nina Nuova {number}")
    few = asked()
    for _ in range(8):
        person(born_on=BORN)
    assert asked() == few
