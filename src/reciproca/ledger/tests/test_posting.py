from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from reciproca.ledger import actions, queries, rules
from reciproca.ledger.errors import CeilingReached, ContentDiffers, FloorReached, PostingRefused
from reciproca.ledger.models import Account, Transfer
from reciproca.ledger.rules import Move
from reciproca.ledger.tests.postings import NOON, YEAR_END, accrual, posting, spending
from reciproca.shared.ids import fact_id
from reciproca.transparency.models import Opening, Waiting

pytestmark = pytest.mark.django_db


def test_a_posting_moves_value_and_a_unit_sums_to_zero() -> None:
    ada, shop = uuid4(), uuid4()

    receipt = actions.post([posting(accrual(member=ada, issuer=shop, cents=92))])

    assert (receipt.transfers, receipt.already_posted) == (1, False)
    assert queries.balance(rules.credit(member=ada, issuer=shop, expires_on=YEAR_END)) == 92
    assert queries.balance(rules.issued(issuer=shop)) == -92


def test_nobody_spends_below_the_floor_and_nothing_of_the_batch_remains() -> None:
    ada, shop = uuid4(), uuid4()
    actions.post([posting(accrual(member=ada, issuer=shop, cents=50))])

    with pytest.raises(FloorReached) as refusal, transaction.atomic():
        actions.post(
            [
                posting(accrual(member=uuid4(), issuer=shop, cents=10)),
                posting(spending(member=ada, issuer=shop, cents=51)),
            ]
        )

    assert refusal.value.params["balance"] == 50
    assert queries.balance(rules.issued(issuer=shop)) == -50
    assert Transfer.objects.count() == 1


def test_a_balance_may_not_dip_below_its_floor_halfway_through_a_batch() -> None:
    ada, shop = uuid4(), uuid4()

    with pytest.raises(FloorReached), transaction.atomic():
        actions.post(
            [
                posting(
                    spending(member=ada, issuer=shop, cents=5),
                    accrual(member=ada, issuer=shop, cents=5),
                )
            ]
        )
    actions.post(
        [
            posting(
                accrual(member=ada, issuer=shop, cents=5),
                spending(member=ada, issuer=shop, cents=5),
            )
        ]
    )

    assert queries.lots(members=[ada]) == []


def test_the_refusal_names_the_account_that_has_not_enough_and_no_other() -> None:
    ada, bruno, shop = uuid4(), uuid4(), uuid4()
    actions.post([posting(accrual(member=ada, issuer=shop, cents=100))])
    actions.post([posting(accrual(member=bruno, issuer=shop, cents=20))])

    with pytest.raises(FloorReached) as refusal, transaction.atomic():
        actions.post(
            [
                posting(
                    spending(member=ada, issuer=shop, cents=60),
                    spending(member=bruno, issuer=shop, cents=21),
                )
            ]
        )

    [lot] = queries.lots(members=[bruno])
    assert (refusal.value.params["account"], refusal.value.params["balance"]) == (
        lot.account_id,
        20,
    )


def test_a_recovery_debt_is_never_repaid_beyond_zero() -> None:
    ada, shop = uuid4(), uuid4()
    debt, mirror = rules.recovery(member=ada, seller=shop), rules.issued(issuer=shop)
    actions.post([posting(Move(debt, mirror, 30, "refund-recovery"))])

    with pytest.raises(CeilingReached), transaction.atomic():
        actions.post([posting(Move(mirror, debt, 31, "recovery"))])

    assert queries.balance(debt) == -30


def test_the_same_posting_sent_again_moves_nothing_and_says_so() -> None:
    ada, shop = uuid4(), uuid4()
    sale = posting(accrual(member=ada, issuer=shop, cents=92))

    actions.post([sale])
    again = actions.post([sale])

    assert again.already_posted
    assert queries.balance(rules.issued(issuer=shop)) == -92


def test_the_same_posting_with_other_content_is_refused() -> None:
    ada, shop, reference = uuid4(), uuid4(), fact_id()
    actions.post([posting(accrual(member=ada, issuer=shop, cents=92), reference=reference)])

    with pytest.raises(ContentDiffers), transaction.atomic():
        actions.post([posting(accrual(member=ada, issuer=shop, cents=93), reference=reference)])

    assert queries.balance(rules.issued(issuer=shop)) == -92


def test_a_closed_account_takes_part_in_nothing() -> None:
    ada, shop = uuid4(), uuid4()
    actions.post([posting(accrual(member=ada, issuer=shop, cents=92))])
    Account.objects.filter(owner=ada).update(closed_at=NOON)

    with pytest.raises(PostingRefused) as refusal, transaction.atomic():
        actions.post([posting(spending(member=ada, issuer=shop, cents=1))])

    assert refusal.value.params["rule"] == "closed-account"


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE ledger_transfer SET amount = amount + 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer",
        "UPDATE ledger_account SET credits_posted = credits_posted + 1",
        "UPDATE ledger_account SET owner = gen_random_uuid()",
        "DELETE FROM ledger_account",
        "INSERT INTO ledger_account (unit, purpose, owner, party, debits_posted, credits_posted)"
        " VALUES ('CRED', 'credit', gen_random_uuid(), gen_random_uuid(), 0, 100)",
        "INSERT INTO ledger_transfer (id, debit_account_id, credit_account_id, amount, unit, code,"
        " reference, seq, happened_at) SELECT ledger_first_id(now()), min(id), max(id), 0, 'CRED',"
        " 'value-back', gen_random_uuid(), 1, now() FROM ledger_account",
        "INSERT INTO ledger_transfer (id, debit_account_id, credit_account_id, amount, unit, code,"
        " reference, seq, happened_at) SELECT ledger_first_id(now()), min(id), 999999999, 1,"
        " 'CRED', 'value-back', gen_random_uuid(), 1, now() FROM ledger_account",
        "INSERT INTO ledger_transfer (id, debit_account_id, credit_account_id, amount, unit, code,"
        " reference, seq, happened_at) SELECT ledger_first_id(now()), min(id), max(id), 1, 'EUR',"
        " 'value-back', gen_random_uuid(), 1, now() FROM ledger_account",
    ],
)
def test_the_database_itself_refuses(tamper: str) -> None:
    actions.post([posting(accrual(member=uuid4(), issuer=uuid4(), cents=92))])

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(tamper)


