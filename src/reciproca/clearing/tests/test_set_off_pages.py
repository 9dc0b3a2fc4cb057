"""An officer proposes to cancel debts that run in circles; managers read their part and answer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.makers import NOON, Cast, client_of, make_cast, make_organisation

from reciproca.clearing.models import ClearingRun, SetOffAnswer, SetOffProposal
from reciproca.clearing.tests.test_pages import text
from reciproca.ledger import actions as ledger
from reciproca.ledger.rules import Move, Posting, clearing
from reciproca.shared.ids import fact_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Lievito and Roncolago owe each other; what one owes the common fund hangs on nothing."""
    cast = make_cast()
    owe(cast.lievito_id, cast.roncolago_id, 9_000)
    owe(cast.roncolago_id, cast.lievito_id, 2_500)
    owe(cast.lievito_id, cast.common_id, 700)
    return cast


@pytest.fixture
def olga(cast: Cast) -> Client:
    return client_of(cast.olga)


def owe(debtor: object, creditor: object, cents: int) -> None:
    move = Move(clearing(node=debtor), clearing(node=creditor), cents, "spend-owed")
    ledger.post([Posting(fact_id(), NOON, [move])])


def propose(olga: Client, label: str = "Cerchi di giugno") -> SetOffProposal:
    told = {
        "label": label,
        "until": "2025-12-31",
        "answers_by": (timezone.localdate() + timedelta(days=7)).isoformat(),
    }
    answer = olga.post("/clearing/set-offs/", told)
    assert answer.status_code == 302
    return SetOffProposal.objects.get(label=label)


def test_a_circle_is_simulated_accepted_by_both_and_cancelled(cast: Cast, olga: Client) -> None:
    proposal = propose(olga)
    page, own = f"/clearing/set-offs/{proposal.id}/", f"/clearing/set-offs/{proposal.id}/own/"
    ada, dario = client_of(cast.ada), client_of(cast.dario)

    simulated = text(olga.get(page))
    assert "50,00 €" in simulated
    assert "Concludi" not in simulated
    desk = text(ada.get("/desk/"))
    assert "25,00 € di debiti da annullare in cerchio" in desk
    assert own in desk
    mine = text(ada.get(own))
    assert "Rinunciate a ricevere" in mine
    assert "-72,00 €" in mine.replace("−", "-")
    assert "Caseificio Roncolago" in mine

    assert "Risposta registrata" in text(ada.post(own, {"accepted": "yes"}, follow=True))
    dario.post(own, {"accepted": "yes"})
    olga.post(f"{page}closing/")

    done = text(olga.get(page))
    assert "Annullati" in done
    assert "50,00 €" in done
    assert "Che cosa è cambiato" in text(ada.get(own))
    assert "di debiti da annullare in cerchio" not in text(ada.get("/desk/"))
    run = ClearingRun.objects.get()
    assert olga.get(f"/clearing/runs/{run.id}/").headers["Location"] == page
    debt = run.obligations.get(debtor=cast.lievito_id)
    assert "Il debito intero" in text(ada.get(f"/clearing/obligations/{debt.id}/"))


def test_an_answer_on_paper_is_written_down_by_an_officer(cast: Cast, olga: Client) -> None:
    proposal = propose(olga)
    party = f"/clearing/set-offs/{proposal.id}/parties/{cast.roncolago_id}/"

    assert "su carta" in text(olga.get(party))
    olga.post(party, {"accepted": "no"})

    answer = SetOffAnswer.objects.get()
    assert (answer.accepted, answer.on_paper, answer.answered_by) == (
        False,
        True,
        cast.olga.user.pk,
    )
    assert olga.post(party, {"accepted": "forse"}).status_code == 422


def test_what_cannot_be_proposed_or_concluded_is_told_and_kept(cast: Cast, olga: Client) -> None:
    told = {"label": "domani", "until": "2099-12-31", "answers_by": "2099-12-31"}
    future = olga.post("/clearing/set-offs/", told)
    late = olga.post(
        "/clearing/set-offs/", told | {"until": "2025-12-31", "answers_by": "2025-12-31"}
    )

    assert (future.status_code, late.status_code) == (422, 422)
    assert "scegli un giorno fino a oggi" in text(future)
    assert 'value="domani"' in text(future)
    assert "Lascia almeno fino a domani per rispondere" in text(late)

    page = f"/clearing/set-offs/{propose(olga).id}/"
    early = olga.post(f"{page}closing/")
    assert early.status_code == 409
    assert "Ne mancano ancora 2" in text(early)
    olga.post(f"{page}withdrawal/")
    assert "non si è mosso niente" in text(olga.get(page))
    answered = client_of(cast.ada).post(f"{page}own/", {"accepted": "yes"})
    assert "le risposte non si cambiano più" in text(answered)


def test_who_is_in_no_circle_sees_no_proposal(cast: Cast, olga: Client) -> None:
    outside = make_organisation()
    proposal = propose(olga)

    assert olga.get(f"/clearing/set-offs/{proposal.id}/parties/{outside}/").status_code == 404
    for who in (cast.bruno, cast.elsa):
        assert client_of(who).get(f"/clearing/set-offs/{proposal.id}/own/").status_code == 404


def test_a_proposal_costs_the_same_queries_for_few_and_many(cast: Cast, olga: Client) -> None:
    def queries_of(proposal: SetOffProposal) -> int:
        with CaptureQueriesContext(connection) as captured:
            olga.get(f"/clearing/set-offs/{proposal.id}/?q=o")
        return len(captured)

    first = propose(olga)
    few = queries_of(first)
    olga.post(f"/clearing/set-offs/{first.id}/withdrawal/")
    for _ in range(12):
        node = make_organisation()
        owe(cast.lievito_id, node, 100)
        owe(node, cast.lievito_id, 100)

    assert queries_of(propose(olga, "tanti")) == few
