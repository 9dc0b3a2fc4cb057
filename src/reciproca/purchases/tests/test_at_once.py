"""What happens when several hands move the same money at the same moment, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, connections, transaction

from reciproca.ledger import queries as ledger
from reciproca.ledger import rules as accounts
from reciproca.ledger.queries import BALANCE
from reciproca.purchases import actions
from reciproca.purchases.forms import SaleIn
from reciproca.purchases.models import Purchase
from reciproca.purchases.tests.community import NOON, credit_of, make_community, owed
from reciproca.valueback import actions as valueback
from reciproca.valueback.rules import NotSpendable

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all works at the same moment, each on its own connection; errors are returned."""
    barrier = Barrier(len(works))

    def begin(work: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return work()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as hands:
        return list(hands.map(begin, works))


def recording(*sales: SaleIn) -> Callable[[], object]:
    return lambda: actions.record_sales(sales=sales, recorded_by=None, recorded_at=NOON)


def test_the_last_cents_are_spent_by_one_and_the_others_are_told() -> None:
    here = make_community()
    here.buy(10_000)
    sales = [here.sale(200, shop=here.molino, credit=200) for _ in range(8)]

    answers = at_once(*(recording(sale) for sale in sales))

    assert sum(isinstance(answer, list) for answer in answers) == 1
    assert sum(isinstance(answer, NotSpendable) for answer in answers) == 7
    assert credit_of(here.ada) == 0
    assert owed(here.molino) == 200


def test_one_key_sent_by_many_at_once_is_one_purchase() -> None:
    here = make_community()
    sale = here.sale(10_000)

    answers = at_once(*(recording(sale) for _ in range(8)))

    assert len({answer[0].purchase_id for answer in answers}) == 1  # type: ignore[index]
    assert Purchase.objects.count() == 1
    assert credit_of(here.ada) == 200


def test_batches_that_cross_wait_for_each_other_and_lose_nothing() -> None:
    here = make_community()
    members = [here.ada, here.bruno]
    batches = [
        [
            here.sale(1_000, shop=shop, member=member)
            for _ in range(25)
            for shop in (here.shops if turn % 2 else here.shops[::-1])
            for member in (members if turn % 2 else members[::-1])
        ]
        for turn in range(6)
    ]

    answers = at_once(*(recording(*batch) for batch in batches))

    assert [len(answer) for answer in answers] == [150] * 6  # type: ignore[arg-type]
    assert credit_of(here.ada) == credit_of(here.bruno) == 450 * 20
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum({BALANCE}) FROM ledger_account a")
        assert cursor.fetchone() == (0,)


def test_a_debt_repaid_by_two_purchases_at_once_is_repaid_once() -> None:
    here = make_community()
    purchase = here.buy(10_000)
    here.buy(200, shop=here.molino, credit=200)
    here.give_back(purchase)

    at_once(*(recording(here.sale(9_000)) for _ in range(4)))

    debt = ledger.balance(accounts.recovery(member=here.ada.id, seller=here.lievito.id))
    assert (debt, credit_of(here.ada)) == (0, 4 * 180 - 200)


def test_one_purchase_given_back_by_two_at_once_is_given_back_once() -> None:
    here = make_community()
    purchase = here.buy(1_000)

    at_once(*(lambda: here.give_back(purchase) for _ in range(4)))

    assert Purchase.objects.filter(corrects=purchase).count() == 1
    assert credit_of(here.ada) == 0


def test_what_ended_is_called_back_once_by_two_refunds_at_once() -> None:
    here = make_community()
    purchases = [here.buy(10_000) for _ in range(3)]
    here.buy(400, shop=here.molino, credit=400)
    january = datetime(2027, 1, 5, 12, tzinfo=UTC)
    valueback.expire_lots(on=january.date(), recorded_at=january)

    at_once(*(partial(here.give_back, purchase, at=january) for purchase in purchases))

    called = [each.expired_cents for each in Purchase.objects.filter(corrects__isnull=False)]
    assert sorted(called) == [0, 0, 200]
    debt = ledger.balance(accounts.recovery(member=here.ada.id, seller=here.lievito.id))
    assert debt == -400


def test_a_year_is_closed_before_or_after_a_late_sale_and_never_in_between() -> None:
    here = make_community()
    january = datetime(2026, 1, 10, 12, tzinfo=UTC)
    written, closed = Event(), Event()

    def somebody_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            return cursor.fetchone() is not None

    def sell_late() -> None:
        with transaction.atomic():
            here.buy(1_200, recorded_at=january)
            written.set()
            while not (closed.is_set() or somebody_waits()):
                pass

    def close() -> int:
        written.wait()
        try:
            actions.close_year(year=2025, closed_by=None, closed_at=january)
        finally:
            closed.set()
        return Purchase.objects.filter(year=2025).count()

    assert at_once(sell_late, close) == [None, 1]
    assert here.buy(1_200, recorded_at=january).year == 2026
