"""From two policies on paper to a paid part: thirty members decide, and anybody counts again."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from reciproca.assemblies.actions.calling import CALL
from reciproca.assemblies.models import Assembly, Elector, MotionBallot
from reciproca.cli.main import main
from reciproca.redistribution.models import Run, Simulation
from reciproca.redistribution.tasks import MEASURE, PAY, SIMULATE
from tests.journeys.conftest import Visit
from tests.journeys.council import (
    ELECTORS,
    Council,
    fill,
    gather,
    let_in,
    tried_period,
    wind,
    work,
)
from tests.journeys.visitor import DESK, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOPPING, VALLEY = "Conta la spesa", "Conta anche l’orto della valle"
PERIOD_PAID = re.compile("Approva e paga")


@pytest.fixture(scope="module", autouse=True)
def browser_and_database_in_one_thread() -> Iterator[None]:
    """Let the thread that drives the browser ask the ORM too: the server has threads of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


def test_what_thirty_members_vote_is_what_pays(
    live_server: LiveServer, visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house, council, clock = live_server.url, gather(), wind(monkeypatch)
    today = timezone.localdate()
    period = tried_period(today)
    ada, bruno, carla, *_others = council.members
    *present, gina, rosa = council.members
    olga = let_in(visit(house), council.olga)

    clock.days_back = 10
    digests = _draft_and_try_two(olga, period, council)
    assembly = _call(olga, digests, first=today - timedelta(days=1), second=today)
    assert Elector.objects.filter(assembly=assembly).count() == ELECTORS
    _give_proxy(let_in(visit(house, width=PHONE), gina), to=ada.card)
    council.give_proxy(assembly, rosa, carla)

    clock.days_back = 1
    council.come(assembly, present[1:6])
    _let_in_at_the_door(olga, assembly, ada.name)
    _open(olga, assembly, call="1", chair=ada.name)
    assert "Non c’è il numero legale: voti rappresentati 8 su 30" in olga.text()
    olga.look("decision-no-quorum", DESK)

    clock.days_back = 0
    council.come(assembly, present[6:])
    _open(olga, assembly, call="2", chair=ada.name)
    assert "L’assemblea è aperta" in olga.page.locator("body").inner_text()

    lost = _open_vote(olga, assembly, SHOPPING)
    council.vote(lost, present[:10], "yes")
    council.vote(lost, present[10:], "no")
    _close_vote(olga)

    won = _open_vote(olga, assembly, VALLEY)
    _vote_on_the_phone(let_in(visit(house, width=PHONE), bruno))
    council.vote(won, [ada, carla, *present[3:15]], "yes")
    council.vote(won, [gina], "yes", by=ada)
    council.vote(won, [rosa], "abstain", by=carla)
    council.vote(won, present[15:20], "no")
    omar, motion = let_in(visit(house), council.omar), olga.page.url
    council.help_to_vote(won, present[21:25], "yes")
    _help_to_vote(olga, present[20].name)
    _confirm_all(omar, motion, count=5)
    for reader in (olga, omar):
        _read_papers(reader, motion, [each.card for each in present[25:28]])
    assert "le schede sono contate" in omar.page.locator("body").inner_text()
    olga.page.goto(motion)
    _close_vote(olga)
    olga.look("decision-voted", PHONE, DESK)

    _adopt(olga, today=f"{today}")
    assert digests[1] in olga.page.url
    policy_path = olga.page.url.removeprefix(house)

    run = _measure(olga, period)
    _refused_while_tampered(omar, run)
    omar.go(_path(run))
    omar.press(PERIOD_PAID)
    work(PAY)
    run.refresh_from_db()
    assert run.policy_id == digests[1]
    omar.go(_path(run))
    omar.look("decision-paid", DESK)

    _ask_why(let_in(visit(house, width=PHONE), bruno), run)
    _count_again(visit(house), policy_path, won, tmp_path)


def _draft_and_try_two(olga: Visitor, period: dict[str, str], council: Council) -> list[str]:
    """Write two policies, try each on the same figures, and keep both for the vote."""
    olga.go("/redistribution/")
    olga.follow("Scrivi criteri")
    fund = str(council.valley.cast.common_id)
    fill(olga, title=SHOPPING, common_fund=fund, common_share="20%")
    expect(olga.page.locator("#reading")).to_contain_text("comprato")
    olga.look("decision-criteria", PHONE, DESK)
    _try(olga, period)
    olga.follow("Aggiungi altri criteri al confronto")
    fill(olga, title=VALLEY, common_fund=fund, common_share="1/5")
    fill(olga, patronage_weight="3/4", km0_weight="25%", km0_categories="orto")
    _try(olga, period)
    assert SHOPPING in olga.text()
    assert VALLEY in olga.text()
    olga.look("decision-simulation", PHONE, DESK)
    compared = olga.page.url
    digests = []
    for place in range(2):
        olga.page.goto(compared)
        olga.click(
            olga.page.locator("main").get_by_role("link", name="Registra la delibera").nth(place)
        )
        olga.press("Tienili per il voto")
        found = re.search("/policies/([0-9a-f]{64})/", olga.page.url)
        assert found, olga.text()
        digests.append(found[1])
    member = council.client(council.members[1])
    latest = Simulation.objects.latest("made_at")
    mine = member.get(f"/redistribution/simulations/{latest.id}/mine/").content.decode()
    assert VALLEY in mine
    return digests


def _try(olga: Visitor, period: dict[str, str]) -> None:
    olga.press("Prova sull’ultimo periodo")
    fill(olga, **period, pool_cents="1.000,00")
    olga.press("Prova")
    work(SIMULATE)
    olga.page.reload()


def _call(olga: Visitor, digests: list[str], *, first: object, second: object) -> Assembly:
    """Open the community's assembly, write its agenda, and call it."""
    olga.go("/bodies/")
    fill(olga, kind="assembly", name="Assemblea della comunità")
    olga.press("Aggiungi")
    fill(olga, electorate="people", source="Regolamento della comunità, articolo 4")
    fill(olga, first_quorum="1/2", second_quorum="1/3")
    olga.press("Registra lo statuto")
    olga.follow("Prepara un’assemblea")
    fill(olga, title="Assemblea dei criteri", place="Teatro di Cles")
    fill(olga, first_on=f"{first}", second_on=f"{second}")
    olga.press("Salva")
    fill(olga, title="I criteri del riparto")
    olga.press("Aggiungi il punto")
    for title, digest in zip((SHOPPING, VALLEY), digests, strict=True):
        olga.follow(re.compile("Metti ai voti"))
        fill(olga, kind="policy", title=title, policy=digest)
        olga.press("Aggiungi la proposta")
    olga.look("decision-agenda", PHONE, DESK)
    olga.follow("Rileggi e convoca")
    olga.look("decision-calling", DESK)
    olga.press("Convoca e avvisa tutti")
    olga.look("decision-being-called", PHONE, DESK)
    work(CALL)
    olga.page.reload()
    assert "Convocata" in olga.page.locator("body").inner_text()
    return Assembly.objects.get()


def _give_proxy(gina: Visitor, *, to: str) -> None:
    gina.go("/assembly/")
    gina.follow("Assemblea dei criteri")
    gina.look("decision-called", PHONE)
    gina.follow("Delega un altro socio")
    fill(gina, holder=to)
    gina.page.locator("main [name=understood]").check()
    gina.press("Do la delega")
    assert "Hai delegato Ada Bertoldi" in gina.text()


def _let_in_at_the_door(olga: Visitor, assembly: Assembly, name: str) -> None:
    olga.go(f"/bodies/assemblies/{assembly.id}/door/")
    fill(olga, q=name)
    olga.press("Cerca")
    olga.press(f"Entra {name}")
    olga.look("decision-door", PHONE, DESK)


def _open(olga: Visitor, assembly: Assembly, *, call: str, chair: str) -> None:
    olga.go(f"/bodies/assemblies/{assembly.id}/")
    olga.follow("Apri l’assemblea")
    olga.page.locator("main [name=call]").select_option(call)
    for name in ("chair", "secretary"):
        olga.page.locator(f"main [name={name}]").select_option(label=chair)
    olga.press("Apri l’assemblea")


def _open_vote(olga: Visitor, assembly: Assembly, title: str) -> UUID:
    olga.go(f"/bodies/assemblies/{assembly.id}/")
    olga.follow(title)
    olga.press("Apri la votazione")
    ballot: UUID = MotionBallot.objects.get(closed_at=None).ballot_id
    return ballot


def _close_vote(olga: Visitor) -> None:
    olga.press("Chiudi la votazione")


def _vote_on_the_phone(bruno: Visitor) -> None:
    bruno.go("/ballots/")
    bruno.follow(VALLEY)
    # Who votes reads the words on the paper itself.
    assert "quanto ciascuno ha comprato di “orto”" in bruno.text()
    bruno.look("decision-paper", PHONE)
    bruno.page.get_by_text("Sì", exact=True).click()
    bruno.press("Vota")
    assert "Il voto è arrivato" in bruno.text()
    bruno.look("decision-receipt", PHONE)


def _help_to_vote(olga: Visitor, name: str) -> None:
    """Write what somebody says who stands at the desk, on a form that they signed."""
    olga.follow("Sportello: voti aiutati e schede di carta")
    fill(olga, q=name)
    olga.press("Cerca")
    olga.look("decision-desk", PHONE, DESK)
    olga.follow(re.compile("Aiuta a votare"))
    olga.page.get_by_text("Sì", exact=True).click()
    fill(olga, paper="25")
    olga.look("decision-helped", PHONE, DESK)
    olga.press("Vota")
    assert "L’hai scritto tu: lo conferma un’altra persona" in olga.text()


def _confirm_all(omar: Visitor, motion: str, *, count: int) -> None:
    """Confirm, as another person of the desk, every vote that waits."""
    omar.page.goto(motion)
    omar.follow("Sportello: voti aiutati e schede di carta")
    omar.look("decision-waiting", PHONE, DESK)
    for _vote in range(count):
        omar.click(omar.page.get_by_role("button", name="Ho visto il modulo").first)
    assert "Voti che aspettano" not in omar.text()


def _read_papers(reader: Visitor, motion: str, cards: list[str]) -> None:
    reader.page.goto(motion)
    reader.follow("Sportello: voti aiutati e schede di carta")
    reader.follow("Inserisci schede di carta")
    fill(reader, option_0="\n".join(cards))
    reader.look("decision-papers", PHONE)
    reader.press("Ho letto queste schede")


def _adopt(olga: Visitor, *, today: str) -> None:
    """Let the policy that won run, as the resolution names it."""
    olga.follow("Che cosa ne è venuto")
    olga.follow("Fai valere i criteri")
    fill(olga, in_force_on=today, legal_basis="Regolamento della comunità, articolo 4")
    fill(olga, legal_basis_confirmed_by="Avv. Rita Prova")
    olga.press("Registra e fai valere i criteri")
    assert "votata qui" in olga.text()
    olga.look("decision-adopted", DESK)


def _measure(olga: Visitor, period: dict[str, str]) -> Run:
    olga.go("/redistribution/")
    fill(olga, **period)
    olga.press("Misura e calcola")
    work(MEASURE)
    olga.page.reload()
    assert "lo approva un’altra persona" in olga.text()
    return Run.objects.get()


def _refused_while_tampered(omar: Visitor, run: Run) -> None:
    """Change one figure of the adopted text behind everybody's back, and change it back."""
    omar.go(_path(run))
    _rewrite("1/5", "1/4")
    omar.press(PERIOD_PAID)
    assert "Con questi criteri" not in omar.text()
    assert "Il testo dei criteri non è più quello che fu adottato" in omar.text()
    omar.look("decision-tampered", PHONE, DESK)
    _rewrite("1/4", "1/5")
    run.refresh_from_db()
    assert run.approved_at is None


def _rewrite(old: str, new: str) -> None:
    """Rewrite policies as somebody could who holds the disks."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE governance_policy SET document = replace(document, %s, %s)"
            " WHERE document LIKE '%%redistribution%%'",
            [f'"common_share":"{old}"', f'"common_share":"{new}"'],
        )
        assert cursor.rowcount
        cursor.execute("SET session_replication_role = origin")


def _ask_why(bruno: Visitor, run: Run) -> None:
    """Go from the money to its reasons, and on to the vote."""
    bruno.go("/movements/?kind=parts")
    bruno.click(bruno.page.locator(f"main a[href*='{run.id}']").first)
    assert "Perché questo importo" in bruno.text()
    bruno.look("decision-why", PHONE)
    bruno.follow(VALLEY)
    bruno.follow("votata qui")
    assert "Votata e approvata" in bruno.text()
    assert "143,57" in bruno.text()
    bruno.look("decision-timeline", PHONE)


def _count_again(stranger: Visitor, policy_path: str, ballot_id: UUID, folder: Path) -> None:
    """Take the two files that anybody may have, and count with a program that is not ours."""
    stranger.go(policy_path)
    stranger.look("decision-stranger", PHONE)
    for name in ("ballot.json", "votes.csv"):
        link = stranger.page.locator(f"main a[href='/ballots/{ballot_id}/{name}']")
        answer = stranger.page.request.get(f"{stranger.house}{link.get_attribute('href')}")
        assert answer.ok
        (folder / name).write_bytes(answer.body())
    files = [str(folder / name) for name in ("ballot.json", "votes.csv")]
    told = json.loads(CliRunner().invoke(main, ["ballots", "recount", *files, "--json"]).output)
    assert told["ok"]
    assert told["outcome"]["tally"] == {"yes": "24", "no": "5", "abstain": "1"}
    counted = _recount(files)
    assert json.loads(counted.stdout)["outcome"] == told["outcome"]
    votes = folder / "votes.csv"
    genuine = votes.read_text()
    votes.write_text(genuine.replace("no", "yes", 1))
    assert votes.read_text() != genuine
    assert _recount(files).returncode == 1


def _recount(files: list[str]) -> subprocess.CompletedProcess[str]:
    """Count as `reciproca-recount` does, in a process that knows no Django."""
    program = "from reciproca_verifier.recount import main; raise SystemExit(main())"
    command = [sys.executable, "-c", program, *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _path(run: Run) -> str:
    return f"/redistribution/runs/{run.id}/"
