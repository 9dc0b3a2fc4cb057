"""Batches that cross, in real threads on connections of their own."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from threading import Event
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection, connections, transaction

from reciproca.ledger import actions, queries, rules
from reciproca.ledger.rules import Move
from reciproca.ledger.tests.postings import posting

pytestmark = pytest.mark.django_db(transaction=True)

NODES = [rules.clearing(node=uuid4()) for _ in range(12)]


def test_batches_that_cross_wait_for_each_other_and_never_deadlock() -> None:
    def post_many(seed: int) -> int:
        chance, moved = random.Random(seed), 0
        try:
            for _ in range(25):
                pairs = [chance.sample(NODES, 2) for _ in range(chance.randint(1, 40))]
                moves = [Move(one, other, chance.randint(1, 9), "branch") for one, other in pairs]
                moved += actions.post([posting(*moves)]).transfers
            return moved
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as hands:
        moved = sum(hands.map(post_many, range(4)))

    assert sum(queries.balances(NODES).values()) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_transfer")
        assert cursor.fetchone() == (moved,)


def test_accounts_are_locked_in_the_order_of_their_ids() -> None:
    """Whoever waits for an account holds all those before it and none after it."""
    ids = sorted(actions.open_accounts(NODES).values())
    by_id = {account: key for key, account in actions.open_accounts(NODES).items()}
    chance = random.Random("order")
    for held in chance.sample(ids, 4):
        others = [each for each in ids if each != held]
        chance.shuffle(others)
        moves = [Move(by_id[held], by_id[each], 1, "branch") for each in others]
        chance.shuffle(moves)

        free = _free_while_waiting(partial(actions.post, [posting(*moves)]), held, ids)

        assert free == [each for each in ids if each > held]


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
