"""From the form of new criteria to the page that anybody reads, as an officer goes."""

import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.makers import Cast, adopt_policy, client_of, make_cast

from reciproca.shared.models import LARGEST_DOCUMENT_BYTES

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def criteria(cast: Cast, **changes: str) -> dict[str, str]:
    written = {
        "title": "Criteri 2026",
        "member_share": "40%",
        "member_name_it": "A te",
        "member_name_en": "To you",
        "member_part": "own",
        "pool": "",
        "common_share": "3/10",
        "common_node": str(cast.common_id),
        "territory_share": "0,2",
        "territory_node": str(cast.territory_id),
        "solidarity_share": "1/10",
        "solidarity_node": str(cast.solidarity_id),
        "expires_after_years": "1",
        "expired_to": str(cast.solidarity_id),
    }
    for key, name in (("common", "Comune"), ("territory", "Luoghi"), ("solidarity", "Insieme")):
        written |= {f"{key}_name_it": name, f"{key}_name_en": name}
    return {**written, **changes}


def resolution(**changes: object) -> dict[str, object]:
    return {
        "title": "Criteri di ritorno",
        "adopted_on": "2025-01-10",
        "protocol_number": "3/2025",
        "minutes": SimpleUploadedFile("verbale.pdf", b"%PDF-1.7"),
        "in_force_on": "2025-02-01",
        "legal_basis": "Statuto",
        "legal_basis_confirmed_by": "Avv. Rita Prova",
        **changes,
    }


def written_document(olga: Client, cast: Cast) -> str:
    answer = olga.post("/policies/new/", criteria(cast, territory_share="1/5"))
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)["document"][0]


def test_an_officer_writes_criteria_records_the_resolution_and_anybody_reads(cast: Cast) -> None:
    olga = client_of(cast.olga)
    document = written_document(olga, cast)
    draft = olga.get("/policies/adoption/", {"document": document}).content.decode()
    assert "2/5 per “A te”" in draft

    answer = olga.post("/policies/adoption/", {"document": document, **resolution()})

    digest = hashlib.sha256(document.encode()).hexdigest()
    assert answer.headers["Location"] == f"/policies/{digest}/"
    page = Client().get(f"/policies/{digest}/").content.decode()
    assert "3/10 per “Comune”, nel fondo “Fondo comune”" in page
    assert "Avv. Rita Prova" in page
    assert Client().get(f"/policies/{digest}/document.json").content.decode() == document
    assert "In vigore" in olga.get("/policies/").content.decode()


def test_the_form_begins_with_the_criteria_that_run(cast: Cast) -> None:
    adopt_policy(cast, title="Quelli di prima")

    text = client_of(cast.olga).get("/policies/new/").content.decode()

    assert 'value="Quelli di prima"' in text
    assert 'value="2/5"' in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"territory_share": "1/10"}, "Le quote dei rami devono fare 1 in tutto"),
        ({"territory_share": "un po’"}, "non è una frazione"),
        ({"territory_node": ""}, "Scegli il fondo in cui arriva la parte “Luoghi”"),
        ({"member_part": "pooled"}, "scegli il fondo che la raccoglie"),
        ({"expires_after_years": "99"}, "Scrivi un numero fino a 10."),
        ({"title": ""}, "Titolo"),
    ],
)
def test_a_mistake_keeps_what_was_written_and_says_what_to_do(
    cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    answer = client_of(cast.olga).post(
        "/policies/new/", criteria(cast, **{"territory_share": "1/5", **changes})
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert 'value="Comune"' in text


@pytest.mark.parametrize(
    ("changes", "place", "sentence"),
    [
        ({"minutes": SimpleUploadedFile("verbale.pdf", b"ciao")}, "minutes", "non è un PDF"),
        ({"minutes": SimpleUploadedFile("verbale.pdf", b"")}, "minutes", "Il file è vuoto"),
        (
            {"minutes": SimpleUploadedFile("verbale.pdf", b"%PDF" + bytes(LARGEST_DOCUMENT_BYTES))},
            "minutes",
            "Questo file supera 10 MB",
        ),
        ({"legal_basis": ""}, "legal_basis", "Base giuridica"),
        ({"adopted_on": "2999-01-01"}, "adopted_on", "Controlla l’anno"),
        (
            {"in_force_on": "2024-12-01"},
            "in_force_on",
            "non possono valere da prima della delibera",
        ),
        ({"adopted_on": "2150-01-01", "in_force_on": "2150-01-02"}, "adopted_on", "data futura"),
    ],
)
def test_a_resolution_that_is_not_complete_is_sent_back(
    cast: Cast, changes: dict[str, object], place: str, sentence: str
) -> None:
    olga = client_of(cast.olga)
    document = written_document(olga, cast)

    answer = olga.post("/policies/adoption/", {"document": document, **resolution(**changes)})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'id="id_{place}_error"' in answer.content.decode()


def test_a_resolution_without_criteria_leads_back_to_writing_them(cast: Cast) -> None:
    page = client_of(cast.olga).get("/policies/adoption/", follow=True)

    assert page.redirect_chain == [("/policies/new/", 302)]
    assert "Prima scrivi i criteri" in page.content.decode()
    assert "Sono i primi" in page.content.decode()


def test_what_is_left_empty_says_what_to_write_there(cast: Cast) -> None:
    olga = client_of(cast.olga)
    document = written_document(olga, cast)

    adoption = olga.post("/policies/adoption/", {"document": document}).content.decode()
    policy = olga.post("/policies/new/", {"title": ""}).content.decode()

    assert "Allega il verbale della delibera, in PDF." in adoption
    assert "Scrivi un titolo" in policy
    assert "obbligatorio" not in adoption + policy


@pytest.mark.parametrize("document", ["", "{", "[]", '{"kind":"boh"}', '{"kind":"value-back"}'])
def test_a_document_that_nobody_can_run_is_refused_before_the_form(
    cast: Cast, document: str
) -> None:
    answer = client_of(cast.olga).get("/policies/adoption/", {"document": document})

    assert answer.status_code == 422
    assert 'class="refusal"' in answer.content.decode()


def test_a_hash_that_names_nothing_is_a_page_that_is_not_there() -> None:
    assert Client().get(f"/policies/{'0' * 64}/").status_code == 404
