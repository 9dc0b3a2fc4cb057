"""What a till's dialogs cannot use is told what to do about it, in both languages."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.build import CODES, MARTAS_PIN
from tests.journeys.conftest import Visit
from tests.journeys.till import Till, card_of
from tests.journeys.visitor import Visitor

CODE_NEEDED = {
    "it": "Scrivi le cinque cifre del codice.",
    "en": "Write the five digits of the code.",
}
PIN_NEEDED = {"it": "Digita le cinque cifre del PIN.", "en": "Key in the five digits of the PIN."}
WRONG_PIN = {
    "it": "Il PIN non è giusto. Tentativi rimasti: 4.",
    "en": "The PIN is not right. Tries left: 4.",
}
AMOUNT_NEEDED = {
    "it": "Scrivi quanto torna, almeno di una riga.",
    "en": "Write how much comes back, of one line at least.",
}
REASON_NEEDED = {"it": "Scrivi il motivo.", "en": "Write the reason."}
TOO_MUCH = {"it": "si possono ancora rendere", "en": "can still be refunded"}


@pytest.mark.parametrize(("language", "locale"), [("it", "it-IT"), ("en", "en-GB")])
def test_a_tills_dialogs_say_what_to_do_and_count_no_slip_as_a_try(
    visit: Visit, house: str, language: str, locale: str
) -> None:
    marta = visit(house)
    marta.enter_as("Marta")
    card = card_of(marta)
    paola = visit(house, locale=locale)
    paola.go("/demo/")
    paola.click(paola.page.get_by_role("button", name=re.compile("Paola")))
    paola.refusing.add("/till/pin/")
    paola.page.on("request", lambda asked: _may_refuse(paola, urlsplit(asked.url).path))
    till = Till(paola.page, house)
    till.pair(f"Tablet {language}")

    till.press(re.compile("Davide"))
    for slip in ("", "12"):
        till.part("code").fill(slip)
        till.page.keyboard.press("Enter")
        till.sees(CODE_NEEDED[language])
    till.part("code").fill(CODES["davide"])
    till.page.keyboard.press("Enter")
    expect(till.part("number")).to_be_focused()

    till.scan(card)
    till.page.keyboard.type("1250")
    till.page.keyboard.press("Enter")
    till.press(re.compile("PIN"))
    for slip in ("", "12", "abcde"):
        till.part("pin").fill(slip)
        till.page.keyboard.press("Enter")
        till.sees(PIN_NEEDED[language])
    till.part("pin").fill("55555")
    till.page.keyboard.press("Enter")
    till.sees(WRONG_PIN[language])
    till.part("pin").fill(MARTAS_PIN)
    till.page.keyboard.press("Enter")
    expect(till.page.locator("dialog[open]")).to_have_count(0)
    till.part("confirm").click()
    expect(till.part("done-title")).to_be_visible()

    till.press(re.compile("^(Oggi|Today)"))
    till.press(re.compile(r"^(Rendi|Refund) .*12[.,]50"))
    amount, reason = till.page.locator("dialog[open] input").first, till.part("reason")
    for slip in ("", "0", "abc"):
        amount.fill(slip)
        till.part("reason-go").click()
        till.sees(AMOUNT_NEEDED[language])
    amount.fill("9999")
    till.part("reason-go").click()
    till.sees(REASON_NEEDED[language])
    reason.fill("Rotto")
    till.part("reason-go").click()
    till.sees(TOO_MUCH[language])
    expect(amount).to_have_value(re.compile(r"99[.,]99"))
    expect(reason).to_have_value("Rotto")
    paola.look(f"till-refund-refused-{language}")
    amount.fill("-350")
    expect(amount).to_have_value(re.compile(r"^3[.,]50$"))
    till.part("reason-go").click()
    expect(till.page.locator("dialog[open]")).to_have_count(0)


def _may_refuse(visitor: Visitor, path: str) -> None:
    """Expect a refusal of a refund, whichever sale it is of."""
    if path.endswith("/refunds/"):
        visitor.refusing.add(path)
