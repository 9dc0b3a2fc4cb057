"""The personas: one for each role, with a story to tell."""

from reciproca.demo.goods import assortments
from reciproca.demo.personas import PERSONAS
from reciproca.demo.plan import CommunityPlan


def test_there_is_a_persona_for_every_role() -> None:
    roles = [persona.role for persona in PERSONAS]

    assert roles.count(None) >= 3
    assert roles.count("manager") == 2
    assert {"till", "officer"} <= set(roles)


def test_personas_have_their_own_key_and_a_whole_story() -> None:
    assert len({persona.key for persona in PERSONAS}) == len(PERSONAS)
    for persona in PERSONAS:
        assert str(persona.story).endswith(".")
        assert str(persona.tries).endswith(".")
        assert not str(persona.title).endswith(".")


def test_a_persona_acts_for_an_organisation_that_exists(community: CommunityPlan) -> None:
    keys = {cooperative.key for cooperative in community.cooperatives} | {community.federation.key}

    for persona in PERSONAS:
        assert (persona.role is not None) == (persona.organisation in keys)
        assert set(persona.fixed) <= set(assortments())
