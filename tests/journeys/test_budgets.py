"""
What a first visit costs: bytes, requests, layout shift, held against the budgets of the design.

A page is opened in a browser that has nothing of the house yet. What travelled is asked of the
browser itself, compressed as it came. Each persona's first page is opened once more behind a slow
network, where late fonts and images would push the text about; how long that takes is printed and
not held, because it says more about the machine.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, StorageState

from tests.journeys.conftest import Visit
from tests.journeys.pages import MAIN
from tests.journeys.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

MOST_BYTES, MOST_REQUESTS, MOST_SHIFT = 250_000, 30, 0.1
PLACES = 5
"""A persona's bar has five places."""

SLOW: dict[str, Any] = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SHIFTS = """
new PerformanceObserver((list) => {
  for (const each of list.getEntries().filter((each) => !each.hadRecentInput)) {
    window.shift += each.value;
    for (const { node } of each.sources) window.moved.push((node?.outerHTML ?? "").slice(0, 80));
  }
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  window.painted = Math.max(window.painted, ...list.getEntries().map((each) => each.startTime));
}).observe({ type: "largest-contentful-paint", buffered: true });
window.shift = window.painted = 0;
window.moved = [];
"""
SETTLED = "document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 150)))"


@dataclass
class Cost:
    """What one first visit took."""

    path: str
    sizes: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    shift: float = 0.0
    painted_ms: float = 0.0
    moved: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    def __str__(self) -> str:
        return (
            f"{self.path:22} {self.total / 1000:6.1f} kB {len(self.asked):3} requests"
            f"  shift {self.shift:.3f}  painted {self.painted_ms:.0f} ms"
        )


@pytest.mark.parametrize("name", MAIN)
def test_a_first_visit_keeps_to_the_budget(
    house: str,
    browser: Browser,
    visit: Visit,
    cookies: dict[str, StorageState],
    name: str,
) -> None:
    session = _session(house, visit, cookies, name)
    places = MAIN[name][:PLACES]
    costs = [_visit(browser, house, path, session) for path in places]
    costs.append(_visit(browser, house, places[0], session, slowly=True))
    print(f"\n{name or 'stranger'}", *costs, sep="\n  ")  # noqa: T201 - the figures, with `pytest -s`
    wrong = [
        f"{each} {each.moved if each.shift > MOST_SHIFT else ''}"
        for each in costs
        if each.total > MOST_BYTES or len(each.asked) > MOST_REQUESTS or each.shift > MOST_SHIFT
    ]
    assert not wrong, "\n".join(wrong)


def _session(
    house: str, visit: Visit, cookies: dict[str, StorageState], name: str
) -> StorageState | None:
    """Return the cookies of a persona who came in, nothing for a stranger."""
    if not name:
        return None
    if name.title() not in cookies:
        visitor: Visitor = visit(house)
        visitor.enter_as(name.title())
        cookies[name.title()] = visitor.page.context.storage_state()
    return cookies[name.title()]


def _visit(
    browser: Browser,
    house: str,
    path: str,
    session: StorageState | None,
    *,
    slowly: bool = False,
) -> Cost:
    cost = Cost(f"{path} slowly" if slowly else path)
    context = browser.new_context(
        viewport={"width": PHONE, "height": 844},
        locale="it-IT",
        storage_state=session,
        # What a worker keeps for later is fetched after the page, and is not what it needs.
        service_workers="block",
    )
    page = context.new_page()
    page.add_init_script(SHIFTS)
    _count(context.new_cdp_session(page), cost, slowly=slowly)
    response = page.goto(house + path)
    assert response is not None
    assert response.ok, f"{path} answers {response.status}"
    page.evaluate(SETTLED)
    cost.shift, cost.painted_ms, cost.moved = _seen(page)
    context.close()
    return cost


def _count(browser: CDPSession, cost: Cost, *, slowly: bool) -> None:
    browser.send("Network.enable")
    browser.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if slowly:
        browser.send("Network.emulateNetworkConditions", SLOW)

    def asked(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            cost.asked.append(event["request"]["url"])

    def arrived(event: dict[str, Any]) -> None:
        cost.sizes[event["requestId"]] = int(event["encodedDataLength"])

    browser.on("Network.requestWillBeSent", asked)
    browser.on("Network.loadingFinished", arrived)


def _seen(page: Page) -> tuple[float, float, list[str]]:
    told = page.evaluate("JSON.stringify([window.shift, window.painted, window.moved])")
    shift, painted, moved = json.loads(told)
    return shift, painted, moved
