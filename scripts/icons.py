"""
The icons of the installed application, drawn by a browser out of the half-moons of the logo.

    python scripts/icons.py

Writes frontend/src/img/icon-*.png; to be run when the logo changes.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path("frontend/src/img")
CHROMIUM = "/usr/bin/chromium"
MOONS = (
    '<path fill="#ffb81f" d="M0 24a13 13 0 0 1 26 0z"/>'
    '<path fill="#1e1740" d="M22 24a13 13 0 0 0 26 0z"/>'
)
ICONS = {
    "icon-192": (192, 8),
    "icon-512": (512, 8),
    "icon-maskable": (512, 18),
    "icon-180": (180, 8),
}
"""Pixels, and the paper round the 48 units of the logo: a maskable icon may lose a fifth."""


def main() -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (pixels, margin) in ICONS.items():
            page = browser.new_page(viewport={"width": pixels, "height": pixels})
            box = f"{-margin} {-margin} {48 + 2 * margin} {48 + 2 * margin}"
            page.set_content(
                '<body style="margin:0;background:#fbf8f3">'
                f'<svg viewBox="{box}" width="{pixels}" height="{pixels}">{MOONS}</svg>'
            )
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
