"""A community in which nothing has happened yet: every page of every role says so, none fails."""

from collections.abc import Iterator

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.house import open_house
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

PASSWORD = "segreto segreto"
PAGES = {
    "": ("/", "/directory/", "/directory/?view=map", "/about/"),
    "bruno": (
        "/",
        "/value/",
        "/movements/",
        "/gift/",
        "/years/",
        "/profile/",
        "/notices/",
        "/directory/",
    ),
    "elsa": ("/", "/desk/", "/purchases/", "/profile/"),
    "ada": (
        "/",
        "/desk/",
        "/purchases/",
        "/members/",
        "/desk/statement/",
        "/year/",
        "/rates/",
        "/organisation/",
        "/mandates/",
        "/keys/",
        "/imports/",
    ),
    "olga": (
        "/",
        "/control/",
        "/control/network/",
        "/control/jobs/",
        "/directory/",
        "/directory/?view=map",
        "/clearing/",
        "/control/year/",
        "/imports/",
        "/policies/",
        "/policies/new/",
        "/funds/",
        "/mandates/",
        "/control/verify/",
    ),
}


@pytest.fixture(scope="module")
def empty_house() -> Iterator[str]:
    with open_house(built="empty", demo=False) as url:
        yield url


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_an_empty_state(empty_house: str, visit: Visit, name: str) -> None:
    visitor = visit(empty_house)
    if name:
        _come_in(visitor, name)
    for path in PAGES[name]:
        visitor.go(path)
        visitor.look(f"empty-{name}{path.replace('/', '-').replace('?', '')}".rstrip("-"))


def test_a_statement_leads_only_to_a_year_that_is_over(empty_house: str, visit: Visit) -> None:
    ada = visit(empty_house)
    _come_in(ada, "ada")
    ada.go("/desk/statement/")
    assert "bilancio, delibera e ristorno" not in ada.text()
    ada.go("/year/")
    assert ada.page.locator("main form").count() == 1


def test_the_demo_door_is_not_there(empty_house: str, visit: Visit) -> None:
    visit(empty_house).go("/demo/", status=404)


def _come_in(visitor: Visitor, name: str) -> None:
    """Log in with a password, and act for whom one works for, if for anybody."""
    visitor.go("/accounts/login/")
    visitor.page.locator("input[name=login]").fill(f"{name}@example.org")
    visitor.page.locator("input[name=password]").fill(PASSWORD)
    visitor.click(visitor.page.locator("main form button.gold").first)
    visitor.page.wait_for_url(lambda url: "/accounts/login/" not in url)
    if visitor.page.locator("main").get_by_role("heading", name="Ciao").count():
        visitor.go("/profile/")
        for work in visitor.page.locator("main").get_by_role("button", name="Passa qui").all()[:1]:
            visitor.click(work)
