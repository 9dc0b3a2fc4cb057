"""What people did beside buying, where they live, and what others attest of them."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from tests.makers import NOON, client_of

from reciproca.assemblies.tests import world as assembly
from reciproca.ballots.models import Closing, RollForgotten
from reciproca.redistribution import actions, errors, queries
from reciproca.redistribution.gathering import gather
from reciproca.redistribution.models import PointLine, PointList
from reciproca.redistribution.rules import Criterion, Step
from reciproca.redistribution.tests.cast import (
    AFTERWARDS,
    ENDS_ON,
    HALF,
    OPENER,
    Valley,
    make_membership,
    make_person,
    make_valley,
)
from reciproca.registry.places import distance_metres, municipalities_by_code
from reciproca.shared.models import ErasedPerson

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley() -> Valley:
    return make_valley()


def scores(valley: Valley, criterion: str, **changes: Any) -> dict[UUID, int]:
    """Return what everybody scored on a criterion in the first half of the year."""
    policy = valley.policy(Criterion(criterion, Fraction(1)), **changes)
    found = gather(policy=policy, starts_on=HALF[0], ends_on=HALF[1]).measured
    return {UUID(who): score for who, score in zip(found.people, found.scores[0], strict=True)}


# --- taking part ---


def test_being_there_counts_once_and_so_does_each_vote(valley: Valley) -> None:
    """Ada was at the assembly and voted, for Bruno too, who stayed at home."""
    assembly.held_assembly(valley.cast)

    assert scores(valley, "participation") == {valley.cast.ada.id: 2}


def test_a_vote_counts_when_it_is_closed_and_everybody_reads_who_voted(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    meeting = assembly.draft(assembly.make_body(valley.cast.lievito_id))
    motion = assembly.propose(meeting)
    assembly.call(meeting)
    assembly.come(meeting, ada, bruno)
    assembly.open_meeting(meeting, chair=ada)
    ballot_id = assembly.open_vote(motion)
    assembly.vote(ballot_id, ada, "yes")
    assert scores(valley, "participation") == {ada: 1, bruno: 1}

    assembly.close_vote(motion)

    assert scores(valley, "participation") == {ada: 2, bruno: 1}


def test_how_somebody_voted_changes_nothing(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    meeting = assembly.draft(assembly.make_body(valley.cast.lievito_id))
    motion = assembly.propose(meeting)
    assembly.call(meeting)
    assembly.come(meeting, ada, bruno)
    assembly.open_meeting(meeting, chair=ada)
    ballot_id = assembly.open_vote(motion)
    for member, choice in ((ada, "yes"), (bruno, "no")):
        assembly.vote(ballot_id, member, choice)
    assembly.close_vote(motion)

    assert scores(valley, "participation") == {ada: 2, bruno: 2}


def test_taking_part_counts_in_its_period_only(valley: Valley) -> None:
    assembly.held_assembly(valley.cast)
    policy = valley.policy(Criterion("participation", Fraction(1)))

    later = gather(policy=policy, starts_on=ENDS_ON, ends_on=ENDS_ON + timedelta(days=30))

    assert not later.measured.people


def test_once_who_voted_is_forgotten_taking_part_is_refused_not_halved(valley: Valley) -> None:
    assembly.held_assembly(valley.cast)
    [closing] = Closing.objects.all()
    RollForgotten.objects.create(
        ballot_id=closing.pk, electors=2, voted=2, forgotten_at=AFTERWARDS + timedelta(days=90)
    )

    with pytest.raises(errors.RollsForgotten):
        scores(valley, "participation")

    policy = valley.policy(Criterion("participation", Fraction(1)))
    later = gather(policy=policy, starts_on=ENDS_ON, ends_on=ENDS_ON + timedelta(days=30))
    assert not later.measured.people
    assert not scores(valley, "patronage")


# --- distance ---


@pytest.mark.parametrize("place", ["022062", "022039", "022205"])
def test_every_five_kilometres_to_the_nearest_cooperative_are_a_point(
    valley: Valley, place: str
) -> None:
    """Il Lievito bakes in Trento; the members live in Cles, in Canazei, and in Trento itself."""
    person = make_person(municipality=place)
    make_membership(member=person, cooperative=valley.cast.lievito_id)
    places = municipalities_by_code()
    metres = distance_metres(a=places["022205"].point, b=places[place].point)

    found = scores(valley, "distance").get(person, 0)

    assert found == metres // 5_000
    assert (found > 0) == (place != "022205")


def test_who_lives_nobody_knows_where_has_no_points(valley: Valley) -> None:
    assert not scores(valley, "distance")


# --- what others attest ---


def hand_in(points: list[tuple[str, int]], **changes: Any) -> PointList:
    given: dict[str, Any] = {
        "criterion": "need",
        "points": points,
        "attested_by": "Servizio sociale, elenco 3",
        "starts_on": HALF[0],
        "ends_on": HALF[1],
        "handed_by": OPENER,
        "handed_at": AFTERWARDS,
        **changes,
    }
    return actions.hand_in_points(**given)


def known(valley: Valley) -> tuple[UUID, UUID]:
    """Return Ada and Bruno, who are found by their addresses."""
    return valley.cast.ada.id, valley.cast.bruno.id


def address(member: Any) -> str:
    return str(member.user.email)


def test_points_that_hold_on_the_last_day_count_and_the_last_list_wins(valley: Valley) -> None:
    ada, bruno = valley.cast.ada, valley.cast.bruno
    hand_in([(address(ada), 3), (address(bruno).upper(), 2)])
    hand_in([(address(bruno), 0)], handed_at=AFTERWARDS + timedelta(hours=1))
    hand_in([(address(bruno), 9)], ends_on=ENDS_ON - timedelta(days=1))
    hand_in([(address(bruno), 1)], criterion="fragility")

    assert scores(valley, "need") == {ada.id: 3}
    assert scores(valley, "fragility") == {bruno.id: 1}


def test_points_count_whole_where_purchases_count_in_parts(valley: Valley) -> None:
    hand_in([(address(valley.cast.ada), 3)])

    steps = (Step(90, Fraction(3, 4)), Step(180, Fraction(1, 2)))

    assert scores(valley, "need", recency=steps) == {valley.cast.ada.id: 3 * 4}


def test_a_pool_is_divided_by_purchases_and_points(valley: Valley) -> None:
    ada, bruno = valley.cast.ada, valley.cast.bruno
    valley.buy(ada.id, 30_000)
    valley.buy(bruno.id, 10_000)
    hand_in([(address(bruno), 2)])
    valley.adopt(
        Criterion("patronage", Fraction(1, 2)),
        Criterion("need", Fraction(1, 2), cap=1),
        common_share=Fraction(),
    )

    run = valley.run()

    assert dict(run.lines.values_list("member", "paid_cents")) == {ada.id: 1_500, bruno.id: 2_500}


def test_each_reads_their_own_points_among_their_data(valley: Valley) -> None:
    hand_in([(address(valley.cast.ada), 3)])

    [row] = queries.points_of(member_id=valley.cast.ada.id)

    assert (row.criterion, row.points) == ("need", 3)
    assert not queries.points_of(member_id=valley.cast.bruno.id)


def test_who_is_unknown_or_comes_twice_is_refused(valley: Valley) -> None:
    ada = address(valley.cast.ada)
    with pytest.raises(errors.PointsPersonUnknown):
        hand_in([(ada, 1), ("nessuno@example.org", 1)])
    with pytest.raises(errors.PointsTwice):
        hand_in([(ada, 1), (ada.upper(), 2)])
    with pytest.raises(errors.PeriodBackwards):
        hand_in([(ada, 1)], starts_on=date(2026, 1, 1))
    assert not PointList.objects.exists()


def test_points_are_never_edited_and_go_with_whoever_is_erased(valley: Valley) -> None:
    ada, bruno = known(valley)
    hand_in([(address(valley.cast.ada), 3), (address(valley.cast.bruno), 2)])
    for change in ("UPDATE redistribution_pointline SET points = 9", "DELETE FROM {}"):
        with pytest.raises(DatabaseError, match="never"), transaction.atomic():
            run(change.format("redistribution_pointline"))

    ErasedPerson.objects.create(person=ada, erased_at=timezone.now())
    actions.forget_people([ada])

    assert list(PointLine.objects.values_list("member", flat=True)) == [bruno]


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


# --- the page ---


@pytest.fixture
def olga(valley: Valley) -> Client:
    return client_of(valley.cast.olga)


def list_of(points: str) -> dict[str, str]:
    return {
        "criterion": "need",
        "attested_by": "Servizio sociale, elenco 3",
        "starts_on": "2025-01-01",
        "ends_on": "2025-12-31",
        "points": points,
    }


def test_an_officer_hands_in_a_list_and_the_page_names_nobody(
    valley: Valley, olga: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ada, bruno = address(valley.cast.ada), address(valley.cast.bruno)

    answer = olga.post("/redistribution/points/", list_of(f"{ada}; 3\n\n{bruno};1\n"), follow=True)

    page = answer.content.decode()
    assert "Consegnati i punti di 2 persone" in page
    assert "Servizio sociale, elenco 3" in page
    assert valley.cast.ada.user.email not in page
    assert [row.people for row in queries.point_lists()] == [2]
    with django_assert_max_num_queries(12):
        olga.get("/redistribution/points/")


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ("{ada} 3", "Alla riga 1 non si legge"),
        ("{ada};3\n{ada};molti", "Alla riga 2 non si legge"),
        ("{ada};101", "i punti da 0 a 100"),
        ("{ada};1\n{ada};1", "c’è già più in alto"),
        ("nessuno@example.org;1", "Nessuno, o più di uno, è registrato come"),
        ("", "Scrivi almeno una persona con i suoi punti."),
        ("x;1\n" * 2_001, "Sono più di 2000 righe"),
    ],
)
def test_a_line_that_cannot_be_read_is_said(
    valley: Valley, olga: Client, points: str, sentence: str
) -> None:
    sent = points.format(ada=address(valley.cast.ada))

    answer = olga.post("/redistribution/points/", list_of(sent))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not PointList.objects.exists()


def test_the_explanation_counts_in_points(valley: Valley) -> None:
    valley.buy(valley.cast.ada.id, 30_000, at=NOON)
    hand_in([(address(valley.cast.ada), 1), (address(valley.cast.bruno), 2)])
    valley.adopt(Criterion("patronage", Fraction(1, 2)), Criterion("need", Fraction(1, 2), cap=1))
    paid = valley.run()

    page = client_of(valley.cast.bruno).get(f"/redistribution/runs/{paid.id}/mine/")

    said = page.content.decode()
    assert "Per il bisogno attestato hai 2 punti, e contano 1 punto: il 50% dei 2 punti" in said
