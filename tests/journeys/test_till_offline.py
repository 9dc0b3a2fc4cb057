"""
Selling without network: two tabs, a second device, cuts in mid-send, restarts; no sale is lost or
doubled.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.conftest import AS_ROOT, CHROMIUM, FLAGS
from tests.journeys.till import Sold, Till, card_of, wait_until
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

IN_EACH_TAB, ON_THE_SECOND_DEVICE = 170, 160
SYNC = "**/till/sync/"
SENDING_MS = 60_000
RETRIES = 3

WAITS = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"
SETTLED = """
async () => {
  const { active, waiting, installing } = await navigator.serviceWorker.getRegistration();
  return active?.scriptURL.endsWith("/sw.js") && !waiting && !installing;
}
"""
"""The till has asked for its own worker again, and that one serves it."""


@contextmanager
def browser_on_disk(browser: Browser, folder: Path, *, offline: bool) -> Iterator[BrowserContext]:
    """Start a browser whose data stay when it ends, as a tablet's do."""
    context = browser.browser_type.launch_persistent_context(
        folder, executable_path=CHROMIUM, args=[*FLAGS, *AS_ROOT], locale="it-IT", offline=offline
    )
    context.set_default_timeout(SENDING_MS)
    yield context
    context.close()


def enter(page: Page, house: str) -> Till:
    """Come in as Paola, who manages the shop, by the demo's own door."""
    page.goto(f"{house}/demo/")
    page.get_by_role("button", name="Entra come Paola").click()
    page.wait_for_load_state("load")
    return Till(page, house)


def sales(card: str, first: int, count: int) -> list[Sold]:
    """Return sales of which no two have the same amount, from 1,01 € on."""
    return [Sold(card, 101 + number) for number in range(first, first + count)]


class Cuts:
    """A network that lets a batch arrive and loses the answer, three times out of four."""

    def __init__(self, context: BrowserContext) -> None:
        self.sent = 0
        context.route(SYNC, self._pass)

    def _pass(self, route: Route) -> None:
        self.sent += 1
        if self.sent % (RETRIES + 1) == 0:
            route.continue_()
        else:
            route.fetch()
            route.abort("connectionreset")


def send_all(till: Till, cuts: Cuts) -> None:
    """Press “Da inviare” for as long as something waits."""
    waiting = till.page.locator("[data-part=waiting]")
    while waiting.is_visible():
        before = cuts.sent
        waiting.evaluate("button => button.click()")
        for _ in range(100):
            if cuts.sent > before or not waiting.is_visible():
                break
            till.page.wait_for_timeout(50)


def test_500_sales_without_network_arrive_once_each(
    browser: Browser, house: str, marta: Visitor, tmp_path: Path
) -> None:
    card = card_of(marta)
    expected = sales(card, 0, 2 * IN_EACH_TAB + ON_THE_SECOND_DEVICE)
    assert len(expected) == 500
    with browser_on_disk(browser, tmp_path / "other", offline=False) as other_context:
        other = enter(other_context.pages[0], house)
        other.pair("Cassa volante")
        other.unlock()
        before = other.state()["open"]
        other_context.set_offline(True)
        other.begin_selling(expected[2 * IN_EACH_TAB :])

        with browser_on_disk(browser, tmp_path / "till", offline=False) as context:
            one = enter(context.pages[0], house)
            one.pair("Tablet del banco")
            one.unlock()
            another = Till(context.new_page(), house)
            another.page.goto(f"{house}/till/")
            another.unlock()
            context.set_offline(True)
            one.begin_selling(expected[:IN_EACH_TAB])
            another.begin_selling(expected[IN_EACH_TAB : 2 * IN_EACH_TAB])
            one.wait_until_sold()
            another.wait_until_sold()
            assert len(one.queue()) == 2 * IN_EACH_TAB
            one.sees(f"Da inviare: {2 * IN_EACH_TAB}")
            # A reload without network: the page is there, and so is every sale.
            one.page.reload()
            one.unlock()
            assert len(one.queue()) == 2 * IN_EACH_TAB

        with browser_on_disk(browser, tmp_path / "till", offline=True) as context:
            # The device was switched off and on, still without network.
            one = Till(context.pages[0], house)
            one.page.goto(f"{house}/till/")
            one.unlock()
            one.sees(f"Da inviare: {2 * IN_EACH_TAB}")
            another = Till(context.new_page(), house)
            another.page.goto(f"{house}/till/")
            another.unlock()
            cuts = Cuts(context)
            context.set_offline(False)
            another.part("waiting").evaluate("button => button.click()")
            one.page.wait_for_timeout(100)
            context.set_offline(True)  # in the middle of it
            one.page.wait_for_timeout(100)
            context.set_offline(False)
            send_all(one, cuts)
            assert cuts.sent >= 2 * (RETRIES + 1), "each of the two batches is sent four times"
            assert one.queue() == []

        other.wait_until_sold()
        cuts = Cuts(other_context)
        other_context.set_offline(False)
        send_all(other, cuts)
        assert cuts.sent >= RETRIES + 1
        assert other.queue() == []
        after = other.state()["open"]

    assert after["sale_count"] - before["sale_count"] == 500
    assert after["sale_cents"] - before["sale_cents"] == sum(each.cents for each in expected)
    assert after["refund_count"] == before["refund_count"]


