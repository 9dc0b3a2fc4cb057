"""Receipts, and finding somebody who has no card with them."""

import re

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.makers import client_of

from reciproca.tills.tasks import mail_receipt
from reciproca.tills.tests.counter import (
    PIN,
    Counter,
    give_credit,
    give_pin,
    make_counter,
    refused,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter() -> Counter:
    return make_counter()


def test_a_receipt_says_what_was_paid_and_what_comes_back_and_names_nobody(
    counter: Counter,
) -> None:
    device, bruno = counter.device, counter.cast.bruno
    give_pin(bruno)
    give_credit(counter.cast, bruno, 500)
    lines = [{"amount_cents": 1_000, "description": "Pane <nero>"}]
    sale = told(device.sell(shown=device.show(bruno, pin=PIN), lines=lines, credit=300))
    device.operator = ""

    page = device.client.get(sale["receipt_url"]).content.decode()

    assert (
        client_of(counter.cast.ada)
        .get(f"/purchases/?q={number_on(page)}")
        .content.count(f"/purchases/{sale['id']}/".encode())
    )
    for words in ("Pane &lt;nero&gt;", "10,00", "3,00", "7,00", "Fondo comune", bruno.card[-4:]):
        assert words in page
    assert "Bruno" not in page
    assert bruno.card not in page


def number_on(page: str) -> str:
    """Return the number on a receipt, as somebody would type it."""
    found = re.search(r'class="key">([0-9a-f]{8})<', page)
    assert found
    return found[1]


def test_a_receipt_goes_to_the_buyers_own_address_only(counter: Counter) -> None:
    device, bruno = counter.device, counter.cast.bruno
    sale = told(device.sell(shown=device.show(bruno)))
    nobodys = told(device.sell())

    assert device.post(f"sales/{sale['id']}/mail/").status_code == 202
    assert refused(device.post(f"sales/{nobodys['id']}/mail/")) == (409, "no-address")

    [waiting] = ProcrastinateJob.objects.filter(task_name="mail-receipt")
    mail_receipt(**waiting.args)
    [sent] = mail.outbox
    assert sent.to == [bruno.user.email]
    assert "12,00" in str(sent.body)
    assert "Bruno" not in f"{sent.subject} {sent.body}"


def test_people_of_this_cooperative_are_found_by_name_or_number(counter: Counter) -> None:
    def found(text: str) -> list[str]:
        return [each["name"] for each in told(counter.device.get(f"search/?q={text}"))["people"]]

    assert found("fedr") == ["Bruno Fedrizzi"]
    assert found("bruno") == ["Bruno Fedrizzi"]
    assert found("Carla") == found("b") == found("") == []
    [bruno] = told(counter.device.get("search/?q=fedr"))["people"]
    assert bruno == {"membership": str(counter.cast.bruno.membership_id), "name": "Bruno Fedrizzi"}
