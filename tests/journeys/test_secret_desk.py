"""An election of persons: one votes alone on the desk's device, others by an urn that two count."""

import re
from collections.abc import Iterator

import pytest
from pytest_django.live_server_helper import LiveServer

from reciproca.ballots import actions as ballots
from reciproca.ballots import queries
from reciproca.ballots.forms import BallotIn, Elector, OptionIn
from reciproca.ballots.models import SecretVote
from reciproca.ballots.rules.choices import Method
from reciproca.registry import actions as registry
from tests.journeys.conftest import Visit
from tests.journeys.council import fill, let_in
from tests.journeys.visitor import DESK, PHONE, Visitor
from tests.makers import NOON, Cast, Member, make_cast, make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN = "52817"
ON_PAPER = ("Gina Moser", "Ivo Pedron", "Lina Dalpiaz", "Nello Rossi", "Rosa Keller")


@pytest.fixture(scope="module", autouse=True)
def browser_and_database_in_one_thread() -> Iterator[None]:
    """Let the thread that drives the browser ask the ORM too: the server has threads of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


def test_a_secret_election_at_the_desk(live_server: LiveServer, visit: Visit) -> None:
    cast, house = make_cast(), live_server.url
    more = [make_member(name=name, member_of=cast.lievito_id) for name in ON_PAPER]
    voters = [cast.bruno, *more]
    registry.set_pin(person_id=cast.bruno.id, pin=PIN, set_by=None, set_at=NOON)
    paula = make_member(name="Paula Zanon", acts_for=cast.lievito_id, role="manager")
    desk = f"/ballots/{_election(cast, voters)}/desk/"
    ada = let_in(visit(house), cast.ada)

    ada.go(desk)
    _find(ada, cast.bruno.name)
    ada.look("secret-desk", PHONE, DESK)
    ada.follow(re.compile("Dagli il dispositivo"))
    ada.look("secret-device", PHONE, DESK)
    came = ada.page.locator("[name=codes]").input_value()
    ada.page.get_by_text("Carla Zanotti", exact=True).click()
    fill(ada, proof=PIN)
    ada.press("Vota")
    ada.look("secret-receipt", PHONE)
    # The code is the browser's own, and the roll is all that names who voted.
    assert str(SecretVote.objects.get().code) == came
    ada.follow("Ho il mio codice")

    for each in voters[1:]:
        _find(ada, each.card)
        ada.press(re.compile("Ha messo la scheda nell’urna"))
    ada.look("secret-urn", PHONE, DESK)
    second = let_in(visit(house), paula)
    for reader, lines in ((ada, "3 x 1\n1 2\n-"), (second, "3 x 1\n2\n-")):
        reader.go(desk)
        reader.follow("Conta l’urna")
        fill(reader, lines=lines)
        reader.press("Ho letto queste schede")
    second.look("secret-differ", PHONE, DESK)
    assert "Le due letture non dicono lo stesso" in second.text()
    fill(second, lines="3 x 1\n1 2\n-")
    second.press("Ho letto queste schede")
    assert "le schede sono contate" in second.page.locator("body").inner_text()
    second.look("secret-counted", PHONE, DESK)


def _election(cast: Cast, voters: list[Member]) -> object:
    names = {cast.ada.id: "Ada Bertoldi", cast.bruno.id: "Bruno Fedrizzi"}
    asked = BallotIn(
        reference=cast.lievito_id,
        body_id=cast.lievito_id,
        question="Chi entra nel consiglio?",
        electors=[Elector(each.id) for each in voters],
        opens_at=queries.database_now(),
        closes_at=None,
        method=Method.APPROVAL,
        options=[
            *(OptionIn(str(person), name) for person, name in names.items()),
            OptionIn(str(cast.carla.id), "Carla Zanotti"),
        ],
        secret=True,
        seats=2,
        most_choices=2,
    )
    return ballots.open_ballot(ballot=asked, opened_by=None, opened_at=asked.opens_at)


def _find(visitor: Visitor, text: str) -> None:
    fill(visitor, q=text)
    visitor.press("Cerca")
