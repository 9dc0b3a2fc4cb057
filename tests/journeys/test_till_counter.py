"""Selling at the counter with network: scanner and keyboard, credit with the PIN, undo, closing."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.build import CODES, MARTAS_PIN
from tests.journeys.conftest import Visit
from tests.journeys.till import KEPT, Till, card_of, wait_until
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

SLOWER_THAN_A_SCANNER_MS = 200


@pytest.fixture
def till(paola: Visitor, house: str) -> Till:
    till = Till(paola.page, house)
    till.pair("Tablet del banco")
    return till


def test_a_sale_takes_three_actions_after_the_scan_and_no_mouse(
    till: Till, paola: Visitor, marta: Visitor
) -> None:
    card = card_of(marta)
    paola.look("till-lock")
    till.unlock()
    paola.look("till-empty")
    till.scan(card)
    expect(till.part("buyer-name")).to_have_text("Marta Bonelli")
    expect(till.part("amount")).to_be_focused()
    assert till.part("amount").input_value() == "0,00"
    # One: the amount. Two: Enter takes it. Three: Enter confirms it.
    till.page.keyboard.type("1250")
    expect(till.part("gain-born")).to_be_visible()
    paola.look("till-sale")
    till.page.keyboard.press("Enter")
    till.page.keyboard.press("Enter")
    till.sees("Spesa registrata")
    paola.look("till-done")
    assert till.queue() == []
    till.press("Annulla la vendita")
    till.sees("Vendita annullata")


def test_any_part_of_the_credit_is_spent_with_the_pin_of_the_printed_card(
    till: Till, paola: Visitor, marta: Visitor
) -> None:
    paola.refusing.add("/till/pin/")
    card = card_of(marta)
    till.unlock()
    # The amount may come first; the scan that follows, wherever the focus is, does not spoil it.
    till.part("amount").focus()
    till.page.keyboard.type("2000")
    till.page.wait_for_timeout(SLOWER_THAN_A_SCANNER_MS)
    till.scan(card)
    assert till.part("amount").input_value() == "20,00"
    till.press("Fai digitare il PIN")
    till.page.keyboard.type("55555")
    till.page.keyboard.press("Enter")
    till.sees("Il PIN non è giusto")
    paola.look("till-pin")
    till.part("pin").fill(MARTAS_PIN)
    till.page.keyboard.press("Enter")
    expect(till.part("choices")).to_be_visible()
    till.page.get_by_label("Altro importo").first.click()
    till.page.keyboard.type("99999")
    till.page.keyboard.press("Enter")
    till.sees("al più")
    till.page.keyboard.press("ControlOrMeta+a")
    till.page.keyboard.type("123")
    till.page.keyboard.press("Enter")
    expect(till.part("due")).to_contain_text("18,77")
    paola.look("till-credit")
    till.press(re.compile("^Conferma"))
    till.sees("Spesa registrata")
    till.press("Annulla la vendita")
    till.sees("Vendita annullata")


def test_a_phone_without_network_shows_the_code_with_which_credit_is_spent(
    till: Till, marta: Visitor
) -> None:
    marta.go("/card/")
    marta.press("Mostra la carta su questo telefono")
    expect(marta.page.locator("[data-digits]")).to_have_text(re.compile(r"^[\d ]{25}$"))
    wait_until(marta.page, KEPT, "/card/phone/")
    marta.page.context.set_offline(True)
    marta.go("/card/phone/")
    shown = marta.page.locator("[data-digits]")
    expect(shown).to_have_text(re.compile(r"^[\d ]{25}$"))
    till.unlock()
    till.scan(re.sub(r"\D", "", shown.inner_text()))
    till.page.keyboard.type("300")
    expect(till.part("choices")).to_be_visible()
    till.page.get_by_role("radio", name=re.compile("^Tutto")).click()
    expect(till.part("due")).to_have_text(re.compile("0,00"))
    till.press(re.compile("^Conferma"))
    till.sees("Spesa registrata")
    till.press("Annulla la vendita")
    till.sees("Vendita annullata")


def test_lines_with_a_department_a_member_without_card_and_a_refund(
    till: Till, paola: Visitor
) -> None:
    till.unlock()
    till.press("Cerca per nome")
    till.page.keyboard.type("marta bonelli")
    paola.look("till-names")
    till.page.locator("dialog[open] li button").first.click()
    expect(till.part("buyer-name")).to_have_text("Marta Bonelli")
    till.page.get_by_text("Dividi per reparto").click()
    departments = till.part("categories").get_by_role("button")
    till.part("amount").focus()
    till.page.keyboard.type("350")
    departments.nth(0).click()
    till.page.keyboard.type("12,5")
    departments.nth(1).click()
    expect(till.part("due")).to_contain_text("16,00")
    paola.look("till-lines")
    till.press(re.compile("^Conferma"))
    till.sees("Spesa registrata")
    till.press("Oggi")
    till.press(re.compile("^Rendi .*16,00"))
    till.page.locator("dialog[open] input").first.fill("3,50")
    till.page.get_by_label("Perché").fill("Una confezione rotta")
    paola.look("till-refund")
    till.press("Registra il reso")
    till.sees("Reso registrato")
    paola.look("till-today")


def test_a_wrong_code_opens_nothing_and_a_till_left_alone_locks_itself(
    till: Till, paola: Visitor
) -> None:
    paola.refusing.add("/till/unlock/")
    till.press(re.compile("Davide"))
    till.page.keyboard.type("00001")
    till.page.keyboard.press("Enter")
    till.sees("non è giusto")
    till.page.clock.install()
    till.part("code").fill(CODES["davide"])
    till.page.keyboard.press("Enter")
    expect(till.part("number")).to_be_focused()
    till.page.keyboard.type("777")
    till.page.clock.fast_forward("04:50")
    expect(till.part("number")).to_be_visible()
    till.page.clock.fast_forward("00:20")
    till.sees("si è bloccata da sola")
    paola.look("till-locked")


def test_the_day_is_closed_with_what_was_sold(till: Till, paola: Visitor) -> None:
    till.unlock()
    till.press("Senza carta")
    till.page.keyboard.type("500")
    till.page.keyboard.press("Enter")
    till.page.keyboard.press("Enter")
    till.sees("Spesa registrata")
    till.press("Chiudi la giornata")
    expect(till.part("close-day")).to_contain_text("in cassa")
    paola.look("till-closing")
    till.press(re.compile("^Chiudi con"))
    till.sees("Giornata chiusa")
    assert till.state()["open"]["sale_count"] == 0


def test_a_stranger_finds_a_till_without_anybodys_data(visit: Visit, house: str) -> None:
    stranger = visit(house)
    stranger.refusing.add("/till/state/")
    stranger.go("/till/")
    expect(stranger.page.get_by_role("link", name="Apri le casse")).to_be_visible()
    stranger.look("till-unpaired")
