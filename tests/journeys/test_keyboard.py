"""
Each persona's main act with nothing but the keyboard, on a phone, a tablet and at a desk.

The focus is always seen.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.conftest import Visit
from tests.journeys.pages import purchase_with_value
from tests.journeys.visitor import EVERY_WIDTH, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("width", EVERY_WIDTH)]

FAR = 120
"""Nothing on a page is further than this from its beginning."""

SEEN = """
() => {
  const it = document.activeElement;
  const ringed = (look) => look.boxShadow !== "none"
    || (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2);
  const drawn = (each) => ringed(getComputedStyle(each));
  // A link that covers its row, or a field in its frame, shows the focus on what is round it.
  return drawn(it) || drawn(it.parentElement) || ["::before", "::after"].some((part) => {
    const look = getComputedStyle(it, part);
    return look.content !== "none" && ringed(look);
  });
}
"""


class Keys:
    """Two hands on a keyboard."""

    def __init__(self, visitor: Visitor, width: int) -> None:
        self.page: Page = visitor.page
        self.page.set_viewport_size({"width": width, "height": 844})
        self.text: Callable[[], str] = visitor.text

    def to(self, what: Locator) -> None:
        """Go on with Tab until this has the focus, and see that it has."""
        first = what.first
        first.wait_for()
        for _ in range(FAR):
            self.page.keyboard.press("Tab")
            if first.evaluate("it => it === document.activeElement"):
                assert self.page.evaluate(SEEN), f"nobody sees the focus on {first.inner_text()}"
                return
        raise AssertionError(f"Tab never reaches {what}.")

    def open(self, what: Locator) -> None:
        """Go there and press Enter."""
        self.to(what)
        before = self.page.url
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: url != before)
        self.page.wait_for_load_state("load")

    def write(self, what: Locator, text: str) -> None:
        """Go to a field and type, in place of what is in it."""
        self.to(what)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def go_to(self, place: str) -> None:
        """Go to a place of the bar; through the profile if the bar has no room for it."""
        there = self.page.get_by_role("navigation").get_by_role("link", name=place)
        if there.count():
            self.open(there)
        else:
            self.open(self.page.get_by_role("link", name="Il tuo profilo"))
            self.open(self.link(place))

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.locator("main").get_by_role("link", name=name)


def test_a_stranger_finds_a_cooperative_and_the_door(house: str, visit: Visit, width: int) -> None:
    somebody = visit(house)
    keys = Keys(somebody, width)
    somebody.go("/directory/")
    keys.write(somebody.page.get_by_role("searchbox"), "valchiara")
    somebody.page.keyboard.press("Enter")
    somebody.page.wait_for_url("**q=valchiara**")
    keys.open(keys.link("Famiglia Cooperativa Valchiara"))
    assert "Cles" in somebody.text()
    keys.go_to("Entra")
    keys.write(somebody.page.locator("input[name=login]"), "marta@example.org")
    keys.write(somebody.page.locator("input[name=password]"), "non la ricordo")
    somebody.page.keyboard.press("Enter")
    somebody.page.wait_for_selector(".error-summary")
    assert somebody.page.locator(".error-summary").evaluate("it => it === document.activeElement")


def test_a_member_goes_from_the_credit_to_the_reasons_of_a_purchase(
    marta: Visitor, width: int
) -> None:
    keys = Keys(marta, width)
    marta.go("/")
    keys.open(keys.link("Da dove arrivano"))
    assert marta.page.url.endswith("/value/")
    keys.go_to("Movimenti")
    keys.open(purchase_with_value(marta.page))
    assert "Perché" in marta.text()


def test_an_operator_helps_somebody_at_the_desk(davide: Visitor, width: int) -> None:
    keys = Keys(davide, width)
    davide.go("/desk/")
    keys.go_to("Sportello")
    keys.write(davide.page.get_by_role("searchbox"), "bonelli")
    davide.page.keyboard.press("Enter")
    davide.page.wait_for_url("**q=bonelli**")
    keys.open(davide.page.locator("main a[href*='/office/']"))
    keys.open(keys.link("Fai scegliere"))
    keys.write(davide.page.get_by_label("Il nuovo PIN"), "11111")
    keys.write(davide.page.get_by_label("Ancora una volta"), "11111")
    davide.page.keyboard.press("Enter")
    davide.page.wait_for_selector(".error-summary")


def test_a_manager_prepares_a_refund_as_far_as_the_check(paola: Visitor, width: int) -> None:
    keys = Keys(paola, width)
    paola.go("/desk/")
    keys.go_to("Acquisti")
    keys.write(paola.page.get_by_role("searchbox"), "bonelli")
    paola.page.keyboard.press("Enter")
    paola.page.wait_for_url("**q=bonelli**")
    keys.open(paola.page.locator("#purchases a").nth(3))
    keys.open(keys.link("Registra un reso"))
    keys.write(paola.page.locator("main input[name^=line-]"), "1,00")
    keys.write(paola.page.locator("main [name=reason]"), "Confezione aperta")
    keys.to(paola.page.get_by_role("button", name="Controlla il reso"))
    paola.page.keyboard.press("Enter")
    paola.page.get_by_role("button", name=re.compile("Registra il reso")).wait_for()


def test_an_officer_opens_the_settlement_and_who_did_what(luca: Visitor, width: int) -> None:
    keys = Keys(luca, width)
    luca.go("/control/")
    keys.go_to("Compensazioni")
    keys.open(luca.page.locator("main a[href^='/clearing/']"))
    assert "/clearing/" in luca.page.url
    keys.go_to("Chi ha fatto che cosa")
    assert luca.page.url.endswith("/control/audit/")
