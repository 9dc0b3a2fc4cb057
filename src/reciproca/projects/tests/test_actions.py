"""A fund's call: proposed, checked, voted, paid against receipts, told; and never over-funded."""

from datetime import timedelta
from io import BytesIO
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from PIL import Image
from tests.makers import NOON, Cast, make_cast, make_organisation

from reciproca.ballots.actions import close_due_ballots
from reciproca.ledger import queries as ledger
from reciproca.ledger.rules import clearing
from reciproca.notices.models import Notice
from reciproca.projects import actions, queries
from reciproca.projects.models import Award, Photo, Project, Tranche
from reciproca.projects.tests.world import (
    CLOSES,
    VOTING,
    assess,
    call,
    close_voting,
    decide,
    fund,
    funded,
    hand_in,
    open_voting,
    photo,
    propose,
    report,
    vote,
)
from reciproca.registry.models import Node
from reciproca.registry.rules import NameUnreadable
from reciproca.shared.ids import uuid7
from reciproca.shared.photos import LONGEST_SIDE, PhotoTooLarge, PhotoUnreadable
from reciproca.valueback.models import Gift

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_fund_promises_only_what_it_has_and_has_not_promised(cast: Cast) -> None:
    fund(cast, 10_000)
    call(cast, 6_000)

    with pytest.raises(actions.BudgetBeyondFund, match="40,00"):
        call(cast, 4_001)
    call(cast, 4_000)
    assert queries.free_cents(fund_id=cast.common_id) == 0
    with pytest.raises(actions.FundUnknown):
        call(cast, 1, fund_id=cast.lievito_id)
    with pytest.raises(actions.DayPast):
        call(cast, 1, proposals_by=NOON.date() - timedelta(days=1))


def test_what_the_vote_did_not_give_away_is_free_again(cast: Cast) -> None:
    project = funded(cast, 4_000)
    assert queries.free_cents(fund_id=cast.common_id) == 6_000

    decide(hand_in(project, 1_500))

    assert queries.free_cents(fund_id=cast.common_id) == 6_000


def test_a_proposal_needs_costs_within_the_budget_and_comes_in_time(cast: Cast) -> None:
    fund(cast, 10_000)
    call_id = call(cast)

    with pytest.raises(actions.CostBeyondBudget, match="100,00"):
        propose(call_id, cast.lievito_id, 10_001)
    with pytest.raises(actions.CostsMissing):
        propose(call_id, cast.lievito_id, 1)
    with pytest.raises(actions.ProposalsOver, match="30/06/2025"):
        propose(call_id, cast.lievito_id, 100, at=VOTING)
    with pytest.raises(actions.CallUnknown):
        propose(uuid4(), cast.lievito_id, 100)
    with pytest.raises(NameUnreadable):
        propose(call_id, cast.lievito_id, 100, "🚲")
    assert not Project.objects.exists()


def test_a_refusal_has_a_reason_and_each_project_is_assessed_once(cast: Cast) -> None:
    fund(cast, 10_000)
    project = propose(call(cast), cast.lievito_id, 4_000)

    with pytest.raises(actions.ReasonMissing):
        assess(project, 4_000, admissible=False, reason=" ")
    assess(project, 4_000, admissible=False, reason="Il terreno non è nostro")
    with pytest.raises(actions.AlreadyAssessed):
        assess(project, 4_000)
    told = Notice.objects.get(kind="project-refused", recipient=cast.ada.id)
    assert told.params["reason"] == "Il terreno non è nostro"


def test_a_vote_opens_when_proposals_are_over_and_all_are_assessed(cast: Cast) -> None:
    fund(cast, 10_000)
    call_id = call(cast)
    first, second = (propose(call_id, cast.lievito_id, 4_000, name) for name in ("Forno", "Prato"))
    assess(first, 4_000)

    with pytest.raises(actions.NotYetAssessed, match="1"):
        open_voting(cast, call_id)
    assess(second, 4_000, admissible=False, reason="Non serve")
    with pytest.raises(actions.ProposalsStillOpen, match="30/06/2025"):
        actions.open_voting(
            call_id=call_id,
            federation_id=cast.federation_id,
            closes_at=CLOSES,
            opened_by=None,
            opened_at=NOON,
        )
    open_voting(cast, call_id)
    with pytest.raises(actions.AlreadyVoting):
        open_voting(cast, call_id)


