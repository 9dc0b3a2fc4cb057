from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.community import NOON, Community, make_community
from reciproca.registry import actions as registry
from reciproca.registry.card_codes import phone_code, step_at
from reciproca.registry.models import Card, Node

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Community:
    return make_community()


def key_of(shop: Node) -> str:
    return registry.create_api_key(
        organisation_id=shop.id, name="Cassa", created_by=shop.id, created_at=NOON
    ).secret


def card_of(member: Node) -> str:
    registry.issue_cards(people=[member.id], issued_by=None, issued_at=NOON)
    return Card.objects.get(person=member).number


class Till:
    """The software of one shop."""

    def __init__(self, shop: Node) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {key_of(shop)}"}

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self.client.post(
            f"/api/v1{path}", body, content_type="application/json", headers=self.headers
        )

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers)


PROVED = {"pin": "40718"}


def sale(card: str | None, cents: int = 1_200, **more: object) -> dict[str, Any]:
    return {"key": "s1", "card": card, "lines": [{"amount_cents": cents}], **more}


def test_a_till_records_a_sale_and_may_send_it_again(here: Community) -> None:
    till, card = Till(here.lievito), card_of(here.ada)
    body = sale(card, happened_at="2025-06-02T12:00:00+02:00")

    first, again = till.post("/sales", body), till.post("/sales", body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["member_cents"] == 24
    assert Purchase.objects.count() == 1


def test_a_sale_that_names_no_moment_may_be_sent_again_too(here: Community) -> None:
    till, body = Till(here.lievito), sale(card_of(here.ada))

    first, again = till.post("/sales", body), till.post("/sales", body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Purchase.objects.count() == 1


def test_a_sale_sent_again_is_answered_though_its_card_was_blocked_meanwhile(
    here: Community,
) -> None:
    till, card = Till(here.lievito), card_of(here.ada)
    first = till.post("/sales", sale(card))
    registry.block_card(person_id=here.ada.id, blocked_by=here.ada.id, blocked_at=NOON)

    again, other = till.post("/sales", sale(card)), till.post("/sales", sale(card, key="s2"))

    assert (again.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "card-blocked")


def test_the_same_key_with_other_content_has_a_code_of_its_own(here: Community) -> None:
    till, card = Till(here.lievito), card_of(here.ada)
    till.post("/sales", sale(card))

    answer = till.post("/sales", sale(card, cents=1_300))

    assert (answer.status_code, answer.json()["code"]) == (409, "key-reused")


def test_nobody_records_without_a_key(here: Community) -> None:
    answer = Client().post("/api/v1/sales", sale(None), content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (401, "key-unknown")
    assert answer.json()["message"].startswith("Questa chiave non vale")
    assert not Purchase.objects.exists()


def test_a_purchase_of_another_shop_does_not_exist(here: Community) -> None:
    own, other = Till(here.lievito), Till(here.molino)
    purchase = own.post("/sales", sale(None)).json()["id"]

    assert own.get(f"/purchases/{purchase}").status_code == 200
    assert other.get(f"/purchases/{purchase}").status_code == 404
    assert other.post(f"/purchases/{purchase}/undo", {"key": "u"}).status_code == 404
    assert other.get("/purchases").json()["purchases"] == []


def test_a_refund_names_its_lines_and_more_than_is_left_is_refused(here: Community) -> None:
    till, card = Till(here.lievito), card_of(here.ada)
    purchase = till.post("/sales", sale(card)).json()["id"]
    lines = [{"position": 1, "amount_cents": 700}]

    first = till.post(f"/purchases/{purchase}/refunds", {"key": "r1", "lines": lines})
    second = till.post(f"/purchases/{purchase}/refunds", {"key": "r2", "lines": lines})

    assert (first.status_code, first.json()["total_cents"]) == (201, -700)
    assert (second.status_code, second.json()["code"]) == (409, "refund-more-than-left")


def test_a_sale_is_undone(here: Community) -> None:
    till = Till(here.lievito)
    purchase = till.post("/sales", sale(card_of(here.ada))).json()["id"]

    undone = till.post(f"/purchases/{purchase}/undo", {"key": "u1"})

    assert (undone.status_code, undone.json()["is_undo"]) == (201, True)


def test_a_card_tells_what_can_be_spent_once_its_holder_is_proved(here: Community) -> None:
    card, till = card_of(here.ada), Till(here.molino)
    here.buy(10_000)
    registry.set_pin(person_id=here.ada.id, pin="40718", set_by=None, set_at=NOON)

    printed, proved = (till.post("/cards", {"card": card, **pin}) for pin in ({}, PROVED))
    spent = till.post("/sales", sale(None, shown=proved.json()["shown"], credit_cents=200))

    assert printed.json()["spendable_cents"] is None
    assert (proved.status_code, proved.json()["spendable_cents"]) == (201, 200)
    assert (spent.status_code, spent.json()["credit_cents"]) == (201, 200)


def test_credit_is_not_spent_with_a_printed_number_alone(here: Community) -> None:
    card, till = card_of(here.ada), Till(here.molino)
    here.buy(10_000)
    registry.set_pin(person_id=here.ada.id, pin="40718", set_by=None, set_at=NOON)

    alone = till.post("/sales", sale(card, credit_cents=200))
    wrong = till.post("/sales", sale(card, credit_cents=200, pin="40719"))
    proved = till.post("/sales", sale(card, credit_cents=200, pin="40718"))

    assert (alone.status_code, alone.json()["code"]) == (409, "spending-not-proved")
    assert (wrong.status_code, wrong.json()["code"]) == (409, "pin-wrong")
    assert (proved.status_code, proved.json()["credit_cents"]) == (201, 200)


def test_a_phones_code_spends_and_its_sale_may_be_sent_again(here: Community) -> None:
    card_of(here.ada)
    here.buy(10_000)
    phone = registry.pair_phone(person_id=here.ada.id, name="", paired_at=NOON)
    code = phone_code(secret=phone.secret, step=step_at(timezone.now()))
    body = sale(phone.number + code, credit_cents=200)

    till = Till(here.molino)
    first, again, other = (till.post("/sales", each) for each in (body, body, body | {"key": "s2"}))

    assert (first.status_code, again.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "phone-code-used")


def test_an_unknown_card_is_refused_with_a_sentence(here: Community) -> None:
    nobodys, misread = (
        Till(here.lievito).post("/sales", sale(card)) for card in ("2900482193703", "2900482193701")
    )

    assert (nobodys.status_code, nobodys.json()["code"]) == (404, "card-unknown")
    assert (misread.status_code, misread.json()["code"]) == (422, "identifier-refused")


def test_a_body_that_cannot_be_read_names_its_fields_in_both_languages(here: Community) -> None:
    till = Till(here.lievito)

    answer = till.post("/sales", {"key": "s1", "lines": [{"amount_cents": -5}]})

    assert (answer.status_code, answer.json()["code"]) == (422, "body-refused")
    assert "lines.0.amount_cents" in answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        sale(None, key="s\0"),
        sale("\0"),
        {"key": "s1", "lines": [{"category": "\0", "amount_cents": 1}]},
        {"key": "s1", "lines": [{"description": "\0", "amount_cents": 1}]},
    ],
)
def test_a_character_that_no_column_holds_is_refused(here: Community, body: dict[str, Any]) -> None:
    answer = Till(here.lievito).post("/sales", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "body-refused")
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("method", ["undo", "refunds"])
def test_a_reason_with_such_a_character_is_refused_too(here: Community, method: str) -> None:
    till = Till(here.lievito)
    purchase = till.post("/sales", sale(None)).json()["id"]

    answer = till.post(f"/purchases/{purchase}/{method}", {"key": "u1", "reason": "a\0b"})

    assert (answer.status_code, answer.json()["code"]) == (422, "body-refused")


def test_what_is_not_json_is_refused_in_json(here: Community) -> None:
    till = Till(here.lievito)

    answer = till.client.post(
        "/api/v1/sales", "{", content_type="application/json", headers=till.headers
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "body-unreadable")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/nowhere", 404, "not-found"),
        ("get", "/sales", 405, "method-not-allowed"),
        ("get", "/directory?text=%00", 400, "bad-request"),
        ("get", "/purchases/%00", 422, "body-refused"),
    ],
)
def test_what_no_endpoint_answers_has_the_shape_of_every_refusal(
    here: Community, method: str, path: str, status: int, code: str
) -> None:
    till = Till(here.lievito)

    answer = getattr(till.client, method)(f"/api/v1{path}", headers=till.headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]


