"""Everything is counted again; a row that was tampered with is found and named."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from tests.makers import make_cast

from reciproca.clearing import actions as clearing
from reciproca.clearing.models import ClearingRun, Payment
from reciproca.control_room import actions
from reciproca.control_room.tests.scenario import Year, close, give_back, make_year
from reciproca.control_room.verification import facts
from reciproca.control_room.verification.base import Check, Count, Faults
from reciproca.ledger.models import Account, Transfer
from reciproca.ledger.reserving import Take, reserve, take
from reciproca.ledger.rules import CODES, AccountKey, Move, Posting, issued
from reciproca.projects.models import Award, Project
from reciproca.projects.tests.world import call, decide, fund, hand_in
from reciproca.purchases.actions import refresh_month_totals
from reciproca.purchases.models import Line, Purchase
from reciproca.refunds import actions as refunds
from reciproca.refunds.models import RefundLine, RefundRun
from reciproca.refunds.rules import ExchangeKind
from reciproca.refunds.tests.cast import AFTERWARDS, buy, make_member
from reciproca.refunds.waterfall import Law, inputs_digest
from reciproca.registry import actions as registry
from reciproca.registry.models import Membership, Mutuality, Organisation
from reciproca.registry.queries import live_card_number
from reciproca.shared.ids import fact_id, transfer_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def year() -> Year:
    """A closed year in which credit expired, one payment was confirmed and some value came back."""
    year = make_year()
    carla = make_member("Carla")
    expiring = buy(year.valchiara, carla, 30_000, at=datetime(2024, 12, 1, 9, tzinfo=UTC))
    close()
    give_back(expiring, 30_000, at=AFTERWARDS)
    payment = Payment.objects.order_by("id")[0]
    clearing.confirm_payments(
        confirmations=[clearing.Confirmation(payment.id, "CRO1")],
        settled_on=AFTERWARDS.date(),
        confirmed_by=None,
        recorded_at=AFTERWARDS,
    )
    refunds.confirm_cash_payments(
        run_id=RefundRun.objects.get().id,
        line_ids=None,
        bank_reference="CBI1",
        paid_on=AFTERWARDS.date(),
        confirmed_by=None,
        recorded_at=AFTERWARDS,
    )
    refresh_month_totals(since=datetime(2024, 1, 1, tzinfo=UTC))
    return year


def failing(checks: Sequence[str] = ()) -> dict[str, list[str]]:
    verdicts = actions.verify(verified_at=AFTERWARDS)
    return {verdict.name: verdict.details for verdict in verdicts if not verdict.ok}


@contextmanager
def tampering() -> Iterator[None]:
    """Do what no path of the product can: write past every trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def tamper(sql: str, **params: Any) -> None:
    with tampering(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount == 1


def test_a_lived_year_is_right(year: Year) -> None:
    verdicts = actions.verify(verified_at=AFTERWARDS)

    assert [verdict.name for verdict in verdicts if not verdict.ok] == []
    assert len(verdicts) == len(actions.CHECKS) == 16
    assert all(len(verdict.details) == 1 and verdict.details[0] for verdict in verdicts)
    assert Transfer.objects.filter(code="refund-expired").exists()


def test_a_run_rests_on_what_its_cooperative_was_when_it_was_divided(year: Year) -> None:
    Organisation.objects.filter(node=year.valchiara).update(mutuality=Mutuality.OTHER)

    assert failing() == {}


def test_an_empty_community_is_right(db: None) -> None:
    assert failing() == {}


def test_every_code_of_the_ledger_is_checked() -> None:
    checked = (
        *facts.OF_PURCHASES,
        *facts.OF_GIFTS,
        *facts.OF_ONE_MOVE,
        *facts.OF_REDISTRIBUTIONS,
    )

    assert sorted(checked) == sorted(CODES)


def test_a_share_that_passed_on_is_right_until_its_fact_says_otherwise(year: Year) -> None:
    giver, taker = make_member("Gina", year.valchiara), make_member("Tito")
    line = Membership.objects.get(member=giver)
    paid = registry.CapitalIn(line.id, "k", 2_500, AFTERWARDS.date(), None, AFTERWARDS)
    registry.pay_in_capital(paid)
    registry.issue_cards(people=[taker.id], issued_by=None, issued_at=AFTERWARDS)
    registry.transfer_share(
        registry.TransferIn(
            membership_id=line.id,
            key="k",
            card=live_card_number(person_id=taker.id),
            asked_on=AFTERWARDS.date(),
            happened_on=AFTERWARDS.date(),
            authorisation="Verbale 1",
            recorded_by=None,
            recorded_at=AFTERWARDS,
        )
    )
    assert failing() == {}

    tamper(
        "UPDATE registry_capitalmovement SET transfer_id = NULL"
        " WHERE transfer_id IS NOT NULL AND amount_cents > 0"
    )
    assert failing().keys() == {"facts_equal_transfers"}


def test_a_total_that_left_its_transfers_is_named(year: Year) -> None:
    account = Account.objects.order_by("id")[0]
    tamper(
        "UPDATE ledger_account SET debits_posted = debits_posted + 5,"
        " credits_posted = credits_posted + 5 WHERE id = %(id)s",
        id=account.id,
    )

    [(name, [sentence])] = failing().items()
    assert name == "accounts_equal_transfers"
    assert str(account.id) in sentence


def test_a_cent_out_of_nowhere_leaves_its_unit_unbalanced(year: Year) -> None:
    account = Account.objects.filter(purpose="clearing").order_by("id")[0]
    tamper(
        "UPDATE ledger_account SET credits_posted = credits_posted + 1 WHERE id = %(id)s",
        id=account.id,
    )

    assert failing().keys() == {"units_sum_to_zero", "accounts_equal_transfers"}


def test_an_account_beyond_its_limit_is_named(year: Year) -> None:
    account = Account.objects.filter(purpose="clearing").order_by("id")[0]
    lot = Account.objects.filter(purpose="credit", credits_posted__gt=0).order_by("id")[0]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_account DROP CONSTRAINT ledger_balance_not_below_floor")
    tamper("UPDATE ledger_account SET floor = 1000000 WHERE id = %(id)s", id=lot.id)

    [(name, [sentence])] = failing().items()
    assert name == "accounts_within_limits"
    assert str(lot.id) in sentence
    assert account.floor is None


def test_a_transfer_that_was_made_larger_is_found(year: Year) -> None:
    transfer = Transfer.objects.filter(code="value-back").order_by("id")[0]
    tamper("UPDATE ledger_transfer SET amount = amount + 1 WHERE id = %(id)s", id=transfer.id)

    found = failing()
    assert found.keys() == {"accounts_equal_transfers", "facts_equal_transfers"}
    assert str(transfer.reference) in found["facts_equal_transfers"][0]


def test_a_transfer_named_like_another_is_found(year: Year) -> None:
    first, second = Transfer.objects.order_by("id")[:2]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_pkey")
    tamper(
        "UPDATE ledger_transfer SET id = %(other)s WHERE id = %(id)s", id=first.id, other=second.id
    )
    assert failing()["ids_are_unique"] == [f"Due movimenti si chiamano {second.id}."]


def test_what_is_reserved_is_right_until_an_account_or_a_transfer_says_otherwise(
    year: Year,
) -> None:
    lot = Account.objects.filter(purpose="credit", credits_posted__gt=F("debits_posted") + 1)[0]
    key = AccountKey("credit", lot.owner, lot.party, lot.expires_on)
    move = Move(key, issued(issuer=lot.party), 1, "spend")
    held = [Posting(fact_id(), AFTERWARDS, [move]) for _ in range(2)]
    reserve(held, expires_at=AFTERWARDS + timedelta(hours=1))
    assert "pending_equals_open_reservations" not in failing()

    tamper("UPDATE ledger_account SET debits_pending = 1 WHERE id = %(id)s", id=lot.id)
    assert str(lot.id) in failing()["pending_equals_open_reservations"][0]
    tamper("UPDATE ledger_account SET debits_pending = 2 WHERE id = %(id)s", id=lot.id)

    taken = transfer_id(fact=held[0].reference, number=1)
    take([Take(taken)], reference=fact_id(), taken_at=AFTERWARDS)
    assert "pending_equals_open_reservations" not in failing()
    tamper("UPDATE ledger_reservation SET code = 'gift' WHERE id = %(id)s", id=taken)
    assert str(taken) in failing()["pending_equals_open_reservations"][0]


def test_a_transfer_between_two_units_is_named(year: Year) -> None:
    transfer = Transfer.objects.filter(code="patronage-credit").order_by("id")[0]
    tamper("UPDATE ledger_transfer SET unit = 'EUR' WHERE id = %(id)s", id=transfer.id)

    [(name, [sentence])] = failing().items()
    assert name == "transfers_join_two_accounts"
    assert str(transfer.id) in sentence


def test_a_purchase_whose_value_was_changed_is_named(year: Year) -> None:
    purchase = Purchase.objects.filter(corrects=None, member_cents__gt=0).order_by("id")[0]
    tamper(
        "UPDATE purchases_purchase SET member_cents = member_cents + 1,"
        " common_cents = common_cents - 1 WHERE id = %(id)s",
        id=purchase.id,
    )

    found = failing()
    assert found.keys() == {
        "facts_equal_transfers",
        "purchases_recomputed",
        "month_totals_equal_purchases",
        "obligations_equal_independent_count",
    }
    assert purchase.key in found["purchases_recomputed"][0]


def test_a_line_whose_rate_was_changed_is_named(year: Year) -> None:
    line = Line.objects.filter(purchase__corrects=None, rate_bp=400).order_by("purchase_id")[0]
    tamper(
        "UPDATE purchases_line SET rate_bp = 900 WHERE purchase_id = %(id)s", id=line.purchase_id
    )

    [(name, sentences)] = failing().items()
    assert name == "purchases_recomputed"
    assert str(line.purchase_id) in sentences[0]


def test_a_refund_of_a_purchase_that_was_changed_is_named(year: Year) -> None:
    line = Line.objects.exclude(purchase__corrects=None).order_by("purchase_id")[0]
    tamper(
        "UPDATE purchases_line SET credit_cents = credit_cents - 1 WHERE purchase_id = %(id)s",
        id=line.purchase_id,
    )

    [(name, [sentence])] = failing().items()
    assert name == "purchases_recomputed"
    assert str(line.purchase_id) in sentence


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE refunds_annualaccounts SET net_profit_cents = net_profit_cents + 1",
        "UPDATE refunds_refundrun SET undistributed_cents = undistributed_cents + 1",
        "UPDATE refunds_refundrun"
        " SET waterfall = jsonb_set(waterfall, '{steps,0,amount_cents}', '1')",
        "UPDATE refunds_refundline SET claim = claim + 1 WHERE id ="
        " (SELECT id FROM refunds_refundline ORDER BY id LIMIT 1)",
    ],
)
def test_a_refund_that_no_longer_comes_out_is_named(year: Year, change: str) -> None:
    tamper(change)

    [(name, sentences)] = failing().items()
    assert name == "refund_runs_recomputed"
    assert "Famiglia Coop. Valchiara" in sentences[0]


