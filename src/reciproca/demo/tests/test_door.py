"""The demo's own door: one click lets in as a persona, in the demo only."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.makers import make_person, make_user

from reciproca.demo.people import people

pytestmark = pytest.mark.django_db

SESSION = reverse("demo:persona_session", args=["marta"])


@pytest.fixture
def marta() -> None:
    """Let the persona Marta be there, as the demo makes her."""
    [person] = [each for each in people() if each.persona and each.persona.key == "marta"]
    make_user(person=make_person(name="Marta Bonelli"), email=person.email)


@pytest.mark.usefixtures("marta")
@override_settings(DEMO_MODE=True)
def test_one_click_lets_in_as_a_persona(client: Client) -> None:
    client.post(SESSION)

    assert client.get(reverse("web:profile")).status_code == 200


@pytest.mark.usefixtures("marta")
def test_outside_the_demo_there_is_no_such_door(client: Client) -> None:
    assert client.post(SESSION).status_code == 404
    assert client.get(reverse("demo:personas")).status_code == 404
    assert client.get(reverse("web:profile")).status_code == 302