def test_where_nothing_is_admitted_there_is_no_vote(cast: Cast) -> None:
    fund(cast, 10_000)
    call_id = call(cast)
    assess(propose(call_id, cast.lievito_id, 100), 100, admissible=False, reason="No")

    with pytest.raises(actions.NothingToVote):
        open_voting(cast, call_id)


def test_members_choose_and_the_page_says_why_each_won_or_lost(cast: Cast) -> None:
    fund(cast, 10_000)
    call_id = call(cast, method="mes")
    oven, meadow = (
        propose(call_id, cast.lievito_id, 4_000, "Forno"),
        propose(call_id, cast.roncolago_id, 8_000, "Prato"),
    )
    assess(oven, 3_000)
    assess(meadow, 8_000)
    open_voting(cast, call_id)
    vote(call_id, cast.bruno.id, meadow)
    vote(call_id, cast.bruno.id, oven, meadow)
    vote(call_id, cast.carla.id, meadow)
    vote(call_id, cast.ada.id)

    [award] = close_voting(call_id)

    assert close_voting(call_id) == [award]
    assert (award.project, award.granted_cents) == (oven, 3_000)
    row = queries.call_named(call_id=call_id, today=CLOSES.date(), now=CLOSES)
    assert row is not None
    assert (row.state, row.granted_cents) == ("done", 3_000)
    won, lost = queries.projects_of(call=row)
    assert (won.state, lost.state) == ("won", "lost")
    assert won.why is not None
    assert won.why.each_at_most == 3_000
    assert lost.why is not None
    assert (lost.why.supporters, int(lost.why.together or 0)) == (2, 3_666)
    node = Node.objects.get(pk=award.node_id)
    assert (node.kind, node.held_by_id, node.name) == ("project", cast.lievito_id, "Forno")


def test_of_equal_projects_the_page_says_why_of_the_one_that_was_drawn(cast: Cast) -> None:
    fund(cast, 50_000)
    for turn in range(5):
        call_id = call(cast, method="greedy")
        both = [propose(call_id, cast.lievito_id, 9_000, name) for name in ("Forno", "Prato")]
        for project in both:
            assess(project, 9_000)
        open_voting(cast, call_id)
        vote(call_id, cast.bruno.id, both[0])
        vote(call_id, cast.carla.id, both[1])

        [award] = close_voting(call_id)

        row = queries.call_named(call_id=call_id, today=CLOSES.date(), now=CLOSES)
        assert row is not None
        for each in queries.projects_of(call=row):
            assert each.why is not None, turn
            assert (each.why.place is not None) is (each.id == award.project_id), turn


def test_the_hour_grants_what_won_just_as_an_officer_does(cast: Cast) -> None:
    fund(cast, 10_000)
    call_id = call(cast)
    project = propose(call_id, cast.lievito_id, 4_000)
    assess(project, 4_000)
    open_voting(cast, call_id)
    vote(call_id, cast.bruno.id, project)

    assert close_due_ballots() == 1

    award = Award.objects.get()
    assert (award.project, award.granted_cents) == (project, 4_000)
    assert queries.free_cents(fund_id=cast.common_id) == 6_000
    assert close_voting(call_id) == [award]


def test_a_receipt_is_paid_once_by_a_debt_of_the_fund(cast: Cast) -> None:
    project = funded(cast)
    key = uuid4()
    receipt = hand_in(project, 1_500, key=key)

    assert hand_in(project, 1_500, key=key) == receipt
    tranche = decide(receipt)

    award = Award.objects.get()
    assert ledger.balance(clearing(node=award.node_id)) == tranche.amount_cents == 1_500
    assert ledger.balance(clearing(node=cast.common_id)) == 8_500
    later = CLOSES + timedelta(days=1)
    [owed] = ledger.pair_totals(purpose="clearing", codes=["tranche"], before=later)
    assert (owed.debit_owner, owed.credit_owner, owed.amount) == (
        cast.common_id,
        award.node_id,
        1_500,
    )
    with pytest.raises(actions.AlreadyDecided):
        decide(receipt)


def test_a_refused_receipt_moves_nothing_and_says_why(cast: Cast) -> None:
    project = funded(cast)
    receipt = hand_in(project, 1_500)

    with pytest.raises(actions.ReasonMissing):
        decide(receipt, accepted=False)
    decide(receipt, accepted=False, reason="Manca la partita IVA")

    assert ledger.balance(clearing(node=Award.objects.get().node_id)) == 0
    assert Notice.objects.filter(kind="project-unpaid", recipient=cast.ada.id).exists()