def test_without_network_spending_is_refused_kindly_and_a_sale_not_sent_is_undone_at_once(
    paola: Visitor, house: str, marta: Visitor
) -> None:
    card = card_of(marta)
    till = Till(paola.page, house)
    till.pair("Tablet del banco")
    till.unlock()
    before = till.state()["open"]
    paola.page.context.set_offline(True)
    till.scan(card)
    till.sees("Senza rete il ritorno non si può usare")
    till.page.keyboard.type("990")
    paola.look("till-offline-sale", 390, 768, 1440)
    till.page.keyboard.press("Enter")
    till.page.keyboard.press("Enter")
    till.sees("Spesa salvata su questo dispositivo")
    paola.look("till-offline-done")
    till.press("Nuova vendita")
    till.scan(card)
    till.page.keyboard.type("110")
    till.page.keyboard.press("Enter")
    till.page.keyboard.press("Enter")
    till.sees("Da inviare: 2")
    till.press("Chiudi la giornata")
    till.sees("Ci sono 2 vendite da inviare")
    till.press("Oggi")
    paola.look("till-offline-today")
    till.press(re.compile("^Annulla .*1,10"))
    till.sees("Da inviare: 1")
    paola.go("/value/")
    paola.look("till-offline-page")
    till.page.goto(f"{house}/till/")
    till.unlock()
    paola.page.context.set_offline(False)
    expect(till.page.locator("[data-part=waiting]")).to_be_hidden(timeout=SENDING_MS)
    after = till.state()["open"]
    assert after["sale_count"] - before["sale_count"] == 1
    assert after["sale_cents"] - before["sale_cents"] == 990
    # Proved without network, the operator is asked for the code again before credit is used.
    till.scan(card)
    till.sees("rimetti il codice")


def test_a_wrong_code_opens_nothing_without_network_either(paola: Visitor, house: str) -> None:
    till = Till(paola.page, house)
    till.pair("Tablet del banco")
    till.unlock()
    paola.page.context.set_offline(True)
    till.page.reload()
    till.press(re.compile("Davide"))
    till.page.keyboard.type("12121")
    till.page.keyboard.press("Enter")
    till.sees("Il codice non è giusto")
    till.press("Non sei tu?")
    till.press(re.compile("Paola"))
    till.page.keyboard.type("90517")
    till.page.keyboard.press("Enter")
    till.sees("la prima volta si entra con la rete")


def test_a_new_application_waits_for_the_sale_and_keeps_the_queue(
    paola: Visitor, house: str, marta: Visitor
) -> None:
    card = card_of(marta)
    till = Till(paola.page, house)
    till.pair("Tablet del banco")
    till.unlock()
    paola.page.context.set_offline(True)
    till.begin_selling(sales(card, 700, 2))
    till.wait_until_sold()
    paola.page.context.route(SYNC, lambda route: route.abort())
    paola.page.context.set_offline(False)
    till.press("Nuova vendita")
    till.part("amount").focus()
    till.page.keyboard.type("500")
    # To a browser, another address of its script is a new service worker, as a new build is.
    till.page.evaluate("navigator.serviceWorker.register('/sw.js?newer').then(() => {})")
    wait_until(till.page, WAITS)
    till.page.wait_for_timeout(1000)
    assert till.page.evaluate(WAITS), "it took over while a sale was on the screen"
    assert till.part("amount").input_value() == "5,00"
    till.press("Ricomincia da capo")
    till.sees("Chi è alla cassa?")
    wait_until(till.page, SETTLED)
    till.page.reload()
    assert {row["lines"][0]["amount_cents"] for row in till.queue()} == {801, 802}
    paola.page.context.unroute(SYNC)
    till.unlock()
    expect(till.page.locator("[data-part=waiting]")).to_be_hidden(timeout=SENDING_MS)
