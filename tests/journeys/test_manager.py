"""Paola, who runs the Famiglia Cooperativa Valchiara; and what of others she must not see."""

import re
from datetime import date

import pytest

from tests.journeys.conftest import Visit
from tests.journeys.visitor import PHONE, Visitor
from tests.journeys.words import cents, rows

pytestmark = pytest.mark.browser

BEFORE_THE_DEMO = date.today().year - 2  # noqa: DTZ011 - as the demo counts, save on few nights
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ACCOUNTS = {
    "net_profit_cents": "10.000,00",
    "member_surplus_cents": "8.000,00",
    "refund_proposed_cents": "500,00",
    "paid_up_capital_cents": "25.000,00",
    "net_equity_cents": "200.000,00",
    "total_debt_cents": "100.000,00",
    "cash_share_bp": "50",
    "share_value_cents": "25,00",
}


def test_the_desk_leads_to_purchases_and_each_purchase_to_its_reasons(paola: Visitor) -> None:
    paola.go("/desk/")
    paola.look("desk")
    paola.go("/purchases/")
    paola.look("purchases")
    everything = rows(paola.save(paola.page.get_by_role("link", name="Elenco in CSV")))
    paola.page.get_by_role("searchbox").fill("journeys-")
    paola.page.get_by_role("searchbox").press("Enter")
    paola.page.wait_for_url("**q=journeys**")
    found = rows(paola.save(paola.page.get_by_role("link", name="Elenco in CSV")))
    assert 40 < len(found) < len(everything)
    paola.go("/purchases/?q=nonesisteproprio")
    assert paola.page.locator("main .empty").count() == 1
    paola.look("purchases-none")


def test_part_of_a_purchase_is_given_back_and_never_more_than_is_left(paola: Visitor) -> None:
    paola.go(f"/purchases/?q=journeys-{BEFORE_THE_DEMO}-7")
    paola.click(paola.page.locator("#purchases a").first)
    paola.look("purchase")
    paola.follow("Registra un reso")
    first = paola.page.locator("main input[name^=line-]").first
    first.fill("999,00")
    paola.press("Controlla il reso")
    assert "scrivi al massimo questo" in paola.text()
    assert first.input_value() == "999,00"
    paola.look("refund-refused")
    first.fill("2,50")
    paola.page.locator("main [name=reason]").fill("Confezione aperta")
    paola.press("Controlla il reso")
    paola.look("refund-check")
    paola.press(re.compile("Registra il reso"))
    assert "Reso registrato" in paola.text()
    assert "Confezione aperta" in paola.text()
    paola.look("refund")


def test_the_year_is_entered_corrected_and_given_back_to_the_cent(paola: Visitor) -> None:
    year = f"/year/{BEFORE_THE_DEMO}"
    paola.go(f"{year}/accounts/")
    paola.look("accounts")
    _write(paola, ACCOUNTS | {"net_profit_cents": "tanto", "net_equity_cents": ""})
    paola.press("Salva e vai alla delibera")
    assert paola.page.locator(".error-summary li").count() == 2
    assert paola.page.locator("input[name=net_profit_cents]").input_value() == "tanto"
    assert paola.page.locator("input[name=member_surplus_cents]").input_value() == "8.000,00"
    paola.look("accounts-refused")
    _write(paola, ACCOUNTS)
    paola.press("Salva e vai alla delibera")

    paola.look("resolution")
    _resolve(paola, name="verbale.pdf", content=b"Questo non e' un PDF")
    paola.press("Salva e controlla")
    assert "PDF" in paola.page.locator(".error-summary").inner_text()
    assert paola.page.locator("input[name=protocol_number]").input_value() == "12/2025"
    paola.look("resolution-refused")
    _resolve(paola, name="verbale.pdf", content=PDF)
    paola.press("Salva e controlla")

    paola.look("check")
    paola.press(re.compile(r"^Dividi 500,00.€"))
    done = paola.page.get_by_role("heading", name=re.compile("sono tornati a"))
    paola.reload_until(lambda: done.count() > 0)
    paola.look("divided")
    parts = rows(paola.save(paola.page.get_by_role("link", name="Elenco in CSV")))
    column = next(i for i, name in enumerate(parts[0]) if "ristorno" in name.lower())
    assert sum(cents(row[column]) for row in parts[1:]) == 50_000


def test_members_statement_and_keys_have_their_pages(paola: Visitor) -> None:
    paola.go("/members/")
    paola.look("members")
    paola.click(paola.page.locator("#members a").first)
    paola.look("member")
    for path, name in (
        ("/members/new/", "applicants"),
        ("/mandates/", "mandates"),
        ("/organisation/", "own-organisation"),
        ("/rates/", "rates"),
        ("/desk/statement/", "desk-statement"),
    ):
        paola.go(path)
        paola.look(name)
    pdf = paola.save(paola.page.locator("main a[href$='.pdf']").first)
    assert pdf.startswith(b"%PDF-")


def test_the_profile_leads_where_the_bar_of_the_phone_has_no_room(paola: Visitor) -> None:
    paola.page.set_viewport_size({"width": PHONE, "height": 844})
    paola.go("/profile/")
    paola.look("manager-profile")
    paola.follow("Quanto torna")
    assert paola.page.url.endswith("/rates/")


def test_a_key_is_shown_once_and_can_be_revoked(paola: Visitor) -> None:
    paola.go("/keys/")
    paola.press("Crea la chiave")
    assert paola.page.locator(".error-summary").count() == 1
    paola.page.locator("main input[name=name]").fill("Gestionale di prova")
    paola.press("Crea la chiave")
    secret = paola.page.locator("main .note .code").inner_text()
    assert len(secret) > 20
    paola.look("keys")
    paola.go("/keys/")
    assert secret not in paola.page.content()
    paola.press("Revoca Gestionale di prova")
    assert "revocata" in paola.text()


def test_what_belongs_to_another_cooperative_does_not_exist(
    paola: Visitor, house: str, visit: Visit
) -> None:
    nadia = visit(house)
    nadia.enter_as("Nadia")
    nadia.go("/purchases/")
    hers = nadia.page.locator("#purchases a").first.get_attribute("href")
    assert hers
    paola.go(hers, status=404)
    paola.go(f"{hers}refunds/new/", status=404)
    for path in ("/clearing/", "/control/year/", "/policies/", "/funds/", "/value/"):
        paola.go(path, status=404)


def _write(paola: Visitor, values: dict[str, str]) -> None:
    for name, value in values.items():
        paola.page.locator(f"input[name={name}]").fill(value)


def _resolve(paola: Visitor, *, name: str, content: bytes) -> None:
    paola.page.locator("input[name=protocol_number]").fill("12/2025")
    paola.hand_in("minutes", name=name, kind="application/pdf", content=content)
