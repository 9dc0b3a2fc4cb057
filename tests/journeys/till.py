"""A device at the counter: pairing, unlocking, selling as a scanner and a keyboard do."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

from tests.journeys.build import CODES, TILL
from tests.journeys.visitor import PATIENCE_MS, Visitor

SELL = """
async (sales) => {
  const part = (name) => document.querySelector(`[data-part="${name}"]`);
  const key = (key) =>
    document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const until = async (ready) => {
    for (const ends = Date.now() + 20_000; !ready(); ) {
      if (Date.now() > ends) throw new Error(document.body.innerText);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  for (const { card, keys } of sales) {
    [...card, "Enter"].forEach(key);
    await until(() => document.body.dataset.at === "sale" && !part("buyer").hidden);
    const pad = document.querySelector(`[data-pad="amount"]`);
    for (const each of keys) pad.querySelector(`[data-key="${each}"]`).click();
    part("confirm").click();
    await until(() => document.body.dataset.at === "done");
  }
}
"""
"""A quick hand at a page of the till: it scans, keys in and confirms one sale after the other."""

QUEUE = """
() => new Promise((resolve, reject) => {
  const asked = indexedDB.open("reciproca-till");
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction("queue").objectStore("queue").getAll();
    rows.onsuccess = () => { asked.result.close(); resolve(rows.result); };
  };
})
"""


KEPT = "async (path) => Boolean(await caches.match(path, { ignoreVary: true }))"
"""Whether the browser has a page for when there is no network."""


@dataclass(frozen=True, slots=True)
class Sold:
    """One sale for a quick hand: the card's number, and the amount as it is keyed in."""

    card: str
    cents: int


@dataclass
class Till:
    """A page of the till in a browser, and what one does there."""

    page: Page
    house: str

    def pair(self, name: str) -> None:
        """Pair this browser, in which a manager is signed in, and go to the till."""
        self.page.goto(f"{self.house}/tills/")
        self.page.locator("main").get_by_role("link", name=TILL).first.click()
        form = self.page.locator("form[action$='/devices/']")
        form.locator("[name=name]").fill(name)
        form.get_by_role("button").click()
        self.page.wait_for_url("**/till/")
        self.kept()

    def kept(self) -> None:
        """Wait until the browser has all that it needs to open the till without network."""
        wait_until(self.page, KEPT, "/till/")

    def unlock(self, who: str = "davide") -> None:
        """Choose one's name and type the code."""
        self.page.get_by_role("button", name=re.compile(who, re.IGNORECASE)).click()
        self.page.keyboard.type(CODES[who])
        self.page.keyboard.press("Enter")
        expect(self.part("number")).to_be_focused()

    def scan(self, digits: str) -> None:
        """Let the scanner type what it reads, wherever the focus is."""
        self.page.keyboard.type(digits)
        self.page.keyboard.press("Enter")
        expect(self.part("buyer")).to_be_visible()

    def begin_selling(self, sales: list[Sold]) -> None:
        """Let a quick hand begin on these sales; `wait_until_sold` waits for the end."""
        told = [{"card": each.card, "keys": list(str(each.cents))} for each in sales]
        self.page.evaluate(f"(sales) => {{ window.selling = ({SELL})(sales); }}", told)

    def wait_until_sold(self) -> None:
        """Wait for the quick hand."""
        self.page.evaluate("() => window.selling")

    def queue(self) -> list[dict[str, Any]]:
        """Return what waits on this device, as it lies on its disk."""
        rows: list[dict[str, Any]] = self.page.evaluate(QUEUE)
        return rows

    def state(self) -> dict[str, Any]:
        """Return what the server says of this till."""
        told: dict[str, Any] = self.page.evaluate(
            "async () => (await fetch('/till/state/')).json()"
        )
        return told

    def part(self, name: str) -> Locator:
        """Return a part of the page by the name that its script calls it."""
        return self.page.locator(f"[data-part={name}]:visible")

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=name).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until this is read on the page."""
        found = self.page.get_by_text(text).filter(visible=True).first
        expect(found).to_be_visible(timeout=PATIENCE_MS)


def wait_until(page: Page, asked: str, told: object = None) -> None:
    """Wait until an asynchronous question is answered with yes; the page may reload meanwhile."""
    for _ in range(200):
        with suppress(Error):
            if page.evaluate(asked, told):
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {asked}")


def card_of(visitor: Visitor) -> str:
    """Return the number of the visitor's own card, from the page where they read it."""
    visitor.go("/card/")
    number = visitor.page.locator("[data-phone-card]").get_attribute("data-number")
    assert number
    return number
