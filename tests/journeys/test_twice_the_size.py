"""Every main page on a phone at twice the size: nothing is cut, nothing is scrolled away."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.journeys.pages import MAIN
from tests.journeys.visitor import PHONE, TOO_WIDE, Visitor

pytestmark = pytest.mark.browser

TWICE = "document.documentElement.style.fontSize = '32px'"
HALF_A_PHONE: ViewportSize = {"width": PHONE // 2, "height": 422}
CUT = """
() => {
  // Filter chips slide by design, in a labelled box of links that each focus scrolls to.
  const APART = "svg, .skip, .vh, .chips.slide, input, textarea, select";
  const found = new Set();
  const name = (it) => {
    const words = (it.innerText || it.className || "").toString().trim().slice(0, 40);
    return `${it.tagName.toLowerCase()}.${it.getAttribute("class") ?? ""} “${words}”`;
  };
  const hidden = (it) => {
    const look = getComputedStyle(it), box = it.getBoundingClientRect();
    return look.visibility === "hidden" || look.clipPath !== "none"
      || box.width < 2 || box.height < 2;
  };
  for (const it of document.body.querySelectorAll("*")) {
    if (it.closest(APART) || hidden(it)) continue;
    const look = getComputedStyle(it);
    const wide = it.scrollWidth - it.clientWidth > 1 && it.clientWidth > 0;
    if (wide && ["auto", "scroll"].includes(look.overflowX)) found.add(`scrolls: ${name(it)}`);
    if (wide && ["hidden", "clip"].includes(look.overflowX)) found.add(`cut: ${name(it)}`);
    if (it.tagName === "OPTION") continue;
    for (const words of it.childNodes) {
      if (words.nodeType !== Node.TEXT_NODE || !words.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(words);
      for (const box of range.getClientRects())
        if (box.right > innerWidth + 1 || box.left < -1)
          found.add(`beyond the window: ${name(it)}`);
    }
  }
  return [...found];
}
"""
MILLIONS = """
() => document.querySelectorAll(".kpi .num").forEach(it => it.textContent = "1.234.567,89\u00a0€")
"""


@pytest.fixture
def persona(request: pytest.FixtureRequest) -> Visitor:
    visitor: Visitor = request.getfixturevalue(request.param or "stranger")
    return visitor


@pytest.mark.parametrize(("persona", "paths"), MAIN.items(), ids=MAIN.keys(), indirect=["persona"])
def test_twice_the_size_cuts_nothing(persona: Visitor, paths: tuple[str, ...]) -> None:
    wrong = []
    for path in paths:
        persona.page.set_viewport_size({"width": PHONE, "height": 844})
        persona.go(path)
        persona.page.evaluate(MILLIONS)
        persona.page.evaluate(TWICE)
        wrong += [f"{path} with large text: {each}" for each in _cut(persona.page)]
        persona.page.evaluate("document.documentElement.style.fontSize = ''")
        persona.page.set_viewport_size(HALF_A_PHONE)
        wrong += [f"{path} zoomed: {each}" for each in _cut(persona.page)]
    assert not wrong, "\n".join(wrong)


def _cut(page: Page) -> list[str]:
    excess = page.evaluate(TOO_WIDE)
    found: list[str] = page.evaluate(CUT)
    return [*([f"{excess} px wider than the window"] if excess > 0 else []), *found]
