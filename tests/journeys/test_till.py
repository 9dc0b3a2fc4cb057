"""Davide at the till of the Famiglia Cooperativa Valchiara."""

import pytest

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
    "/purchases/export.csv",
    "/clearing/",
    "/control/year/",
    "/policies/",
    "/value/",
)


def test_the_till_sees_the_purchases_of_today_and_can_undo_one(davide: Visitor) -> None:
    davide.look("till-home")
    davide.go("/purchases/")
    davide.look("till-purchases")
    rows = davide.page.locator("main a[href*='/purchases/'][href$='/']").filter(has_text="€")
    assert "13,83" in davide.text()
    assert rows.count() <= 10


@pytest.mark.parametrize("path", NOT_FOR_A_TILL)
def test_what_is_not_for_a_till_is_not_there(davide: Visitor, path: str) -> None:
    davide.go(path, status=404)
