"""A pool goes back to people by the criteria they adopted: measured, approved by a second, once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.makers import NOON

from reciproca.governance.effects import effects_of
from reciproca.governance.models import Resolution
from reciproca.ledger import queries as ledger
from reciproca.ledger.models import Transfer
from reciproca.ledger.rules import clearing, credit, issued, recovery
from reciproca.notices.queries import notices_of
from reciproca.purchases.actions import record_sale, refresh_month_totals
from reciproca.purchases.forms import LineIn, SaleIn
from reciproca.redistribution import actions, errors
from reciproca.redistribution.models import Line, Run
from reciproca.redistribution.rules import Criterion, Eligibility, Step, ZeroCriterion
from reciproca.redistribution.tests.cast import (
    AFTERWARDS,
    APPROVER,
    ENDS_ON,
    HALF,
    OPENER,
    Valley,
    make_membership,
    make_person,
    make_valley,
)
from reciproca.registry.models import Membership, MembershipEvent, Node
from reciproca.shared.allocation import FloorsAboveTotal
from reciproca.transparency.models import Opening
from reciproca.valueback.actions import expire_lots

pytestmark = pytest.mark.django_db

EXPIRES_ON = date(2026, 12, 31)
LATER = datetime(2025, 9, 3, 9, tzinfo=UTC)
SUMMER = (date(2025, 7, 1), date(2025, 8, 31))


@pytest.fixture
def valley() -> Valley:
    return make_valley()


def parts(run: Run) -> dict[UUID, int]:
    return dict(Line.objects.filter(run=run).values_list("member", "allocated_cents"))


def lot(valley: Valley, member: UUID) -> int:
    return ledger.balance(credit(member=member, issuer=valley.pool, expires_on=EXPIRES_ON))


def told(member: UUID) -> list[str]:
    return [notice.sentence for notice in notices_of(person_id=member, limit=10)]


# --- from purchases to credit ---


def test_a_pool_goes_to_those_who_bought_and_a_fifth_to_the_common_fund(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    valley.buy(valley.cast.bruno.id, 10_000)

    run = valley.run()

    assert (run.pool_cents, run.common_cents, run.individual_cents) == (4_000, 800, 3_200)
    assert parts(run) == {valley.cast.ada.id: 2_400, valley.cast.bruno.id: 800}
    assert lot(valley, valley.cast.ada.id) == 2_400
    assert ledger.balance(issued(issuer=valley.pool)) == -3_200
    assert ledger.balance(clearing(node=valley.pool)) == 3_200
    assert ledger.balance(clearing(node=valley.cast.common_id)) == 800


def test_everybody_is_told_what_they_get(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)

    run = valley.run()

    notice = notices_of(person_id=valley.cast.ada.id, limit=5)[0]
    assert "24,00" in notice.sentence
    assert notice.url == f"/redistribution/runs/{run.id}/mine/"


def test_nothing_moves_before_a_second_person_has_approved(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    run = valley.open()
    with pytest.raises(errors.NotMeasured):
        valley.approve(run)
    valley.measure(run)

    with pytest.raises(errors.SecondPersonNeeded):
        actions.approve_run(run_id=run.id, approved_by=OPENER, approved_at=AFTERWARDS)
    with pytest.raises(errors.NotMeasured):
        valley.pay(run)

    assert lot(valley, valley.cast.ada.id) == 0
    with pytest.raises(DatabaseError, match="approved_by_another"), transaction.atomic():
        Run.objects.update(approved_by=OPENER, approved_at=AFTERWARDS)


def test_a_run_done_twice_is_one_run(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    first = valley.run()
    transfers = Transfer.objects.count()

    again = valley.open()
    valley.measure(again)
    valley.pay(again)

    assert again.id == first.id
    assert Run.objects.count() == 1
    assert Transfer.objects.count() == transfers
    with pytest.raises(errors.AlreadyDecided):
        valley.approve(again)


def test_the_name_that_seeds_ties_is_in_the_log_before_any_figure(valley: Valley) -> None:
    digest = valley.adopt()
    run = valley.open()

    [payload] = [each.payload for each in Opening.objects.filter(fact=run.id)]

    assert f'"run_key":"riparto-2025-06-30-{valley.pool}"' in payload
    assert digest in payload
    assert "cents" not in payload


def test_the_result_is_in_the_log(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)

    run = valley.run()

    assert run.result_id is not None
    [opening] = Opening.objects.filter(fact=run.result_id)
    assert run.snapshot_digest in opening.payload


# --- what is measured ---


def test_each_criterion_sees_its_own_purchases(valley: Valley) -> None:
    ada, bruno, carla = valley.cast.ada.id, valley.cast.bruno.id, valley.cast.carla.id
    valley.adopt(
        Criterion("patronage", Fraction(1, 2)),
        Criterion("km0", Fraction(3, 10), 5_000, ("km0",)),
        Criterion("social", Fraction(1, 5)),
        common_share=Fraction(),
    )
    valley.buy(ada, 10_000)
    valley.buy(bruno, 6_000, category="km0")
    valley.buy(carla, 4_000, shop=valley.social)

    run = valley.measure(valley.open())

    scores = dict(Line.objects.filter(run=run).values_list("member", "scores"))
    assert scores == {ada: [10_000, 0, 0], bruno: [6_000, 6_000, 0], carla: [4_000, 0, 4_000]}
    assert parts(run) == {ada: 500, bruno: 300 + 600, carla: 200 + 400}


def test_what_is_given_back_counts_with_a_minus_and_below_zero_is_nothing(valley: Valley) -> None:
    valley.adopt()
    before = datetime(2024, 12, 20, 10, tzinfo=UTC)
    old = valley.buy(valley.cast.bruno.id, 9_000, at=before)
    valley.buy(valley.cast.ada.id, 30_000)
    returned = valley.buy(valley.cast.ada.id, 10_000)
    valley.give_back(returned)
    valley.give_back(old)

    run = valley.measure(valley.open())

    [line] = Line.objects.filter(run=run)
    assert (line.member_id, line.scores) == (valley.cast.ada.id, [30_000])


def test_older_purchases_weigh_less(valley: Valley) -> None:
    steps = (Step(90, Fraction(1)), Step(180, Fraction(3, 4)), Step(365, Fraction(1, 2)))
    valley.adopt(recency=steps)
    last = datetime(2025, 6, 30, 21, 59, tzinfo=UTC)
    for days, cents in ((0, 12_000), (90, 100), (91, 8_000), (180, 1_000), (181, 10), (366, 7)):
        valley.buy(valley.cast.ada.id, cents, at=last - timedelta(days=days))

    run = valley.measure(valley.open())

    [line] = Line.objects.filter(run=run)
    assert line.scores == [4 * 12_100 + 3 * 9_000 + 2 * 10]


def test_only_purchases_until_the_last_moment_of_the_period_count(valley: Valley) -> None:
    valley.adopt()
    midnight = datetime(2025, 6, 30, 22, tzinfo=UTC)
    valley.buy(valley.cast.ada.id, 1_000, at=midnight - timedelta(seconds=1))
    valley.buy(valley.cast.ada.id, 5_000, at=midnight)

    run = valley.measure(valley.open())

    assert run.pool_cents == 100
    assert Line.objects.get(run=run).scores == [1_000]


def newcomer(valley: Valley) -> UUID:
    return make_person(name="Otto Nuovo")


def member_since(valley: Valley, day: date, **changes: Any) -> UUID:
    member = make_person(name="Gina Socia")
    line = make_membership(member=member, cooperative=valley.cast.lievito_id)
    Membership.objects.filter(pk=line).update(registered_on=day, **changes)
    if "state" in changes:
        MembershipEvent.objects.create(
            membership_id=line,
            state=changes["state"],
            happened_on=changes.get("left_on", date(2025, 5, 1)),
        )
    return member


@pytest.mark.parametrize(
    ("make", "is_in"),
    [
        (newcomer, False),
        (lambda v: member_since(v, date(2025, 4, 1)), True),
        (lambda v: member_since(v, date(2025, 4, 2)), False),
        (lambda v: member_since(v, date(2024, 1, 1), state="suspended"), False),
        (
            lambda v: member_since(v, date(2024, 1, 1), state="excluded", left_on=date(2025, 7, 1)),
            False,
        ),
        (
            lambda v: member_since(
                v, date(2024, 1, 1), state="withdrawn", left_on=date(2025, 7, 1)
            ),
            True,
        ),
        (
            lambda v: member_since(
                v, date(2024, 1, 1), state="withdrawn", left_on=date(2025, 6, 30)
            ),
            False,
        ),
        (lambda v: make_person(name="Nino", born_on=date(2007, 6, 30)), False),
    ],
)
def test_who_takes_part_is_what_the_policy_says(
    valley: Valley, make: Callable[[Valley], UUID], is_in: bool
) -> None:
    valley.adopt(eligibility=Eligibility(90, 18))
    member = make(valley)
    valley.buy(valley.cast.ada.id, 1_000)
    valley.buy(member, 1_000)

    run = valley.measure(valley.open())

    assert (member in parts(run)) is is_in


@pytest.mark.parametrize(("born_on", "is_in"), [("2007-06-30", True), ("2007-07-01", False)])
def test_eighteen_years_are_reached_on_the_birthday(
    valley: Valley, born_on: str, is_in: bool
) -> None:
    valley.adopt(eligibility=Eligibility(0, 18))
    member = make_person(name="Nino", born_on=date.fromisoformat(born_on))
    make_membership(member=member, cooperative=valley.cast.lievito_id)
    valley.buy(member, 1_000)
    valley.buy(valley.cast.ada.id, 1_000)

    assert (member in parts(valley.measure(valley.open()))) is is_in


# --- what waits ---


def test_a_small_part_waits_for_the_next_run_and_is_paid_with_it(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    valley.adopt(common_share=Fraction(), min_payout_cents=300)
    valley.buy(ada, 30_000)
    valley.buy(bruno, 2_000)
    first = valley.run()
    assert (lot(valley, ada), lot(valley, bruno)) == (3_000, 0)
    assert "2,00" in told(bruno)[0]

    july = datetime(2025, 7, 10, 10, tzinfo=UTC)
    valley.buy(bruno, 1_500, at=july)
    second = valley.run(period=SUMMER, at=LATER)

    assert (first.individual_cents, second.individual_cents) == (3_200, 150)
    assert lot(valley, bruno) == 350
    assert Line.objects.get(run=second, member=bruno).carried_cents == 200


def test_who_leaves_is_paid_all_that_waits(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    valley.adopt(common_share=Fraction(), min_payout_cents=300)
    valley.buy(ada, 30_000)
    valley.buy(bruno, 2_000)
    valley.run()
    Membership.objects.filter(member=bruno).update(state="withdrawn", left_on=date(2025, 7, 5))

    valley.buy(ada, 5_000, at=datetime(2025, 7, 10, 10, tzinfo=UTC))
    valley.run(period=SUMMER, at=LATER)

    assert lot(valley, bruno) == 200


def test_a_purchase_that_arrives_late_is_divided_with_the_next_period(valley: Valley) -> None:
    valley.adopt(common_share=Fraction())
    valley.buy(valley.cast.ada.id, 10_000)
    valley.run()
    valley.buy(valley.cast.ada.id, 3_000, at=NOON, recorded_at=AFTERWARDS)
    valley.buy(valley.cast.ada.id, 1_000, at=datetime(2025, 7, 10, 10, tzinfo=UTC))

    second = valley.run(period=SUMMER, at=LATER)

    assert (second.pool_cents, second.carry_in_pool_cents) == (100, 300)
    assert second.whole_cents == second.individual_cents == 400


# --- refusals ---


def test_under_a_decision_stand_the_runs_by_its_criteria_while_they_were_in_force(
    valley: Valley,
) -> None:
    valley.buy(valley.cast.ada.id, 10_000)
    valley.adopt()
    decided = Resolution.objects.get(title="Criteri di riparto").id
    assert effects_of(decided) == []

    run = valley.run()
    valley.adopt(in_force_on=date(2025, 7, 10))
    valley.buy(valley.cast.bruno.id, 5_000, recorded_at=AFTERWARDS)
    again = valley.correct(run, at=LATER)

    paid, corrected = effects_of(decided)
    assert (paid.at, paid.amount_cents, paid.by) == (run.paid_at, 800, APPROVER)
    assert "fino al 30/06/2025 è pagato" in paid.sentence
    assert paid.url == f"/redistribution/runs/{run.id}/mine/"
    assert (corrected.at, corrected.amount_cents) == (again.paid_at, again.paid_cents)
    assert "corretto" in corrected.sentence
    later = Resolution.objects.filter(title="Criteri di riparto").exclude(id=decided).get()
    assert effects_of(later.id) == []


def test_value_that_came_back_stands_under_the_criteria_that_gave_it_alone(
    valley: Valley,
) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    refresh_month_totals(since=NOON)

    decided = Resolution.objects.get(title="Criteri di riparto").id
    (gave,) = effects_of(Resolution.objects.exclude(id=decided).get().id)

    assert gave.amount_cents == 3_000
    assert effects_of(decided) == []


def test_without_an_adopted_policy_nothing_is_run(valley: Valley) -> None:
    with pytest.raises(errors.PolicyMissing):
        valley.open()


def test_a_policy_that_is_not_in_force_yet_does_not_run(valley: Valley) -> None:
    valley.adopt(in_force_on=date(2025, 7, 3))

    with pytest.raises(errors.PolicyMissing):
        valley.open()


@pytest.mark.parametrize(
    ("period", "refusal"),
    [
        ((date(2025, 7, 1), date(2025, 6, 30)), errors.PeriodBackwards),
        ((date(2025, 1, 1), AFTERWARDS.date()), errors.PeriodNotOver),
    ],
)
def test_a_period_that_is_not_one_is_refused(
    valley: Valley, period: tuple[date, date], refusal: type[Exception]
) -> None:
    valley.adopt()

    with pytest.raises(refusal):
        valley.open(period=period)


def test_no_day_is_divided_twice(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    valley.run()

    with pytest.raises(errors.PeriodTaken):
        valley.open(period=(ENDS_ON, date(2025, 8, 31)), at=LATER)


def test_one_run_is_open_at_a_time_and_may_be_given_up(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    open_run = valley.open()
    with pytest.raises(errors.RunOpen):
        valley.open(period=(date(2025, 1, 1), date(2025, 5, 31)))

    actions.withdraw_run(run_id=open_run.id, withdrawn_by=OPENER, withdrawn_at=AFTERWARDS)
    other = valley.run()

    assert other.id != open_run.id
    assert other.run_key == open_run.run_key
    with pytest.raises(errors.AlreadyDecided):
        actions.withdraw_run(run_id=other.id, withdrawn_by=OPENER, withdrawn_at=AFTERWARDS)


def test_an_empty_pool_is_not_divided(valley: Valley) -> None:
    valley.adopt()
    run = valley.open()

    with pytest.raises(errors.NothingToDivide):
        valley.measure(run)


def test_floors_that_the_pool_cannot_pay_stop_the_run(valley: Valley) -> None:
    valley.adopt(floor_cents=5_000)
    valley.buy(valley.cast.ada.id, 10_000)
    run = valley.open()

    with pytest.raises(FloorsAboveTotal):
        valley.measure(run)
    assert not Line.objects.exists()


def test_what_nobody_scored_on_goes_where_the_policy_says(valley: Valley) -> None:
    valley.adopt(
        Criterion("patronage", Fraction(1, 2)),
        Criterion("social", Fraction(1, 2)),
        common_share=Fraction(),
        zero_criterion=ZeroCriterion.TO_COMMON,
    )
    valley.buy(valley.cast.ada.id, 10_000)

    run = valley.run()

    assert (run.common_cents, run.zero_criterion_cents) == (500, 500)
    assert ledger.balance(clearing(node=valley.cast.common_id)) == 500


# --- what was tampered with is refused, saying why ---


def measured(valley: Valley) -> Run:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 30_000)
    valley.buy(valley.cast.bruno.id, 10_000)
    return valley.measure(valley.open())


def unguarded(sql: str, *params: str | UUID) -> None:
    """Change what the application cannot: as somebody would who owns the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET session_replication_role = origin")


