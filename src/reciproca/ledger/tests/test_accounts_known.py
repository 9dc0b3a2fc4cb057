"""What a process remembers of accounts, and what it does when it was wrong."""

from uuid import uuid4

import pytest
from django.db import connection, transaction

from reciproca.ledger import actions, known, queries, rules
from reciproca.ledger.tests.postings import accrual, posting

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_posting_whose_accounts_are_known_is_its_rows_and_its_leaf_in_one_statement(
    django_assert_num_queries: object,
) -> None:
    move = accrual(member=uuid4(), issuer=uuid4(), cents=1)
    actions.post([posting(move)])
    actions.post([posting(move)])

    assert known.account_id(move.debit) is not None
    with django_assert_num_queries(1):  # type: ignore[operator]
        actions.post([posting(move)])


def test_an_account_that_a_rollback_took_away_is_not_remembered() -> None:
    move = accrual(member=uuid4(), issuer=uuid4(), cents=1)

    with transaction.atomic():
        actions.post([posting(move)])
        actions.post([posting(move)])
        transaction.set_rollback(True)

    assert known.account_id(move.credit) is None


def test_an_account_gone_with_an_older_database_is_looked_up_anew() -> None:
    move = accrual(member=uuid4(), issuer=uuid4(), cents=7)
    known.keep({move.debit: 1, move.credit: 2})

    actions.post([posting(move)])

    assert queries.balance(move.credit) == 7
    assert known.account_id(move.credit) != 2


def test_an_id_is_never_given_twice_even_by_a_database_put_back() -> None:
    shop = uuid4()
    [first] = actions.open_accounts([rules.issued(issuer=shop)]).values()
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE ledger_account_turn RESTART")

    ids = actions.open_accounts(rules.clearing(node=uuid4()) for _ in range(5_000)).values()

    assert len(set(ids)) == 5_000
    assert first < min(ids)
