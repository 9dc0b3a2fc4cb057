"""A few transfers are one statement, which is a transaction by itself."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reciproca.ledger import actions, known, queries, rules
from reciproca.ledger.errors import ContentDiffers, FloorReached
from reciproca.ledger.models import Transfer
from reciproca.ledger.sql import FEW
from reciproca.ledger.tests.postings import YEAR_END, accrual, posting, spending
from reciproca.postgres.backend.base import CommitUnknown
from reciproca.transparency.models import Opening, Waiting
from reciproca.transparency.tests.standby import a_standby_given_up

pytestmark = pytest.mark.django_db(transaction=True)

ADA, SHOP = uuid4(), uuid4()
LOT = rules.credit(member=ADA, issuer=SHOP, expires_on=YEAR_END)


@pytest.fixture(autouse=True)
def funded() -> None:
    for _ in range(2):
        actions.post([posting(accrual(member=ADA, issuer=SHOP, cents=50))])
    assert known.account_id(LOT) is not None


def test_its_leaf_is_in_it() -> None:
    one = posting(spending(member=ADA, issuer=SHOP, cents=1))
    actions.post([one])

    assert Opening.objects.filter(pk=one.reference).exists()
    assert Waiting.objects.filter(pk=one.reference).exists()


def test_the_server_reads_and_plans_it_once() -> None:
    actions.post([posting(spending(member=ADA, issuer=SHOP, cents=1))])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements"
            " WHERE statement LIKE '%INSERT INTO ledger_transfer%'"
        )
        (before,) = cursor.fetchone()
        actions.post([posting(spending(member=ADA, issuer=SHOP, cents=1))])
        cursor.execute(
            "SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements"
            " WHERE statement LIKE '%INSERT INTO ledger_transfer%'"
        )
        assert cursor.fetchone() == (before + 1,)


def test_refused_it_leaves_neither_transfer_nor_leaf() -> None:
    before = Transfer.objects.count(), Opening.objects.count(), Waiting.objects.count()

    with pytest.raises(FloorReached) as refusal:
        actions.post([posting(spending(member=ADA, issuer=SHOP, cents=101))])

    assert refusal.value.params["balance"] == 100
    after = Transfer.objects.count(), Opening.objects.count(), Waiting.objects.count()
    assert after == before
    assert queries.balance(LOT) == 100


def test_sent_again_it_moves_nothing_and_with_other_content_it_is_refused() -> None:
    one = posting(spending(member=ADA, issuer=SHOP, cents=1))

    assert not actions.post([one]).already_posted
    assert actions.post([one]).already_posted
    with pytest.raises(ContentDiffers):
        actions.post([one._replace(moves=[spending(member=ADA, issuer=SHOP, cents=2)])])
    assert queries.balance(LOT) == 99


def test_sent_again_it_is_answered_no_sooner_than_a_standby_has_it() -> None:
    one = posting(spending(member=ADA, issuer=SHOP, cents=1))
    actions.post([one])

    with CaptureQueriesContext(connection) as captured:
        assert actions.post([one]).already_posted
    assert "pg_logical_emit_message" in captured[-2]["sql"]
    assert captured[-1]["sql"] == "COMMIT"


@pytest.mark.parametrize("count", [FEW, FEW + 1])
def test_few_and_many_are_held_to_the_same_steps(count: int) -> None:
    beyond = spending(member=ADA, issuer=SHOP, cents=101)
    back = accrual(member=ADA, issuer=SHOP, cents=101)
    others = [accrual(member=uuid4(), issuer=SHOP, cents=1)] * (count - 2)

    with pytest.raises(FloorReached):
        actions.post([posting(beyond, back, *others)])
    actions.post([posting(back, beyond, *others)])

    assert queries.balance(LOT) == 100


def test_where_a_standby_may_lack_it_nobody_says_that_it_is_done_until_it_is_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = posting(spending(member=ADA, issuer=SHOP, cents=1))

    with a_standby_given_up(monkeypatch, "transparency_opening"), pytest.raises(CommitUnknown):
        actions.post([one])

    assert actions.post([one]).already_posted
    assert queries.balance(LOT) == 99
