"""A policy document is read whole or refused with what to do."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.utils.translation import override

from reciproca.valueback.rules import (
    PolicyRefused,
    RateRefused,
    ValueBackPolicy,
    check_rate,
    policy_sentences,
)
from reciproca.valueback.tests.policies import (
    COMMON,
    EXPIRED,
    POOL,
    SOLIDARITY,
    TERRITORY,
    document,
    policy,
    pooled,
)

NODE_NAMES = {
    COMMON: "Cassa",
    TERRITORY: "Valle",
    SOLIDARITY: "Mano",
    EXPIRED: "Scaduti",
    POOL: "Montepremi",
}


def refused(stated: object) -> PolicyRefused:
    with pytest.raises(PolicyRefused) as refusal:
        ValueBackPolicy.from_document(stated)  # type: ignore[arg-type]
    return refusal.value


def test_a_document_becomes_shares_funds_and_an_end() -> None:
    read = policy()

    assert [branch.share for branch in read.branches] == [
        Fraction(2, 5),
        Fraction(3, 10),
        Fraction(1, 5),
        Fraction(1, 10),
    ]
    assert read.fund_ids == (None, COMMON, TERRITORY, SOLIDARITY)
    assert not read.pooled
    assert read.expires_on(date(2026, 1, 1)) == date(2027, 12, 31)


def test_a_pooled_member_part_lands_in_its_pool() -> None:
    read = pooled()

    assert read.pooled
    assert read.fund_ids[0] == POOL


def test_the_last_three_branches_may_be_dropped() -> None:
    assert policy({"member": "1"}).fund_ids == (None,)
    assert policy({"member": "1/2", "solidarity": "1/2"}).fund_ids == (None, SOLIDARITY)


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ({"member": "2/5", "common": "2/5"}, "policy-shares"),
        ({"common": "2/5", "member": "3/5"}, "policy-branches"),
        ({"common": "1"}, "policy-branches"),
        ({"member": "1/2", "territory": "1/4", "common": "1/4"}, "policy-branches"),
        ({"member": "0.4", "common": "0.6"}, "policy-refused"),
        ({"member": "-1/5", "common": "6/5"}, "policy-refused"),
    ],
)
def test_shares_that_are_no_division_are_refused(shares: dict[str, str], code: str) -> None:
    assert refused(document(shares)).code == code


def test_an_unknown_branch_is_refused() -> None:
    stated = document({"member": "1"})
    stated["branches"][0]["key"] = "owner"

    assert refused(stated).code == "policy-branches"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "redistribution"}, "policy-kind-unknown"),
        ({"v": 2}, "policy-kind-unknown"),
        ({"title": " "}, "policy-refused"),
        ({"branches": None}, "policy-refused"),
        ({"branches": ["member"]}, "policy-refused"),
        ({"branches": []}, "policy-branches"),
        ({"member_part": "mine"}, "policy-refused"),
        ({"member_part": "pooled"}, "policy-pool-missing"),
        ({"pool": str(POOL)}, "policy-pool-not-needed"),
        ({"expires_after_years": -1}, "policy-expiry"),
        ({"expires_after_years": True}, "policy-expiry"),
        ({"expires_after_years": "1"}, "policy-expiry"),
        ({"expired_to": None}, "policy-refused"),
        ({"expired_to": "a fund"}, "policy-refused"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], code: str) -> None:
    refusal = refused(document(None, **changes))

    assert refusal.code == code
    assert refusal.status == 422
    assert "%(" not in str(refusal)


def test_a_branch_needs_a_fund_and_the_member_has_none() -> None:
    without = document()
    without["branches"][1]["node"] = None
    assert refused(without).code == "policy-branch-without-fund"

    with_fund = document()
    with_fund["branches"][0]["node"] = str(COMMON)
    assert refused(with_fund).code == "policy-member-branch-with-fund"


def test_a_rate_is_a_share() -> None:
    assert check_rate(Fraction(0)) == 0
    with pytest.raises(RateRefused):
        check_rate(Fraction(101, 100))


def test_a_policy_says_in_words_what_it_computes() -> None:
    sentences = policy_sentences(policy=policy(), node_names=NODE_NAMES)

    text = " ".join(sentences)
    assert "2/5 per “A te”" in text
    assert "3/10 per “Fondo comune”, nel fondo “Cassa”" in text
    assert "diventa subito credito" in text
    assert "31 dicembre dell'anno dopo" in text
    assert "“Scaduti”" in text


@pytest.mark.parametrize(
    ("years", "words"), [(0, "dell'anno in cui nascono"), (2, "di 2 anni dopo")]
)
def test_the_end_is_told_in_years(years: int, words: str) -> None:
    told = policy(None, expires_after_years=years)

    assert words in " ".join(policy_sentences(policy=told, node_names=NODE_NAMES))


def test_a_pool_is_told_and_names_follow_the_language() -> None:
    with override("en"):
        text = " ".join(policy_sentences(policy=pooled(), node_names=NODE_NAMES))

    assert "Montepremi" in text
    assert "“member”" in text
