"""The public directory: found by words, sector and place; quick, and never a person in it."""

import pytest
from tests.makers import NOON, Cast, make_cast, make_organisation

from reciproca.registry import actions, queries
from reciproca.registry.queries import Filters

pytestmark = pytest.mark.django_db

TRENTO, CLES, ROMA = "022205", "022062", "058091"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def names(**asked: object) -> list[str]:
    return [row.name for row in queries.search(filters=Filters(**asked), number=1)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "lievito",
        "LIEVITO",
        "lievit",
        "panifici",
        "il lievito",
        "lievito trento",
        "Trènto panificio",
    ],
)
def test_words_are_found_whatever_their_ending_capitals_and_accents(cast: Cast, text: str) -> None:
    assert names(text=text) == ["Panificio Il Lievito"]


def test_an_accent_in_the_name_is_not_needed_to_find_it() -> None:
    make_organisation(name="Caffè della Città")

    assert names(text="caffe") == names(text="CITTA") == ["Caffè della Città"]


def test_a_sector_is_found_by_its_own_word(cast: Cast) -> None:
    assert names(text="agricola") == ["Caseificio Roncolago"]


def test_only_an_article_still_finds_something(cast: Cast) -> None:
    assert "Panificio Il Lievito" in names(text="il")


@pytest.mark.parametrize("text", ["zzz", "&|!()':*", "lievito roma", "   …"])
def test_what_nobody_is_called_finds_nobody(cast: Cast, text: str) -> None:
    assert names(text=text) == []


def test_people_and_pools_are_never_found(cast: Cast) -> None:
    actions.create_fund(
        kind="pool",
        name="Monte Bertoldi",
        held_by=cast.federation_id,
        created_by=None,
        created_at=NOON,
    )

    assert names(text="bertoldi") == []
    assert not {cast.ada.name, cast.bruno.name} & set(names())


def test_filters_narrow_the_list(cast: Cast) -> None:
    assert names(sector="agriculture") == ["Caseificio Roncolago"]
    assert names(kind="project") == ["Botteghe di paese"]
    assert names(province="TN", kind="cooperative") == ["Panificio Il Lievito"]
    assert names(municipalities=(TRENTO,), kind="cooperative") == ["Panificio Il Lievito"]
    assert names(sector="magia") == []


def test_the_list_goes_by_name_and_accents_do_not_send_one_to_the_end() -> None:
    for name in ("Zeta", "Èva", "alba"):
        make_organisation(name=name)

    assert names() == ["alba", "Èva", "Zeta"]


def test_places_are_counted_the_most_first(cast: Cast) -> None:
    make_organisation(municipality=CLES)
    make_organisation(municipality=CLES)

    found = queries.places(filters=Filters(kind="cooperative"))

    assert [(place.name, place.count) for place in found] == [("Cles", 2), ("Trento", 1)]


def test_with_too_many_places_provinces_are_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reciproca.registry.queries.facets.MOST_PLACES", 2)
    for place in (CLES, ROMA):
        make_organisation(municipality=place)

    found = queries.places(filters=Filters(kind="cooperative"))

    assert [(place.name, place.count) for place in found] == [("Trento", 2), ("Roma", 1)]
    assert all(place.is_province for place in found)
