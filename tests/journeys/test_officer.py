"""Luca, of the federation: what is owed is paid, the year, the policies, the verification."""

import re
from xml.etree import ElementTree

import pytest

from tests.journeys.visitor import Visitor
from tests.journeys.words import cents

pytestmark = pytest.mark.browser

PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def test_the_control_room_shows_the_network(luca: Visitor) -> None:
    luca.go("/")
    luca.look("overview")
    for name in ("network", "network/cooperatives", "jobs"):
        luca.go(f"/control/{name}/")
        luca.look(f"control-{name.replace('/', '-')}")
    luca.go("/directory/?view=map")
    luca.look("officer-map")


def test_payments_are_settled_with_the_reference_of_the_bank(luca: Visitor) -> None:
    luca.go("/clearing/")
    luca.look("clearing")
    boxes = luca.page.locator("input[data-select]")
    there = boxes.count()
    for number in range(2):
        boxes.nth(number).check()
    chosen = sum(int(boxes.nth(n).get_attribute("data-cents") or 0) for n in range(2))
    assert cents(luca.page.locator("[data-selected-total]").inner_text()) == chosen
    luca.look("clearing-chosen")
    luca.click(luca.page.locator("[data-bulk] button").first)
    luca.look("settlement")
    references = luca.page.locator("input[name^=reference-]")
    references.first.fill("CRO 12345")
    luca.press(re.compile("^Conferma 2 pagamenti"))
    assert "Scrivi il riferimento della banca" in luca.text()
    assert references.first.input_value() == "CRO 12345"
    luca.look("settlement-refused")
    references.last.fill("CRO 12346")
    luca.press(re.compile("^Conferma 2 pagamenti"))
    assert luca.page.locator("input[data-select]").count() == there - 2
    luca.look("settled")


def test_the_file_for_the_bank_says_what_the_page_says(luca: Visitor) -> None:
    luca.go("/clearing/")
    luca.click(luca.page.locator("main a[href*='/clearing/runs/']").first)
    luca.look("run")
    row = luca.page.locator("li", has=luca.page.locator("a[href$='.xml']")).first
    file = ElementTree.fromstring(luca.save(row.locator("a[href$='.xml']")))
    assert file.tag == f"{PAIN}Document"
    amounts = [each.text or "" for each in file.iter(f"{PAIN}InstdAmt")]
    told = cents(row.inner_text())
    assert sum(int(amount.replace(".", "")) for amount in amounts) == told
    luca.click(luca.page.locator("main a[href$='/obligations/']"))
    luca.look("obligations")
    luca.click(luca.page.locator("main a[href*='/clearing/obligations/']").first)
    luca.look("obligation")


def test_the_year_opens_into_every_cooperative(luca: Visitor) -> None:
    luca.go("/control/year/")
    assert "è chiuso" in luca.text()
    luca.look("year")
    luca.click(luca.page.locator("main .chips a").last)
    luca.look("year-open")


def test_new_criteria_are_read_aloud_before_they_are_adopted(luca: Visitor) -> None:
    luca.go("/policies/new/")
    luca.look("policy-new")
    share = luca.page.locator("input[name=member_share]")
    in_force = share.input_value()
    share.fill("9/10")
    luca.press("Rileggi a parole")
    assert luca.page.locator(".error-summary").count() == 1
    assert share.input_value() == "9/10"
    luca.look("policy-refused")
    share.fill(in_force)
    luca.press("Rileggi a parole")
    assert "/policies/adoption/" in luca.page.url
    luca.look("adoption")
    luca.click(luca.page.locator("main form button.gold"))
    assert luca.page.locator(".error-summary").count() == 1
    luca.look("adoption-refused")


def test_policies_and_nodes_have_their_pages(luca: Visitor) -> None:
    for path, name in (
        ("/policies/", "policies"),
        ("/funds/", "funds"),
        ("/funds/new/", "fund-new"),
        ("/organisations/new/", "organisation-new"),
        ("/mandates/", "officer-mandates"),
    ):
        luca.go(path)
        luca.look(name)
    luca.go("/funds/new/")
    luca.click(luca.page.locator("main form button.gold"))
    assert luca.page.locator(".error-summary").count() == 1
    luca.look("fund-refused")


def test_everything_is_counted_again(luca: Visitor) -> None:
    luca.go("/control/verify/")
    luca.press(re.compile("^Verifica"))
    done = luca.page.get_by_role("heading", name="Tutto torna")
    luca.reload_until(lambda: done.count() > 0)
    luca.look("verify")
