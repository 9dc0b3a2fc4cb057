"""Finding: stems, slips of the hand, distance, filters, order, pages."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.makers import NOON, Cast, make_cast, make_organisation

from reciproca.market.queries import Wanted, search
from reciproca.market.queries.search import PAGE_SIZE, Found
from reciproca.market.rules import meant, slips, trigrams
from reciproca.market.tests import world

TODAY = NOON.date()
TRENTO, ROVERETO, VERONA = "022205", "022161", "023091"
WORDS = st.text("abcdefghilmnopqrstuvz", min_size=1, max_size=10)


@pytest.fixture
def square(db: None) -> Cast:
    """Bread and cheese in Trento, wine in Verona, a need of the cheesemaker."""
    cast = make_cast()
    verona = make_organisation(name="Cantina Scaligera", municipality=VERONA)
    world.offer(cast.lievito_id, title="Pagnotte integrali", text="Farina macinata a pietra")
    world.offer(
        cast.lievito_id,
        title="Formaggio di malga",
        category="latticini",
        grown_in=TRENTO,
        stock_milli=0,
    )
    world.offer(verona, title="Vino rosso", category="bevande", text="Non è formaggio")
    world.offer(cast.roncolago_id, kind="need", title="Cerchiamo caglio", category="latticini")
    return cast


def find(**wanted: Any) -> Found:
    return search(wanted=Wanted(**wanted), number=1, today=TODAY)


def titles(**wanted: Any) -> list[str]:
    return [row.title for row in find(**wanted).page]


def test_words_are_found_by_their_stems(square: Cast) -> None:
    everything = ["Cerchiamo caglio", "Vino rosso", "Formaggio di malga", "Pagnotte integrali"]
    for text, found in {
        "pagnotta": ["Pagnotte integrali"],
        "INTEGRALE": ["Pagnotte integrali"],
        "pagno": ["Pagnotte integrali"],
        "farina pietra": ["Pagnotte integrali"],
        "pagnotta vino": [],
        "lievito pagnotta": ["Pagnotte integrali"],
        "latticini": ["Cerchiamo caglio", "Formaggio di malga"],
        "xyzzy": [],
        "'); DROP TABLE": [],
        "!!!": everything,
    }.items():
        assert titles(text=text) == found, text


def test_slips_of_the_hand_are_forgiven(square: Cast) -> None:
    for typed, corrected in {
        "formagio": ["formaggio"],
        "formaggoi": ["formaggi", "formaggio"],
        "pagnota": ["pagnotte"],
        "vnio": ["vino"],
        "vio": ["vino"],
        "zq": [],
    }.items():
        found = find(text=typed)

        assert found.corrected == corrected, typed
        assert bool(len(found.page)) is bool(corrected), typed


def test_a_word_of_the_title_counts_more_than_one_below(square: Cast) -> None:
    assert titles(text="formaggio") == ["Formaggio di malga", "Cerchiamo caglio", "Vino rosso"]


def test_the_nearest_come_first_and_the_unplaced_last(square: Cast) -> None:
    found = find(near=ROVERETO)

    assert [row.place for row in found.page] == ["Trento (TN)", "Trento (TN)", "Verona (VR)", ""]
    metres = [row.metres for row in found.page]
    assert metres[3] is None
    assert metres[0] == metres[1]
    assert 15_000 < (metres[0] or 0) < 30_000 < (metres[2] or 0)


def test_within_some_kilometres_there_is_nothing_farther(square: Cast) -> None:
    assert titles(near=TRENTO, within_metres=5_000) == ["Formaggio di malga", "Pagnotte integrali"]


def test_filters_leave_what_they_say(square: Cast) -> None:
    assert titles(km0=True) == ["Formaggio di malga"]
    assert titles(available=True) == ["Vino rosso", "Pagnotte integrali"]
    assert titles(kind="need") == ["Cerchiamo caglio"]
    assert titles(category="bevande") == ["Vino rosso"]
    assert titles(sellers=[square.roncolago_id]) == ["Cerchiamo caglio"]
    assert titles(without=[square.lievito_id]) == ["Cerchiamo caglio", "Vino rosso"]
    assert titles(sellers=[]) == []


def test_the_map_counts_what_the_list_shows(square: Cast) -> None:
    found = find()

    assert [(place.name, place.count) for place in found.places] == [("Trento", 2), ("Verona", 1)]
    assert found.page.paginator.count == 4


def many(seller: UUID, count: int) -> None:
    for number in range(count):
        world.offer(seller, title=f"Pane {number:02}")


def test_pages_of_the_nearest_go_on_from_place_to_place(square: Cast) -> None:
    rovereto = make_organisation(municipality=ROVERETO)
    many(rovereto, PAGE_SIZE + 1)
    pages = [
        search(wanted=Wanted(near=ROVERETO), number=number, today=TODAY).page for number in (1, 2)
    ]

    seen = [row.id for page in pages for row in page]
    assert len(pages[0]) == PAGE_SIZE
    assert len(seen) == len(set(seen)) == PAGE_SIZE + 5
    assert [row.place for row in pages[1]][:2] == ["Rovereto (TN)", "Trento (TN)"]


def test_more_offers_ask_no_more_queries(square: Cast, django_assert_max_num_queries: Any) -> None:
    many(square.lievito_id, 30)

    for wanted in ({}, {"text": "pane"}, {"text": "pani"}, {"near": TRENTO}):
        with django_assert_max_num_queries(6):
            find(**wanted)


@given(WORDS, WORDS)
def test_slips_are_a_distance(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one)
    assert (slips(one, other) == 0) is (one == other)
    assert slips(one, other) <= max(len(one), len(other))


@given(WORDS, st.integers(0, 8))
def test_one_letter_missing_is_one_slip_and_is_forgiven(word: str, at: int) -> None:
    typed = word[:at] + word[at + 1 :]
    if typed != word and typed:
        assert slips(typed, word) == 1
        assert meant(typed, [word]) == [word]


def test_trigrams_know_where_a_word_begins_and_ends() -> None:
    assert trigrams("pane") == ["  p", " pa", "ane", "ne ", "pan"]
