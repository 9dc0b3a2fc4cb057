"""The pages: an assembly from its draft to its minutes, for who runs it and who is called."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.makers import NOON, Cast, client_of, make_cast, policy_document

from reciproca.assemblies.actions.calling import CALL
from reciproca.assemblies.models import Assembly, Body, Elector, Motion
from reciproca.assemblies.queries.meetings import assembly_run_by
from reciproca.assemblies.queries.minutes import minutes_of
from reciproca.assemblies.rules import Electorate
from reciproca.assemblies.tests.world import (
    call,
    close_vote,
    come,
    draft,
    held_assembly,
    item_of,
    line,
    make_body,
    members_of,
    open_meeting,
    open_vote,
    propose,
    record_statute,
    vote,
)
from reciproca.ballots.actions import cast_vote
from reciproca.ballots.forms import VoteIn
from reciproca.governance.models import Adoption, Policy, Resolution
from reciproca.governance.rules import canonical
from reciproca.purchases.actions import record_sale, refresh_month_totals
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.shared.jobs import run_job
from reciproca.shared.models import Job
from reciproca.valueback.actions import commit_rate
from reciproca.web.statements.minutes import minutes_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def today_at(cast: Cast, **motion: object) -> Assembly:
    """Return an assembly of Il Lievito that meets today, with one motion."""
    now = timezone.now()
    body = make_body(cast.lievito_id)
    assembly = draft(body, first_call_at=now, second_call_at=None)
    propose(assembly, **motion)
    call(assembly, at=now - timedelta(days=10), reference_on=NOON.date())
    return assembly


def post(client: Client, address: str, /, *args: object, **data: object) -> str:
    """Send a form and return the page that it leads to."""
    answer = client.post(reverse(address, args=args), data, follow=True)
    return answer.content.decode()


def page(client: Client, address: str, /, *args: object) -> str:
    answer = client.get(reverse(address, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_manager_prepares_and_calls_an_assembly(cast: Cast) -> None:
    ada = client_of(cast.ada)
    told = post(ada, "assemblies:bodies", kind="assembly", name="Soci")
    assert "Adesso scrivi che cosa dice lo statuto." in told
    own = Body.objects.get()
    assert "Manca lo statuto" in page(ada, "assemblies:body", own.id)
    record_statute(own)
    day = timezone.localdate() + timedelta(days=9)
    sent = {"title": "Bilancio", "place": "Cles", "first_on": day, "first_hour": "18:00"}

    told = post(ada, "assemblies:assembly_new", own.id, **sent | {"first_on": "2020-01-01"})
    assert "Questo giorno è già passato" in told
    told = post(ada, "assemblies:assembly_new", own.id, **sent)
    assembly = Assembly.objects.get()
    assert "Ora l’ordine del giorno." in told
    assert "Scrivi almeno un punto" in call_by(ada, assembly)
    post(ada, "assemblies:items", assembly.id, title="Il bilancio")
    item = item_of(assembly)
    told = post(ada, "assemblies:motion_new", assembly.id, item.id, kind="resolution", seats=1)
    assert "Scrivi che cosa si decide" in told
    post(
        ada,
        "assemblies:motion_new",
        assembly.id,
        item.id,
        kind="resolution",
        title="Si approva",
        text="Il bilancio è approvato.",
        seats=1,
        secrecy="statute",
    )

    told = call_by(ada, assembly)
    assert "Si sta convocando" in told
    assert "avviso e ordine del giorno non si cambiano più" in call_by(ada, assembly)
    [job] = Job.objects.filter(kind=CALL)
    run_job(job_id=job.id)
    told = page(ada, "assemblies:assembly", assembly.id)
    assert "Guarda chi è avvisato" in told
    assert "Vai alla porta" in told

    bruno = client_of(cast.bruno)
    read = page(bruno, "assemblies:own_assembly", assembly.id)
    assert "Il bilancio è approvato." in read
    calendar = bruno.get(reverse("assemblies:calendar", args=[assembly.id])).content
    assert calendar.startswith(b"BEGIN:VCALENDAR")
    assert b"Cles" in calendar


def call_by(client: Client, assembly: Assembly) -> str:
    return post(client, "assemblies:calling", assembly.id, reference_on=timezone.localdate())


def test_a_member_gives_a_proxy_and_takes_it_back(cast: Cast) -> None:
    assembly = today_at(cast)
    bruno, own = client_of(cast.bruno), line(assembly, cast.bruno.id)

    told = post(bruno, "assemblies:own_proxy", assembly.id, own.id, holder="Nessuno", understood=1)
    assert "Nessuno fra gli aventi diritto corrisponde" in told
    told = post(bruno, "assemblies:own_proxy", assembly.id, own.id, holder="bertoldi", understood=1)
    assert "Hai delegato Ada Bertoldi" in told
    post(bruno, "assemblies:own_proxy_revocation", assembly.id, own.id)
    assert "Hai delegato" not in page(bruno, "assemblies:own_assembly", assembly.id)


def test_the_door_the_quorum_and_the_vote(cast: Cast) -> None:
    assembly = today_at(cast)
    motion = Motion.objects.get()
    ada = client_of(cast.ada)
    assert "Ne servono 2" in page(ada, "assemblies:quorum", assembly.id)
    door = ada.get(reverse("assemblies:door", args=[assembly.id]), {"q": "fedrizzi"})
    assert "Bruno Fedrizzi" in door.content.decode()
    for person in (cast.bruno.id, cast.ada.id):
        post(ada, "assemblies:presences", assembly.id, elector=line(assembly, person).id)
    assert "voti 2 su 2" in page(ada, "assemblies:quorum", assembly.id)
    who = {"chair": cast.ada.id, "secretary": cast.bruno.id}
    assert "La seconda convocazione non c’è" in post(
        ada, "assemblies:opening", assembly.id, call=2, **who
    )
    post(ada, "assemblies:opening", assembly.id, call=1, **who)
    post(ada, "assemblies:turns", assembly.id, who="Fedrizzi")
    assert "Bruno Fedrizzi" in page(ada, "assemblies:quorum", assembly.id)
    post(ada, "assemblies:vote_opening", motion.id)
    ballot_id = motion.ballots.get().ballot_id
    for person in (cast.ada.id, cast.bruno.id):
        cast_vote(
            vote=VoteIn(ballot_id, person, "yes", [uuid4()]),
            cast_by=person,
            cast_at=timezone.now(),
        )

    told = post(ada, "assemblies:vote_closing", motion.id)

    assert "Approvata" in told
    resolution = Resolution.objects.get()
    assert "Votata e approvata" in page(client_of(cast.bruno), "assemblies:decision", resolution.id)
    assert client_of(cast.carla).get(
        reverse("assemblies:decision", args=[resolution.id])
    ).status_code == (404)


def test_the_minutes_are_drawn_alike_each_time_and_say_who_voted_what(cast: Cast) -> None:
    assembly = held_assembly(cast)
    found = assembly_run_by(assembly_id=assembly.id, node_id=cast.lievito_id)
    assert found is not None

    minutes = minutes_of(assembly=found)

    assert [(each.name, list(each.represents)) for each in minutes.attendees] == [
        ("Ada Bertoldi", ["Bruno Fedrizzi"])
    ]
    (item,) = minutes.items
    (taken,) = item.motions[0].votes
    assert [(each.name, each.cast_by, each.choice) for each in taken.named] == [
        ("Ada Bertoldi", "", "yes"),
        ("Bruno Fedrizzi", "Ada Bertoldi", "yes"),
    ]

    def drawn() -> bytes:
        return minutes_pdf(minutes_of(assembly=found), number="1", community="Tre Valli")

    assert drawn() == drawn()
    assert drawn().startswith(b"%PDF-")


def test_the_minutes_of_a_secret_vote_name_nobody(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id))
    motion = propose(assembly, secret=True)
    call(assembly)
    come(assembly, cast.ada.id, cast.bruno.id)
    open_meeting(assembly, chair=cast.ada.id)
    ballot_id = open_vote(motion)
    vote(ballot_id, cast.ada.id, "yes")
    close_vote(motion)
    found = assembly_run_by(assembly_id=assembly.id, node_id=cast.lievito_id)
    assert found is not None

    (item,) = minutes_of(assembly=found).items
    assert [list(taken.named) for taken in item.motions[0].votes] == [[]]


def test_minutes_are_approved_once_the_assembly_is_closed(cast: Cast) -> None:
    assembly = today_at(cast)
    ada, bruno = client_of(cast.ada), client_of(cast.bruno)
    pdf = reverse("web:minutes_pdf", args=[assembly.id])
    assert "si approva quando" in post(ada, "web:minutes", assembly.id, protocol_number="1").lower()
    assert ada.get(pdf).content.startswith(b"%PDF-")
    assert bruno.get(pdf).status_code == 404
    come(assembly, cast.ada.id, cast.bruno.id, at=timezone.now())
    open_meeting(assembly, chair=cast.ada.id, at=timezone.now())
    post(ada, "assemblies:closing", assembly.id)
    assert "Scrivi il numero" in post(ada, "web:minutes", assembly.id, protocol_number="")

    assert "Il verbale è approvato" in post(ada, "web:minutes", assembly.id, protocol_number="1")
    assert bruno.get(pdf).content.startswith(b"%PDF-")


def test_the_policy_that_was_voted_is_the_one_that_runs_and_no_other(cast: Cast) -> None:
    document = policy_document(cast, title="Più territorio")
    assembly = draft(make_body(cast.federation_id, electorate=Electorate.PEOPLE))
    olga = client_of(cast.olga)
    post(olga, "governance:proposals", document="no")
    assert not Policy.objects.exists()
    told = post(olga, "governance:proposals", document=canonical(document))
    assert "Ancora nessuno: sono una proposta da votare." in told
    digest = Policy.objects.get().digest
    propose_page = page(olga, "assemblies:motion_new", assembly.id, item_of(assembly).id)
    assert digest[:12] in propose_page
    motion = propose(assembly, kind="policy", title="Più territorio", text="", policy_digest=digest)
    call(assembly)
    people = [cast.ada.id, cast.bruno.id, cast.carla.id]
    come(assembly, *people)
    open_meeting(assembly, chair=cast.ada.id)
    ballot_id = open_vote(motion)
    for person in people:
        vote(ballot_id, person, "yes")
    close_vote(motion)
    resolution = Resolution.objects.get()
    decided = page(olga, "assemblies:decision", resolution.id)
    link = re.search(r'href="(/policies/adoption/\?[^"]+)"', decided)
    assert link is not None

    def adopt(text: str) -> str:
        given = {"document": text, "resolution": resolution.id}
        address = f"{reverse('governance:adoption')}?{urlencode(given)}"
        ground = {
            "in_force_on": date(2025, 7, 1),
            "legal_basis": "Buono multiuso",
            "legal_basis_confirmed_by": "Avv. Rita Prova",
        }
        return olga.post(address, {"document": text, **ground}, follow=True).content.decode()

    tampered = canonical(document).replace("Più territorio", "Più territorie")
    assert "Questo non è il testo che è stato votato" in adopt(tampered)
    assert not Adoption.objects.exists()
    adopted = adopt(canonical(document))
    assert "votata qui" in adopted
    for name in ("votes.csv", "ballot.json"):
        assert f'href="/ballots/{resolution.ballot}/{name}"' in adopted
    assert Adoption.objects.get().adopted_by == "ballot"
    assert "Più territorio” valgono" in page(olga, "assemblies:decision", resolution.id)

    commit_rate(seller_id=cast.lievito_id, rate_bp=500, valid_from=NOON.date(), recorded_by=None)
    sale = SaleIn(
        "voted", cast.lievito_id, cast.bruno.id, NOON + timedelta(days=40), (LineIn("", 10_000),)
    )
    record_sale(sale=sale, recorded_by=None, recorded_at=NOON + timedelta(days=40))
    refresh_month_totals(since=NOON)
    told = page(olga, "assemblies:decision", resolution.id)
    assert "è tornato valore su 1 acquisti" in told
    assert "5,00\xa0€" in told


def test_the_roll_asks_as_many_queries_for_many_as_for_few(cast: Cast) -> None:
    ada = client_of(cast.ada)

    def queries(title: str) -> int:
        assembly = draft(make_body(cast.lievito_id, name=title))
        call(assembly)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(ada, "assemblies:roll", assembly.id)
        return len(asked)

    few = queries("Prima")
    members_of(cast, 12)
    assert queries("Seconda") == few


def test_who_was_not_told_here_is_noted_on_paper(cast: Cast) -> None:
    assembly = today_at(cast)
    ada = client_of(cast.ada)
    lines = Elector.objects.filter(assembly=assembly)
    sent = {"way": "paper", "reference": "R 12", "sent_on": timezone.localdate()}
    assert "Spunta almeno una persona" in post(ada, "assemblies:sendings", assembly.id, **sent)
    told = post(ada, "assemblies:sendings", assembly.id, electors=[lines[0].id], **sent)
    assert "R 12" in told


def test_an_amendment_is_shown_beside_the_text_and_takes_its_place(cast: Cast) -> None:
    assembly = today_at(cast)
    motion: UUID = Motion.objects.get().id
    ada = client_of(cast.ada)
    same = {"text": "Il forno apre la domenica.\nDalle 8 alle 12.", "proposed_for": ""}
    assert "uguale al testo che c’è" in post(ada, "assemblies:amendments", motion, **same)
    told = post(
        ada,
        "assemblies:amendments",
        motion,
        text="Il forno apre la domenica.\nDalle 9 alle 12.",
        proposed_for="Fedrizzi",
    )
    assert "<del>Dalle 8 alle 12.</del>" in told
    assert "<ins>Dalle 9 alle 12.</ins>" in told
    assert "Bruno Fedrizzi" in told
    assert "È questo il testo che si vota" in post(ada, "assemblies:acceptance", motion, 2)
    assert "Dalle 9" in page(client_of(cast.bruno), "assemblies:own_assembly", assembly.id)


def test_a_void_ballot_tells_nobody_what_was_voted(cast: Cast) -> None:
    assembly = draft(make_body(cast.lievito_id, advance_votes=True))
    motion = propose(assembly)
    call(assembly)
    ballot_id = open_vote(motion, at=NOON)
    vote(ballot_id, cast.bruno.id, "yes")
    ada, bruno = client_of(cast.ada), client_of(cast.bruno)
    post(ada, "assemblies:amendments", motion.id, text="Resta chiuso.", proposed_for="")

    post(ada, "assemblies:acceptance", motion.id, 2)

    assert "non valgono più" in page(bruno, "ballots:ballot", ballot_id)
    votes = bruno.get(reverse("ballots:votes_file", args=[ballot_id])).content
    assert votes == b"code,choice,financing\n"
    assert "Da rivotare" in page(bruno, "assemblies:own_assembly", assembly.id)
