"""
The pictures of the README and the guides: the main pages of the demo, on a desk and on a phone.

    .venv/bin/reciproca demo --port 8000        # in another terminal
    .venv/bin/python scripts/screenshots.py     # or: … http://127.0.0.1:8001 home card

Writes docs/images/NAME.png. To be run when those pages change; what it writes is committed.
"""

import sys
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
DESK, PHONE = (1280, 860), (390, 844)
PICTURE = (1180, 640)


@dataclass(frozen=True, slots=True)
class Shot:
    """A page with the eyes of one persona; `follow` is clicked first, where it says so."""

    who: str
    path: str
    follow: str = ""


SHOTS = {
    "home": Shot("Marta", "/"),
    "card": Shot("Marta", "/card/"),
    "value": Shot("Marta", "/value/?period=2025"),
    "why": Shot("Marta", "/movements/?kind=purchases", "main a[href*='/movements/purchases/']"),
    "desk": Shot("Paola", "/desk/"),
    "members": Shot("Paola", "/members/"),
    "control-room": Shot("Luca", "/control/"),
    "clearing": Shot("Luca", "/clearing/", "main a[href*='/clearing/runs/']"),
}

FRAME = """
<body style="margin:0;background:#f1ece3;position:relative;width:{width}px;height:{height}px">
<img src="data:image/png;base64,{desk}" style="position:absolute;left:24px;top:24px;width:860px;
  border:1px solid #ded7cb;border-radius:10px">
<img src="data:image/png;base64,{phone}" style="position:absolute;right:24px;bottom:24px;
  width:264px;border:1px solid #ded7cb;border-radius:22px">
"""


def main(house: str, names: list[str]) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in names or list(SHOTS):
            shot = SHOTS[name]
            desk, phone = (_taken(browser, house, shot, size) for size in (DESK, PHONE))
            _joined(browser, desk, phone, IMAGES / f"{name}.png")
            print(f"{name}.png")
        browser.close()


def _taken(browser: Browser, house: str, shot: Shot, size: tuple[int, int]) -> bytes:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="it-IT", device_scale_factor=1.5
    )
    page = context.new_page()
    page.goto(f"{house}/demo/")
    page.get_by_role("button", name=f"Entra come {shot.who}").click()
    page.wait_for_load_state()
    page.goto(house + shot.path)
    if shot.follow:
        page.locator(shot.follow).first.click()
        page.wait_for_load_state()
    _settle(page)
    taken = page.screenshot()
    context.close()
    return taken


def _settle(page: Page) -> None:
    """Wait for the typefaces, and for what asks for itself once the page is there."""
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")


def _joined(browser: Browser, desk: bytes, phone: bytes, path: Path) -> None:
    width, height = PICTURE
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_content(
        FRAME.format(
            width=width,
            height=height,
            desk=b64encode(desk).decode(),
            phone=b64encode(phone).decode(),
        )
    )
    page.screenshot(path=path)
    page.close()


if __name__ == "__main__":
    asked = sys.argv[1:]
    address = asked.pop(0) if asked and asked[0].startswith("http") else "http://127.0.0.1:8000"
    main(address, asked)
