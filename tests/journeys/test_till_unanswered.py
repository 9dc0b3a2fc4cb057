"""A sale that spends credit was sent, and nobody knows whether it arrived: the network died."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.build import MARTAS_PIN
from tests.journeys.till import Till, card_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

SALES = "**/till/sales/"
LONGER_THAN_THE_COUNTER_WAITS = "00:40"
SENDING_MS = 60_000


def lose_the_answer(route: Route) -> None:
    """Let a sale arrive, and its answer not."""
    if route.request.method == "POST":
        route.fetch()
        route.abort("connectionreset")
    else:
        route.continue_()


def spend(till: Till, card: str, *, cents: str, credit: str) -> None:
    """Sell for so much, of which the holder of a printed card pays a part with credit."""
    till.scan(card)
    till.page.keyboard.type(cents)
    till.press("Fai digitare il PIN")
    till.page.keyboard.type(MARTAS_PIN)
    till.page.keyboard.press("Enter")
    expect(till.part("choices")).to_be_visible()
    till.page.get_by_label("Altro importo").first.click()
    till.page.keyboard.type(credit)
    till.page.keyboard.press("Enter")
    till.press(re.compile("^Conferma"))


def test_a_sale_with_credit_whose_answer_was_lost_is_recorded_once_and_the_day_can_be_closed(
    paola: Visitor, marta: Visitor, house: str
) -> None:
    card = card_of(marta)
    till = Till(paola.page, house)
    till.pair("Tablet del banco")
    till.unlock()
    before = till.state()["open"]
    till.page.clock.install()
    context = paola.page.context
    context.route(SALES, lose_the_answer)
    spend(till, card, cents="2000", credit="123")
    till.sees("Non ripeterla: la rimandiamo noi")
    # The till does not know yet that the server has it.
    assert [row["credit_cents"] for row in till.queue()] == [123]
    recorded = till.state()["open"]
    assert recorded["credit_cents"] - before["credit_cents"] == 123

    context.set_offline(True)
    till.page.reload()
    till.unlock()
    till.sees("Da inviare: 1")
    till.press("Chiudi la giornata")
    till.sees("vendita da inviare")
    paola.look("till-unanswered")

    context.unroute(SALES)
    context.set_offline(False)
    # Credit is spent only by an operator whom the server knows, though there is network again.
    till.press("Blocca")
    till.unlock()
    till.page.clock.fast_forward(LONGER_THAN_THE_COUNTER_WAITS)
    expect(till.page.locator("[data-part=waiting]")).to_be_hidden(timeout=SENDING_MS)
    assert till.queue() == []
    after = till.state()["open"]
    assert after == recorded
    assert after["sale_count"] - before["sale_count"] == 1
    till.press("Chiudi la giornata")
    till.press(re.compile("^Chiudi con"))
    till.sees("Giornata chiusa")
