from datetime import UTC, date, datetime, timedelta

import pytest

from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.purchases import actions
from reciproca.purchases.errors import (
    KeyReused,
    LineUnknown,
    NothingLeft,
    NotRefundable,
    PurchaseUnknown,
    UndoDayOver,
    UndoTooLate,
)
from reciproca.purchases.forms import LineBack, RefundIn
from reciproca.purchases.models import MonthTotal, Purchase
from reciproca.purchases.tests.community import NOON, Community, credit_of, make_community, owed
from reciproca.shared.ids import uuid7
from reciproca.valueback import actions as valueback
from reciproca.valueback.rules import MoreThanLeft

pytestmark = pytest.mark.django_db

NEXT_YEAR = datetime(2027, 1, 5, 12, tzinfo=UTC)


def debt(here: Community) -> int:
    return -ledger.balance(accounts.recovery(member=here.ada.id, seller=here.lievito.id))


def test_a_refund_of_all_leaves_nothing_behind() -> None:
    here = make_community()
    purchase = here.buy([("pane", 1_234), ("dolci", 777)])

    refund = here.give_back(purchase)

    assert refund.total_cents == -purchase.total_cents
    assert refund.value_cents == -purchase.value_cents
    assert credit_of(here.ada) == 0
    assert [owed(node) for node in (here.common, here.lievito)] == [0, 0]


def test_a_part_takes_back_value_before_less_value_after() -> None:
    here = make_community()
    purchase = here.buy(4_599)

    refund = here.give_back(purchase, (1, 1_599))

    assert refund.value_cents == -(229 - 150)
    assert credit_of(here.ada) == 60


def test_parts_given_back_one_after_the_other_end_where_the_whole_would() -> None:
    here = make_community()
    purchase = here.buy(4_599)

    for cents in (1, 17, 1_599, 2_982):
        here.give_back(purchase, (1, cents))

    assert credit_of(here.ada) == 0
    assert owed(here.lievito) == 0
    with pytest.raises(NothingLeft):
        here.give_back(purchase)


def test_a_line_named_twice_comes_back_by_both_amounts_and_never_by_more_than_it_was() -> None:
    here = make_community()
    purchase = here.buy(1_000)

    both = here.give_back(purchase, (1, 300), (1, 200))

    assert (both.total_cents, both.lines.count()) == (-500, 1)
    with pytest.raises(MoreThanLeft):
        here.give_back(purchase, (1, 300), (1, 300))


def test_a_basket_with_a_returned_item_comes_back_line_after_line() -> None:
    here = make_community()
    purchase = here.buy([("pane", 1_000), ("vuoti", -800)])

    bread, rest = here.give_back(purchase, (1, 1_000)), here.give_back(purchase)

    assert (bread.kind, bread.total_cents) == ("refund", -1_000)
    assert (rest.kind, rest.total_cents) == ("sale", 800)
    assert bread.value_cents + rest.value_cents == -purchase.value_cents
    assert owed(here.lievito) == 0


def test_money_comes_back_first_then_the_credits_that_paid() -> None:
    here = make_community()
    here.buy(10_000)
    purchase = here.buy(1_000, shop=here.molino, credit=200)

    money = here.give_back(purchase, (1, 800))
    assert (money.credit_cents, owed(here.molino)) == (0, 200)
    credits_back = here.give_back(purchase, (1, 200))

    assert credits_back.credit_cents == -200
    assert credit_of(here.ada) == 200
    assert owed(here.molino) == 0


def test_value_that_was_spent_becomes_a_debt_that_the_next_purchase_repays_first() -> None:
    here = make_community()
    purchase = here.buy(10_000)
    here.buy(200, shop=here.molino, credit=200)

    here.give_back(purchase)
    assert (debt(here), credit_of(here.ada)) == (200, 0)
    here.buy(12_000)

    assert (debt(here), credit_of(here.ada)) == (0, 40)


def test_value_that_expired_is_called_back_from_its_fund_and_only_once() -> None:
    here = make_community()
    first, second = here.buy(10_000), here.buy(10_000)
    valueback.expire_lots(on=NEXT_YEAR.date(), recorded_at=NEXT_YEAR)
    assert owed(here.common) == 300 + 400

    half = here.give_back(first, at=NEXT_YEAR)
    rest = here.give_back(second, at=NEXT_YEAR)

    assert (half.expired_cents, rest.expired_cents) == (200, 200)
    assert owed(here.common) == 0
    assert owed(here.lievito) == 0
    assert debt(here) == 0


