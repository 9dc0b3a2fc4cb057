"""What a manager promises on the page: rates and the limit, from a day on."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.makers import Cast, adopt_policy, client_of, make_cast

from reciproca.valueback import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    adopt_policy(cast)
    return cast


def days_away(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_a_promised_rate_is_kept_with_those_before_it(cast: Cast) -> None:
    ada = client_of(cast.ada)
    actions.commit_rate(
        seller_id=cast.lievito_id,
        rate_bp=200,
        valid_from=timezone.localdate() - timedelta(days=400),
        recorded_by=None,
    )

    answer = ada.post(
        "/rates/", {"category": "", "rate_bp": "4,5", "valid_from": days_away(0)}, follow=True
    )

    text = re.sub(r"\s+", " ", answer.content.decode())
    assert "Di 10,00 € pagati in denaro tornano 0,45 €: 0,18 € a chi compra e 0,27 €" in text
    [promise] = queries.promises_of(seller_id=cast.lievito_id, on=timezone.localdate())
    assert promise.now
    assert promise.now.share_bp == 450
    assert [step.share_bp for step in promise.past] == [200]


def test_a_rate_that_comes_later_is_told_beside_the_one_of_today(cast: Cast) -> None:
    ada = client_of(cast.ada)
    ada.post("/rates/", {"category": "pane", "rate_bp": "4", "valid_from": days_away(0)})
    ada.post("/rates/", {"category": "pane", "rate_bp": "6", "valid_from": days_away(30)})

    [promise] = queries.promises_of(seller_id=cast.lievito_id, on=timezone.localdate())

    assert (promise.now and promise.now.share_bp, promise.coming[0].share_bp) == (400, 600)


@pytest.mark.parametrize(
    ("rate", "day", "sentence"),
    [
        ("101", 0, "fra 0 e 100"),
        ("-1", 0, "fra 0 e 100"),
        ("molto", 0, "per esempio 4 oppure 2,5"),
        ("2,555", 0, "per esempio 4 oppure 2,5"),
        ("4", -1, "il passato resta com’era promesso"),
        ("4", 800, "più in là si promette a suo tempo"),
        ("4" * 13, 0, "qui stanno 12 caratteri, e ora sono 13"),
        ("", 0, "Scrivi quanto torna"),
    ],
)
def test_wrong_promises_get_a_sentence_and_keep_what_was_typed(
    cast: Cast, rate: str, day: int, sentence: str
) -> None:
    sent = {"category": "pane", "rate_bp": rate, "valid_from": days_away(day)}

    answer = client_of(cast.ada).post("/rates/", sent)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert f'value="{rate}"' in text
    assert 'value="pane"' in text
    assert queries.promises_of(seller_id=cast.lievito_id, on=timezone.localdate()) == []


def test_a_promise_is_made_once_a_day(cast: Cast) -> None:
    ada = client_of(cast.ada)
    sent = {"category": "", "rate_bp": "4", "valid_from": days_away(1)}
    ada.post("/rates/", sent)

    answer = ada.post("/rates/", {**sent, "rate_bp": "5"})

    assert answer.status_code == 409
    assert "Scegli un giorno successivo" in answer.content.decode()


def test_the_limit_is_all_until_less_is_said(cast: Cast) -> None:
    ada = client_of(cast.ada)
    assert "Tutta la spesa si può pagare con il credito" in ada.get("/rates/").content.decode()

    ada.post("/rates/limit/", {"share_bp": "50", "valid_from": days_away(0)})
    refused = ada.post("/rates/limit/", {"share_bp": "", "valid_from": days_away(1)})

    limit = queries.limit_of(seller_id=cast.lievito_id, on=timezone.localdate())
    assert queries.limit_in_force_bp(limit) == 5_000
    assert refused.status_code == 422


def test_a_manager_promises_only_for_the_own_cooperative(cast: Cast) -> None:
    client_of(cast.ada).post(
        "/rates/", {"category": "", "rate_bp": "4", "valid_from": days_away(0)}
    )

    assert queries.promises_of(seller_id=cast.roncolago_id, on=timezone.localdate()) == []
    for somebody in (cast.elsa, cast.olga):
        assert client_of(somebody).get("/rates/").status_code == 404
