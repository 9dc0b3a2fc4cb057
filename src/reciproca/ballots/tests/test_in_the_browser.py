"""The codes of a vote are made by the browser, sent again on a retry, and forgotten afterwards."""

import re

import pytest
from playwright.sync_api import expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from tests.makers import client_of, make_member

from reciproca.ballots.forms import Elector
from reciproca.ballots.models import SecretVote
from reciproca.ballots.tests.world import make_ballot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "Object.keys(sessionStorage).filter((key) => key.startsWith('vote-codes')).length"


def test_codes_are_the_browsers_own_and_stay_until_the_receipt(live_server: LiveServer) -> None:
    bruno = make_member(name="Bruno Fedrizzi")
    ballot = make_ballot([Elector(bruno.id)], secret=True, closes_at=None)
    cookie = client_of(bruno).cookies["sessionid"].value
    address = f"{live_server.url}/ballots/{ballot}/"

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(locale="it-IT")
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        answer = page.goto(address)
        came = re.findall(r'name="codes" value="([0-9a-f-]{36})"', answer.text() if answer else "")
        codes = page.locator("[name=codes]")
        expect(codes).not_to_have_value(came[0])
        code = codes.input_value()
        page.reload()
        expect(codes).to_have_value(code)
        page.get_by_text("Sì", exact=True).click()
        page.locator("[data-vote] button").click()
        expect(page.get_by_text(code).first).to_be_visible()
        kept = 1
        for _moment in range(100):
            kept = page.evaluate(KEPT)
            if not kept:
                break
            page.wait_for_timeout(50)
        browser.close()

    assert kept == 0
    assert str(SecretVote.objects.get().code) == code
