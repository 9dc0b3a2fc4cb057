"""Somebody at a browser, who notices whatever is not as it should be."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, FilePayload, Locator, Page, Request, Response

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
ASK_AXE = """
axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(found =>
  found.violations.map(each => each.id + ": " + each.nodes[0].html.slice(0, 300)))
"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
PHONE, TABLET, DESK = EVERY_WIDTH = 390, 768, 1440
PATIENCE_MS = 15_000
LEFTOVERS = re.compile(r"{{|{%|\bNone\b|\bnan\b|&(?:amp|lt|gt|quot|#\d+);|%\(\w+\)")


@dataclass
class Visitor:
    """
    A page of the browser and everything wrong that was seen in it.

    `wrong` is empty at the end of every journey; `shots`, if given, takes a picture of each look.
    `refusing` are addresses that a journey makes refuse what a script asks of them.
    """

    page: Page
    house: str
    shots: Path | None = None
    wrong: list[str] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def go(self, path: str, *, status: int = 200) -> None:
        """Open an address of the house and mind how it answers."""
        response = self.page.goto(self.house + path)
        assert response is not None
        assert response.status == status, f"{path} answers {response.status}"

    def enter_as(self, name: str) -> None:
        """Come in by the demo's own door."""
        self.go("/demo/")
        self.click(self.page.get_by_role("button", name=f"Entra come {name}"))

    def click(self, what: Locator) -> None:
        """Click and wait until the browser has come to rest."""
        what.click()
        self.page.wait_for_load_state("load")

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of this name."""
        self.click(self.page.get_by_role("button", name=name))

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Follow the first link of this name in the page's own content."""
        self.click(self.page.locator("main").get_by_role("link", name=name).first)

    def save(self, what: Locator) -> bytes:
        """Click what answers with a file and return the file."""
        with self.page.expect_download() as waiting:
            what.click()
        return waiting.value.path().read_bytes()

    def hand_in(self, field: str, *, name: str, kind: str, content: bytes) -> None:
        """Choose a file for a field, as if it lay on this computer."""
        file: FilePayload = {"name": name, "mimeType": kind, "buffer": content}
        self.page.locator(f"main input[name={field}]").set_input_files(files=file)

    def reload_until(self, arrived: Callable[[], bool], *, seconds: int = 60) -> None:
        """Look again and again until a long job has come to its end."""
        ends = time.monotonic() + seconds
        while not arrived():
            assert time.monotonic() < ends, f"{self.page.url} is still: {self.text()}"
            self.page.wait_for_timeout(500)
            self.page.reload()

    def look(self, name: str, *widths: int) -> None:
        """Look at the page as it stands: on phone, tablet and desk unless told otherwise."""
        before = self.page.viewport_size
        for width in widths or EVERY_WIDTH:
            self.page.set_viewport_size({"width": width, "height": 844})
            # The whole page at once: where it happens to be scrolled to, a bar covers nothing.
            height = max(844, self.page.evaluate("document.documentElement.scrollHeight"))
            self.page.set_viewport_size({"width": width, "height": height})
            self._look(f"{name} at {width}")
            if self.shots:
                self.page.screenshot(path=self.shots / f"{name}-{width}.png", full_page=True)
        if before:
            self.page.set_viewport_size(before)

    def text(self) -> str:
        """Return the words of the page's own content."""
        return self.page.locator("main").inner_text()

    def _look(self, where: str) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text() + "\n;0")
        self.wrong += [f"{where}: {each}" for each in self.page.evaluate(ASK_AXE)]
        if (excess := self.page.evaluate(TOO_WIDE)) > 0:
            self.wrong.append(f"{where}: {excess} px wider than the window")
        if found := LEFTOVERS.search(self.page.locator("body").inner_text()):
            self.wrong.append(f"{where}: “{found.group()}” is left in the text")

    def _heard(self, message: ConsoleMessage) -> None:
        # What fails to load is minded by its answer: a refused form is a 4xx too, and right.
        if not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console at {self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.netloc != urlsplit(self.house).netloc:
            self.wrong.append(f"a request to another host: {request.url}")

    def _answered(self, response: Response) -> None:
        worst = 500 if response.request.is_navigation_request() else 400
        if response.status >= worst and urlsplit(response.url).path not in self.refusing:
            self.wrong.append(f"{response.request.method} {response.url}: {response.status}")