def test_credit_returned_to_a_year_that_ended_comes_back_in_the_current_one() -> None:
    here = make_community()
    here.buy(10_000)
    purchase = here.buy(200, shop=here.molino, credit=200)

    here.give_back(purchase, at=NEXT_YEAR)

    [lot] = ledger.lots(members=[here.ada.id])
    assert (lot.cents, lot.expires_on) == (200, date(2028, 12, 31))


def test_a_purchase_without_a_policy_is_given_back_and_moves_nothing() -> None:
    here = make_community()
    purchase = here.buy(1_200, at=datetime(2024, 6, 1, tzinfo=UTC))

    refund = here.give_back(purchase, (1, 200))

    assert (refund.total_cents, refund.value_cents) == (-200, 0)


def test_a_refund_sent_twice_gives_back_once_and_its_key_serves_nothing_else() -> None:
    here = make_community()
    purchase = here.buy(1_200)

    here.give_back(purchase, (1, 200), key="r")
    here.give_back(purchase, (1, 200), key="r")

    assert Purchase.objects.filter(corrects=purchase).count() == 1
    with pytest.raises(KeyReused):
        here.give_back(purchase, (1, 300), key="r")


def test_what_cannot_be_given_back_is_refused() -> None:
    here = make_community()
    purchase = here.buy(1_200)

    with pytest.raises(MoreThanLeft):
        here.give_back(purchase, (1, 1_201))
    with pytest.raises(LineUnknown):
        here.give_back(purchase, (2, 1))
    with pytest.raises(NotRefundable):
        here.give_back(here.give_back(purchase, (1, 1)))
    with pytest.raises(PurchaseUnknown):
        actions.refund_purchase(
            refund=RefundIn(key="x", purchase_id=uuid7(), happened_at=NOON),
            recorded_by=None,
            recorded_at=NOON,
        )


def test_an_undo_is_free_for_ten_minutes_then_asks_why_and_the_next_day_is_a_refund() -> None:
    here = make_community()

    def undo(after: timedelta, reason: str = "") -> Purchase:
        purchase = here.buy(1_200)
        return actions.undo_purchase(
            purchase_id=purchase.id,
            key=f"u{purchase.id}",
            reason=reason,
            recorded_by=None,
            recorded_at=NOON + after,
        )

    assert undo(timedelta(minutes=10)).is_undo
    with pytest.raises(UndoTooLate):
        undo(timedelta(minutes=11))
    assert undo(timedelta(minutes=11), reason="Importo sbagliato").reason == "Importo sbagliato"
    with pytest.raises(UndoDayOver):
        undo(timedelta(days=1), reason="Importo sbagliato")


def test_an_undo_sent_again_is_answered_as_the_first_time_however_late() -> None:
    here = make_community()
    purchase = here.buy(1_200)

    def undo(after: timedelta) -> Purchase:
        return actions.undo_purchase(
            purchase_id=purchase.id,
            key="u",
            reason="",
            recorded_by=None,
            recorded_at=NOON + after,
        )

    first = undo(timedelta(minutes=9))

    assert undo(timedelta(minutes=11)) == undo(timedelta(days=2)) == first
    assert Purchase.objects.filter(corrects=purchase).count() == 1


def test_a_batch_of_refunds_of_one_purchase_knows_what_went_before() -> None:
    here = make_community()
    purchase = here.buy(1_000)
    refunds = [RefundIn(f"r{n}", purchase.id, NOON, lines=(LineBack(1, 400),)) for n in range(3)]

    with pytest.raises(MoreThanLeft):
        actions.refund_purchases(refunds=refunds, recorded_by=None, recorded_at=NOON)
    actions.refund_purchases(refunds=refunds[:2], recorded_by=None, recorded_at=NOON)

    assert credit_of(here.ada) == 4


def test_the_month_totals_are_the_purchases_and_follow_them() -> None:
    here = make_community()
    purchase = here.buy(1_200)
    here.buy(3_000, member=here.bruno)
    actions.refresh_month_totals(since=NOON - timedelta(days=1))
    here.give_back(purchase)

    assert actions.refresh_month_totals(since=NOON - timedelta(days=1)) == 1

    [june] = MonthTotal.objects.all()
    assert (june.month, june.purchase_count, june.member_count) == (date(2025, 6, 1), 2, 2)
    assert (june.total_cents, june.value_cents) == (3_000, 150)
