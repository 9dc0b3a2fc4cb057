"""
The camera of a till: a browser is shown a film instead of the world, as a tablet would see it.

Chromium on Linux has no reader of its own, so that jsQR reads: the code of a phone, no bars.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import AS_ROOT, CHROMIUM, FLAGS
from tests.journeys.till import Till, card_of
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

FAKE_CAMERA = "--use-fake-device-for-media-stream"
FRAME = {"x": 0, "y": 0, "width": 640, "height": 480}


@contextmanager
def seeing(browser: Browser, film: Path | None) -> Iterator[BrowserContext]:
    """Start a browser with a camera that shows a film, or without any camera."""
    flags = [FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}"] if film else []
    seer = browser.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *AS_ROOT, *flags])
    context = seer.new_context(locale="it-IT", permissions=["camera"])
    yield context
    seer.close()


def at_the_till(page: Page, house: str) -> Till:
    page.goto(f"{house}/demo/")
    page.get_by_role("button", name="Entra come Paola").click()
    page.wait_for_load_state("load")
    till = Till(page, house)
    till.pair("Tablet con fotocamera")
    till.unlock()
    return till


def film_of(visitor: Visitor, what: str, film: Path) -> None:
    """Film what is on somebody's screen, one frame for ever."""
    visitor.page.set_viewport_size({"width": FRAME["width"], "height": FRAME["height"]})
    visitor.page.locator(what).evaluate("what => what.scrollIntoView({ block: 'center' })")
    film.write_bytes(visitor.page.screenshot(type="jpeg", quality=90))


def test_a_phones_code_is_read_by_the_camera_and_credit_may_be_spent(
    browser: Browser, house: str, marta: Visitor, tmp_path: Path
) -> None:
    film = tmp_path / "film.mjpeg"
    marta.go("/card/")
    marta.press("Mostra la carta su questo telefono")
    expect(marta.page.locator("[data-digits]")).to_have_text(re.compile(r"^[\d ]{25}$"))
    with seeing(browser, film) as context:
        till = at_the_till(context.new_page(), house)
        film_of(marta, ".qr", film)
        till.press("Fotocamera")
        expect(till.part("buyer-name")).to_have_text("Marta Bonelli")
        expect(till.page.locator("dialog[open]")).to_have_count(0)
        expect(till.part("amount")).to_be_focused()
        till.page.keyboard.type("300")
        # What the phone says proves more than a printed card does.
        expect(till.part("choices")).to_be_visible()
        assert till.page.evaluate("document.querySelector('video').srcObject") is None


def test_a_printed_cards_bars_are_not_read_and_that_is_said(
    browser: Browser, house: str, marta: Visitor, tmp_path: Path
) -> None:
    film = tmp_path / "film.mjpeg"
    marta.go("/card/")
    marta.page.get_by_text("Il numero stampato", exact=True).click()
    film_of(marta, "svg.barcode", film)
    card = card_of(marta)
    with seeing(browser, film) as context:
        till = at_the_till(context.new_page(), house)
        till.press("Fotocamera")
        till.sees("Della carta stampata scrivi il numero")
        # Whoever puts the printed card there types its number, or scans it, all the same.
        till.scan(card)
        expect(till.part("buyer-name")).to_have_text("Marta Bonelli")


def test_a_camera_that_is_taken_away_or_refused_leaves_typing(
    browser: Browser, house: str, marta: Visitor, tmp_path: Path
) -> None:
    card, film = card_of(marta), tmp_path / "film.mjpeg"
    film_of(marta, "h1", film)
    with seeing(browser, film) as context:
        till = at_the_till(context.new_page(), house)
        till.press("Fotocamera")
        expect(till.page.locator("video")).to_have_js_property("paused", value=False)
        context.clear_permissions()  # as when somebody takes the permission back meanwhile
        till.sees("La fotocamera non risponde")
        till.press("Torna alla vendita")
        till.press("Fotocamera")
        till.sees("La fotocamera non si apre")
        till.press("Torna alla vendita")
        expect(till.part("number")).to_be_focused()
        till.page.keyboard.type(card)
        till.press("Leggi")
        expect(till.part("buyer-name")).to_have_text("Marta Bonelli")


def test_without_a_camera_a_sentence_says_so(browser: Browser, house: str) -> None:
    with seeing(browser, None) as context:
        till = at_the_till(context.new_page(), house)
        till.press("Fotocamera")
        till.sees("Qui non c’è una fotocamera")
        till.press("Torna alla vendita")
        expect(till.part("number")).to_be_focused()
