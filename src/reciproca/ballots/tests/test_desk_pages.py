"""The desk of a ballot: finding people, helping them to vote, papers read by two, and the urn."""

from html import unescape
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.makers import NOON, Cast, Member, client_of, make_cast, make_member

from reciproca.ballots.forms import Elector, OptionIn
from reciproca.ballots.models import AssistedVote, Channel, OpenVote, SecretVote
from reciproca.ballots.models import Elector as Line
from reciproca.ballots.queries import outcome
from reciproca.ballots.rules.choices import Method
from reciproca.ballots.tests.world import close, fresh_codes, make_ballot
from reciproca.registry import actions as registry

pytestmark = pytest.mark.django_db

PIN = "52817"
ADA, PAULA = "Ada", "Paula"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


class Desk:
    """A ballot of Il Lievito, its members, and the two who stand at the desk."""

    def __init__(self, cast: Cast, **asked: object) -> None:
        more = [make_member(name=f"Socio {n}", member_of=cast.lievito_id) for n in range(3)]
        self.members: list[Member] = [cast.bruno, *more]
        electors = [Elector(each.id) for each in self.members]
        self.ballot = make_ballot(electors, body_id=cast.lievito_id, closes_at=None, **asked)
        paula = make_member(name="Paula Zanon", acts_for=cast.lievito_id, role="manager")
        self.clients = {ADA: client_of(cast.ada), PAULA: client_of(paula)}

    def see(self, path: str = "", *, by: str = ADA, **query: str) -> str:
        answer = self.clients[by].get(self._at(path), query)
        assert answer.status_code == 200
        return unescape(answer.content.decode())

    def post(self, path: str, *, by: str = ADA, **data: object) -> str:
        answer = self.clients[by].post(self._at(path), data, follow=True)
        return unescape(answer.content.decode())

    def help(self, member: Member, **answers: object) -> str:
        sent = {"member": member.id, "codes": fresh_codes()[0], **answers}
        return self.post(f"assisted/{member.id}/", by=ADA, **sent)

    def close(self) -> dict[str, object]:
        close(self.ballot)
        found = outcome(self.ballot)
        assert found is not None
        return {**found.tally}

    def _at(self, path: str) -> str:
        return f"/ballots/{self.ballot}/desk/{path}"


def test_a_helped_vote_waits_for_a_second_person_who_has_seen_the_form(cast: Cast) -> None:
    desk, bruno = Desk(cast), cast.bruno
    assert "Aiuta a votare" in desk.see(q="fedrizzi")
    assert "scrivi quello che la persona ti dice" in desk.see(f"assisted/{bruno.id}/")

    assert "Scegli una risposta" in desk.help(bruno)
    assert "scrivi il numero del modulo" in desk.help(bruno, choice="yes")
    assert "conta quando un’altra persona lo conferma" in desk.help(bruno, choice="yes", paper="7")

    waiting = AssistedVote.objects.get().id
    mine = desk.see()
    assert "L’hai scritto tu" in mine
    assert "conferma<" not in mine
    assert "lo conferma un’altra persona" in desk.post(f"waiting/{waiting}/confirmation/")
    assert "Sì" in desk.see(by=PAULA)
    assert "il voto è contato" in desk.post(f"waiting/{waiting}/confirmation/", by=PAULA)
    assert "Ha votato" in desk.see(q="fedrizzi")
    assert desk.close()["yes"] == 1
    assert "La votazione è chiusa" in desk.see()


def test_with_the_persons_pin_it_counts_at_once_and_shows_the_receipt(cast: Cast) -> None:
    desk = Desk(cast)
    registry.set_pin(person_id=cast.bruno.id, pin=PIN, set_by=None, set_at=NOON)

    assert "Il PIN non è giusto" in desk.help(cast.bruno, choice="yes", proof="11111")
    told = desk.help(cast.bruno, choice="yes", proof=PIN)

    assert "Il voto è arrivato" in told
    assert str(OpenVote.objects.get().code) in told


def test_of_a_secret_ballot_the_person_gets_the_device(cast: Cast) -> None:
    desk = Desk(cast, secret=True)
    registry.set_pin(person_id=cast.bruno.id, pin=PIN, set_by=None, set_at=NOON)

    page = desk.see(f"assisted/{cast.bruno.id}/")
    assert "chi è allo sportello non lo scrive e non lo guarda" in page
    assert "modulo firmato" not in page
    assert "data-vote" in page
    assert "Chi non li ha vota su una scheda di carta" in desk.help(cast.bruno, choice="yes")
    assert "Il voto è arrivato" in desk.help(cast.bruno, choice="yes", proof=PIN)
    assert SecretVote.objects.count() == 1
    assert Line.objects.get(member=cast.bruno.id).channel == Channel.ASSISTED


