"""Who says that an organisation of the directory is theirs to manage, and what is answered."""

from typing import Any
from uuid import UUID

import pytest
from tests.makers import NOON, Cast, client_of, make_cast, make_organisation

from reciproca.notices.models import Notice
from reciproca.registry import actions, queries
from reciproca.registry.actions import claims
from reciproca.registry.models import Claim, Mandate

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def shop(cast: Cast) -> UUID:
    """Return a shop that nobody manages."""
    return make_organisation(name="Bottega di Cles")


def claim(cast: Cast, organisation: UUID, words: str = "Ne sono il presidente") -> UUID:
    return actions.claim_organisation(
        organisation_id=organisation, person_id=cast.bruno.id, words=words, claimed_at=NOON
    )


def decide(cast: Cast, claim_id: UUID, *, accepted: bool, answer: str = "") -> None:
    actions.decide_claim(
        claim_id=claim_id,
        accepted=accepted,
        answer=answer,
        decided_by=cast.olga.user.id,
        decided_at=NOON,
    )


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_accepted_claim_is_a_mandate(cast: Cast, shop: UUID) -> None:
    asked = claim(cast, shop)
    assert Notice.objects.filter(kind="organisation-claimed", recipient=cast.olga.id).exists()

    decide(cast, asked, accepted=True)

    mandate = Mandate.objects.get(organisation=shop)
    assert (mandate.person_id, mandate.role) == (cast.bruno.id, "manager")
    assert mandate.granted_by == cast.olga.user.id
    with pytest.raises(claims.ClaimDecided):
        decide(cast, asked, accepted=False, answer="No")


def test_a_refusal_says_why(cast: Cast, shop: UUID) -> None:
    asked = claim(cast, shop)
    with pytest.raises(claims.WordsMissing):
        decide(cast, asked, accepted=False)

    decide(cast, asked, accepted=False, answer="Il presidente è un altro")

    [notice] = Notice.objects.filter(recipient=cast.bruno.id, kind="organisation-claim-refused")
    assert notice.params["note"] == "Il presidente è un altro"
    assert not Mandate.objects.filter(organisation=shop).exists()
    claim(cast, shop)


def test_what_somebody_manages_and_what_is_no_organisation_is_not_claimed(
    cast: Cast, shop: UUID
) -> None:
    for node in (cast.lievito_id, cast.common_id, cast.federation_id, cast.ada.id):
        with pytest.raises(claims.NotToBeClaimed):
            claim(cast, node)
    with pytest.raises(claims.WordsMissing):
        claim(cast, shop, words=" ")
    claim(cast, shop)
    with pytest.raises(claims.AlreadyClaimed):
        claim(cast, shop)


def test_a_claim_is_made_and_answered_on_the_pages(cast: Cast, shop: UUID) -> None:
    bruno, olga = client_of(cast.bruno), client_of(cast.olga)
    assert "Chiedi la scheda" in text(bruno.get(f"/directory/{shop}/"))
    assert "Chiedi la scheda" not in text(bruno.get(f"/directory/{cast.lievito_id}/"))
    assert "Chiedi la scheda" not in text(olga.get(f"/directory/{shop}/"))

    bruno.post(f"/organisations/{shop}/claims/", {"words": "Ne sono il presidente"})

    assert "Chiedi la scheda" not in text(bruno.get(f"/directory/{shop}/"))
    assert "Bruno Fedrizzi per Bottega di Cles" in text(olga.get("/claims/"))
    [asked] = queries.claims(decided=False)
    olga.post(f"/claims/{asked.id}/decision/", {"accepted": "1"})
    assert Claim.objects.get().state == "accepted"
    assert "Accolta" in text(olga.get("/claims/"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Scrivi chi sei per questa organizzazione."),
        ("x" * 301, "qui stanno 300 caratteri, e ora sono 301"),
        ("a\0b", "c’è un carattere che non si può usare"),
    ],
)
def test_a_claim_in_words_that_cannot_be_used_is_asked_again_with_them(
    cast: Cast, shop: UUID, words: str, sentence: str
) -> None:
    answer = client_of(cast.bruno).post(f"/organisations/{shop}/claims/", {"words": words})

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert 'aria-invalid="true"' in text(answer)
    assert words.replace("\0", "") in text(answer).replace("\0", "")
    assert not Claim.objects.exists()


def test_a_refusal_without_a_reason_is_asked_again_beside_its_claim(cast: Cast, shop: UUID) -> None:
    asked = claim(cast, shop)
    olga = client_of(cast.olga)

    answer = olga.post(f"/claims/{asked}/decision/", {"accepted": "0", "answer": ""})
    long = olga.post(f"/claims/{asked}/decision/", {"accepted": "0", "answer": "perché " * 60})

    assert answer.status_code == long.status_code == 422
    assert "Scrivi perché non si accoglie" in text(answer)
    assert "qui stanno 300 caratteri" in text(long)
    assert ("perché " * 60).strip() in text(long)
    assert Claim.objects.get().state == "open"
