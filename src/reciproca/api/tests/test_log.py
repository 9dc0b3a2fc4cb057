"""Proofs over HTTP: whose they are, and what is answered before and after there is one."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from reciproca.api.tests.test_api import card_of, key_of, sale
from reciproca.purchases.tests.community import NOON, Community, make_community
from reciproca.registry.models import Node
from reciproca.transparency import actions as transparency
from reciproca.transparency.models import Log, Opening
from reciproca.transparency.rules import leaves

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Community:
    return make_community()


def sold(here: Community) -> UUID:
    answer = Client().post(
        "/api/v1/sales",
        sale(card_of(here.ada)),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key_of(here.lievito)}"},
    )
    assert answer.status_code == 201
    return UUID(answer.json()["id"])


def asked(shop: Node, fact: UUID) -> tuple[int, dict[str, Any]]:
    answer = Client().get(
        f"/api/v1/log/proofs/{fact}", headers={"Authorization": f"Bearer {key_of(shop)}"}
    )
    return answer.status_code, answer.json()


def test_a_sale_is_pending_until_it_is_under_a_signed_head(here: Community) -> None:
    fact = sold(here)
    assert asked(here.lievito, fact) == (202, {"fact": str(fact), "state": "pending"})

    transparency.open_log(slug="valli")
    transparency.sequence(at=NOON)
    status, proof = asked(here.lievito, fact)

    assert (status, proof["kind"]) == (200, "T")
    assert proof["file"].startswith("c2sp.org/tlog-proof@v1\nextra ")
    opening = Opening.objects.get(pk=fact)
    salt = bytes.fromhex(proof["salt"])
    assert leaves.entry(kind="T", salt=salt, payload=proof["payload"].encode()) == leaves.entry(
        kind="T", salt=bytes(opening.salt), payload=opening.payload.encode()
    )


def test_below_the_quorum_a_proof_is_pending(here: Community) -> None:
    fact = sold(here)
    transparency.open_log(slug="valli")
    Log.objects.update(quorum=1)
    transparency.sequence(at=NOON)

    assert asked(here.lievito, fact)[0] == 202


def test_a_sale_of_another_shop_and_one_that_never_was_are_answered_alike(here: Community) -> None:
    fact = sold(here)
    other = next(shop for shop in here.shops if shop != here.lievito)

    assert asked(other, fact) == asked(here.lievito, uuid4())
    assert asked(other, fact)[0] == 404
