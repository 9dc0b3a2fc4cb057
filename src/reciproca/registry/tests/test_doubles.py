"""Entries that are one organisation: found, kept apart, merged and taken apart again."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import (
    NOON,
    Cast,
    client_of,
    make_cast,
    make_mandate,
    make_membership,
    make_organisation,
)

from reciproca.imports.models import Import
from reciproca.registry import actions, queries
from reciproca.registry.actions import merging
from reciproca.registry.models import DirectoryEntry, ExternalId, Mandate, Node, Organisation

pytestmark = pytest.mark.django_db

TRENTO = "022205"
CODE, OTHER_CODE = "00110640220", "01527240224"
PAGE = "/doubles/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def olga(cast: Cast) -> Client:
    return client_of(cast.olga)


@pytest.fixture
def double(cast: Cast) -> UUID:
    """Return Lievito's second entry, as a list from elsewhere wrote it."""
    node = make_organisation(name="PANIFICIO LIEVITO SOC. COOP.", municipality=TRENTO)
    ExternalId.objects.create(node_id=node, source="albo", value="C12")
    return node


def merge(cast: Cast, merged: UUID, heir: UUID | None = None) -> UUID:
    return actions.merge_organisations(
        merged_id=merged,
        heir_id=heir or cast.lievito_id,
        merged_by=cast.olga.user.id,
        merged_at=NOON,
    )


def undo(cast: Cast, merge_id: UUID) -> None:
    actions.undo_merge(merge_id=merge_id, undone_by=cast.olga.user.id, undone_at=NOON)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_nearly_the_same_name_in_the_same_town_is_a_pair_the_likeliest_first(
    cast: Cast, double: UUID
) -> None:
    make_organisation(name="Panificio Il Lievito", municipality="022103")
    likely = make_organisation(name="Panificio Lievitato", municipality=TRENTO)

    pairs = queries.like_pairs()

    found = [({pair.one_id, pair.other_id}, pair.likeness) for pair in pairs]
    assert found[0] == ({cast.lievito_id, double}, 100)
    assert found[0][1] > found[1][1]
    assert all(likely in pair for pair, _likeness in found[1:])


def test_what_somebody_said_are_two_is_asked_no_more(cast: Cast, double: UUID) -> None:
    for one, other in ((double, cast.lievito_id), (cast.lievito_id, double)):
        actions.note_not_the_same(one_id=one, other_id=other, noted_by=None, noted_at=NOON)

    assert queries.like_pairs() == []
    with pytest.raises(merging.MergeRefused):
        actions.note_not_the_same(
            one_id=double, other_id=cast.bruno.id, noted_by=None, noted_at=NOON
        )


def test_a_merged_entry_is_closed_and_found_under_its_heir(cast: Cast, double: UUID) -> None:
    mandate = make_mandate(person=cast.carla.id, organisation=double, role="manager")
    merge(cast, double)

    node = Node.objects.get(pk=double)
    assert (node.merged_into_id, node.closed_at) == (cast.lievito_id, NOON)
    assert Mandate.objects.get(pk=mandate).organisation_id == cast.lievito_id
    assert not DirectoryEntry.objects.filter(node=double).exists()
    assert queries.heirs_of([double, cast.bruno.id]) == {double: cast.lievito_id}
    meant = queries.organisations_meant(calls=["C12"], source="albo").known
    assert meant == {"C12": cast.lievito_id}
    led = Client().get(f"/directory/{double}/")
    assert (led.status_code, led.headers["Location"]) == (302, f"/directory/{cast.lievito_id}/")


def test_the_heir_gets_the_tax_code_that_only_the_other_entry_knew(
    cast: Cast, double: UUID
) -> None:
    Organisation.objects.filter(pk=double).update(tax_code=CODE)

    done = merge(cast, double)
    assert Organisation.objects.get(tax_code=CODE).pk == cast.lievito_id
    undo(cast, done)
    assert Organisation.objects.get(tax_code=CODE).pk == double


def test_two_tax_codes_are_two_organisations(cast: Cast, double: UUID) -> None:
    Organisation.objects.filter(pk=double).update(tax_code=CODE)
    Organisation.objects.filter(pk=cast.lievito_id).update(tax_code=OTHER_CODE)

    with pytest.raises(merging.TaxCodesDiffer):
        merge(cast, double)
    assert Node.objects.get(pk=double).closed_at is None