def test_one_letter_changed_in_the_policy_stops_the_run(valley: Valley) -> None:
    run = measured(valley)
    unguarded(
        "UPDATE governance_policy SET document = replace(document, '1/5', '1/4') WHERE digest = %s",
        run.policy_id,
    )

    with pytest.raises(errors.PolicyTampered, match=run.policy_id):
        valley.approve(run)
    actions.withdraw_run(run_id=run.id, withdrawn_by=OPENER, withdrawn_at=AFTERWARDS)
    with pytest.raises(errors.PolicyTampered):
        valley.open()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("scores = '{99999}'", errors.SnapshotTampered),
        ("carried_cents = 5000", errors.SnapshotTampered),
        ("allocated_cents = allocated_cents + 1", errors.PartsTampered),
        ("paid_cents = paid_cents + 1", errors.PartsTampered),
    ],
)
def test_a_changed_line_stops_the_run_even_after_it_is_approved(
    valley: Valley, change: str, refusal: type[Exception]
) -> None:
    run = measured(valley)
    valley.approve(run)
    with pytest.raises(DatabaseError, match="never allowed"), transaction.atomic():
        Line.objects.filter(run=run).update(scores=[1])
    unguarded(f"UPDATE redistribution_line SET {change} WHERE member_id = %s", valley.cast.ada.id)

    with pytest.raises(refusal):
        valley.pay(run)
    assert lot(valley, valley.cast.ada.id) == 0


