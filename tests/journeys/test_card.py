"""Marta's card on her phone: paired, changing, there again after a reload, and disconnected."""

import re

import pytest

from tests.journeys.build import MARTAS_PIN
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_phone_shows_a_code_that_changes_until_it_is_disconnected(marta: Visitor) -> None:
    marta.go("/card/")
    marta.look("card-unpaired")
    with marta.page.expect_navigation():
        marta.press("Mostra la carta su questo telefono")
    digits = marta.page.locator("[data-digits]")
    digits.wait_for()
    shown = re.sub(r"\s", "", digits.inner_text())
    assert re.fullmatch(r"29\d{19}", shown)
    assert marta.page.locator(".qr path.f-ink").get_attribute("d")
    marta.look("card")

    marta.page.clock.install()
    marta.go("/card/phone/")
    digits.wait_for()
    first = digits.inner_text()
    marta.page.clock.fast_forward(30_000)
    marta.page.wait_for_function(
        "was => document.querySelector('[data-digits]').textContent !== was", arg=first
    )
    assert digits.inner_text()[:16] == first[:16], "the number stays"
    marta.look("card-phone")

    marta.go("/card/")
    here = marta.page.locator("[data-phone]:has([data-own]:not([hidden]))")
    marta.click(here.get_by_role("button", name="Scollega"))
    marta.page.get_by_role("button", name="Mostra la carta su questo telefono").wait_for()


def test_a_pin_is_chosen_and_a_mistake_says_what_to_do(marta: Visitor) -> None:
    marta.go("/card/pin/")
    marta.page.get_by_label("Il nuovo PIN").fill("11111")
    marta.page.get_by_label("Ancora una volta").fill("11111")
    marta.press("Salva il PIN")
    marta.look("card-pin-refused")
    assert "non tutte uguali" in marta.text()
    marta.page.get_by_label("Il nuovo PIN").fill(MARTAS_PIN)
    marta.page.get_by_label("Ancora una volta").fill(MARTAS_PIN)
    marta.press("Salva il PIN")
    assert "La tua carta ha il nuovo PIN" in marta.text()
