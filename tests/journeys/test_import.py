"""Luca brings a file in: good rows and bad ones, and nothing happens before he says so."""

import re
from datetime import date

import pytest

from tests.journeys.visitor import Visitor
from tests.journeys.words import rows

pytestmark = pytest.mark.browser

SHOP = "99000000226"
"""The tax code of the Famiglia Cooperativa Valchiara."""


def test_a_file_is_previewed_taken_in_part_and_undone(luca: Visitor) -> None:
    day = date.today().replace(day=1).isoformat()  # noqa: DTZ011 - as a till writes it
    file = "\n".join(
        (
            "scontrino;data;partita_iva;tessera;importo",
            *(f"viaggio-{n};{day} 10:0{n};{SHOP};;{n + 1}2,50" for n in range(4)),
            f"viaggio-4;non so;{SHOP};;7,00",
            f"viaggio-5;{day} 11:00;{SHOP};;tanto",
        )
    )
    luca.go("/imports/")
    luca.look("imports")
    luca.go("/imports/new/")
    luca.look("import-file")
    luca.press("Carica e guarda le colonne")
    assert "Scegli il file da importare" in luca.text()
    luca.look("import-no-file")

    luca.page.locator("main input[value=purchases]").check()
    luca.hand_in("file", name="cassa.csv", kind="text/csv", content=file.encode())
    luca.press("Carica e guarda le colonne")
    luca.look("import-columns")
    luca.page.locator("main input[name=members][value=nobody]").check()
    luca.press("Leggi il file")
    ready = luca.page.get_by_role("heading", name="4 righe sono pronte")
    luca.reload_until(lambda: ready.count() > 0)
    luca.look("import-check")
    refused = rows(luca.save(luca.page.get_by_role("link", name="Scaricale con il motivo")))
    assert [row for row in refused if any("viaggio-4" in cell for cell in row)]
    assert len(refused) == 3

    luca.press(re.compile("^Registra 4 righe"))
    assert ready.count() == 1, "rows were left out although nobody had chosen that"
    luca.look("import-not-chosen")
    luca.page.locator("input[name=good_rows]").check()
    luca.press(re.compile("^Registra 4 righe"))
    done = luca.page.get_by_role("heading", name="Sono entrate 4 righe")
    luca.reload_until(lambda: done.count() > 0)
    luca.look("import-result")

    luca.follow("Annulla tutto il file")
    luca.press("Annulla il file")
    assert "Scrivi il motivo" in luca.text()
    luca.look("import-undo-refused")
    luca.page.locator("main [name=reason]").fill("Era una prova")
    luca.press("Annulla il file")
    undone = luca.page.get_by_role("heading", name="Questo file è stato annullato")
    luca.reload_until(lambda: undone.count() > 0)
    assert "Era una prova" in luca.text()
    luca.look("import-undone")