def test_rows_that_come_by_another_path_obey_the_same_rules() -> None:
    ada, shop = uuid4(), uuid4()
    actions.post([posting(accrual(member=ada, issuer=shop, cents=92))])

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_transfer (id, debit_account_id, credit_account_id, amount, unit,"
            " code, reference, seq, happened_at) SELECT ledger_first_id(now()), d.id, c.id, 2,"
            " 'CRED', 'spend', gen_random_uuid(), 1, now() FROM ledger_account d, ledger_account c"
            " WHERE d.purpose = 'credit' AND c.purpose = 'issued'"
        )

    assert queries.balance(rules.issued(issuer=shop)) == -90


def test_a_batch_costs_the_same_number_of_statements_however_long_it_is(
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    shop = uuid4()
    short = [posting(accrual(member=uuid4(), issuer=shop, cents=1)) for _ in range(20)]
    long = [posting(accrual(member=uuid4(), issuer=shop, cents=1)) for _ in range(200)]

    with django_assert_num_queries(8):
        actions.post(short)
    with django_assert_num_queries(8):
        actions.post(long)


def test_the_transfers_of_a_fact_are_found_in_order_by_the_fact_alone() -> None:
    ada, shop = uuid4(), uuid4()
    sale = posting(
        accrual(member=ada, issuer=shop, cents=9), spending(member=ada, issuer=shop, cents=4)
    )
    actions.post([posting(accrual(member=ada, issuer=shop, cents=1)), sale])

    entries = queries.transfers_of(sale.reference)

    assert [(entry.code, entry.amount) for entry in entries] == [("value-back", 9), ("spend", 4)]
    assert entries[0].credit == rules.credit(member=ada, issuer=shop, expires_on=YEAR_END)


def test_movements_come_newest_first_and_page_by_id() -> None:
    ada, shop = uuid4(), uuid4()
    for cents in range(1, 6):
        actions.post([posting(accrual(member=ada, issuer=shop, cents=cents))])

    first = queries.movements(owner=ada, purposes=["credit"], limit=2)
    rest = queries.movements(owner=ada, purposes=["credit"], before=first[-1].id, limit=50)

    assert [entry.amount for entry in first + rest] == [5, 4, 3, 2, 1]


def test_a_facts_transfers_come_back_in_order_however_many_and_never_anothers() -> None:
    shop, long, short = uuid4(), fact_id(), fact_id()
    many = [accrual(member=uuid4(), issuer=shop, cents=cents) for cents in range(1, 101)]
    actions.post([posting(accrual(member=uuid4(), issuer=shop, cents=500), reference=short)])
    actions.post([posting(*many, reference=long)])
    actions.post([posting(accrual(member=uuid4(), issuer=shop, cents=700))])

    found = queries.transfers_of_facts([short, fact_id(), long])

    assert [entry.amount for entry in queries.transfers_of(long)] == list(range(1, 101))
    assert {entry.reference for entry in found} == {short, long}
    assert [entry.id for entry in found] == sorted(entry.id for entry in found)
    assert len(found) == 101


def test_each_account_of_a_batch_is_read_once_by_its_id_however_few_there_are() -> None:
    def read() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_stat_get_xact_tuples_fetched('ledger_account_pkey'::regclass),"
                " pg_stat_get_xact_numscans('ledger_account'::regclass)"
            )
            by_id, whole_table = cursor.fetchone()
            return by_id, whole_table

    shop, members = uuid4(), [uuid4() for _ in range(10)]
    moves = [accrual(member=each, issuer=shop, cents=1) for each in members]
    actions.post([posting(*moves)])
    with connection.cursor() as cursor:
        # As in a community of yesterday: few accounts, of which no statistics tell anything, and
        # the first posting that this session plans is a large batch.
        cursor.execute("DISCARD PLANS")
    by_id, whole_table = read()

    actions.post([posting(*moves) for _ in range(800)])

    assert read() == (by_id + len(members) + 1, whole_table)


def test_every_posting_leaves_a_leaf_in_the_log_and_a_replay_no_second_one() -> None:
    fact = posting(accrual(member=uuid4(), issuer=uuid4(), cents=92))

    actions.post([fact])
    actions.post([fact])

    opening = Opening.objects.get()
    assert (opening.fact, opening.kind) == (fact.reference, "T")
    assert Waiting.objects.get().fact == fact.reference


def test_a_refused_posting_leaves_no_leaf() -> None:
    with pytest.raises(FloorReached), transaction.atomic():
        actions.post([posting(spending(member=uuid4(), issuer=uuid4(), cents=1))])

    assert not Opening.objects.exists()
