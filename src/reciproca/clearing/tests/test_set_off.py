"""Debts that run in circles are simulated, put to who is concerned, and cancelled if they agree."""

from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from reciproca.clearing import actions, queries
from reciproca.clearing.models import (
    ClearingRun,
    Obligation,
    RunKind,
    SetOffAnswer,
    SetOffProposal,
)
from reciproca.clearing.rules import Obligation as Owed
from reciproca.clearing.rules import positions
from reciproca.ledger import actions as ledger
from reciproca.ledger import queries as balances
from reciproca.ledger.models import Transfer
from reciproca.ledger.rules import Move, Posting, clearing
from reciproca.notices.models import Notice
from reciproca.refunds.tests.cast import AFTERWARDS, make_community, make_cooperative
from reciproca.registry import actions as registry
from reciproca.registry.forms import PersonIn
from reciproca.registry.models import Community
from reciproca.shared.ids import fact_id

pytestmark = pytest.mark.django_db

YEAR_END = date(2025, 12, 31)
ANSWERS_BY = AFTERWARDS.date() + timedelta(days=14)
LATER = AFTERWARDS + timedelta(days=15)
A, B, C, D = NODES = tuple(UUID(int=number) for number in range(1, 5))

# The example clearing_02, and a circle of the two first that does not need the others.
DEBTS = [(A, B, 10_000), (B, C, 10_000), (C, D, 4_000), (D, B, 3_000), (B, A, 500)]


@pytest.fixture
def federation() -> UUID:
    make_community()
    for node in NODES:
        make_cooperative(f"coop{node.int}", node_id=node)
    return Community.objects.get().federation_id


@pytest.fixture
def proposal(federation: UUID) -> SetOffProposal:
    owe(*DEBTS)
    return propose(federation)


def owe(*debts: tuple[UUID, UUID, int]) -> None:
    """Let debts arise as if credit of one had been spent at another."""
    ledger.post(
        [
            Posting(
                fact_id(),
                AFTERWARDS.replace(year=2025, month=6),
                [Move(clearing(node=one), clearing(node=other), cents, "spend-owed")],
            )
            for one, other, cents in debts
        ]
    )


def propose(federation: UUID, label: str = "Cerchi 2025") -> SetOffProposal:
    return actions.propose_set_off(
        label=label,
        until=YEAR_END,
        answers_by=ANSWERS_BY,
        federation_id=federation,
        proposed_by=None,
        proposed_at=AFTERWARDS,
    )


def answer(proposal: SetOffProposal, accepted: bool, *nodes: UUID) -> None:
    for node in nodes:
        actions.answer_set_off(
            proposal_id=proposal.id,
            node_id=node,
            accepted=accepted,
            on_paper=False,
            answered_by=None,
            answered_at=AFTERWARDS,
        )


def close(proposal: SetOffProposal, *, late: bool = False) -> ClearingRun | None:
    return actions.close_set_off(
        proposal_id=proposal.id, closed_by=None, closed_at=LATER if late else AFTERWARDS
    )


def standing() -> dict[UUID, int]:
    return {node: balances.balance(clearing(node=node)) for node in NODES}


def cancelled(run: ClearingRun | None) -> set[tuple[UUID, UUID, int]]:
    assert run is not None
    return set(run.obligations.values_list("debtor", "creditor", "amount_cents"))


def test_a_proposal_moves_nothing_and_asks_who_is_in_a_circle(proposal: SetOffProposal) -> None:
    assert (proposal.owed_cents, proposal.set_off_cents) == (27_500, 10_000)
    assert proposal.only_way
    assert set(proposal.parties.values_list("node", "amount_cents")) == {
        (A, 500),
        (B, 3_500),
        (C, 3_000),
        (D, 3_000),
    }
    assert not Transfer.objects.filter(code="netted").exists()


def test_what_everybody_accepts_is_cancelled_and_everybody_stays_where_they_were(
    proposal: SetOffProposal,
) -> None:
    before = standing()
    answer(proposal, True, *NODES)

    run = close(proposal)

    assert cancelled(run) == {
        (A, B, 500),
        (B, A, 500),
        (B, C, 3_000),
        (C, D, 3_000),
        (D, B, 3_000),
    }
    assert standing() == before
    assert not any(positions(Owed(*each) for each in cancelled(run)).values())
    assert set(queries.open_obligations(until=YEAR_END)) == {
        (A, B, 9_500),
        (B, C, 7_000),
        (C, D, 1_000),
    }
    assert not Transfer.objects.filter(code="to_pay").exists()


