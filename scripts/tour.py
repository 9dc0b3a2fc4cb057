"""
A picture of every page, with the eyes of who may see it, on a phone and at a desk.

    .venv/bin/reciproca demo --port 8000                                   # in another terminal
    .venv/bin/python scripts/tour.py http://127.0.0.1:8000 FOLDER [NAME …]

It walks the addresses of `tests/permissions_table.py` in the community of RECIPROCA_DATA_DIR: what
an address names is found by following links from each persona's first page. Every line it prints
is one picture: the answer, how long it took, and what is wrong (wider than the window, words on the
console, axe's violations). FOLDER is outside the repository; NAMEs choose a few addresses.
Communities to walk through, besides the demo: `scripts/communities.py`.
"""
# ruff: noqa: E402 - models can be imported only once the house is open

import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from reciproca.cli.house import open_house

open_house()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils import timezone
from playwright.sync_api import (
    APIResponse,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    sync_playwright,
)
from tests.journeys.conftest import AS_ROOT, CHROMIUM, FLAGS
from tests.journeys.visitor import ASK_AXE, AXE, TOO_WIDE
from tests.permissions_table import (
    ALLAUTH,
    MANAGER_A,
    MEMBER,
    OFFICER,
    STRANGER,
    TABLE,
    TILL,
)

from reciproca.registry.models import Mandate, User
from reciproca.shared.types import MANDATE_KEY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROLES = {TILL: "till", MANAGER_A: "manager", OFFICER: "officer"}
PERSONAS = (MEMBER, TILL, MANAGER_A, OFFICER, STRANGER)
"""Whose eyes, the first that may see a page first."""
EACH_WITH_THEIR_OWN = ("web:home", "web:profile", "notices:list", "purchases:list", "imports:list")
WIDTHS = {390: 844, 1440: 900}
TALLEST = 8_000
STOPS = 3
"""How many pages of one address are followed, so that rare states of it are found too."""
LINK = re.compile(r"""(?:href|hx-get)=["'](/[^"'#]*)""")
SETTLED = "document.fonts.ready.then(() => new Promise(rest => setTimeout(rest, 150)))"
LEAVE_ALONE = {"web:card_pdf", "account_logout", "healthz", "service_worker", "web:manifest"}


@dataclass
class Found:
    """What one persona can get at: address's name → paths."""

    paths: dict[str, list[str]] = field(default_factory=dict)

    def note(self, path: str) -> bool:
        """Take down a path; False if it leads nowhere new."""
        name = name_of(path)
        known = self.paths.setdefault(name, [])
        if name in LEAVE_ALONE or path in known or len(known) >= STOPS:
            return False
        known.append(path)
        return True


def name_of(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""


def sessions() -> dict[str, str]:
    """Let each persona in, and return the keys of their sessions."""
    engine = import_module(settings.SESSION_ENGINE)
    keys = {}
    for persona, (user, mandate) in people().items():
        session = engine.SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        if mandate:
            session[MANDATE_KEY] = str(mandate.pk)
        session.create()
        keys[persona] = session.session_key
    return keys


def people() -> dict[str, tuple[User, Mandate | None]]:
    """Return a login for each role: the first that was ever made."""
    today, acting = timezone.localdate(), {}
    held = Mandate.objects.in_force(on=today).filter(person__user__isnull=False)
    for persona, role in ROLES.items():
        mandate = held.filter(role=role).order_by("person__user__id", "id").first()
        if mandate:
            acting[persona] = (mandate.person.user, mandate)
    plain = User.objects.filter(person__isnull=False).exclude(person__in=held.values("person"))
    member = plain.filter(person__memberships__isnull=False).order_by("id").first()
    return acting | ({MEMBER: (member, None)} if member else {})


def let_in(browser: Browser, house: str, key: str | None, width: int) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, locale="it-IT", base_url=house
    )
    if key:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": house}])
    return context


def explore(context: BrowserContext) -> Found:
    """Follow every link from the first page, and every address that names nothing."""
    found, waiting = Found(), ["/"]
    found.note("/")
    for name in (*TABLE, *ALLAUTH):
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue
        if found.note(path):
            waiting.append(path)
    while waiting:
        answer = context.request.get(waiting.pop(0), max_redirects=3)
        if answer.status != 200 or not is_page(answer):
            continue
        for path in LINK.findall(answer.text()):
            path = path.replace("&amp;", "&")
            if name_of(path) and found.note(path.partition("?")[0] if "csv" in path else path):
                waiting.append(path)
    return found


def is_page(answer: APIResponse) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def stops(found: dict[str, Found], asked: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield persona, address's name and path of each page to look at."""
    for name, row in TABLE.items():
        if (asked and name not in asked) or "GET" not in row.methods or name in LEAVE_ALONE:
            continue
        who = [each for each in PERSONAS if each in row.methods["GET"] and each in found]
        for persona in who if name in EACH_WITH_THEIR_OWN else who[:1]:
            there = [each for each in who if found[each].paths.get(name)]
            eyes = persona if persona in there else next(iter(there), "")
            if not eyes:
                print(f"-    {name}: nothing leads to it")
            else:
                yield eyes, name, found[eyes].paths[name][0]
    for name, answers in ALLAUTH.items():
        persona = STRANGER if answers[0] == "ok" else MEMBER
        if (not asked or name in asked) and "ok" in answers and name not in LEAVE_ALONE:
            for path in found[persona].paths.get(name, ())[:1] if persona in found else ():
                yield persona, name, path


def photograph(page: Page, path: str, picture: Path) -> str:
    """Open a page, take its picture, and return in a line what there is to know of it."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(message.text[:120])

    page.on("console", hear)
    begun = time.monotonic()
    try:
        response = page.goto(path)
    except Exception as trouble:  # a file, which a browser takes instead of showing
        return "file" if "Download" in str(trouble) else f"BROKEN {trouble}"
    took = int((time.monotonic() - begun) * 1000)
    page.evaluate(SETTLED)
    height = page.evaluate("document.documentElement.scrollHeight")
    size = page.viewport_size or {"width": 0, "height": 0}
    # In a window as tall as the page, what stands at a window's foot stands at the page's.
    page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST)})
    page.screenshot(path=picture)
    page.set_viewport_size(size)
    page.evaluate(AXE.read_text() + "\n;0")
    broken = page.evaluate(ASK_AXE)
    page.remove_listener("console", hear)
    wide = page.evaluate(TOO_WIDE)
    marks = [str(response.status if response else "?"), f"{took} ms", f"{height} px"]
    marks += (
        [f"→ {urlsplit(page.url).path}"]
        if urlsplit(page.url).path != path.partition("?")[0]
        else []
    )
    marks += [f"WIDE by {wide}"] if wide > 0 else []
    marks += [f"CONSOLE {each}" for each in said]
    marks += [f"AXE {each[:160]}" for each in broken]
    return " · ".join(marks)


def main(house: str, folder: Path, asked: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    keys: dict[str, str | None] = {**sessions(), STRANGER: None}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *AS_ROOT])
        rooms = {
            (who, width): let_in(browser, house, key, width)
            for who, key in keys.items()
            for width in WIDTHS
        }
        found = {who: explore(rooms[who, min(WIDTHS)]) for who in keys}
        pages = {each: room.new_page() for each, room in rooms.items()}
        for who, name, path in stops(found, asked):
            short = f"{name.replace(':', '.')}-{who.split()[0]}"
            for width in WIDTHS:
                line = photograph(pages[who, width], path, folder / f"{short}-{width}.png")
                print(f"{short} {width} {path}: {line}", flush=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