# --- corrections ---


def test_a_correction_moves_only_the_differences(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    valley.adopt()
    valley.buy(ada, 30_000)
    valley.buy(bruno, 10_000)
    first = valley.run()
    valley.buy(bruno, 20_000, at=NOON, recorded_at=AFTERWARDS)

    correction = valley.correct(first)

    assert (correction.whole_cents, correction.common_cents) == (4_000, 800)
    assert parts(correction) == {ada: 1_600, bruno: 1_600}
    assert (lot(valley, ada), lot(valley, bruno)) == (1_600, 1_600)
    assert ledger.balance(issued(issuer=valley.pool)) == -3_200


def test_a_correction_takes_nothing_from_who_was_suspended_after_the_run(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    valley.adopt()
    valley.buy(ada, 30_000)
    valley.buy(bruno, 10_000)
    first = valley.run()
    for line in Membership.objects.filter(member=ada):
        line.events.create(state="suspended", happened_on=AFTERWARDS.date() + timedelta(days=1))
        Membership.objects.filter(pk=line.pk).update(state="suspended")
    valley.buy(bruno, 20_000, at=NOON, recorded_at=AFTERWARDS)

    correction = valley.correct(first)

    assert parts(correction) == {ada: 1_600, bruno: 1_600}


def test_what_was_spent_meanwhile_is_repaid_by_the_next_run(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    valley.adopt()
    valley.buy(ada, 30_000)
    valley.buy(bruno, 10_000)
    first = valley.run()
    sale = SaleIn(
        key="spent",
        seller_id=valley.cast.lievito_id,
        buyer_id=ada,
        happened_at=AFTERWARDS,
        lines=(LineIn("", 2_000),),
        credit_cents=2_000,
    )
    record_sale(sale=sale, recorded_by=None, recorded_at=AFTERWARDS)
    valley.buy(bruno, 20_000, at=NOON, recorded_at=AFTERWARDS)

    valley.correct(first)
    debt = recovery(member=ada, seller=valley.pool)
    assert (lot(valley, ada), ledger.balance(debt)) == (0, -400)

    valley.buy(ada, 10_000, at=datetime(2025, 7, 10, 10, tzinfo=UTC))
    valley.run(period=SUMMER, at=LATER)
    assert ledger.balance(debt) == 0


def test_a_correction_follows_the_last_one(valley: Valley) -> None:
    ada, bruno = valley.cast.ada.id, valley.cast.bruno.id
    valley.adopt()
    valley.buy(ada, 10_000)
    first = valley.run()
    valley.buy(bruno, 10_000, at=NOON, recorded_at=AFTERWARDS)
    second = valley.correct(first)
    valley.buy(bruno, 20_000, at=NOON, recorded_at=AFTERWARDS)

    third = valley.correct(second, AFTERWARDS + timedelta(days=9))

    assert third.corrects_id == first.id
    assert parts(third) == {ada: 200, bruno: 600}
    assert (lot(valley, ada), lot(valley, bruno)) == (200, 600)


def test_with_nothing_to_correct_there_is_no_correction(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 10_000)
    first = valley.run()

    with pytest.raises(errors.NothingToCorrect):
        valley.correct(first)


def test_a_correction_says_why_and_corrects_what_was_paid(valley: Valley) -> None:
    run = measured(valley)

    with pytest.raises(errors.NotPaid):
        valley.correct(run)
    with pytest.raises(errors.ReasonMissing):
        actions.open_correction(run_id=run.id, reason=" ", opened_by=OPENER, opened_at=AFTERWARDS)


# --- objections ---


def test_a_person_objects_once_within_thirty_days_and_is_answered(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 10_000)
    run = valley.run()

    def object_on(day: datetime, text: str = "Manca un acquisto") -> UUID:
        return actions.object_to_run(
            run_id=run.id, member_id=valley.cast.ada.id, text=text, made_at=day
        ).id

    with pytest.raises(errors.ObjectionsOver):
        object_on(AFTERWARDS + timedelta(days=30, seconds=1))
    with pytest.raises(errors.TextMissing):
        object_on(AFTERWARDS, " ")
    objection = object_on(AFTERWARDS + timedelta(days=30))
    with pytest.raises(errors.ObjectionMade):
        object_on(AFTERWARDS)

    def answer(text: str) -> None:
        actions.answer_objection(
            objection_id=objection,
            upheld=True,
            answer=text,
            answered_by=APPROVER,
            answered_at=LATER,
        )

    with pytest.raises(errors.TextMissing):
        answer("")
    answer("Hai ragione: correggiamo.")
    with pytest.raises(errors.AlreadyAnswered):
        answer("Di nuovo")
    assert "risposta" in told(valley.cast.ada.id)[0]


# --- two at once ---


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_leave_one() -> None:
    valley = make_valley()
    valley.adopt()
    for member in (valley.cast.ada.id, valley.cast.bruno.id):
        valley.buy(member, 10_000)
    refusals: list[Exception] = []

    def whole_run() -> None:
        try:
            run = valley.open()
            valley.measure(run)
            with suppress(errors.AlreadyDecided):
                valley.approve(run)
            valley.pay(run)
        except Exception as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=whole_run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refusals == []
    assert Run.objects.count() == 1
    assert Line.objects.count() == 2
    assert Transfer.objects.filter(code="redistributed").count() == 2
    assert lot(valley, valley.cast.ada.id) == 800


def test_the_pool_itself_is_named_by_its_key(valley: Valley) -> None:
    valley.adopt()

    assert valley.open().run_key == f"riparto-{HALF[1]}-{valley.pool}"
    assert Node.objects.get(pk=valley.pool).kind == "pool"


def test_of_an_erased_person_their_words_go_and_their_line_stays(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 10_000)
    run = valley.run()
    actions.object_to_run(
        run_id=run.id, member_id=valley.cast.ada.id, text="Sono io", made_at=AFTERWARDS
    )

    actions.forget_people([valley.cast.ada.id])

    assert not run.objections.exclude(text="").exists()
    assert parts(run) == {valley.cast.ada.id: 800}


def test_what_nobody_spends_ends_like_any_credit_and_the_pool_owes_it(valley: Valley) -> None:
    valley.adopt()
    valley.buy(valley.cast.ada.id, 10_000)
    valley.run()

    expire_lots(on=date(2027, 1, 1), recorded_at=datetime(2027, 1, 1, 3, tzinfo=UTC))

    assert lot(valley, valley.cast.ada.id) == 0
    assert ledger.balance(issued(issuer=valley.pool)) == 0
    assert ledger.balance(clearing(node=valley.pool)) == 0
    assert ledger.balance(clearing(node=valley.cast.solidarity_id)) == 800