def test_netting_afterwards_leaves_the_same_payments_as_without(proposal: SetOffProposal) -> None:
    answer(proposal, True, *NODES)
    close(proposal)

    run = actions.run_clearing(
        label="2025", until=YEAR_END, recorded_by=None, recorded_at=AFTERWARDS
    )

    assert set(run.payments.values_list("debtor", "creditor", "amount_cents")) == {
        (A, C, 6_000),
        (A, B, 2_500),
        (A, D, 1_000),
    }
    first = run.obligations.get(debtor=A, creditor=B)
    assert (first.amount_cents, queries.behind(obligation=first).other_cents) == (9_500, 500)


def test_who_refuses_stays_out_and_only_circles_without_them_close(
    proposal: SetOffProposal,
) -> None:
    answer(proposal, True, A, B, C)
    answer(proposal, False, D)

    assert cancelled(close(proposal)) == {(A, B, 500), (B, A, 500)}


def test_who_says_nothing_stays_out_after_the_last_day_and_is_waited_for_until_then(
    proposal: SetOffProposal,
) -> None:
    answer(proposal, True, B, C, D)

    with pytest.raises(actions.AnswersAwaited, match="18/05/2026"):
        close(proposal)
    assert cancelled(close(proposal, late=True)) == {
        (B, C, 3_000),
        (C, D, 3_000),
        (D, B, 3_000),
    }


def test_nobody_gives_up_more_on_any_debt_than_they_accepted(federation: UUID) -> None:
    # Two circles through A and B: while C is in, A and B give up half to each.
    owe((A, B, 10), (B, C, 6), (C, A, 6), (B, D, 6), (D, A, 6))
    proposal = propose(federation)
    asked = dict(proposal.lines.values_list("debtor", "amount_cents").filter(creditor=A))
    answer(proposal, True, A, B, D)
    answer(proposal, False, C)

    assert asked[C] + asked[D] == 10
    assert cancelled(close(proposal)) == {(A, B, asked[D]), (B, D, asked[D]), (D, A, asked[D])}


def test_of_several_answers_the_last_one_counts_until_the_end(proposal: SetOffProposal) -> None:
    answer(proposal, False, *NODES)
    answer(proposal, True, *NODES)
    answer(proposal, False, A)

    assert (A, B, 500) not in cancelled(close(proposal))
    with pytest.raises(actions.ProposalClosed):
        answer(proposal, True, A)
    with pytest.raises(actions.NotAsked):
        answer(proposal, True, UUID(int=99))


def test_however_they_answer_a_proposal_is_one_row_with_true_counts(
    proposal: SetOffProposal,
) -> None:
    answer(proposal, True, A, B)
    answer(proposal, False, C)

    (row,) = queries.proposals()
    assert row == queries.proposal_named(proposal_id=proposal.id)
    assert (row.party_count, row.accepted_count, row.refused_count) == (4, 2, 1)
    assert row.waiting_count == 1


def test_closed_again_it_is_the_same_set_off(proposal: SetOffProposal) -> None:
    answer(proposal, True, *NODES)
    first, transfers = close(proposal), Transfer.objects.count()

    assert close(proposal) == first
    assert Transfer.objects.count() == transfers


def test_where_no_circle_is_left_nothing_moves(proposal: SetOffProposal) -> None:
    answer(proposal, False, *NODES)

    assert close(proposal) is None
    row = queries.proposal_named(proposal_id=proposal.id)
    assert row is not None
    assert (row.state, row.refused_count) == ("withdrawn", 4)


def test_a_proposal_that_a_netting_overtook_is_refused_and_can_be_withdrawn(
    proposal: SetOffProposal, federation: UUID
) -> None:
    answer(proposal, True, *NODES)
    actions.run_clearing(label="2025", until=YEAR_END, recorded_by=None, recorded_at=AFTERWARDS)

    with pytest.raises(actions.ProposalOvertaken):
        close(proposal)
    actions.withdraw_set_off(proposal_id=proposal.id, withdrawn_by=None, withdrawn_at=AFTERWARDS)
    assert not ClearingRun.objects.filter(kind=RunKind.SET_OFF).exists()
    with pytest.raises(actions.NothingOwed):
        propose(federation, "di nuovo")


def test_what_is_done_is_not_withdrawn(proposal: SetOffProposal) -> None:
    answer(proposal, True, *NODES)
    close(proposal)

    with pytest.raises(actions.ProposalClosed):
        actions.withdraw_set_off(proposal_id=proposal.id, withdrawn_by=None, withdrawn_at=LATER)


def test_a_proposal_needs_circles_a_name_of_its_own_and_time_to_answer(federation: UUID) -> None:
    owe((A, B, 100), (B, C, 100))
    with pytest.raises(actions.NothingRunsInCircles):
        propose(federation)
    owe((C, A, 100))
    with pytest.raises(actions.LabelMissing):
        propose(federation, " ")
    propose(federation)
    with pytest.raises(actions.ProposalOpen, match="Cerchi 2025"):
        propose(federation, "altri")
    with pytest.raises(actions.LabelTaken):
        propose(federation)


