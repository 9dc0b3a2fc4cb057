"""Who is near, and whom a word can mean."""

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.makers import make_fund, make_organisation

from reciproca.registry import queries

pytestmark = pytest.mark.django_db

TRENTO, ROVERETO, BOLZANO = "022205", "022161", "021008"


def test_the_nearest_sellers_come_first_with_their_distance() -> None:
    for place in (BOLZANO, TRENTO, ROVERETO):
        make_organisation(name=f"Bottega {place}", municipality=place)

    rows = queries.sellers_near(municipality=TRENTO, limit=3)

    assert [row.name for row in rows] == [f"Bottega {p}" for p in (TRENTO, ROVERETO, BOLZANO)]
    assert rows[0].metres == 0
    assert rows[1].metres is not None
    assert 15_000 < rows[1].metres < 30_000


def test_without_a_place_sellers_come_by_name_and_without_distance() -> None:
    make_organisation(name="Zoccoli", municipality=TRENTO)
    make_organisation(name="Apicoltori", municipality=BOLZANO)

    rows = queries.sellers_near(municipality="", limit=3)

    assert [(row.name, row.metres) for row in rows] == [("Apicoltori", None), ("Zoccoli", None)]


def test_funds_and_projects_sell_nothing() -> None:
    holder = make_organisation(name="Bottega", municipality=TRENTO)
    make_fund(name="Fondo", held_by=holder)

    assert [row.name for row in queries.sellers_near(municipality="", limit=9)] == ["Bottega"]


@pytest.mark.parametrize("text", ["caffe", "CAFFÈ", "pieve caff"])
def test_a_part_of_a_name_is_enough_whatever_its_accents(text: str) -> None:
    node = make_organisation(name="Caffè di Pieve Alta")
    make_organisation(name="Molino Basso")

    assert queries.nodes_named(text) == {node}


@pytest.mark.parametrize("text", ["", "  ", "%", "zzz"])
def test_what_names_nobody_finds_nobody(text: str) -> None:
    make_organisation(name="Molino Basso")

    assert queries.nodes_named(text) == set()


def test_near_costs_one_query_however_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        make_organisation(municipality=TRENTO)

    with django_assert_num_queries(1):
        queries.sellers_near(municipality=TRENTO, limit=5)
