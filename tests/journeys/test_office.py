"""At the desk of the Famiglia Cooperativa Valchiara: a newcomer comes in and is helped."""

import re

import pytest

from tests.journeys.visitor import PHONE, Visitor
from tests.journeys.words import rows

pytestmark = pytest.mark.browser


def _write_newcomer(visitor: Visitor, *, name: str, born_on: str) -> None:
    visitor.page.get_by_label("Nome", exact=True).fill("Nina")
    visitor.page.get_by_label("Cognome", exact=True).fill(name)
    visitor.page.get_by_label("Data di nascita").fill(born_on)
    visitor.page.get_by_label("Telefono").fill("0463 000000")


def test_a_newcomer_leaves_with_a_card_and_a_pin(davide: Visitor, paola: Visitor) -> None:
    davide.go("/office/")
    davide.look("office")
    davide.follow("Nuova domanda")
    davide.look("office-newcomer")
    _write_newcomer(davide, name="Sportello", born_on="")
    davide.press("Registra e dai la carta")
    assert "uno dei due basta" in davide.text()
    davide.look("office-newcomer-refused")
    davide.page.get_by_label("Data di nascita").fill("1948-03-09")
    davide.press("Registra e dai la carta")
    assert "la carta vale da subito" in davide.text()
    davide.look("office-member-new")
    assert davide.save(davide.page.get_by_role("button", name="Stampa la carta")).startswith(
        b"%PDF-"
    )

    davide.follow("Fai scegliere il PIN")
    davide.look("office-pin")
    davide.page.get_by_label("Numero del modulo firmato").fill("M 17")
    davide.page.get_by_label("Il nuovo PIN").fill("40718")
    davide.page.get_by_label("Ancora una volta").fill("40718")
    davide.press("Salva il PIN")
    assert "aspetta la conferma di una seconda persona" in davide.text()
    davide.look("office-member")
    davide.go("/office/checks/")
    davide.look("office-checks-own")
    assert "lo conferma un’altra persona" in davide.text()

    paola.go("/office/")
    paola.follow("Da confermare in due")
    assert "M 17" in paola.text()
    paola.look("office-checks")
    paola.press("Confermo")
    assert "da ora vale" in paola.text()

    paola.go("/members/?state=applied&q=sportello")
    paola.click(paola.page.locator("#members a").first)
    paola.press("Accogli la domanda")
    paola.press("Iscrivi nel libro soci")
    assert "è nel libro soci" in paola.text()


def test_a_newcomer_is_let_in_on_a_phone(davide: Visitor) -> None:
    davide.page.set_viewport_size({"width": PHONE, "height": 844})
    davide.go("/office/")
    davide.follow("Nuova domanda")
    _write_newcomer(davide, name="Telefono", born_on="1951-07-21")
    davide.page.keyboard.press("Enter")
    davide.page.wait_for_url("**/office/**")
    assert "Nina Telefono" in davide.text()


def test_who_has_no_phone_is_helped_and_no_more_is_seen_than_needed(davide: Visitor) -> None:
    davide.go("/office/")
    davide.page.get_by_role("searchbox").fill("nonesisteproprio")
    davide.page.get_by_role("searchbox").press("Enter")
    davide.page.wait_for_url("**q=nonesiste**")
    davide.look("office-none")
    davide.page.get_by_role("searchbox").fill("10")
    davide.page.get_by_role("searchbox").press("Enter")
    davide.page.wait_for_url("**q=10**")
    davide.look("office-found")
    davide.click(davide.page.locator("#found a").first)
    assert "Codice fiscale" not in davide.text()

    for link, name in (
        ("Quanto credito ha", "office-credit"),
        ("Cambia i recapiti", "office-details"),
        ("Domanda a un’altra cooperativa", "office-application"),
        ("Dona a un progetto", "office-gift"),
    ):
        davide.follow(link)
        davide.look(name)
        davide.page.go_back()
    davide.follow("Cambia i recapiti")
    davide.page.get_by_label("Telefono").fill("0463 222222")
    davide.press("Salva")
    assert "I recapiti sono aggiornati" in davide.text()
    printed = davide.save(davide.page.get_by_role("button", name="Stampa l’estratto"))
    assert printed.startswith(b"%PDF-")


def test_a_share_passes_to_the_holder_of_a_card_once_the_name_was_read(
    paola: Visitor, davide: Visitor
) -> None:
    davide.go("/profile/")
    card = re.sub(r"\D", "", davide.page.locator(".pass .code").first.inner_text())
    paola.go("/members/?q=14")
    paola.click(paola.page.locator("#members a").first)
    paola.follow("Cedi la quota a un’altra persona")
    paola.look("share-transfer")
    paola.page.get_by_label("Carta di chi riceve la quota").fill(card)
    paola.press("Controlla prima di cedere")
    assert "Serve l’autorizzazione del consiglio" in paola.text()
    paola.look("share-transfer-refused")
    paola.page.get_by_label("Delibera che la autorizza").fill("Consiglio del 20 maggio, verbale 7")
    paola.press("Controlla prima di cedere")
    assert "Davide Stanchina" in paola.text()
    paola.look("share-transfer-check")
    paola.press("Cedi la quota")
    assert "Quota ricevuta" in paola.text()
    paola.look("share-transferred")


def test_the_register_is_handed_out_as_it_stood_and_as_it_is_looked_for(paola: Visitor) -> None:
    paola.go("/members/?q=ma")
    paola.page.get_by_text("Estratto del libro soci").click()
    paola.look("register-extract")
    extract = paola.save(paola.page.get_by_role("button", name="Estratto in PDF"))
    assert extract.startswith(b"%PDF-")
    found = rows(paola.save(paola.page.get_by_role("link", name="Elenco in CSV")))
    assert len(found) > 1
    assert paola.save(paola.page.get_by_role("link", name="Elenco in XLSX")).startswith(b"PK")
