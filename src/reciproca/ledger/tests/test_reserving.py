from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from reciproca.ledger import actions, queries, rules
from reciproca.ledger.errors import (
    CeilingReached,
    ContentDiffers,
    FloorReached,
    MoreThanReserved,
    PostingRefused,
    ReservationOver,
)
from reciproca.ledger.models import Account, Reservation
from reciproca.ledger.reserving import Take, release, release_expired, reserve, take
from reciproca.ledger.rules import AccountKey, Move
from reciproca.ledger.tests.postings import NOON, YEAR_END, accrual, posting, spending
from reciproca.shared.ids import fact_id, transfer_id
from reciproca.transparency.models import Opening

pytestmark = pytest.mark.django_db

ADA, SHOP = uuid4(), uuid4()
LOT = rules.credit(member=ADA, issuer=SHOP, expires_on=YEAR_END)
SOON = NOON + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _ada_has_a_hundred(db: None) -> None:
    actions.post([posting(accrual(member=ADA, issuer=SHOP, cents=100))])


def reserved(cents: int, *, until: datetime = SOON) -> UUID:
    reference = fact_id()
    move = spending(member=ADA, issuer=SHOP, cents=cents)
    reserve([posting(move, reference=reference)], expires_at=until)
    return transfer_id(fact=reference, number=1)


def spend(cents: int) -> None:
    actions.post([posting(spending(member=ADA, issuer=SHOP, cents=cents))])


def free_cents() -> int:
    return sum(lot.cents for lot in queries.lots(members=[ADA]))


def pending(key: AccountKey) -> tuple[int, int]:
    row = Account.objects.get(owner=key.owner, purpose=key.purpose)
    return row.debits_pending, row.credits_pending


def test_what_is_reserved_stays_and_cannot_be_spent() -> None:
    reserved(60)

    assert queries.balance(LOT) == 100
    assert free_cents() == 40
    with pytest.raises(FloorReached) as refusal, transaction.atomic():
        spend(41)
    assert refusal.value.params["balance"] == 40
    spend(40)


def test_nobody_reserves_more_than_there_is() -> None:
    reserved(60)

    with pytest.raises(FloorReached) as refusal, transaction.atomic():
        reserved(41)

    assert refusal.value.params["balance"] == 40
    assert Reservation.objects.count() == 1


def test_what_may_still_come_in_counts_against_the_ceiling() -> None:
    debt, mirror = rules.recovery(member=ADA, seller=SHOP), rules.issued(issuer=SHOP)
    actions.post([posting(Move(debt, mirror, 30, "refund-recovery"))])
    reserve([posting(Move(mirror, debt, 20, "recovery"))], expires_at=SOON)

    with pytest.raises(CeilingReached) as refusal, transaction.atomic():
        actions.post([posting(Move(mirror, debt, 11, "recovery"))])

    assert refusal.value.params["balance"] == -10
    actions.post([posting(Move(mirror, debt, 10, "recovery"))])


def test_what_may_still_come_in_is_not_there_to_be_spent() -> None:
    reserve([posting(accrual(member=ADA, issuer=SHOP, cents=50))], expires_at=SOON)

    with pytest.raises(FloorReached), transaction.atomic():
        spend(101)


@pytest.mark.parametrize(("taken", "left"), [(None, 40), (60, 40), (25, 75)])
def test_a_reservation_is_taken_whole_or_in_part_and_the_rest_is_free(
    taken: int | None, left: int
) -> None:
    reservation, sale = reserved(60), fact_id()

    take([Take(reservation, taken)], reference=sale, taken_at=NOON)

    assert free_cents() == queries.balance(LOT) == left
    assert pending(LOT) == (0, 0)
    [entry] = queries.transfers_of(sale)
    assert (entry.amount, entry.code, entry.reference) == (taken or 60, "spend", sale)


def test_what_is_taken_leaves_a_leaf_and_what_is_only_reserved_none() -> None:
    reservation, sale = reserved(60), fact_id()
    logged = Opening.objects.count()

    take([Take(reservation, 25)], reference=sale, taken_at=NOON)
    take([Take(reservation, 25)], reference=sale, taken_at=NOON)

    assert Opening.objects.count() == logged + 1
    assert '"amount":25,"code":"spend"' in Opening.objects.get(fact=sale).payload


