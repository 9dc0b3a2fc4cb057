"""Marta, a member: what she has, why each figure is what it is, and what she does with it."""

import math
import re

import pytest
from playwright.sync_api import Locator

from tests.journeys.conftest import Visit
from tests.journeys.pages import purchase_with_value
from tests.journeys.visitor import PHONE, Visitor
from tests.journeys.words import cents, hundredths, rows

pytestmark = pytest.mark.browser


def test_a_purchase_shows_the_arithmetic_of_what_came_back(marta: Visitor) -> None:
    marta.go("/")
    marta.look("home")
    marta.go("/value/")
    marta.look("value")
    marta.go("/movements/?kind=purchases")
    marta.look("movements")
    marta.click(purchase_with_value(marta.page))
    marta.look("why")
    lines = marta.page.locator("details.reason")
    assert lines.locator(".formula").count() > 0
    for number in range(lines.count()):
        line = lines.nth(number)
        if line.get_attribute("open") is None:
            line.locator("summary").click()
        if line.locator(".formula").count():
            _adds_up(line)


def _adds_up(line: Locator) -> None:
    """The value is base × rate, floored; its parts sum to it, each other branch floored."""
    formula = line.locator(".formula").inner_text()
    base, rate = re.match(r"(.+?) × (.+?)%", formula).groups()  # type: ignore[union-attr]
    value = cents(line.locator("summary .amount").inner_text())
    assert value == math.floor(hundredths(base) * hundredths(rate) / 10_000)
    parts = [cents(each) for each in line.locator("tbody td:last-child").all_inner_texts()]
    assert not value or sum(parts) == value
    for row, part in list(zip(line.locator("tbody tr").all(), parts, strict=True))[1:]:
        share = row.locator("td").first.inner_text()
        over, under = (int(number) for number in share.split("/"))
        assert part == value * over // under


def test_movements_are_filtered_and_taken_home_as_a_file(marta: Visitor) -> None:
    marta.go("/movements/")
    everything = rows(marta.save(marta.page.get_by_role("link", name="Scarica in CSV")))
    marta.page.locator("select[name=with]").select_option(index=1)
    marta.page.wait_for_url("**with=**")
    marta.page.wait_for_load_state()
    some = rows(marta.save(marta.page.get_by_role("link", name="Scarica in CSV")))
    assert some[0] == everything[0]
    assert 1 < len(some) < len(everything)
    marta.go("/movements/?q=unacosachenessunocompra")
    assert marta.page.locator("main .empty").count() == 1
    marta.look("movements-none")


def test_a_gift_with_a_wrong_amount_gets_a_sentence_and_a_right_one_moves(marta: Visitor) -> None:
    marta.go("/gift/")
    marta.look("gift")
    had = cents(marta.page.locator("main .head p").first.inner_text())
    marta.page.locator("main .option label").first.click()
    amount = marta.page.locator("input[name=amount]")
    amount.fill("99.999")
    marta.press("Controlla prima di donare")
    assert "scrivi un importo più piccolo" in marta.text()
    assert amount.input_value() == "99.999"
    assert marta.page.locator("input[name=project]").first.is_checked()
    marta.look("gift-refused")
    amount.fill("0,50")
    marta.press("Controlla prima di donare")
    marta.look("gift-check")
    marta.press(re.compile("Dona 0,50"))
    assert "Hai donato 0,50" in marta.text()
    marta.look("given")
    marta.go("/gift/")
    assert cents(marta.page.locator("main .head p").first.inner_text()) == had - 50


def test_the_statement_is_a_page_and_a_pdf(marta: Visitor) -> None:
    marta.go("/years/")
    marta.look("statement")
    pdf = marta.save(marta.page.locator("main a[href$='.pdf']").first)
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 2_000


def test_the_profile_keeps_what_was_typed_and_says_what_is_wrong(marta: Visitor) -> None:
    marta.go("/profile/")
    marta.look("profile")
    marta.go("/profile/details/")
    iban = marta.page.locator("input[name=iban]")
    iban.fill("IT00 SBAGLIATO")
    marta.click(marta.page.locator("main form button.gold"))
    assert marta.page.locator(".error-summary").count() == 1
    assert iban.input_value() == "IT00 SBAGLIATO"
    marta.look("details-refused")
    iban.fill("IT60 X054 2811 1010 0000 0123 456")
    marta.click(marta.page.locator("main form button.gold"))
    marta.go("/profile/details/")
    assert marta.page.locator("input[name=iban]").input_value().replace(" ", "").endswith("3456")


def test_notices_are_read_and_mail_is_chosen(marta: Visitor) -> None:
    marta.go("/notices/")
    marta.look("notices")
    marta.go("/notices/preferences/")
    marta.look("preferences")
    topic = marta.page.locator("main select").first
    topic.select_option(index=2)
    chosen = topic.input_value()
    marta.press("Salva")
    marta.go("/notices/preferences/")
    assert topic.input_value() == chosen


def test_the_house_speaks_english_and_italian_again_and_lets_one_go(
    house: str, visit: Visit
) -> None:
    marta = visit(house)
    marta.enter_as("Marta")
    marta.go("/profile/")
    marta.click(marta.page.locator("main button[value=en]"))
    assert marta.page.locator("html").get_attribute("lang") == "en"
    for path in ("/", "/value/", "/movements/", "/gift/", "/profile/"):
        marta.go(path)
        marta.look("english" + path.replace("/", "-"), PHONE)
    marta.go("/profile/")
    marta.click(marta.page.locator("main button[value=it]"))
    assert marta.page.locator("html").get_attribute("lang") == "it"
    marta.click(marta.page.locator("main").get_by_role("button", name="Esci"))
    marta.go("/value/")
    assert "/accounts/login/" in marta.page.url
