"""Who proposes, who votes and who checks and pays, each on their pages."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.makers import Cast, client_of, make_cast, make_member

from reciproca.ballots.models import OpenVote
from reciproca.ledger import queries as ledger
from reciproca.ledger.rules import clearing
from reciproca.projects import actions
from reciproca.projects.models import Award, Call, Photo, Project, Receipt, Voting
from reciproca.projects.tests.world import PDF, assess, call, decide, fund, funded, hand_in, photo
from reciproca.projects.tests.world import propose as proposed

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    fund(cast, 100_000)
    return cast


def words(answer: Any) -> str:
    """Return the text of a page as one reads it."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


def open_call(olga: Client, cast: Cast, **changed: str) -> Any:
    told = {
        "title": "Idee per la valle",
        "text": "Che cosa facciamo?",
        "fund_id": str(cast.common_id),
        "budget_cents": "500,00",
        "proposals_by": timezone.localdate().isoformat(),
        "way": "shares",
        **changed,
    }
    return olga.post("/projects/calls/new/", told)


def propose(ada: Client, where: str, **changed: str) -> Any:
    told = {
        "key": str(uuid4()),
        "title": "Un forno per tutti",
        "text": "Lo costruiamo insieme.",
        "what_1": "Mattoni",
        "amount_1": "300,00",
        **changed,
    }
    return ada.post(f"{where}proposal/", told)


def test_a_project_goes_from_the_call_to_the_photo(cast: Cast) -> None:
    olga, ada, bruno = (client_of(who) for who in (cast.olga, cast.ada, cast.bruno))
    where = open_call(olga, cast).headers["Location"]
    assert "Proponi un progetto" in words(ada.get(where))
    page = propose(ada, where).headers["Location"]
    assert "Da esaminare" in words(bruno.get(page))

    olga.post(f"{page}assessment/", {"cost_cents": "250,00", "reason": "", "answer": "yes"})
    # The last day for proposals is today's; tomorrow comes.
    yesterday(where)
    closes = timezone.localdate() + timedelta(days=1)
    assert "Metti ai voti" in words(olga.get(where))
    olga.post(f"{where}voting/", {"closes_on": closes.isoformat()})
    project = Project.objects.get()
    ballot = f"/ballots/{Voting.objects.get().ballot_id}/"
    assert f'href="{ballot}"' in bruno.get(where).content.decode()
    assert ballot not in client_of(make_member()).get(where).content.decode()
    paper = bruno.get(ballot).content.decode()
    assert "Un forno per tutti" in paper
    sent = dict(re.findall(r'name="(member|codes)" value="([^"]+)"', paper))
    bruno.post(f"{ballot}votes/", {**sent, "choice": str(project.id)})
    assert OpenVote.objects.count() == 1
    early = olga.post(f"{where}closing/")
    assert (early.status_code, "aperta fino all’ora" in words(early)) == (409, True)

    actions.close_voting(
        call_id=project.call_id, closed_by=None, closed_at=timezone.now() + timedelta(days=3)
    )
    assert f'href="{ballot}"' in bruno.get(where).content.decode()
    decided = words(bruno.get(where))
    assert "Finanziato" in decided
    assert "Lo vuole una persona." in decided
    assert "250,00 €" in decided

    file = SimpleUploadedFile("fattura.pdf", PDF, "application/pdf")
    told = {"key": str(uuid4()), "what": "Mattoni", "amount_cents": "100,00", "document": file}
    assert "Spesa consegnata" in words(ada.post(f"{page}receipts/", told, follow=True))
    receipt = Receipt.objects.get()
    assert "Paga 100,00 €" in words(olga.get(page))
    olga.post(f"/projects/receipts/{receipt.id}/tranche/", {"answer": "yes"})
    assert ledger.balance(clearing(node=Award.objects.get().node_id)) == 10_000
    assert "pagata" in words(bruno.get(page))
    came_of_it = words(bruno.get(where)).partition("Che cosa è successo")[2]
    assert "Il voto ha scelto “Un forno per tutti”" in came_of_it
    assert "Pagato a “Un forno per tutti”: Mattoni" in came_of_it
    assert "Olga Nardelli 100,00 €" in came_of_it

    picture = SimpleUploadedFile("forno.jpg", photo(), "image/jpeg")
    told = {
        "key": str(uuid4()),
        "text": "Cuoce.",
        "photo_1": picture,
        "alt_1": "Il forno acceso",
    }
    ada.post(f"{page}reports/", told)
    shown = bruno.get(page)
    assert 'alt="Il forno acceso"' in shown.content.decode()
    image = bruno.get(f"/projects/photos/{Photo.objects.get().id}.jpg")
    assert image.headers["Content-Type"] == "image/jpeg"
    assert image.content.startswith(b"\xff\xd8")


