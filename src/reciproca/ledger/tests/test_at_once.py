"""Batches that cross, in real threads on connections of their own."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from threading import Event
from uuid import uuid4

import pytest
from django.db import DatabaseError, close_old_connections, connection, connections, transaction

from reciproca.ledger import actions, queries, rules
from reciproca.ledger.reserving import Take, reserve, take
from reciproca.ledger.rules import Move
from reciproca.ledger.tests.postings import NOON, YEAR_END, posting
from reciproca.shared.ids import fact_id, transfer_id

pytestmark = pytest.mark.django_db(transaction=True)

NODES = [rules.clearing(node=uuid4()) for _ in range(12)]
SHOP = uuid4()
LOTS = [rules.credit(member=uuid4(), issuer=SHOP, expires_on=YEAR_END) for _ in range(12)]


def give_to_all(cents: int) -> None:
    actions.post([posting(*(Move(rules.issued(issuer=SHOP), lot, cents, "gift") for lot in LOTS))])


def test_batches_that_cross_wait_for_each_other_and_never_deadlock() -> None:
    """Large and small, among accounts with limits and without, some of it reserved first."""
    give_to_all(100_000)

    def post_many(seed: int) -> int:
        chance, moved = random.Random(seed), 0
        try:
            for turn in range(25):
                among = chance.choice([NODES, LOTS])
                pairs = [chance.sample(among, 2) for _ in range(chance.choice([1, 3, 40]))]
                moves = [Move(one, other, chance.randint(1, 9), "gift") for one, other in pairs]
                whole = posting(*moves)
                if turn % 3:
                    moved += actions.post([whole]).transfers
                    continue
                reserve([whole], expires_at=NOON + timedelta(hours=1))
                held = [transfer_id(fact=whole.reference, number=n + 1) for n in range(len(moves))]
                takes = [Take(each) for each in chance.sample(held, len(held))]
                moved += take(takes, reference=fact_id(), taken_at=NOON).transfers
            return moved
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        moved = sum(hands.map(post_many, range(4)))

    assert sum(queries.balances(NODES).values()) == 0
    assert sum(queries.balances(LOTS).values()) == len(LOTS) * 100_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_transfer")
        assert cursor.fetchone() == (moved + len(LOTS),)


def test_small_postings_of_many_to_one_fund_do_not_wait_for_each_other() -> None:
    fund, people = NODES[0], NODES[1:]
    actions.post([posting(Move(people[0], fund, 1, "branch"))])
    begun, may_end = Event(), Event()

    def post_and_linger() -> None:
        try:
            with transaction.atomic():
                actions.post([posting(Move(people[1], fund, 2, "branch"))])
                begun.set()
                may_end.wait()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as hand:
        lingering = hand.submit(post_and_linger)
        begun.wait()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            actions.post([posting(Move(people[2], fund, 4, "branch"))])
        may_end.set()
        lingering.result()

    assert queries.balance(fund) == 7
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_stripe SET credits_posted = 0")


def test_accounts_are_locked_in_the_order_of_their_ids() -> None:
    """Whoever waits for an account holds all those before it and none after it."""
    give_to_all(100)
    by_id = {account: key for key, account in actions.open_accounts(LOTS).items()}
    ids = sorted(by_id)
    chance = random.Random("order")
    for held in chance.sample(ids, 4):
        others = [each for each in ids if each != held]
        chance.shuffle(others)
        moves = [Move(by_id[held], by_id[each], 1, "gift") for each in others]
        chance.shuffle(moves)

        free = _free_while_waiting(partial(actions.post, [posting(*moves)]), held, ids)

        assert free == [each for each in ids if each > held]


def test_the_two_accounts_of_one_transfer_too() -> None:
    give_to_all(100)
    by_id = {account: key for key, account in actions.open_accounts(LOTS).items()}
    first, last = min(by_id), max(by_id)
    for giver, taker in [(first, last), (last, first)]:
        one = posting(Move(by_id[giver], by_id[taker], 1, "gift"))
        for held, free in [(last, []), (first, [last])]:
            post = partial(actions.post, [one._replace(reference=fact_id())])
            assert _free_while_waiting(post, held, [first, last]) == free


def _free_while_waiting(post: Callable[[], object], held: int, ids: list[int]) -> list[int]:
    """Return the accounts that nobody holds while a posting waits for the one that we hold."""
    begun = Event()

    def run() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET application_name = 'crossing'")
            begun.set()
            post()
        finally:
            connections.close_all()

    lock = "SELECT id FROM ledger_account WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED"
    with ThreadPoolExecutor(1) as hand:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT FROM ledger_account WHERE id = %s FOR UPDATE", [held])
            waiting = hand.submit(run)
            begun.wait()
            _wait_until_it_waits()
            cursor.execute(lock, [[each for each in ids if each != held]])
            free = [account for (account,) in cursor.fetchall()]
        waiting.result()
    close_old_connections()
    return free


def _wait_until_it_waits() -> None:
    with closing(connections["default"].copy()) as watching, watching.cursor() as cursor:
        for _ in range(2_000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'crossing'"
                " AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() == (1,):
                return
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("the posting never waited for the account that is held")