def test_a_fund_in_the_circle_is_answered_for_by_who_holds_it(federation: UUID) -> None:
    fund = registry.create_fund(
        kind="fund", name="Fondo", held_by=federation, created_by=None, created_at=AFTERWARDS
    )
    owe((A, fund, 700), (fund, A, 300))

    proposal = propose(federation)

    assert set(proposal.parties.values_list("node", flat=True)) == {A, federation}
    answer(proposal, True, A)
    assert cancelled(close(proposal)) == {(A, fund, 300), (fund, A, 300)}


def test_each_reads_what_it_gives_up_what_it_is_forgiven_and_that_it_stays(
    proposal: SetOffProposal,
) -> None:
    page = queries.party_page(proposal_id=proposal.id, node_id=B)
    assert page is not None

    assert [(line.other, line.amount_cents) for line in page.gives_up] == [
        ("coop4", 3_000),
        ("coop1", 500),
    ]
    assert [(line.other, line.owed_cents, line.amount_cents) for line in page.forgiven] == [
        ("coop3", 10_000, 3_000),
        ("coop1", 500, 500),
    ]
    assert page.gives_up_cents == page.forgiven_cents == 3_500
    assert page.position_cents == 2_500

    answer(proposal, True, A, B, C)
    answer(proposal, False, D)
    close(proposal)
    after = queries.party_page(proposal_id=proposal.id, node_id=B)
    assert after is not None
    assert (after.done_cents, after.position_cents) == (500, 2_500)
    lost, kept = after.gives_up
    assert (lost.done_cents, lost.other_refused, kept.done_cents) == (0, True, 500)
    assert queries.party_page(proposal_id=proposal.id, node_id=UUID(int=9)) is None


def test_the_explanation_costs_the_same_queries_for_few_and_many(federation: UUID) -> None:
    owe(*DEBTS)
    proposal = propose(federation)
    with CaptureQueriesContext(connection) as few:
        queries.party_page(proposal_id=proposal.id, node_id=A)
    actions.withdraw_set_off(proposal_id=proposal.id, withdrawn_by=None, withdrawn_at=AFTERWARDS)
    for number in range(10, 22):
        make_cooperative(f"coop{number}", node_id=UUID(int=number))
        owe((A, UUID(int=number), 100), (UUID(int=number), A, 100))
    wide = propose(federation, "tanti")

    with CaptureQueriesContext(connection) as many:
        queries.party_page(proposal_id=wide.id, node_id=A)
    assert len(many) == len(few)


def test_the_database_refuses_a_set_off_that_takes_a_position_away(
    proposal: SetOffProposal,
) -> None:
    def one_sided(kind: RunKind) -> None:
        with transaction.atomic():
            run = ClearingRun.objects.create(
                id=fact_id(),
                kind=kind,
                label=kind,
                until=YEAR_END,
                gross_cents=5,
                net_cents=0,
                obligations_digest="",
            )
            Obligation.objects.create(
                id=fact_id(), run=run, debtor_id=A, creditor_id=B, amount_cents=5
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="changes a position"):
        one_sided(RunKind.SET_OFF)
    one_sided(RunKind.NETTING)
    with (
        pytest.raises(Exception, match="never allowed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE clearing_setoffline SET amount_cents = 1")


def test_who_manages_is_told_of_the_proposal_and_of_its_end(federation: UUID) -> None:
    manager = registry.register_person(
        person=PersonIn(name="Ada"), recorded_by=None, recorded_at=AFTERWARDS
    )
    registry.grant_mandate(
        person_id=manager,
        organisation_id=A,
        role="manager",
        starts_on=date(2025, 1, 1),
        granted_by=None,
        granted_at=AFTERWARDS,
    )
    owe(*DEBTS)
    proposal = propose(federation)
    answer(proposal, True, *NODES)
    close(proposal)

    told = Notice.objects.filter(recipient=manager, kind__startswith="set-off")
    assert [each.kind for each in told.order_by("id")] == ["set-off-asked", "set-off-done"]
    assert {each.url for each in told} == {f"/clearing/set-offs/{proposal.id}/own/"}


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_conclude_at_once_cancel_once(federation: UUID) -> None:
    owe(*DEBTS)
    proposal = propose(federation)
    answer(proposal, True, *NODES)
    barrier, runs = Barrier(2), []

    def conclude() -> None:
        try:
            barrier.wait()
            runs.append(close(proposal))
        finally:
            connection.close()

    threads = [Thread(target=conclude) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({run.id for run in runs if run}) == 1 == len(runs) - 1
    assert Transfer.objects.filter(code="netted").count() == 5
    assert SetOffAnswer.objects.count() == 4
