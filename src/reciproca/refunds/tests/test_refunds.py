"""A year's surplus goes back to the members to the cent, once, from inputs that are frozen."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from reciproca.governance.actions import ResolutionInFuture
from reciproca.governance.effects import effects_of
from reciproca.ledger import queries as ledger
from reciproca.ledger.models import Transfer
from reciproca.ledger.rules import bank, credit, payable, shares
from reciproca.notices.queries import notices_of
from reciproca.purchases.actions import refund_purchase
from reciproca.purchases.forms import RefundIn
from reciproca.refunds import actions, errors, queries
from reciproca.refunds.forms import AccountsIn, ClaimIn, ResolutionIn
from reciproca.refunds.models import AnnualAccounts, RefundLine, RefundRun
from reciproca.refunds.rules import LossForYear, StepKey
from reciproca.refunds.tests.cast import (
    AFTERWARDS,
    IBANS,
    WATERFALL_01,
    YEAR,
    buy,
    enrol,
    make_community,
    make_cooperative,
    make_member,
)
from reciproca.registry.models import Membership, MutualExchange, Node, Organisation

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).parents[4] / "tests" / "examples"
APPROVED_ON = date(2026, 4, 20)


@pytest.fixture(autouse=True)
def community() -> None:
    make_community()


@pytest.fixture
def valchiara() -> Node:
    return make_cooperative("Famiglia Cooperativa Valchiara", iban=IBANS[1])


def enter(
    cooperative: Node, figures: AccountsIn = WATERFALL_01, year: int = YEAR
) -> AnnualAccounts:
    return actions.enter_accounts(
        cooperative_id=cooperative.id,
        year=year,
        figures=figures,
        entered_by=None,
        entered_at=AFTERWARDS,
    )


def resolve(
    cooperative: Node, *, on: date = APPROVED_ON, minutes: bytes = b"", protocol: str = "12/2026"
) -> AnnualAccounts:
    return actions.attach_resolution(
        cooperative_id=cooperative.id,
        year=YEAR,
        resolution=ResolutionIn(on, protocol, "verbale.pdf" if minutes else "", minutes),
        title="Bilancio 2025 e ristorno",
        recorded_by=None,
        recorded_at=AFTERWARDS,
    )


def run(accounts: AnnualAccounts) -> RefundRun:
    return actions.run_refund(accounts_id=accounts.id, recorded_by=None, recorded_at=AFTERWARDS)


def decided(cooperative: Node, figures: AccountsIn = WATERFALL_01) -> AnnualAccounts:
    enter(cooperative, figures)
    return resolve(cooperative)


def amounts(divided: RefundRun) -> dict[UUID, int]:
    return dict(divided.lines.values_list("member", "amount_cents"))


def members_who_bought(cooperative: Node, cents: Sequence[int]) -> list[Node]:
    members = [make_member(f"u{number}", cooperative) for number in range(1, len(cents) + 1)]
    for member, amount in zip(members, cents, strict=True):
        buy(cooperative, member, amount)
    return members


# --- the waterfall ---


@pytest.mark.parametrize("example", ["waterfall_01", "waterfall_02"])
def test_the_worked_waterfalls_come_out_of_entered_accounts(valchiara: Node, example: str) -> None:
    case = json.loads((EXAMPLES / f"{example}.json").read_text())
    given, expected = case["input"], case["expected"]
    top, bottom = map(int, given["postal_bond_max_rate"].split("/"))
    accounts = enter(
        valchiara,
        AccountsIn(
            net_profit_cents=given["net_profit_cents"],
            member_surplus_cents=given["member_surplus_cents"],
            refund_proposed_cents=given["ristorno_proposed_cents"],
            paid_up_capital_cents=given["paid_up_capital_cents"],
            postal_bond_rate_bp=top * 10_000 // bottom,
            dividend_proposed_cents=given["dividend_proposed_cents"],
            net_equity_cents=given["net_equity_cents"],
            total_debt_cents=given["total_debt_cents"],
        ),
    )

    steps = {step.key: step.amount_cents for step in queries.preview(accounts=accounts).steps}

    assert steps == {
        StepKey.LEGAL_RESERVE: expected["legal_reserve_cents"],
        StepKey.MUTUAL_FUND: expected["mutual_fund_cents"],
        StepKey.PATRONAGE_REFUND: expected["ristorno_cents"],
        StepKey.DIVIDEND: expected["dividend_cents"],
        StepKey.INDIVISIBLE_RESERVE: expected["indivisible_reserve_cents"],
    }


@pytest.mark.parametrize(
    ("registered", "rest"),
    [
        ({"mutuality": "prevalent"}, StepKey.INDIVISIBLE_RESERVE),
        ({"mutuality": ""}, StepKey.INDIVISIBLE_RESERVE),
        ({"mutuality": "other"}, StepKey.OTHER_RESERVES),
        ({"mutuality": "other", "category": "social"}, StepKey.INDIVISIBLE_RESERVE),
    ],
)
def test_the_cap_and_the_indivisible_reserve_bind_where_mutuality_prevails(
    valchiara: Node, registered: dict[str, str], rest: StepKey
) -> None:
    members_who_bought(valchiara, [6_000_000])
    Organisation.objects.filter(node=valchiara).update(**registered)
    accounts = decided(valchiara)

    previewed = {step.key: step.amount_cents for step in queries.preview(accounts=accounts).steps}
    divided = run(accounts)

    binds = rest is StepKey.INDIVISIBLE_RESERVE
    assert previewed[StepKey.DIVIDEND] == (2_200_000 if binds else 3_000_000)
    assert previewed[rest] == (1_071_604 if binds else 271_604)
    assert {step["key"]: step["amount_cents"] for step in divided.waterfall["steps"]} == previewed


def test_waterfall_01_reaches_the_members_whole(valchiara: Node) -> None:
    ada, bruno, carla = members_who_bought(valchiara, [6_000_000, 3_000_000, 1_000_000])

    divided = run(decided(valchiara))

    assert amounts(divided) == {ada.id: 3_000_000, bruno.id: 1_500_000, carla.id: 500_000}
    assert (divided.pot_cents, divided.undistributed_cents) == (5_000_000, 0)


def test_what_a_resolution_set_in_motion_is_told_under_it(valchiara: Node) -> None:
    members_who_bought(valchiara, [6_000_000, 3_000_000, 1_000_000])
    accounts = decided(valchiara)
    assert accounts.resolution_id is not None
    assert effects_of(accounts.resolution_id) == []

    divided = run(accounts)

    (effect,) = effects_of(accounts.resolution_id)
    assert (effect.amount_cents, effect.at) == (5_000_000, divided.recorded_at)
    assert "fra 3 soci" in effect.sentence


# --- the division ---


def test_ristorno_01_divides_real_purchases_half_in_cash_half_in_whole_shares(
    valchiara: Node,
) -> None:
    members = members_who_bought(valchiara, [123_456, 98_765, 1, 250_000])
    figures = replace(
        WATERFALL_01, refund_proposed_cents=50_000, cash_share_bp=5_000, capital_share_bp=5_000
    )

    divided = run(decided(valchiara, figures))

    assert [amounts(divided)[member.id] for member in members] == [13_072, 10_457, 0, 26_471]
    by_member = {line.member_id: line for line in divided.lines.all()}
    paid = [(by_member[m.id].cash_cents, by_member[m.id].capital_cents) for m in members]
    assert paid == [(8_072, 5_000), (5_457, 5_000), (0, 0), (13_971, 12_500)]
    assert [ledger.balance(payable(member=m.id, cooperative=valchiara.id)) for m in members] == [
        8_072,
        5_457,
        0,
        13_971,
    ]
    assert ledger.balance(shares(member=members[3].id, cooperative=valchiara.id)) == 12_500


def test_ristorno_02_caps_a_worker_at_three_tenths_of_the_pay() -> None:
    workers = make_cooperative("Coop Lavoro", exchange=MutualExchange.WORK)
    people = [make_member(f"w{number}", workers) for number in range(1, 5)]
    enter(workers, replace(WATERFALL_01, refund_proposed_cents=2_100_000, cash_share_bp=10_000))
    accounts = resolve(workers)
    hours = [(170_000, 10_000, 2_400_000), (170_000, 12_500, 3_000_000),
             (40_000, 10_000, 500_000), (150_000, 15_000, 1_900_000)]  # fmt: skip
    actions.enter_claims(
        cooperative_id=workers.id,
        year=YEAR,
        claims=[ClaimIn(person.id, *worked) for person, worked in zip(people, hours, strict=True)],
    )

    divided = run(accounts)

    assert [amounts(divided)[p.id] for p in people] == [615_621, 769_527, 144_852, 570_000]
    assert queries.preview(accounts=accounts).at_ceiling == 1


def test_only_purchases_as_a_registered_member_count(valchiara: Node) -> None:
    ada = make_member("Ada", valchiara)
    late = make_member("Dino", valchiara, registered_on=date(2025, 7, 1))
    buy(valchiara, ada, 10_000)
    for day in (date(2025, 6, 30), date(2025, 7, 1)):
        buy(valchiara, late, 5_000, at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    buy(valchiara, make_member("Elio"), 7_000)
    buy(make_cooperative("Altra"), ada, 9_000)
    buy(valchiara, ada, 9_000, at=datetime(2024, 12, 31, 12, tzinfo=UTC))

    divided = run(decided(valchiara, replace(WATERFALL_01, refund_proposed_cents=1_500)))

    assert amounts(divided) == {ada.id: 1_000, late.id: 500}


def test_the_year_ends_at_local_midnight_and_the_register_counts_local_days(
    valchiara: Node,
) -> None:
    ada = make_member("Ada", valchiara, registered_on=date(2025, 1, 1))
    buy(valchiara, ada, 10_000, at=datetime(2024, 12, 31, 23, 30, tzinfo=UTC))
    buy(valchiara, ada, 40_000, at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))

    [line] = run(decided(valchiara)).lines.all()

    assert line.claim == 10_000


def test_what_was_given_back_does_not_count(valchiara: Node) -> None:
    ada, bruno = members_who_bought(valchiara, [10_000, 10_000])
    returned = buy(valchiara, bruno, 30_000)
    refund_purchase(
        refund=RefundIn("reso", returned.id, datetime(2025, 7, 1, 9, tzinfo=UTC)),
        recorded_by=None,
        recorded_at=datetime(2025, 7, 1, 9, tzinfo=UTC),
    )

    divided = run(decided(valchiara, replace(WATERFALL_01, refund_proposed_cents=1_001)))

    assert sorted(amounts(divided).values()) == [500, 501]
    assert divided.lines.filter(rounded_up=True).count() == 1
    assert set(amounts(divided)) == {ada.id, bruno.id}


def test_what_was_given_back_counts_where_its_purchase_did(valchiara: Node) -> None:
    ada = make_member("Ada", valchiara, registered_on=date(2025, 7, 1))
    bruno = make_member("Bruno", valchiara)
    june, july, august = (datetime(2025, month, 15, 9, tzinfo=UTC) for month in (6, 7, 8))
    before_joining = buy(valchiara, ada, 9_000, at=june)
    buy(valchiara, ada, 10_000, at=july)
    before_leaving = buy(valchiara, bruno, 9_000, at=june)
    buy(valchiara, bruno, 10_000, at=june)
    Membership.objects.filter(member=bruno).update(
        state="withdrawn", left_on=date(2025, 7, 31), number=None
    )
    for purchase in (before_joining, before_leaving):
        refund_purchase(
            refund=RefundIn(f"reso-{purchase.key}", purchase.id, august),
            recorded_by=None,
            recorded_at=august,
        )

    divided = run(decided(valchiara, replace(WATERFALL_01, refund_proposed_cents=1_000)))

    assert dict(divided.lines.values_list("member", "claim")) == {ada.id: 10_000, bruno.id: 10_000}


def test_nobody_gets_back_more_than_was_spent_and_the_rest_stays(valchiara: Node) -> None:
    members_who_bought(valchiara, [300, 700])

    divided = run(decided(valchiara))

    assert sorted(amounts(divided).values()) == [300, 700]
    assert divided.undistributed_cents == 5_000_000 - 1_000


def test_credit_ends_when_the_policy_says(valchiara: Node) -> None:
    [ada] = members_who_bought(valchiara, [6_000_000])
    before = Transfer.objects.filter(code="patronage-credit").count()

    [line] = run(decided(valchiara)).lines.all()

    assert line.expires_on == date(2027, 12, 31)
    lot = credit(member=ada.id, issuer=valchiara.id, expires_on=date(2027, 12, 31))
    assert ledger.balance(lot) == 5_000_000
    assert Transfer.objects.filter(code="patronage-credit").count() == before + 1


def test_members_are_told_what_comes_back(valchiara: Node) -> None:
    [ada] = members_who_bought(valchiara, [6_000_000])

    run(decided(valchiara))

    [told] = notices_of(person_id=ada.id)
    assert told.sentence.replace("\u00a0", " ") == (
        "Ti tornano 50.000,00 €: il ristorno 2025 di Famiglia Cooperativa Valchiara."
    )


# --- once, and never again ---


def test_a_refund_run_twice_is_the_same_run(valchiara: Node) -> None:
    members_who_bought(valchiara, [6_000_000, 1])
    accounts = decided(valchiara)
    first = run(accounts)
    transfers = Transfer.objects.count()

    assert run(accounts) == first
    assert Transfer.objects.count() == transfers
    assert RefundLine.objects.count() == 2


def test_accounts_are_final_once_their_refund_is_divided(valchiara: Node) -> None:
    members_who_bought(valchiara, [6_000_000])
    run(decided(valchiara))

    with pytest.raises(errors.AccountsFinal, match="2025"):
        enter(valchiara)
    with pytest.raises(errors.AccountsFinal):
        resolve(valchiara, protocol="13/2026")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE refunds_annualaccounts SET net_profit_cents = 1")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE refunds_refundline SET amount_cents = 1")


def test_accounts_may_be_corrected_until_then(valchiara: Node) -> None:
    enter(valchiara)
    accounts = enter(valchiara, replace(WATERFALL_01, net_profit_cents=1))

    assert AnnualAccounts.objects.get() == accounts
    assert accounts.net_profit_cents == 1


# --- refusals ---


def test_a_year_that_is_not_over_has_no_accounts(valchiara: Node) -> None:
    with pytest.raises(errors.YearNotOver, match="2026"):
        enter(valchiara, year=2026)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"paid_up_capital_cents": -1}, errors.AmountNegative),
        ({"net_profit_cents": 10**14}, errors.AmountTooLarge),
        ({"cash_share_bp": 6_000, "capital_share_bp": 5_000}, errors.SharesAboveAll),
        ({"postal_bond_rate_bp": 10_001}, errors.RateRefused),
        ({"share_value_cents": 2_499}, errors.ShareValueRefused),
        ({"share_value_cents": 10_000_001}, errors.ShareValueRefused),
    ],
)
def test_figures_that_cannot_be_are_refused(
    valchiara: Node, change: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        enter(valchiara, replace(WATERFALL_01, **change))
    assert not AnnualAccounts.objects.exists()


def test_accounts_are_a_cooperatives(valchiara: Node) -> None:
    with pytest.raises(errors.NotACooperative):
        enter(make_member("Ada"))


def test_a_resolution_comes_after_the_year_and_not_tomorrow(valchiara: Node) -> None:
    with pytest.raises(errors.AccountsMissing):
        resolve(valchiara)
    enter(valchiara)
    with pytest.raises(errors.ResolutionTooEarly, match="31/12/2025"):
        resolve(valchiara, on=date(2025, 12, 31))
    with pytest.raises(ResolutionInFuture):
        resolve(valchiara, on=date(2026, 5, 5))


def test_a_resolution_sent_twice_is_recorded_once(valchiara: Node) -> None:
    enter(valchiara)
    minutes = b"%PDF-1.7 verbale"

    first = resolve(valchiara, minutes=minutes).resolution
    assert resolve(valchiara, minutes=minutes).resolution == first
    again = resolve(valchiara, minutes=b"").resolution
    assert again == first
    assert again
    assert again.document


def test_no_refund_without_resolution_claims_surplus_or_members(valchiara: Node) -> None:
    accounts = enter(valchiara)
    with pytest.raises(errors.ResolutionMissing):
        run(accounts)
    resolve(valchiara)
    with pytest.raises(errors.NoClaims, match="2025"):
        run(accounts)
    enter(valchiara, replace(WATERFALL_01, refund_proposed_cents=0))
    with pytest.raises(errors.NothingToRefund):
        run(accounts)
    enter(valchiara, replace(WATERFALL_01, net_profit_cents=-1))
    with pytest.raises(LossForYear):
        run(accounts)
    assert not RefundRun.objects.exists()


def test_a_work_cooperative_needs_hours_and_pay_of_its_own_members() -> None:
    workers = make_cooperative("Coop Lavoro", exchange=MutualExchange.WORK)
    person, stranger = make_member("Ada", workers), make_member("Zeno")
    accounts = decided(workers)
    with pytest.raises(errors.ClaimsMissing):
        run(accounts)

    def claim(claim_in: ClaimIn) -> None:
        actions.enter_claims(cooperative_id=workers.id, year=YEAR, claims=[claim_in])

    with pytest.raises(errors.ClaimUnknownMember):
        claim(ClaimIn(stranger.id, 100, pay_cents=1))
    with pytest.raises(errors.ClaimWithoutPay):
        claim(ClaimIn(person.id, 100))


def test_contributors_have_no_ceiling_by_law() -> None:
    dairy = make_cooperative("Caseificio", exchange=MutualExchange.CONTRIBUTION)
    ada, bruno = make_member("Ada", dairy), make_member("Bruno", dairy)
    accounts = decided(dairy)
    actions.enter_claims(
        cooperative_id=dairy.id,
        year=YEAR,
        claims=[ClaimIn(ada.id, 300), ClaimIn(bruno.id, 100, 20_000)],
    )

    divided = run(accounts)

    assert amounts(divided) == {ada.id: 3_000_000, bruno.id: 2_000_000}
    assert set(divided.lines.values_list("ceiling_cents", flat=True)) == {None}


# --- cash ---


def test_cash_goes_out_in_one_file_and_is_settled_by_the_banks_reference(valchiara: Node) -> None:
    ada, bruno, carla = members_who_bought(valchiara, [500_000, 300_000, 200_000])
    Node.objects.filter(id__in=[ada.id, bruno.id]).update(iban=IBANS[2])
    divided = run(decided(valchiara, replace(WATERFALL_01, cash_share_bp=10_000)))

    file = actions.cash_file(run=divided, created_at=AFTERWARDS, remittance="Ristorno 2025")
    paid = actions.confirm_cash_payments(
        run_id=divided.id,
        line_ids=None,
        bank_reference="CBI-77",
        paid_on=date(2026, 5, 4),
        confirmed_by=None,
        recorded_at=AFTERWARDS,
    )

    assert (file.count, file.amount_cents, paid) == (2, 800_000, 2)
    assert b"pain.001.001.09" in file.content
    assert b"<CtrlSum>8000.00</CtrlSum>" in file.content
    result = queries.result_of(run=divided)
    assert (result.cash_waiting, result.cash_without_iban) == (1, 1)
    assert (result.cash_cents, result.cash_paid_cents) == (1_000_000, 800_000)
    assert ledger.balance(payable(member=ada.id, cooperative=valchiara.id)) == 0
    assert ledger.balance(payable(member=carla.id, cooperative=valchiara.id)) == 200_000
    assert ledger.balance(bank(node=valchiara.id)) == -200_000


def test_an_iban_written_after_the_file_was_made_is_not_paid_by_it(valchiara: Node) -> None:
    ada, bruno = members_who_bought(valchiara, [500_000, 300_000])
    Node.objects.filter(id=ada.id).update(iban=IBANS[2])
    divided = run(decided(valchiara, replace(WATERFALL_01, cash_share_bp=10_000)))

    def file() -> int:
        return actions.cash_file(run=divided, created_at=AFTERWARDS, remittance="").count

    def confirm(reference: str) -> int:
        return actions.confirm_cash_payments(
            run_id=divided.id,
            line_ids=None,
            bank_reference=reference,
            paid_on=date(2026, 5, 4),
            confirmed_by=None,
            recorded_at=AFTERWARDS,
        )

    first = file()
    Node.objects.filter(id=bruno.id).update(iban=IBANS[2])

    assert (first, confirm("CBI-77"), confirm("CBI-78")) == (1, 1, 0)
    assert ledger.balance(payable(member=bruno.id, cooperative=valchiara.id)) == 300_000
    assert (file(), confirm("CBI-79")) == (1, 1)
    assert ledger.balance(payable(member=bruno.id, cooperative=valchiara.id)) == 0


def test_cash_confirmed_twice_is_paid_once(valchiara: Node) -> None:
    members_who_bought(valchiara, [6_000_000])
    divided = run(decided(valchiara, replace(WATERFALL_01, cash_share_bp=10_000)))
    [line] = divided.lines.all()

    def confirm(reference: str = "CBI-77", on: date = date(2026, 5, 4)) -> int:
        return actions.confirm_cash_payments(
            run_id=divided.id,
            line_ids=[line.id],
            bank_reference=reference,
            paid_on=on,
            confirmed_by=None,
            recorded_at=AFTERWARDS,
        )

    with pytest.raises(errors.ReferenceMissing):
        confirm(reference=" ")
    with pytest.raises(errors.PaidInFuture):
        confirm(on=date(2026, 5, 5))
    assert [confirm(), confirm()] == [1, 0]
    with pytest.raises(errors.NothingToPay):
        actions.cash_file(run=divided, created_at=AFTERWARDS, remittance="")


# --- what is read ---


def test_lines_are_found_by_name_or_number_in_one_query(
    valchiara: Node, django_assert_num_queries: object
) -> None:
    members_who_bought(valchiara, [500, 400, 300])
    divided = run(decided(valchiara))

    assert [line.member.name for line in queries.lines_of(run=divided)] == ["u1", "u2", "u3"]
    assert [line.member.name for line in queries.lines_of(run=divided, search="2")] == ["u2"]
    assert [line.member.name for line in queries.lines_of(run=divided, search="U3")] == ["u3"]
    assert list(queries.lines_of(run=divided, search="²")) == []
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [line.member.name for line in queries.lines_of(run=divided)]


def test_the_federation_sees_how_far_each_cooperative_is(valchiara: Node) -> None:
    other = make_cooperative("Altra")
    enter(other)
    members_who_bought(valchiara, [6_000_000, 4_000_000])
    run(decided(valchiara))

    altra, famiglia = queries.year_rows(year=YEAR)

    assert (altra.name, altra.has_accounts, altra.ready, altra.refunded_cents) == (
        "Altra", True, False, None,
    )  # fmt: skip
    assert (famiglia.refunded_cents, famiglia.member_count, famiglia.ready) == (5_000_000, 2, False)
    assert queries.totals_of_year(year=YEAR) == queries.YearTotals(5_000_000, 2, 1)


def test_a_member_of_two_cooperatives_reads_both_refunds(valchiara: Node) -> None:
    [ada] = members_who_bought(valchiara, [6_000_000])
    other = make_cooperative("Altra")
    enrol(ada, other)
    buy(other, ada, 100)
    run(decided(valchiara))
    run(decided(other))

    rows = queries.refunds_of_member(member_id=ada.id, year=YEAR)

    assert [(row.cooperative, row.amount_cents) for row in rows] == [
        ("Famiglia Cooperativa Valchiara", 5_000_000),
        ("Altra", 100),
    ]
