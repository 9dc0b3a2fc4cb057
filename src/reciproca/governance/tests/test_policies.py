"""A policy runs because a body resolved so, on a ground that somebody confirmed."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.makers import FIRST_DAY, NOON, Cast, make_cast

from reciproca.governance import actions, queries, schemas
from reciproca.governance.forms import AdoptionIn, ResolutionIn, VotedResolution
from reciproca.governance.models import Adoption, Policy, Resolution
from reciproca.shared.documents import DocumentNotPdf
from reciproca.shared.errors import DomainError

pytestmark = pytest.mark.django_db


class ColourMissing(DomainError):
    code = "colour-missing"


def check(document: schemas.Document) -> None:
    if "colour" not in document:
        raise ColourMissing


schemas.register_schema(
    schemas.Schema("test-colour", "Colori", check, lambda document: [f"È {document['colour']}."])
)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def adoption(cast: Cast, **changes: Any) -> AdoptionIn:
    resolution = ResolutionIn(
        body_id=cast.federation_id,
        title="Il colore della rete",
        adopted_on=FIRST_DAY,
        protocol_number="7/2025",
        document_name="verbale.pdf",
        document=b"%PDF-1.7",
    )
    return replace(
        AdoptionIn(
            document={"kind": "test-colour", "v": 1, "title": "Verde", "colour": "verde"},
            in_force_on=FIRST_DAY,
            resolution=resolution,
            legal_basis="Statuto, articolo 4",
            legal_basis_confirmed_by="Avv. Rita Prova",
        ),
        **changes,
    )


def adopt(stated: AdoptionIn) -> str:
    return actions.adopt_policy(adoption=stated, recorded_by=None, recorded_at=NOON)


def test_an_adopted_policy_is_named_by_its_text_and_read_aloud(cast: Cast) -> None:
    digest = adopt(adoption(cast))

    page = queries.policy_page(digest=digest)
    assert page is not None
    assert page.document == '{"colour":"verde","kind":"test-colour","title":"Verde","v":1}'
    assert list(page.sentences) == ["È verde."]
    (row,) = page.adoptions
    assert (row.body, row.protocol_number) == ("Federazione delle Tre Valli", "7/2025")
    assert row.minutes_id is not None
    assert queries.minutes(document_id=row.minutes_id) is not None


def test_the_same_document_written_in_another_order_is_the_same_policy(cast: Cast) -> None:
    first = adopt(adoption(cast))
    turned = {"title": "Verde", "colour": "verde", "v": 1, "kind": "test-colour"}

    again = adopt(adoption(cast, document=turned, in_force_on=date(2025, 6, 1)))

    assert again == first
    assert Policy.objects.count() == 1
    assert Resolution.objects.count() == 1


def test_one_ends_where_the_next_begins(cast: Cast) -> None:
    adopt(adoption(cast))
    blue = {"kind": "test-colour", "v": 1, "title": "Blu", "colour": "blu"}
    adopt(adoption(cast, document=blue, in_force_on=date(2026, 1, 1)))

    later, earlier = queries.adoptions()

    assert (earlier.in_force_on, earlier.ends_on) == (FIRST_DAY, date(2026, 1, 1))
    assert later.ends_on is None
    assert earlier.is_in_force(date(2025, 12, 31))
    assert not earlier.is_in_force(date(2026, 1, 1))
    assert [each.in_force_on for each in queries.adopted_policies(kind="test-colour")] == [
        FIRST_DAY,
        date(2026, 1, 1),
    ]


def refused(cast: Cast, refusal: type[DomainError], **changes: Any) -> None:
    with pytest.raises(refusal):
        adopt(adoption(cast, **changes))
    assert not Adoption.objects.exists()
    assert not Policy.objects.exists()
    assert not Resolution.objects.exists()


def resolved(cast: Cast, **changes: Any) -> ResolutionIn:
    resolution = adoption(cast).resolution
    assert isinstance(resolution, ResolutionIn)
    return replace(resolution, **changes)


def voted(cast: Cast, document: dict[str, object] | None = None) -> UUID:
    """Return a resolution that a ballot took here, on a policy if there is one."""
    digest = actions.keep_policy(document=document, recorded_at=NOON) if document else ""
    return actions.record_voted_resolution(
        body_id=cast.federation_id,
        title="Il colore della rete",
        text="Si adotta il verde.",
        ballot_id=uuid4(),
        policy_digest=digest,
        recorded_by=None,
        recorded_at=NOON,
    ).id


GREEN: dict[str, object] = {"kind": "test-colour", "v": 1, "title": "Verde", "colour": "verde"}


def test_a_policy_that_was_voted_here_runs_exactly_as_it_was_voted(cast: Cast) -> None:
    resolution = VotedResolution(voted(cast, GREEN))
    for changed in ({"colour": "verda"}, {"title": "Verde "}, {"note": ""}):
        with pytest.raises(actions.NotTheVotedText, match="Anche una sola lettera"):
            adopt(
                adoption(
                    cast,
                    document=GREEN | changed,
                    in_force_on=NOON.date(),
                    resolution=resolution,
                )
            )
    assert not Adoption.objects.exists()

    digest = adopt(adoption(cast, in_force_on=NOON.date(), resolution=resolution))

    made = Adoption.objects.get()
    assert (made.policy_id, made.adopted_by) == (digest, "ballot")
    (row,) = queries.adoptions()
    assert (row.is_voted, row.resolution_id) == (True, resolution.id)
    assert queries.voted_and_not_adopted(body_id=cast.federation_id) == []


def test_a_text_that_was_not_voted_does_not_run_under_the_number_of_one_that_was(
    cast: Cast,
) -> None:
    resolution = Resolution.objects.get(pk=voted(cast, GREEN))
    number = resolved(
        cast, protocol_number=resolution.protocol_number, adopted_on=resolution.adopted_on
    )
    black = GREEN | {"colour": "nero"}

    with pytest.raises(actions.ResolutionAlreadyRecorded):
        adopt(adoption(cast, document=black, in_force_on=NOON.date(), resolution=number))
    for adopted_by, document in (("ballot", black), ("external", GREEN)):
        with pytest.raises(DatabaseError, match="did not vote"), transaction.atomic():
            Adoption.objects.create(
                policy_id=actions.keep_policy(document=document, recorded_at=NOON),
                kind="test-colour",
                in_force_on=NOON.date(),
                adopted_by=adopted_by,
                resolution=resolution,
                legal_basis="Statuto",
                legal_basis_confirmed_by="Avv. Rita Prova",
            )
    assert not Adoption.objects.exists()


def test_what_was_voted_once_begins_once(cast: Cast) -> None:
    resolution = VotedResolution(voted(cast, GREEN))
    first = adoption(cast, in_force_on=date(2025, 6, 10), resolution=resolution)
    assert adopt(first) == adopt(first)
    adopt(adoption(cast, document=GREEN | {"colour": "blu"}, in_force_on=date(2025, 6, 20)))

    with pytest.raises(actions.AlreadyRuns, match="dal 10/06/2025"):
        adopt(replace(first, in_force_on=date(2025, 6, 30)))
    assert Adoption.objects.filter(resolution=resolution.id).count() == 1


def test_a_resolution_taken_outside_stays_visible_as_such(cast: Cast) -> None:
    adopt(adoption(cast))

    assert Adoption.objects.get().adopted_by == "external"
    assert [row.is_voted for row in queries.adoptions()] == [False]


def test_a_resolution_about_something_else_adopts_no_policy(cast: Cast) -> None:
    with pytest.raises(actions.NothingToAdopt):
        adopt(adoption(cast, in_force_on=NOON.date(), resolution=VotedResolution(voted(cast))))


def test_voted_resolutions_are_numbered_within_their_bodys_year(cast: Cast) -> None:
    external = resolved(cast, protocol_number="2/2025", adopted_on=NOON.date())
    adopt(adoption(cast, resolution=external, in_force_on=NOON.date()))
    for _ in range(2):
        voted(cast)

    numbers = Resolution.objects.filter(ballot__isnull=False).order_by("id")
    assert list(numbers.values_list("protocol_number", flat=True)) == ["1/2025", "3/2025"]


def test_without_a_confirmed_ground_nothing_runs(cast: Cast) -> None:
    refused(cast, actions.LegalBasisMissing, legal_basis=" ")
    refused(cast, actions.LegalBasisMissing, legal_basis_confirmed_by="")


def test_a_policy_that_nobody_can_run_is_refused(cast: Cast) -> None:
    refused(cast, schemas.PolicyKindUnknown, document={"kind": "boh"})
    refused(cast, schemas.PolicyKindUnknown, document={})
    refused(cast, ColourMissing, document={"kind": "test-colour"})


def test_nothing_runs_before_it_was_resolved(cast: Cast) -> None:
    refused(cast, actions.InForceTooEarly, in_force_on=date(2024, 12, 31))


def test_a_resolution_is_complete_and_past(cast: Cast) -> None:
    refused(cast, actions.ProtocolMissing, resolution=resolved(cast, protocol_number=" "))
    refused(cast, actions.TitleMissing, resolution=resolved(cast, title=""))
    refused(cast, DocumentNotPdf, resolution=resolved(cast, document=b"ciao"))
    refused(
        cast,
        actions.ResolutionInFuture,
        resolution=resolved(cast, adopted_on=date(2025, 6, 3)),
        in_force_on=date(2025, 7, 1),
    )


def test_an_adoption_sent_twice_is_one(cast: Cast) -> None:
    assert adopt(adoption(cast)) == adopt(adoption(cast))

    assert (Adoption.objects.count(), Resolution.objects.count()) == (1, 1)
    with pytest.raises(actions.DayTaken):
        adopt(adoption(cast, resolution=resolved(cast, protocol_number="8/2025")))


def test_two_policies_of_a_kind_do_not_begin_on_one_day(cast: Cast) -> None:
    adopt(adoption(cast))
    red = {"kind": "test-colour", "v": 1, "title": "Rosso", "colour": "rosso"}

    with pytest.raises(actions.DayTaken):
        adopt(adoption(cast, document=red))


def test_a_resolution_is_recorded_once(cast: Cast) -> None:
    def record(body: UUID) -> Resolution:
        return actions.record_resolution(
            body_id=body,
            title="Bilancio",
            adopted_on=FIRST_DAY,
            protocol_number="7",
            document=None,
            recorded_by=None,
            recorded_at=NOON,
        )

    record(cast.lievito_id)
    record(cast.roncolago_id)
    with pytest.raises(actions.ResolutionAlreadyRecorded):
        record(cast.lievito_id)


def test_what_was_decided_is_never_rewritten(cast: Cast) -> None:
    adopt(adoption(cast))

    for table, change in (
        (Resolution, {"title": "Altro"}),
        (Policy, {"document": "{}"}),
        (Adoption, {"legal_basis": "Altro"}),
    ):
        with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
            table.objects.update(**change)


def test_the_minutes_of_nothing_are_nobodys_document(cast: Cast) -> None:
    assert queries.minutes(document_id=cast.lievito_id) is None