def test_a_refund_of_the_oldest_kind_comes_out_as_if_mutuality_prevailed(year: Year) -> None:
    run = RefundRun.objects.get()
    lines = RefundLine.objects.filter(run=run).order_by("member_id")
    tamper(
        "UPDATE refunds_refundrun SET waterfall = waterfall - 'mutuality_prevails',"
        " inputs_digest = %(digest)s",
        digest=inputs_digest(
            run_key=run.run_key,
            accounts=run.accounts,
            law=Law.from_stored(run.waterfall["law"]),
            kind=ExchangeKind(run.waterfall["kind"]),
            prevails=None,
            claims=[(line.member_id, line.claim, line.ceiling_cents) for line in lines],
        ),
    )

    assert failing() == {}


@pytest.mark.parametrize(
    "change",
    ["waterfall - 'kind'", "waterfall #- '{law,legal_reserve_min}'", "'{}'::jsonb"],
)
def test_a_refund_that_kept_too_little_is_named_and_the_other_checks_go_on(
    year: Year, change: str
) -> None:
    tamper(f"UPDATE refunds_refundrun SET waterfall = {change}")

    [(name, [sentence])] = failing().items()
    assert name == "refund_runs_recomputed"
    assert "Famiglia Coop. Valchiara" in sentence
    assert "manca" in sentence