def test_two_members_of_one_register_are_not_merged(cast: Cast, double: UUID) -> None:
    for member in (double, cast.lievito_id):
        make_membership(member=member, cooperative=cast.roncolago_id, share_cents=0)

    with pytest.raises(merging.BothAreMembers):
        merge(cast, double)


def test_an_entry_with_a_history_stays(cast: Cast, double: UUID) -> None:
    with pytest.raises(merging.HasHistory):
        merge(cast, cast.lievito_id, heir=double)

    Import.objects.create(kind="members", file_name="a", size_bytes=1, organisation_id=double)
    with pytest.raises(merging.HasHistory):
        merge(cast, double)


def test_what_is_no_open_organisation_is_not_merged(cast: Cast, double: UUID) -> None:
    for merged, heir in (
        (double, double),
        (cast.bruno.id, cast.lievito_id),
        (double, cast.common_id),
        (cast.federation_id, cast.lievito_id),
    ):
        with pytest.raises(merging.MergeRefused):
            merge(cast, merged, heir)
    merge(cast, double)
    with pytest.raises(merging.MergeRefused):
        merge(cast, double)


def test_a_merge_is_undone_and_each_has_its_own_again(cast: Cast, double: UUID) -> None:
    key = actions.create_api_key(
        organisation_id=double, name="Cassa", created_by=None, created_at=NOON
    )
    done = merge(cast, double)
    since = make_mandate(person=cast.carla.id, organisation=cast.lievito_id, role="manager")
    holder = queries.holder_of_key(secret=key.secret)
    assert holder
    assert holder.organisation_id == cast.lievito_id

    undo(cast, done)

    node = Node.objects.get(pk=double)
    assert (node.merged_into_id, node.closed_at) == (None, None)
    holder = queries.holder_of_key(secret=key.secret)
    assert holder
    assert holder.organisation_id == double
    assert ExternalId.objects.get(value="C12").node_id == double
    assert Mandate.objects.get(pk=since).organisation_id == cast.lievito_id
    assert DirectoryEntry.objects.filter(node=double).exists()
    with pytest.raises(merging.MergeAlreadyUndone):
        undo(cast, done)


def test_heirs_of_heirs_are_found_and_undone_in_turn(cast: Cast, double: UUID) -> None:
    middle = make_organisation(name="Il Lievito", municipality=TRENTO)
    first = merge(cast, double, heir=middle)
    second = merge(cast, middle)

    assert queries.heirs_of([double]) == {double: cast.lievito_id}
    assert ExternalId.objects.get(value="C12").node_id == cast.lievito_id
    with pytest.raises(merging.HeirClosed):
        undo(cast, first)
    undo(cast, second)
    undo(cast, first)
    assert ExternalId.objects.get(value="C12").node_id == double


def test_an_officer_merges_and_undoes_from_the_page(cast: Cast, olga: Client, double: UUID) -> None:
    both = f"{PAGE}{double}/{cast.lievito_id}/"
    assert "Una coppia da guardare" in text(olga.get(PAGE))
    side = text(olga.get(both))
    assert "Sono la stessa: tieni questa" in side
    assert "Bruno" not in side

    refused = olga.post(f"{PAGE}{cast.lievito_id}/{double}/merge/")
    assert (refused.status_code, "ha già una storia" in text(refused)) == (409, True)
    olga.post(f"{both}merge/")
    after = text(olga.get(PAGE))
    assert "Nessuna scheda doppia" in after
    assert "PANIFICIO LIEVITO SOC. COOP. in Panificio Il Lievito" in after
    assert olga.get(both).status_code == 404

    [row] = queries.merge_rows()
    olga.post(f"/merges/{row.id}/undo/")
    olga.post(f"{both}distinction/")
    assert "Nessuna scheda doppia" in text(olga.get(PAGE))
    assert olga.get(both).status_code == 200


def test_the_list_takes_as_many_queries_for_2_pairs_as_for_20(cast: Cast, olga: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert olga.get(PAGE).status_code == 200
        return len(captured)

    make_organisation(name="Lievito panificio il", municipality=TRENTO)
    few = asked()
    for _ in range(6):
        make_organisation(name="Panificio Il Lievito", municipality=TRENTO)
    assert asked() == few