def test_a_reservation_is_taken_once() -> None:
    reservation, sale = reserved(60), fact_id()
    take([Take(reservation, 50)], reference=sale, taken_at=NOON)

    again = take([Take(reservation, 50)], reference=sale, taken_at=NOON)

    assert again.already_posted
    for other in (Take(reservation, 50), Take(reservation, 10), Take(reservation)):
        with pytest.raises(ReservationOver), transaction.atomic():
            take([other], reference=fact_id(), taken_at=NOON)
    with pytest.raises(ReservationOver), transaction.atomic():
        release([reservation], released_at=NOON)
    assert queries.balance(LOT) == 50


def test_a_reservation_that_is_released_gives_back_what_it_held_once() -> None:
    reservation = reserved(60)

    assert release([reservation], released_at=NOON) == 1
    assert release([reservation], released_at=NOON) == 0
    assert free_cents() == 100
    with pytest.raises(ReservationOver), transaction.atomic():
        take([Take(reservation)], reference=fact_id(), taken_at=NOON)


def test_time_ends_a_reservation() -> None:
    short, long = reserved(30), reserved(20, until=SOON + timedelta(hours=1))

    with pytest.raises(ReservationOver), transaction.atomic():
        take([Take(short)], reference=fact_id(), taken_at=SOON)
    assert free_cents() == 50

    assert release_expired(at=SOON) == 1
    assert release_expired(at=SOON) == 0
    assert free_cents() == 80
    take([Take(long)], reference=fact_id(), taken_at=SOON)


def test_more_than_is_reserved_is_never_taken_and_nothing_of_the_batch_remains() -> None:
    one, other = reserved(30), reserved(20)

    for asked in (21, 0, -5):
        with pytest.raises(MoreThanReserved), transaction.atomic():
            take([Take(one), Take(other, asked)], reference=fact_id(), taken_at=NOON)

    assert queries.balance(LOT) == 100
    assert pending(LOT) == (50, 0)


def test_what_nobody_reserved_cannot_be_taken() -> None:
    with pytest.raises(ReservationOver):
        take([Take(uuid4())], reference=fact_id(), taken_at=NOON)


def test_the_same_reservation_sent_again_reserves_nothing_and_another_is_refused() -> None:
    reference = fact_id()
    once = posting(spending(member=ADA, issuer=SHOP, cents=60), reference=reference)
    other = posting(spending(member=ADA, issuer=SHOP, cents=10), reference=reference)

    assert not reserve([once], expires_at=SOON).already_posted
    assert reserve([once], expires_at=SOON).already_posted
    with pytest.raises(ContentDiffers), transaction.atomic():
        reserve([other], expires_at=SOON)
    assert free_cents() == 40


def test_a_closed_account_gives_back_but_does_not_pay() -> None:
    one, other = reserved(30), reserved(20)
    Account.objects.filter(owner=ADA).update(closed_at=NOON)

    with pytest.raises(PostingRefused) as refusal, transaction.atomic():
        take([Take(one)], reference=fact_id(), taken_at=NOON)
    assert refusal.value.params["rule"] == "closed-account"
    assert release([one, other], released_at=NOON) == 2


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE ledger_reservation SET amount = 1, ended_at = now()",
        "UPDATE ledger_reservation SET expires_at = now()",
        "UPDATE ledger_reservation SET ended_at = NULL",
        "UPDATE ledger_reservation SET taken_amount = 5, ended_at = '2025-06-02 12:00+00'",
        "UPDATE ledger_reservation SET taken_amount = 61, transfer_id = ledger_first_id(now()),"
        " ended_at = '2025-06-02 12:00+00'",
        "UPDATE ledger_reservation SET taken_amount = 60, transfer_id = ledger_first_id(now()),"
        " ended_at = expires_at",
        "DELETE FROM ledger_reservation",
        "TRUNCATE ledger_reservation",
        "UPDATE ledger_account SET debits_pending = 0",
        "INSERT INTO ledger_reservation SELECT gen_random_uuid(), debit_account_id,"
        " credit_account_id, amount, unit, code FROM ledger_reservation",
    ],
)
def test_the_database_itself_refuses(tamper: str) -> None:
    reserved(60)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tamper)


def test_what_is_taken_by_another_path_moves_and_ends_once() -> None:
    reserved(60)
    ended = (
        "UPDATE ledger_reservation SET taken_amount = 50, ended_at = '2025-06-02 12:00+00',"
        " transfer_id = ledger_first_id(now())"
    )

    with connection.cursor() as cursor:
        cursor.execute(ended)

    assert (queries.balance(LOT), free_cents()) == (50, 50)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ended)
