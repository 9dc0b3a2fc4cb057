"""Marta in English, whose browser asks for it: from the door to a gift, and out again."""

import re

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.pages import purchase_with_value
from tests.journeys.visitor import EVERY_WIDTH, Visitor

pytestmark = pytest.mark.browser

AMOUNT = re.compile(r"€(\d+(?:,\d{3})*\.\d\d)")


@pytest.mark.parametrize("width", EVERY_WIDTH)
def test_a_member_finds_reads_gives_and_leaves_in_english(
    house: str, visit: Visit, width: int
) -> None:
    marta = visit(house, width=width, locale="en-GB")
    _comes_in(marta)
    _reads_the_reasons(marta)
    _gives(marta)
    _corrects_her_data(marta)
    marta.click(marta.page.locator("main").get_by_role("button", name="Sign out"))
    marta.go("/value/")
    assert "/accounts/login/" in marta.page.url
    _look(marta, "login")


def _comes_in(marta: Visitor) -> None:
    """Look for a cooperative as a stranger, then come in by the demo's door."""
    marta.go("/")
    _look(marta, "landing")
    marta.go("/directory/")
    marta.page.get_by_role("searchbox").fill("valchiara")
    marta.page.get_by_role("searchbox").press("Enter")
    marta.page.wait_for_url("**q=valchiara**")
    _look(marta, "directory")
    marta.follow("Famiglia Cooperativa Valchiara")
    _look(marta, "organisation")
    marta.go("/demo/")
    _look(marta, "demo")
    marta.press("Go in as Marta")


def _reads_the_reasons(marta: Visitor) -> None:
    """Go from the credit to where it comes from, and to the reasons of one purchase."""
    _look(marta, "home")
    marta.follow("Where they come from")
    _look(marta, "value")
    _to(marta, "Movements")
    _look(marta, "movements")
    marta.click(purchase_with_value(marta.page))
    assert "Why" in marta.text()
    _look(marta, "why")
    _to(marta, "Card")
    _look(marta, "card")


def _gives(marta: Visitor) -> None:
    """Ask for more than there is, be told how much there is, and give that much less."""
    marta.go("/gift/")
    _look(marta, "gift")
    had = _cents(marta.page.locator("main .head p").first.inner_text())
    marta.page.locator("main .option label").first.click()
    amount = marta.page.locator("input[name=amount]")
    amount.fill("99,999.00")
    marta.press("Check before giving")
    assert "write a smaller amount" in marta.text()
    assert amount.input_value() == "99,999.00"
    _look(marta, "gift-refused")
    amount.fill("0.50")
    marta.press("Check before giving")
    _look(marta, "gift-check")
    marta.press("Give €0.50")
    assert "You gave €0.50" in marta.text()
    _look(marta, "given")
    marta.go("/gift/")
    assert _cents(marta.page.locator("main .head p").first.inner_text()) == had - 50


def _corrects_her_data(marta: Visitor) -> None:
    """Mistype an account number, be told, and leave the data as they were."""
    marta.go("/years/")
    _look(marta, "statement")
    marta.click(marta.page.get_by_role("link", name=re.compile("^Notices")))
    _look(marta, "notices")
    marta.click(marta.page.get_by_role("link", name="Your profile"))
    _look(marta, "profile")
    marta.follow("Correct")
    iban = marta.page.locator("input[name=iban]")
    iban.fill("GB00 WRONG")
    marta.press("Save")
    assert iban.input_value() == "GB00 WRONG"
    assert "IBAN" in marta.page.locator(".error-summary").inner_text()
    _look(marta, "details-refused")
    marta.go("/profile/")


def _to(marta: Visitor, place: str) -> None:
    marta.click(marta.page.get_by_role("navigation").get_by_role("link", name=place))


def _look(marta: Visitor, name: str) -> None:
    """Look at the page at the width at which she goes her way, and hear its language."""
    assert marta.page.locator("html").get_attribute("lang") == "en", marta.page.url
    size = marta.page.viewport_size
    assert size
    marta.look(f"english-{name}", size["width"])


def _cents(text: str) -> int:
    found = AMOUNT.search(text)
    assert found, f"no amount in “{text}”"
    return int(re.sub(r"\D", "", found[1]))