def test_a_check_that_crashes_has_failed_and_the_next_one_runs() -> None:
    def crashes(count: Count) -> Faults:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        yield "never"
        return "never"

    def counts(count: Count) -> Faults:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        yield from ()
        return "one"

    checks = [Check("first", "First", crashes), Check("second", "Second", counts)]
    first, second = actions.verify(verified_at=AFTERWARDS, checks=checks)

    assert (first.ok, second.ok, second.details) == (False, True, ["one"])
    assert "division by zero" in first.details[0]


def test_a_netting_that_no_longer_comes_out_is_named(year: Year) -> None:
    tamper("UPDATE clearing_clearingrun SET gross_cents = gross_cents + 1")

    assert failing() == {
        "clearing_runs_recomputed": ["La compensazione “2025”, ricalcolata, dà pagamenti diversi."]
    }


def test_a_debt_that_facts_do_not_explain_names_the_pair(year: Year) -> None:
    with tampering():
        Purchase.objects.filter(expired_cents__gt=0).update(expired_cents=0)

    found = failing()
    assert found.keys() == {"facts_equal_transfers", "obligations_equal_independent_count"}
    [sentence] = found["obligations_equal_independent_count"]
    assert "Famiglia Coop. Valchiara" in sentence
    assert "Solidarietà" in sentence


