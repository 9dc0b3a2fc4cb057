"""One browser and one small community for all journeys."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.journeys.house import open_house
from tests.journeys.visitor import DESK, Visitor

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update"]
AS_ROOT = ["--no-sandbox"] if os.geteuid() == 0 else []
SHOTS = "JOURNEYS_SHOTS"
"""A directory in which to keep a picture of every page that a journey looks at."""
HOUSE = "JOURNEYS_HOUSE"
"""The address of a small community that is served already, while one writes a journey."""

Visit = Callable[..., Visitor]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Open the browser; it is closed before other tests ask the ORM for anything."""
    assert CHROMIUM.exists(), "Journeys need Chromium: install it with `apt-get install chromium`."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *AS_ROOT])
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def house() -> Iterator[str]:
    """Serve the small community of the demo."""
    if HOUSE in os.environ:
        yield os.environ[HOUSE]
        return
    with open_house(built="small", demo=True) as url:
        yield url


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Let somebody come to a house; what was wrong on their way fails the test at its end."""
    shots = Path(os.environ[SHOTS]) if SHOTS in os.environ else None
    visitors: list[Visitor] = []

    def come(house: str, *, width: int = DESK, locale: str = "it-IT", **options: object) -> Visitor:
        size = {"width": width, "height": 844}
        context = browser.new_context(viewport=size, locale=locale, **options)  # type: ignore[arg-type]
        visitors.append(Visitor(context.new_page(), house, shots))
        return visitors[-1]

    yield come
    for each in visitors:
        each.page.context.close()
    wrong = [sight for each in visitors for sight in each.wrong]
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="package")
def cookies() -> dict[str, StorageState]:
    """Remember who came in already: a persona keeps one session through all journeys."""
    return {}


@pytest.fixture
def stranger(house: str, visit: Visit) -> Visitor:
    return visit(house)


@pytest.fixture
def marta(house: str, visit: Visit, cookies: dict[str, StorageState]) -> Visitor:
    return _persona("Marta", house, visit, cookies)


@pytest.fixture
def paola(house: str, visit: Visit, cookies: dict[str, StorageState]) -> Visitor:
    return _persona("Paola", house, visit, cookies)


@pytest.fixture
def davide(house: str, visit: Visit, cookies: dict[str, StorageState]) -> Visitor:
    return _persona("Davide", house, visit, cookies)


@pytest.fixture
def luca(house: str, visit: Visit, cookies: dict[str, StorageState]) -> Visitor:
    return _persona("Luca", house, visit, cookies)


def _persona(name: str, house: str, visit: Visit, cookies: dict[str, StorageState]) -> Visitor:
    if name in cookies:
        return visit(house, storage_state=cookies[name])
    visitor = visit(house)
    visitor.enter_as(name)
    cookies[name] = visitor.page.context.storage_state()
    return visitor
