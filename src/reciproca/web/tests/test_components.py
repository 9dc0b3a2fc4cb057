"""Every component and chart, rendered with believable content and looked at by Chromium and axe."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.test import RequestFactory, override_settings
from playwright.sync_api import Browser, Page, Response, Route, sync_playwright

from reciproca.web.tests.gallery.urls import gallery

PAGES = ("lists", "work", "charts")
COMPONENTS = Path(__file__).parents[1] / "templates" / "components"
AXE = Path(__file__).parents[4] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
COUNT_SHIFTS = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
}).observe({type: "layout-shift", buffered: true});
"""
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def rendered(name: str) -> str:
    return gallery(RequestFactory().get("/"), name).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_components_holds_nothing_that_the_policy_blocks(name: str) -> None:
    html = rendered(name)
    assert not re.search(r"\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", html)
    assert "{{" not in html
    assert "{%" not in html


def test_every_component_says_in_its_first_line_what_it_expects() -> None:
    for path in [*COMPONENTS.glob("*.html"), *COMPONENTS.parent.glob("charts/*.html")]:
        assert re.match(r"{# .+ #}\n", path.read_text()), path.name


def test_every_component_is_in_the_gallery() -> None:
    shown = "".join((Path(__file__).parent / "gallery" / f"{n}.html").read_text() for n in PAGES)
    house = "".join(
        path.read_text() for path in COMPONENTS.parents[1].joinpath("templates").rglob("*.html")
    )
    for path in COMPONENTS.glob("*.html"):
        assert f'"components/{path.name}"' in shown + house or path.name == "pagination.html"


def test_numbers_in_attributes_are_never_written_for_people() -> None:
    html = rendered("work") + rendered("charts") + rendered("lists")
    assert 'max="3180" value="2318"' in html
    assert not re.search(r'\s(x|y|width|height|d|cx|cy|max|value)="\d+,\d', html)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """The suite's output is for what failed."""


@pytest.fixture(scope="module")
def gallery_url() -> Iterator[str]:
    """Serve the gallery without a database; ordinary live servers want one."""
    with override_settings(ROOT_URLCONF="reciproca.web.tests.gallery.urls", ALLOWED_HOSTS=["*"]):
        application = StaticFilesHandler(get_wsgi_application())
        with make_server("127.0.0.1", 0, application, Server, Quiet) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://localhost:{server.server_port}/gallery"
            server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        yield opened
        opened.close()


@pytest.fixture
def said() -> list[str]:
    return []


def opened(browser: Browser, url: str, *, width: int, said: list[str]) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 844}, locale="it")
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url, wait_until="load")
    return page


def late(route: Route) -> None:
    """Let a font come half a second late, as on a slow phone."""
    time.sleep(0.5)
    route.continue_()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 768, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_components_is_accessible_and_fits(
    browser: Browser, gallery_url: str, said: list[str], name: str, width: int
) -> None:
    page = opened(browser, f"{gallery_url}/{name}", width=width, said=said)
    page.evaluate(AXE.read_text() + "\n;0")
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.close()
    assert found == []
    assert too_wide <= 0
    assert said == []


@pytest.mark.browser
def test_the_list_of_errors_takes_the_focus_and_leads_to_the_field(
    browser: Browser, gallery_url: str, said: list[str]
) -> None:
    page = opened(browser, f"{gallery_url}/work", width=1440, said=said)
    assert page.evaluate("document.activeElement.className") == "refusal"
    page.click(".error-summary a[href='#id_surplus']")
    assert page.evaluate("document.activeElement.id") == "id_surplus"
    described = page.get_attribute("#id_surplus", "aria-describedby") or ""
    assert described.split() == ["id_surplus_helptext", "id_surplus_error"]
    page.close()


@pytest.mark.browser
def test_the_bar_counts_what_is_chosen(browser: Browser, gallery_url: str, said: list[str]) -> None:
    page = opened(browser, f"{gallery_url}/work", width=1440, said=said)
    bar = page.locator("[data-bulk]")
    assert "1 riga scelta" in bar.inner_text()
    page.check("[data-select-all]")
    assert "4 righe scelte" in bar.inner_text()
    assert "16.843,20\u00a0€" in bar.inner_text()
    page.uncheck("[data-select-all]")
    assert "Nessuna riga scelta" in bar.inner_text()
    assert bar.locator("button").first.is_disabled()
    page.close()