def test_a_month_that_sums_wrong_is_named(year: Year) -> None:
    tamper(
        "UPDATE purchases_monthtotal SET total_cents = total_cents + 1"
        " WHERE (seller_id, month) IN (SELECT seller_id, month FROM purchases_monthtotal"
        " WHERE month < '2026-01-01' ORDER BY month LIMIT 1)"
    )

    assert failing().keys() == {"month_totals_equal_purchases"}


def test_a_policy_whose_text_was_changed_is_named(year: Year) -> None:
    tamper("UPDATE governance_policy SET document = replace(document, 'A te', 'A lui')")

    assert failing() == {
        "policies_equal_their_digest": [
            "I criteri “Criteri 2024” non sono il testo che la loro impronta nomina."
        ]
    }


def test_of_many_faults_the_first_are_told(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reciproca.control_room.verification.all.MOST_FAULTS", 5)
    with tampering(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_account SET debits_posted = debits_posted + 1,"
            " credits_posted = credits_posted + 1"
        )

    [*told, last] = failing()["accounts_equal_transfers"]
    assert len(told) == 5
    assert "5" in last


def set_off(year: Year) -> ClearingRun:
    """Let two shops spend each other's credit, and cancel what both owe."""
    buy(year.valchiara, year.bruno, 80_000, at=AFTERWARDS)
    buy(year.roncolago, year.ada, 80_000, at=AFTERWARDS)
    buy(year.roncolago, year.bruno, 5_000, credit=700, at=AFTERWARDS)
    buy(year.valchiara, year.ada, 5_000, credit=600, at=AFTERWARDS)
    proposal = clearing.propose_set_off(
        label="cerchi",
        until=AFTERWARDS.date(),
        answers_by=date(2026, 5, 20),
        federation_id=year.cast.federation.id,
        proposed_by=None,
        proposed_at=AFTERWARDS,
    )
    for party in proposal.parties.all():
        clearing.answer_set_off(
            proposal_id=proposal.id,
            node_id=party.node_id,
            accepted=True,
            on_paper=True,
            answered_by=None,
            answered_at=AFTERWARDS,
        )
    run = clearing.close_set_off(proposal_id=proposal.id, closed_by=None, closed_at=AFTERWARDS)
    assert run is not None
    return run


def test_debts_cancelled_in_circles_are_right_and_one_that_grew_is_named(year: Year) -> None:
    run = set_off(year)
    debtors = set(run.obligations.values_list("debtor", flat=True))
    assert {year.valchiara.id, year.roncolago.id} <= debtors
    assert failing() == {}

    tamper(
        "DELETE FROM clearing_setoffanswer a USING clearing_setoffparty p"
        " WHERE p.id = a.party_id AND p.node_id = %(node)s",
        node=year.valchiara.id,
    )

    assert failing() == {
        "clearing_runs_recomputed": ["I debiti in cerchio di “cerchi”, ricalcolati, sono diversi."]
    }


def test_a_projects_tranche_is_right_and_one_that_nobody_decided_is_found() -> None:
    cast = make_cast()
    fund(cast, 10_000)
    project = Project.objects.create(
        id=uuid4(), call_id=call(cast), proposer_id=cast.lievito_id, key=uuid4(), title="Forno"
    )
    award = Award.objects.create(project=project, node_id=cast.project_id, granted_cents=4_000)
    tranche = decide(hand_in(award.project, 1_500))
    transfers = {"facts_equal_transfers", "obligations_equal_independent_count"}
    # The fund's money came from no purchase here: that alone is found, and only so much.
    assert failing().keys() <= transfers
    before = failing()

    tamper("DELETE FROM projects_tranche WHERE id = %(id)s", id=tranche.id)

    after = failing()
    assert len(after["obligations_equal_independent_count"]) == 1 + len(
        before["obligations_equal_independent_count"]
    )
    assert len(after["facts_equal_transfers"]) == 1 + len(before["facts_equal_transfers"])
