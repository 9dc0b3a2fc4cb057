"""Somebody who comes by: what anybody may see, and how one gets in."""

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.visitor import PHONE

pytestmark = pytest.mark.browser

PROTECTED = ("/value/", "/purchases/", "/members/", "/year/", "/clearing/", "/policies/", "/funds/")


def test_a_stranger_finds_a_cooperative_by_name_and_on_the_map(house: str, visit: Visit) -> None:
    somebody = visit(house)
    somebody.go("/")
    somebody.look("landing")
    somebody.go("/directory/")
    somebody.look("directory")
    somebody.page.get_by_role("searchbox").fill("valchiara")
    somebody.page.get_by_role("searchbox").press("Enter")
    somebody.page.wait_for_url("**q=valchiara**")
    somebody.follow("Famiglia Cooperativa Valchiara")
    assert "Cles" in somebody.text()
    somebody.look("organisation")
    somebody.go("/directory/?q=nessunasichiamacosi")
    assert somebody.page.locator("main .empty").count() == 1
    somebody.look("directory-none")
    somebody.go("/directory/?view=map")
    pins = somebody.page.locator("main svg a")
    assert pins.count() > 3
    somebody.look("map")


def test_a_stranger_reads_what_the_house_is_and_which_policy_is_in_force(
    house: str, visit: Visit
) -> None:
    somebody = visit(house)
    somebody.go("/about/")
    somebody.look("about")
    somebody.go("/about/accessibility/")
    somebody.look("accessibility")
    somebody.go("/api/v1/policies")
    digest = somebody.page.evaluate("JSON.parse(document.body.innerText)[0].digest")
    somebody.go(f"/policies/{digest}/")
    assert "A te" in somebody.text()
    somebody.look("policy")


def test_a_protected_page_leads_a_stranger_to_the_door(house: str, visit: Visit) -> None:
    somebody = visit(house)
    for path in PROTECTED:
        somebody.go(path)
        assert "/accounts/login/" in somebody.page.url


def test_the_doors_of_the_house_are_accessible(house: str, visit: Visit) -> None:
    somebody = visit(house)
    for name in ("login", "signup", "password/reset", "login/code"):
        somebody.go(f"/accounts/{name}/")
        somebody.look(name.replace("/", "-"))
    somebody.go("/nowhere/", status=404)
    somebody.look("not-found")


def test_a_wrong_password_gets_a_sentence_and_keeps_the_address(house: str, visit: Visit) -> None:
    somebody = visit(house)
    somebody.go("/accounts/login/")
    somebody.page.locator("input[name=login]").fill("marta@example.org")
    somebody.page.locator("input[name=password]").fill("non la ricordo")
    somebody.page.locator("main form button").first.click()
    somebody.page.wait_for_selector(".error-summary")
    assert somebody.page.locator("input[name=login]").input_value() == "marta@example.org"
    somebody.look("login-refused")


def test_the_keyboard_alone_reaches_the_content(house: str, visit: Visit) -> None:
    somebody = visit(house)
    somebody.go("/directory/")
    somebody.page.keyboard.press("Tab")
    skip = somebody.page.locator("a.skip")
    assert skip.evaluate("link => link === document.activeElement")
    assert skip.evaluate("link => link.getBoundingClientRect().top >= 0")
    somebody.page.keyboard.press("Enter")
    assert somebody.page.evaluate("document.activeElement.id") == "contenuto"
    for _ in range(12):
        somebody.page.keyboard.press("Tab")
        seen = somebody.page.evaluate(
            """() => { const it = document.activeElement, look = getComputedStyle(it);
            return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2
              || look.boxShadow !== "none" || it.closest(":focus-within") !== it &&
              getComputedStyle(it.parentElement).outlineStyle !== "none" }"""
        )
        where = somebody.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert seen, f"nobody sees the focus on {where}"


def test_everything_works_without_javascript(house: str, visit: Visit) -> None:
    somebody = visit(house, width=PHONE, java_script_enabled=False)
    somebody.go("/directory/")
    somebody.page.get_by_role("searchbox").fill("valchiara")
    somebody.click(somebody.page.get_by_role("button", name="Cerca"))
    somebody.follow("Famiglia Cooperativa Valchiara")
    somebody.enter_as("Marta")
    somebody.go("/profile/details/")
    phone = somebody.page.locator("main input[name=phone]")
    phone.fill("+39 0463 000000")
    somebody.click(somebody.page.locator("main form button.gold"))
    assert "/profile/" in somebody.page.url
    somebody.go("/profile/details/")
    assert "0463" in somebody.page.locator("main input[name=phone]").input_value()