@pytest.mark.browser
def test_a_file_that_is_too_big_is_told_before_it_is_sent(
    browser: Browser, gallery_url: str, said: list[str]
) -> None:
    page = opened(browser, f"{gallery_url}/work", width=390, said=said)
    page.evaluate("document.querySelector('[data-drop]').dataset.maxBytes = '4'")
    page.set_input_files("#id_file", {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a;b;c"})
    message = page.eval_on_selector("#id_file", "field => field.validationMessage")
    assert message.startswith("Questo file supera 50 MB")
    assert page.inner_text("[data-drop] output") == "a.csv (0,0 MB)"
    page.close()


@pytest.mark.browser
def test_show_more_lengthens_the_list_and_the_address_says_where_one_is(
    browser: Browser, gallery_url: str, said: list[str]
) -> None:
    page = opened(browser, f"{gallery_url}/lists", width=390, said=said)
    page.click("text=Mostra altri")
    page.wait_for_url("**/lists?page=8")
    assert page.locator("#movements > li").count() == 12
    assert page.locator("#pages [aria-current]").inner_text().endswith("8")
    page.close()
    assert said == []


@pytest.mark.browser
def test_a_job_that_runs_asks_again_until_it_is_done(
    browser: Browser, gallery_url: str, said: list[str]
) -> None:
    page = opened(browser, f"{gallery_url}/work", width=1440, said=said)
    page.wait_for_selector("#job-1.ok", timeout=8_000)
    assert page.locator("#job-1[hx-get]").count() == 0
    page.close()
    assert said == []


@pytest.mark.browser
def test_a_first_visit_is_light_and_nothing_moves_when_the_fonts_come(
    browser: Browser, gallery_url: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="it")
    page.add_init_script(COUNT_SHIFTS)
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))
    page.route("**/*.woff2", late)
    page.goto(f"{gallery_url}/lists", wait_until="networkidle")
    weight = sum(len(response.body()) for response in fetched)
    moved = page.evaluate("window.moved")
    page.close()
    assert len(fetched) <= 30
    assert weight <= 250_000  # before compression, which more than halves the text
    assert moved <= 0.1


@pytest.mark.browser
def test_a_proof_is_checked_on_the_spot_and_nothing_is_sent(
    browser: Browser, gallery_url: str, said: list[str]
) -> None:
    page = opened(browser, f"{gallery_url}/work", width=390, said=said)
    box = page.locator("[data-proof-check]")
    box.get_by_role("button", name="Verifica la prova").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    box.get_by_role("button", name="Verifica la prova").click()
    box.get_by_text("La prova vale.").wait_for()
    assert '"member_cents":450' in box.locator("[data-payload]").inner_text()
    assert "testimone-0.example, testimone-1.example" in box.inner_text()
    assert page.evaluate("document.activeElement.className") == "done"
    assert box.get_by_role("alert").count() == 0
    page.evaluate(AXE.read_text() + "\n;0")
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    assert found == []

    page.evaluate(
        "proof => proof.textContent = proof.textContent.replace('index 1', 'index 2')",
        page.query_selector("[data-proof]"),
    )
    box.get_by_role("button", name="Verifica la prova").click()
    box.get_by_role("alert").wait_for()
    assert (
        "ciò che vedi non è ciò che il registro ha firmato" in box.get_by_role("alert").inner_text()
    )
    assert page.evaluate("document.activeElement.className") == "refusal"
    assert not box.get_by_text("La prova vale.").is_visible()

    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert said == []
    page.close()


@pytest.mark.browser
def test_a_browser_that_cannot_check_a_proof_names_the_command(
    browser: Browser, gallery_url: str, said: list[str]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="it")
    page.add_init_script("""
        const known = crypto.subtle.importKey.bind(crypto.subtle);
        crypto.subtle.importKey = (form, data, kind, ...rest) => kind === "Ed25519"
            ? Promise.reject(new DOMException("", "NotSupportedError"))
            : known(form, data, kind, ...rest);
    """)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{gallery_url}/work", wait_until="load")
    box = page.locator("[data-proof-check]")

    box.get_by_role("button", name="Verifica la prova").click()
    box.get_by_text("Questo browser non sa controllare queste firme.").wait_for()
    assert box.get_by_role("alert").count() == 0
    box.get_by_text("Con un altro programma").click()
    assert "reciproca-verify https://coop.example/log/tre-valli --vkey" in box.inner_text()
    assert said == []
    page.close()
