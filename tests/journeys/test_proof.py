"""Marta takes home the proof of a movement, and checks it without trusting anybody here."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.pages import purchase_with_value
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_movement_is_witnessed_and_its_proof_holds_here_and_elsewhere(
    marta: Visitor, tmp_path: Path
) -> None:
    marta.go("/movements/?kind=purchases")
    marta.click(purchase_with_value(marta.page))
    marta.reload_until(lambda: "testimoniato da 2 di 2" in marta.text())
    marta.look("proof")
    asked: list[str] = []
    marta.page.on("request", lambda request: asked.append(request.url))

    marta.page.get_by_role("button", name="Verifica la prova").click()

    marta.page.locator("[data-when=holds]").wait_for(state="visible")
    assert asked == [], "the browser asks nobody"
    marta.look("proof-holds")

    proof = tmp_path / "spesa.tlog-proof"
    proof.write_bytes(marta.save(marta.page.get_by_role("link", name="Scarica la prova")))
    marta.page.locator("summary", has_text="Con un altro programma").click()
    told = marta.page.locator("pre", has_text="reciproca-verify").inner_text()
    assert _verified(told, proof) == 0, "the very command that the page tells"
    proof.write_text(proof.read_text().replace("index ", "index 1", 1))
    assert _verified(told, proof) == 1


def _verified(told: str, proof: Path) -> int:
    program = Path(sys.executable).with_name("reciproca")
    arguments = shlex.split(told.replace("FILE.tlog-proof", shlex.quote(str(proof))))[1:]
    done = subprocess.run([program, "log", "verify", *arguments], timeout=120, check=False)
    return done.returncode