def test_a_fault_is_told_in_json_too(here: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    till = Till(here.lievito)
    till.client.raise_request_exception = False
    monkeypatch.setattr("reciproca.purchases.queries.recorded_by_seller", None)

    answer = till.get("/purchases")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal-server-error")


def test_an_answer_to_a_program_can_do_nothing_in_a_browser(here: Community) -> None:
    answer = Till(here.lievito).post("/sales", sale(None))

    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_a_program_is_answered_in_the_language_it_asks_for(here: Community) -> None:
    told = {
        language: Client().get("/api/v1/nowhere", headers={"Accept-Language": language})
        for language in ("en", "it")
    }

    assert told["en"].json()["message"].startswith("There is no such address")
    assert told["it"].json()["message"].startswith("Questo indirizzo non c’è")
    assert told["en"].headers["Content-Language"] == "en"


def test_a_program_that_names_another_host_is_refused(here: Community) -> None:
    answer = Client().get("/api/v1/policies", headers={"Host": "elsewhere.example"})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")


def test_policies_and_the_directory_are_public(here: Community) -> None:
    policies = Client().get("/api/v1/policies").json()

    assert [branch["share"] for branch in policies[0]["branches"]] == ["2/5", "3/10", "1/5", "1/10"]
    assert Client().get("/api/v1/directory").status_code == 200


def test_the_openapi_document_names_every_endpoint() -> None:
    document = Client().get("/api/v1/openapi.json").json()

    assert {"/api/v1/sales", "/api/v1/purchases", "/api/v1/directory"} <= document["paths"].keys()
