"""From `reciproca open` to a community that can work: only pages, and the mail on the console."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone

from tests.journeys.conftest import Visit
from tests.journeys.house import open_house
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PASSWORD = "segreto segreto"
CODE = re.compile(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", re.MULTILINE)
CARD = re.compile(r"2 \d{6} \d{6}")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Opened:
    """A house that `reciproca open` has just opened, and what its server says."""

    url: str
    log: Path


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    log = tmp_path / "serve.log"
    with open_house(built="opened", demo=False, log=log) as url:
        yield Opened(url, log)


def test_an_officer_and_a_manager_make_a_community_work(opened: Opened, visit: Visit) -> None:
    olga, mario = visit(opened.url), visit(opened.url)

    _sign_up(olga, opened.log, "olga@example.org", "Olga", "Bianchi")
    assert "Ora puoi agire per Federazione della Val di Non" in olga.text()
    _act(olga)
    assert "La rete comincia qui" in olga.text()
    olga.look("first-morning-overview")

    _sign_up(mario, opened.log, "mario@example.org", "Mario", "Verdi")
    mario.go("/profile/")
    card = CARD.search(mario.text())
    assert card is not None

    olga.follow("Fai entrare le cooperative")
    _fill(olga, name="Famiglia Cooperativa", municipality="Cles")
    _send(olga)
    assert "fa parte della rete" in olga.text()
    _fill(olga, card=card.group())
    _send(olga)
    assert "Incarico dato" in olga.text()

    olga.go("/funds/new/")
    _fill(olga, name="Fondo comune")
    _send(olga)
    _adopt(olga)

    mario.go("/profile/")
    _act(mario)
    mario.follow("Non avete ancora promesso quanto torna")
    promise = mario.page.locator("main form", has=mario.page.locator("[name=rate_bp]"))
    promise.locator("[name=rate_bp]").fill("5")
    mario.click(promise.get_by_role("button"))
    assert "tornano 0,50\u00a0€" in mario.text()
    mario.look("first-morning-rates")


def _sign_up(visitor: Visitor, log: Path, email: str, first: str, last: str) -> None:
    before = len(CODE.findall(log.read_text()))
    visitor.go(f"/accounts/signup/?email={email}")
    _fill(visitor, first_name=first, last_name=last, password1=PASSWORD)
    _send(visitor)
    ends = time.monotonic() + 15
    while len(codes := CODE.findall(log.read_text())) == before:
        assert time.monotonic() < ends, "No code was sent."
        time.sleep(0.1)
    _fill(visitor, code=codes[-1])
    _send(visitor)
    visitor.page.wait_for_url(f"{visitor.house}/")


def _act(visitor: Visitor) -> None:
    """Act for whom one works for."""
    visitor.go("/profile/")
    visitor.click(visitor.page.locator("main").get_by_role("button", name="Passa qui"))


def _adopt(olga: Visitor) -> None:
    olga.go("/policies/new/")
    _fill(olga, title="Come dividiamo il valore", member_share="40%", common_share="60%")
    for field in ("common_node", "expired_to"):
        olga.page.locator(f"main [name={field}]").select_option(label="Fondo comune")
    _send(olga)
    today = timezone.localdate().isoformat()
    _fill(olga, title="Criteri", adopted_on=today, protocol_number="1/2026", in_force_on=today)
    _fill(olga, legal_basis="Parere legale.", legal_basis_confirmed_by="Avv. Anna Prova")
    olga.hand_in("minutes", name="verbale.pdf", kind="application/pdf", content=PDF)
    _send(olga)
    assert "Criteri registrati" in olga.text()


def _fill(visitor: Visitor, **values: str) -> None:
    for name, value in values.items():
        visitor.page.locator(f"main [name={name}]").fill(value)


def _send(visitor: Visitor) -> None:
    visitor.click(visitor.page.locator("main form button.gold").last)