def yesterday(where: str) -> None:
    """Let the days go by that a call waits for proposals."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE projects_call SET proposals_by = proposals_by - 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert str(Call.objects.get().id) in where


def test_what_is_refused_stands_beside_its_field_and_is_kept(cast: Cast) -> None:
    olga, ada = client_of(cast.olga), client_of(cast.ada)

    much = open_call(olga, cast, budget_cents="1.000,01")
    assert much.status_code == 422
    assert "Nel fondo ci sono 1.000,00 € non ancora promessi" in words(much)
    assert 'id="id_budget_cents_error"' in much.content.decode()
    nothing = open_call(olga, cast, title="", way="")
    assert "Dai un titolo al bando" in words(nothing)
    assert not Call.objects.exists()

    where = open_call(olga, cast).headers["Location"]
    half = propose(ada, where, amount_1="")
    assert (half.status_code, "sia la spesa sia l’importo" in words(half)) == (422, True)
    free = propose(ada, where, what_1="", amount_1="")
    assert "Scrivi almeno una spesa" in words(free)
    dear = propose(ada, where, amount_1="500,01")
    assert "nessun progetto può costare di più" in words(dear)
    assert "Un forno per tutti" in dear.content.decode()

    page = propose(ada, where).headers["Location"]
    silent = olga.post(f"{page}assessment/", {"cost_cents": "300,00", "answer": "no"})
    assert "Scrivi perché" in words(silent)
    refused = {"cost_cents": "300,00", "answer": "no", "reason": "Manca il permesso"}
    olga.post(f"{page}assessment/", refused)
    assert "Manca il permesso" in words(ada.get(page))


def test_a_receipt_beyond_the_grant_and_a_photo_without_words_are_refused(cast: Cast) -> None:
    project = funded(cast, 4_000)
    ada, olga = client_of(cast.ada), client_of(cast.olga)
    page = f"/projects/{project.id}/"

    file = SimpleUploadedFile("fattura.pdf", PDF, "application/pdf")
    told = {"key": str(uuid4()), "what": "Oro", "amount_cents": "40,01", "document": file}
    beyond = ada.post(f"{page}receipts/", told)
    assert (beyond.status_code, "restano 40,00 €" in words(beyond)) == (409, True)
    picture = SimpleUploadedFile("forno.jpg", photo(), "image/jpeg")
    mute = ada.post(f"{page}reports/", {"key": str(uuid4()), "text": "Ecco", "photo_1": picture})
    assert "per chi la foto non la può vedere" in words(mute)
    script = SimpleUploadedFile("forno.jpg", b"<script>", "image/jpeg")
    told = {"key": str(uuid4()), "text": "Ecco", "photo_1": script, "alt_1": "Forno"}
    assert "Questa foto non si legge" in words(ada.post(f"{page}reports/", told))
    assert not Photo.objects.exists()

    receipt = hand_in(project, 1_000)
    where = f"/projects/receipts/{receipt.id}/tranche/"
    assert "Scrivi perché" in words(olga.post(where, {"answer": "no"}))
    olga.post(where, {"answer": "no", "reason": "Manca la firma"})
    assert "Manca la firma" in words(ada.get(page))


def test_a_call_and_a_project_cost_the_same_queries_for_few_and_many(cast: Cast) -> None:
    bruno = client_of(cast.bruno)

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bruno.get(address).status_code == 200
        return len(captured)

    first = call(cast)
    assess(proposed(first, cast.lievito_id, 100), 100)
    few = queries_of(f"/projects/calls/{first}/"), queries_of("/projects/")
    for number in range(6):
        proposed(first, cast.lievito_id, 100 + number, f"Idea {number}")
        call(cast, 1_000)
    assert (queries_of(f"/projects/calls/{first}/"), queries_of("/projects/")) == few

    project = funded(cast, 4_000)
    decide(hand_in(project, 100))
    one = queries_of(f"/projects/{project.id}/")
    for _ in range(4):
        decide(hand_in(project, 100))
    assert queries_of(f"/projects/{project.id}/") == one
