"""Davide at the till of the Famiglia Cooperativa Valchiara."""

import re

import pytest

from tests.journeys.build import SALES_TODAY
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

NOT_FOR_A_TILL = (
    "/members/",
    "/mandates/",
    "/keys/",
    "/organisation/",
    "/rates/",
    "/year/",
    "/desk/statement/",
    "/purchases/file.csv",
    "/clearing/",
    "/control/year/",
    "/policies/",
    "/value/",
)


def test_the_till_sees_the_purchases_of_today_and_can_undo_one(davide: Visitor) -> None:
    davide.go("/desk/")
    davide.look("till-home")
    davide.go("/purchases/")
    davide.page.get_by_role("searchbox").fill("journeys-")
    davide.page.get_by_role("searchbox").press("Enter")
    davide.page.wait_for_url("**q=journeys**")
    assert davide.page.locator("#purchases > li").count() == SALES_TODAY
    davide.look("till-purchases")
    davide.click(davide.page.locator("#purchases a").first)
    davide.look("till-purchase")
    assert "Che cosa ha mosso" not in davide.text()
    reason = davide.page.locator("main [name=reason]")
    if reason.count():
        reason.fill("Battuto due volte")
    davide.press(re.compile("^Annulla "))
    assert "Acquisto annullato" in davide.text()
    davide.look("till-undone")


def test_what_is_not_for_a_till_is_not_there(davide: Visitor) -> None:
    for path in NOT_FOR_A_TILL:
        davide.go(path, status=404)
