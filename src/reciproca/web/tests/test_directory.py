"""The directory's pages: the same for strangers and members, quick, and never a person in them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.makers import NOON, Cast, client_of, make_cast, make_organisation

from reciproca.registry import actions
from reciproca.registry.forms import OrganisationIn
from reciproca.valueback.actions import commit_rate, set_acceptance_limit

pytestmark = pytest.mark.django_db

CLES = "022062"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_count_is_said_in_words(cast: Cast) -> None:
    assert "1 organizzazione per “lievito”" in page("/directory/?q=lievito")
    assert "in provincia di Trento" in page("/directory/?province=TN")


def test_nobody_found_says_what_to_do(cast: Cast) -> None:
    text = page("/directory/?q=zzz")

    assert "Non abbiamo trovato nessuno" in text
    assert "Mostra tutti" in text


@pytest.mark.parametrize(
    "query",
    ["page=999", "page=x", "page=-1", "page=" + "9" * 5_000, "sector=boh", "view=boh", "q=%27%3B"],
)
def test_a_strange_address_still_gets_a_page(cast: Cast, query: str) -> None:
    page(f"/directory/?{query}")


def test_an_address_that_no_page_ever_makes_is_refused(cast: Cast) -> None:
    assert Client().get("/directory/?q=%00").status_code == 400


def test_who_takes_no_credits_is_left_out_when_asked(cast: Cast) -> None:
    set_acceptance_limit(
        seller_id=cast.lievito_id,
        share_bp=0,
        valid_from=NOON.date(),
        recorded_by=None,
    )

    text = page("/directory/?credits=1")

    assert "Panificio Il Lievito" not in text
    assert "Caseificio Roncolago" in text
    assert "Botteghe di paese" not in text
    assert "Non accetta crediti" in page(f"/directory/{cast.lievito_id}/")


def test_an_organisation_says_what_it_gives_back(cast: Cast) -> None:
    commit_rate(seller_id=cast.lievito_id, rate_bp=450, valid_from=NOON.date(), recorded_by=None)

    assert "4,5%" in page(f"/directory/{cast.lievito_id}/")


def test_a_person_has_no_public_page(cast: Cast) -> None:
    assert Client().get(f"/directory/{cast.ada.id}/").status_code == 404


def test_a_firm_with_a_persons_tax_code_keeps_it_to_itself() -> None:
    firm = make_organisation(kind="company", tax_code="RSSMRA85T10A562S")

    assert "RSSMRA85T10A562S" not in page(f"/directory/{firm}/")


def test_a_member_asks_to_join_from_the_page_of_a_cooperative(cast: Cast) -> None:
    bruno = client_of(cast.bruno)
    assert "Chiedi di entrare" in bruno.get(f"/directory/{cast.roncolago_id}/").content.decode()

    bruno.post(f"/cooperatives/{cast.roncolago_id}/applications/")

    own = bruno.get("/profile/").content.decode()
    assert "Caseificio Roncolago" in own
    assert "Domanda presentata" in own
    assert "Chiedi di entrare" not in bruno.get(f"/directory/{cast.roncolago_id}/").content.decode()


def test_a_list_costs_as_many_statements_with_ten_as_with_a_hundred(cast: Cast) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get("/directory/?view=map").status_code == 200
        return len(asked)

    few = statements()
    actions.register_organisations(
        organisations=[OrganisationIn(name=f"Coop {i}", municipality=CLES) for i in range(100)],
        recorded_by=None,
        recorded_at=NOON,
    )

    assert statements() == few