def test_no_project_is_paid_more_than_it_was_granted_gifts_included(cast: Cast) -> None:
    project = funded(cast, 4_000)
    first, second = hand_in(project, 2_500), hand_in(project, 1_500)
    decide(first)
    give(Award.objects.get(), cast, 100)

    with pytest.raises(actions.BeyondGrant, match="14,00"):
        decide(second)
    with pytest.raises(actions.BeyondGrant):
        hand_in(project, 1_401)
    decide(hand_in(project, 1_400))
    page = queries.project_page(project_id=project.id, today=CLOSES.date(), now=CLOSES)
    assert page is not None
    assert page.money is not None
    assert (page.money.paid_cents, page.money.given_cents, page.money.left_cents) == (3_900, 100, 0)


def give(award: Award, cast: Cast, cents: int) -> None:
    Gift.objects.create(
        id=uuid7(),
        key="dono",
        giver_id=cast.bruno.id,
        project_id=award.node_id,
        amount_cents=cents,
        happened_at=CLOSES,
        recorded_at=CLOSES,
    )


def test_the_database_refuses_awards_beyond_the_budget_and_tranches_beyond_the_grant(
    cast: Cast,
) -> None:
    project = funded(cast, 4_000)
    other = propose_late(project)
    with pytest.raises(IntegrityError, match="would pass them"), transaction.atomic():
        Award.objects.create(project=other, node_id=cast.project_id, granted_cents=6_001)
    receipt = hand_in(project, 3_000)
    decide(hand_in(project, 2_000))

    for cents in (3_000, 1):
        with pytest.raises(IntegrityError, match="are not paid"), transaction.atomic():
            Tranche.objects.create(id=uuid7(), receipt=receipt, amount_cents=cents)
    with (
        pytest.raises(Exception, match="never allowed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE projects_award SET granted_cents = 1")


def propose_late(project: Project) -> Project:
    return Project.objects.create(
        id=uuid7(),
        call_id=project.call_id,
        proposer_id=project.proposer_id,
        key=uuid4(),
        title="Altro",
        text="",
    )


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_pay_at_once_pay_within_the_grant(cast: Cast) -> None:
    project = funded(cast, 4_000)
    receipts = [hand_in(project, 2_500), hand_in(project, 2_500)]
    barrier = Barrier(2)
    told: list[int | str] = []

    def pay(number: int) -> None:
        try:
            barrier.wait()
            told.append(decide(receipts[number]).amount_cents)
        except actions.BeyondGrant as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=pay, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told, key=str) == [2_500, "beyond-grant"]
    assert ledger.balance(clearing(node=Award.objects.get().node_id)) == 2_500


def test_only_who_proposed_hands_in_receipts_and_reports(cast: Cast) -> None:
    project = funded(cast)
    project.proposer_id = make_organisation()

    with pytest.raises(actions.AwardUnknown):
        hand_in(project, 100)
    with pytest.raises(actions.AwardUnknown):
        report(project)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_small_upright_and_says_nothing_of_its_maker(cast: Cast, kind: str) -> None:
    original = photo(3_000, 1_000, kind=kind)
    assert b"Fotocamera" in original

    report(funded(cast), original)

    kept = Photo.objects.get()
    with Image.open(BytesIO(bytes(kept.content))) as made:
        assert (made.format, made.size) == ("JPEG", (kept.width, kept.height))
        assert not made.getexif()
        assert max(made.size) <= LONGEST_SIDE
        # The camera had been held on its side.
        assert made.height > made.width
    assert b"Fotocamera" not in bytes(kept.content)


def test_photos_that_cannot_be_read_or_unfold_too_far_are_refused(cast: Cast) -> None:
    project = funded(cast)
    with pytest.raises(PhotoUnreadable):
        report(project, b"<svg onload=alert(1)>")
    with pytest.raises(PhotoUnreadable):
        report(project, photo()[:200])
    with pytest.raises(PhotoTooLarge):
        report(project, photo(10_000, 5_001))
    with pytest.raises(actions.TooManyPhotos):
        report(project, *[photo()] * 4)
    key = uuid4()
    assert report(project, photo(), key=key) == report(project, photo(), key=key)
    assert Photo.objects.count() == 1
