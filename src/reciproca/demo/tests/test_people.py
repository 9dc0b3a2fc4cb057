"""The invented people: many, plausible, and nobody real."""

from collections import Counter

from reciproca.demo.people import people
from reciproca.demo.personas import PERSONAS
from reciproca.demo.plan import CommunityPlan
from reciproca.shared.identifiers import is_identifier


def test_five_thousand_people_have_their_own_code_and_address(community: CommunityPlan) -> None:
    assert len(community.people) == 5_000
    assert len({person.tax_code for person in community.people}) == 5_000
    assert len({person.email for person in community.people}) == 5_000
    assert [person.index for person in community.people] == list(range(5_000))


def test_every_tax_code_is_valid_and_nobody_s(community: CommunityPlan) -> None:
    for person in community.people:
        assert is_identifier(kind="codice_fiscale_person", value=person.tax_code)
        # No municipality of Italy has a code that begins with X.
        assert person.tax_code[11] == "X"
        assert person.tax_code[6:8] == f"{person.born_on.year % 100:02d}"
        assert (int(person.tax_code[9:11]) > 40) is person.female


def test_addresses_are_in_a_domain_that_is_nobody_s(community: CommunityPlan) -> None:
    assert all(person.email.endswith("@example.org") for person in community.people)
    assert community.people[0].email == "marta.bonelli.1@example.org"


def test_larger_places_have_more_members(community: CommunityPlan) -> None:
    homes = Counter(person.place.name for person in community.people)

    assert len(homes) == 43
    assert homes["Cles"] > homes["Malé"] > homes["Cis"] > 0
    assert {person.place.province_sigla for person in community.people} == {"TN"}


def test_everybody_is_an_adult_and_some_live_together(community: CommunityPlan) -> None:
    households = Counter(person.household for person in community.people)

    assert all(18 <= person.age <= 100 for person in community.people)
    assert 2_000 < len(households) < 4_000
    assert max(households.values()) == 4


def test_those_who_live_together_live_in_one_place(community: CommunityPlan) -> None:
    places = {(person.household, person.place.istat_code) for person in community.people}

    assert len(places) == len({person.household for person in community.people})


def test_the_personas_come_first() -> None:
    assert [person.persona for person in people(len(PERSONAS))] == list(PERSONAS)


def test_a_smaller_community_is_the_beginning_of_a_larger_one(community: CommunityPlan) -> None:
    assert people(300) == community.people[:300]