def test_two_people_read_the_papers_of_an_open_vote(cast: Cast) -> None:
    desk = Desk(cast)
    cards = [each.card for each in desk.members]
    sent = {"option_0": "\n".join(cards[:2]), "option_1": cards[2]}

    assert "Scrivi almeno una scheda" in desk.post("papers/", option_0=" ")
    assert "Nessuno fra gli aventi diritto" in desk.post("papers/", option_0="Nessuno")
    assert "va bene per più di una persona" in desk.post("papers/", option_0="Socio")
    assert "scritto due volte" in desk.post("papers/", option_0=f"{cards[0]}\n{cards[0]}")
    assert "La tua lettura è tenuta" in desk.post("papers/", **sent)
    assert "non dicono lo stesso" not in desk.see("papers/", by=PAULA)
    told = desk.post("papers/", by=PAULA, option_0=cards[0], option_1="\n".join(cards[1:3]))
    assert "Le due letture non dicono lo stesso" in told
    assert desk.members[1].name in told
    assert desk.members[0].name not in told.split("<table")[1].split("</table>")[0]
    assert "le schede sono contate" in desk.post("papers/", by=PAULA, **sent)
    assert desk.close() == {"yes": 2, "no": 1, "abstain": 0}


def test_papers_with_several_names_are_typed_by_their_numbers(cast: Cast) -> None:
    options = [OptionIn(name.lower(), name) for name in ("Forno", "Luci", "Orto")]
    desk = Desk(cast, method=Method.SCHULZE, options=options)
    one, other = desk.members[0].card, desk.members[1].card

    assert "2 > 1 = 3" in desk.see("papers/")
    assert "La riga “1 > 2” non si legge" in desk.post("papers/", lines="1 > 2")
    assert "non si legge" in desk.post("papers/", lines=f"{one}: 7")
    for by in (ADA, PAULA):
        told = desk.post("papers/", by=by, lines=f"{one}: 2 > 1\n{other}: -")
    assert "le schede sono contate" in told
    assert desk.close()["abstain"] == 1


def test_an_urn_is_filled_and_counted_without_names(cast: Cast) -> None:
    options = [OptionIn(name.lower(), name) for name in ("Ada", "Bruno", "Carla")]
    desk = Desk(cast, secret=True, method=Method.APPROVAL, options=options, most_choices=2)
    for each in desk.members[:3]:
        assert "la sua scheda è nell’urna" in desk.post(f"urn/{each.id}/")
    wrong = desk.members[2].id
    assert "può votare di nuovo" in desk.post(f"urn/{wrong}/removal/")
    assert "già stata contata" in desk.post(f"urn/{wrong}/removal/")
    page = desk.see()
    assert "le schede di 2 persone" in page
    assert "Sono meno di cinque" in page
    assert (
        "è nell’urna" in client_of(desk.members[0]).get(f"/ballots/{desk.ballot}/").content.decode()
    )

    assert "quelli di chi ha messo una scheda" in desk.post("papers/", lines="1 2")
    assert "è una scheda nulla" in desk.post("papers/", lines="1 2 3\n-")
    assert "La tua lettura è tenuta" in desk.post("papers/", lines="1 2\n-")
    told = desk.post("papers/", by=PAULA, lines="1 3\n-")
    assert "Ada, Carla" in told
    assert "le schede sono contate" in desk.post("papers/", by=PAULA, lines="1 2\n-")
    assert desk.close() == {"ada": 1, "bruno": 1, "carla": 0, "abstain": 1}


def test_heaps_are_counted_of_a_secret_motion(cast: Cast) -> None:
    desk = Desk(cast, secret=True)
    for each in desk.members:
        desk.post(f"urn/{each.id}/")

    assert "Bianche o nulle" in desk.see("papers/")
    for by in (ADA, PAULA):
        told = desk.post("papers/", by=by, option_0="2", option_1="1", option_2="1")
    assert "le schede sono contate" in told
    assert desk.close() == {"yes": 2, "no": 1, "abstain": 1}


def test_the_desk_asks_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    desk = Desk(cast, secret=True)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            desk.see(q="socio")
        return len(seen)

    desk.post(f"urn/{desk.members[1].id}/")
    few = asked()
    for each in desk.members[2:]:
        desk.post(f"urn/{each.id}/")
    assert asked() == few


def test_another_organisations_desk_is_not_there(cast: Cast) -> None:
    desk = Desk(cast)
    elsewhere = client_of(cast.dario)

    for path in ("", "papers/", f"assisted/{cast.bruno.id}/"):
        assert elsewhere.get(f"/ballots/{desk.ballot}/desk/{path}").status_code == 404
    nobody = f"/ballots/{desk.ballot}/desk/assisted/{UUID(int=7)}/"
    assert desk.clients[ADA].get(nobody).status_code == 404
