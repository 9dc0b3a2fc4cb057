"""What sellers put on the square: checked, measured, changed, ended, and complained about."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from PIL import Image
from tests.makers import NOON, Cast, make_cast, make_organisation

from reciproca.market import actions, queries
from reciproca.market.errors import (
    AlreadyDecided,
    AlreadyOffered,
    AnswerMissing,
    ComplaintEmpty,
    EanRefused,
    OfferUnknown,
    PickupInUse,
    PickupMissing,
    PriceMissing,
    StepRefused,
    TermsMissing,
    TitleMissing,
)
from reciproca.market.models import Complaint, Offer, Photo, PickupPoint
from reciproca.market.tests import world
from reciproca.notices.models import Notice
from reciproca.shared.errors import DomainError

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
TRENTO, BOLZANO, MILANO = "022205", "021008", "015146"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_form_sent_twice_is_one_offer(cast: Cast) -> None:
    told = world.told(cast.lievito_id)
    first, second = (actions.make_offer(offer=told, made_by=None, made_at=NOON) for _ in range(2))

    assert first.id == second.id
    assert Offer.objects.count() == 1


def test_what_nobody_could_buy_is_refused(cast: Cast) -> None:
    wrong: list[tuple[dict[str, Any], type[DomainError]]] = [
        ({"title": "  "}, TitleMissing),
        ({"price_cents": None}, PriceMissing),
        ({"price_cents": 0}, PriceMissing),
        ({"price_cents": -100}, PriceMissing),
        ({"pickup_id": None}, PickupMissing),
        ({"pickup_id": uuid4()}, PickupMissing),
        ({"ean": "8000000142284"}, EanRefused),
        ({"step_milli": 500}, StepRefused),
        ({"kind": "agreement"}, TermsMissing),
        ({"kind": "service", "price_cents": 0}, PriceMissing),
    ]
    for fields, refusal in wrong:
        with pytest.raises(refusal):
            world.offer(cast.lievito_id, **fields)

    assert not Offer.objects.exists()


def test_goods_are_not_picked_up_at_somebody_elses(cast: Cast) -> None:
    theirs = world.pickup(cast.roncolago_id)

    with pytest.raises(PickupMissing):
        world.offer(cast.lievito_id, pickup_id=theirs.id)


def test_services_agreements_and_needs_stand_beside_goods(cast: Cast) -> None:
    world.offer(cast.lievito_id, kind="service", category="cura", title="Pane a casa")
    world.offer(
        cast.lievito_id,
        kind="agreement",
        category="energia",
        title="Luce di comunità",
        price_cents=None,
        member_terms="5 % in meno",
        contribution_cents=1_000,
    )
    world.offer(cast.lievito_id, kind="need", title="Cerchiamo farina", price_cents=None)
    found = queries.search(wanted=queries.Wanted(), number=1, today=TODAY)

    assert {row.kind for row in found.page} == {"service", "agreement", "need"}


def test_a_barcode_is_in_one_open_offer_of_a_seller(cast: Cast) -> None:
    first = world.offer(cast.lievito_id, ean="8000000142283")
    world.offer(cast.roncolago_id, ean="8000000142283")

    with pytest.raises(AlreadyOffered):
        world.offer(cast.lievito_id, ean="8000 000 142 283")
    actions.end_offer(offer_id=first.id, seller_id=cast.lievito_id, ended_at=NOON)
    world.offer(cast.lievito_id, ean="8000000142283")


def test_kilometre_zero_is_computed_from_places(cast: Cast) -> None:
    for grown, worked, is_km0 in (
        (TRENTO, "", True),
        (BOLZANO, "", True),  # another province, 50 km away
        (MILANO, "", False),
        (TRENTO, MILANO, False),
        ("", "", False),
    ):
        made = world.offer(cast.lievito_id, grown_in=grown, processed_in=worked)

        assert made.is_km0 is is_km0
        assert (made.measured_on == TODAY) is bool(grown or worked)


def test_moving_the_place_of_sale_measures_anew(cast: Cast) -> None:
    made = world.offer(cast.lievito_id, grown_in=TRENTO)
    far = world.pickup(cast.lievito_id, municipality=MILANO)
    changed = actions.change_offer(
        offer_id=made.id,
        offer=world.told(cast.lievito_id, grown_in=TRENTO, pickup_id=far.id),
        changed_at=NOON,
    )

    assert made.is_km0
    assert not changed.is_km0
    assert changed.farthest_metres is not None
    assert changed.farthest_metres > 70_000


def test_only_its_seller_changes_or_ends_an_offer(cast: Cast) -> None:
    made = world.offer(cast.lievito_id)

    with pytest.raises(OfferUnknown):
        actions.change_offer(offer_id=made.id, offer=world.told(cast.roncolago_id), changed_at=NOON)
    with pytest.raises(OfferUnknown):
        actions.end_offer(offer_id=made.id, seller_id=cast.roncolago_id, ended_at=NOON)


def test_what_has_ended_is_not_changed(cast: Cast) -> None:
    made = world.offer(cast.lievito_id)
    actions.end_offer(offer_id=made.id, seller_id=cast.lievito_id, ended_at=NOON)

    with pytest.raises(OfferUnknown):
        actions.change_offer(offer_id=made.id, offer=world.told(cast.lievito_id), changed_at=NOON)


def test_a_photo_says_nothing_of_its_camera(cast: Cast) -> None:
    made = world.offer(cast.lievito_id, photo=world.photo(3_000, 2_000))
    kept = Photo.objects.get(offer=made)

    with Image.open(BytesIO(kept.content)) as picture:
        assert max(picture.size) == 1_600
        assert not picture.getexif()
    assert b"Bruno" not in bytes(kept.content)


def test_a_place_closes_when_nothing_is_picked_up_there(cast: Cast) -> None:
    made = world.offer(cast.lievito_id)
    assert made.pickup_id

    with pytest.raises(PickupInUse):
        actions.close_pickup(pickup_id=made.pickup_id, seller_id=cast.lievito_id, closed_at=NOON)
    with pytest.raises(PickupMissing):
        actions.close_pickup(pickup_id=made.pickup_id, seller_id=cast.roncolago_id, closed_at=NOON)
    actions.end_offer(offer_id=made.id, seller_id=cast.lievito_id, ended_at=NOON)
    actions.close_pickup(pickup_id=made.pickup_id, seller_id=cast.lievito_id, closed_at=NOON)

    assert not PickupPoint.objects.filter(closed_at=None).exists()


def test_an_officer_hides_an_offer_and_both_read_why(cast: Cast) -> None:
    made = world.offer(cast.lievito_id)
    said = world.complain(made, cast.carla.id)

    actions.decide_complaint(
        complaint_id=said.id,
        hides=True,
        answer="La foto non è del pane.",
        decided_by=cast.olga.user.pk,
        decided_at=NOON,
    )

    assert not list(queries.search(wanted=queries.Wanted(), number=1, today=TODAY).page)
    told = Notice.objects.filter(kind__in=["offer-hidden", "complaint-heard"])
    assert {notice.recipient_id for notice in told} == {cast.ada.id, cast.carla.id}
    assert {notice.params["reason"] for notice in told} == {"La foto non è del pane."}
    with pytest.raises(AlreadyDecided):
        actions.decide_complaint(
            complaint_id=said.id, hides=False, answer="No", decided_by=None, decided_at=NOON
        )


def test_an_offer_that_may_stay_stays_and_both_read_why(cast: Cast) -> None:
    made = world.offer(cast.lievito_id)
    said = world.complain(made, cast.carla.id)

    with pytest.raises(AnswerMissing):
        actions.decide_complaint(
            complaint_id=said.id, hides=False, answer=" ", decided_by=None, decided_at=NOON
        )
    actions.decide_complaint(
        complaint_id=said.id, hides=False, answer="È pane.", decided_by=None, decided_at=NOON
    )

    assert len(queries.search(wanted=queries.Wanted(), number=1, today=TODAY).page) == 1
    told = Notice.objects.filter(kind__in=["offer-kept", "complaint-not-heard"])
    assert {notice.recipient_id for notice in told} == {cast.ada.id, cast.carla.id}


def test_a_complaint_needs_words_and_an_offer(cast: Cast) -> None:
    made = world.offer(cast.lievito_id)

    with pytest.raises(ComplaintEmpty):
        world.complain(made, cast.carla.id, "  ")
    actions.end_offer(offer_id=made.id, seller_id=cast.lievito_id, ended_at=NOON)
    with pytest.raises(OfferUnknown):
        world.complain(made, cast.carla.id)


def test_who_is_erased_leaves_no_words_about_offers(cast: Cast) -> None:
    said = world.complain(world.offer(cast.lievito_id), cast.carla.id)

    actions.forget_people([cast.carla.id], at=NOON)

    assert Complaint.objects.get(id=said.id).text == ""


def test_the_database_refuses_what_must_never_be(cast: Cast) -> None:
    made = world.offer(cast.lievito_id, stock_milli=1_000)

    for wrong in (
        {"stock_milli": -1},
        {"price_cents": 0},
        {"price_cents": None},
        {"step_milli": 0},
        {"is_km0": True},
        {"hidden_at": NOON},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.filter(id=made.id).update(**wrong)


def test_a_day_after_its_last_an_offer_is_over(cast: Cast) -> None:
    world.offer(cast.lievito_id, valid_until=TODAY)

    def count(on: Any) -> int:
        return len(queries.search(wanted=queries.Wanted(), number=1, today=on).page)

    assert count(TODAY) == 1
    assert count(TODAY + timedelta(days=1)) == 0


def test_many_offers_take_as_many_queries_as_one(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    seller = make_organisation(municipality=TRENTO)
    few, many = (
        [replace(world.told(seller), key=uuid4(), title=f"Pane {n}") for n in range(count)]
        for count in (2, 40)
    )
    with django_assert_max_num_queries(13):
        actions.make_offers(offers=few, made_by=None, made_at=NOON)
    with django_assert_max_num_queries(13):
        actions.make_offers(offers=many, made_by=None, made_at=NOON)
