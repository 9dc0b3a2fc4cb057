"""Debts between nodes are netted once, into few payments, and settled when the bank confirms."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection

from reciproca.clearing import actions, queries
from reciproca.clearing.models import ClearingRun, Settlement
from reciproca.clearing.rules import Obligation, netted_payments, positions
from reciproca.ledger import queries as ledger
from reciproca.ledger.models import Transfer
from reciproca.ledger.rules import clearing
from reciproca.refunds.tests.cast import AFTERWARDS, buy, make_community, make_cooperative
from reciproca.refunds.tests.cast import make_member as member
from reciproca.registry.models import Node

pytestmark = pytest.mark.django_db

YEAR_END = date(2025, 12, 31)
A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def shops() -> list[Node]:
    """Three cooperatives in the order of their ids, as in settlement_01."""
    make_community()
    return [make_cooperative(f"coop{n.int}", node_id=n, rate_bp=10_000) for n in (A, B, C)]


@pytest.fixture
def settlement_01(shops: list[Node]) -> list[Node]:
    """Eight members earn at one cooperative and spend at another: the example, through sales."""
    a, b, c = shops
    redemptions = [
        (a, b, 1_500), (a, c, 700), (b, c, 2_600), (c, a, 900),
        (b, a, 400), (c, b, 300), (a, a, 500), (c, a, 650),
    ]  # fmt: skip
    for number, (issuer, acceptor, cents) in enumerate(redemptions):
        spender = member(f"m{number}")
        # Of a purchase given back whole, the member's part is two fifths.
        buy(issuer, spender, cents * 5 // 2)
        buy(acceptor, spender, cents, credit=cents)
    return shops


def owed_between(shops: list[Node]) -> dict[tuple[UUID, UUID], int]:
    ids = {shop.id for shop in shops}
    return {
        (debtor, creditor): cents
        for debtor, creditor, cents in queries.open_obligations(until=YEAR_END)
        if debtor in ids and creditor in ids
    }


def net(label: str = "2025", until: date = YEAR_END) -> ClearingRun:
    return actions.run_clearing(label=label, until=until, recorded_by=None, recorded_at=AFTERWARDS)


def confirm(*payments: tuple[UUID, str], on: date = date(2026, 5, 4)) -> list[Settlement]:
    return actions.confirm_payments(
        confirmations=[actions.Confirmation(*payment) for payment in payments],
        settled_on=on,
        confirmed_by=None,
        recorded_at=AFTERWARDS,
    )


def test_what_was_spent_elsewhere_is_what_its_issuer_owes(settlement_01: list[Node]) -> None:
    assert owed_between(settlement_01) == {
        (A, B): 1_500,
        (A, C): 700,
        (B, A): 400,
        (B, C): 2_600,
        (C, A): 1_550,
        (C, B): 300,
    }


def test_a_run_leaves_everybody_where_they_stood(settlement_01: list[Node]) -> None:
    before = {shop.id: ledger.balance(clearing(node=shop.id)) for shop in settlement_01}

    run = net()

    assert {shop.id: ledger.balance(clearing(node=shop.id)) for shop in settlement_01} == before
    assert queries.open_obligations(until=YEAR_END) == []
    assert sum(each.amount_cents for each in run.obligations.all()) == run.gross_cents
    assert sum(each.amount_cents for each in run.payments.all()) == run.net_cents
    assert run.payments.count() < run.obligations.count()


def test_a_run_of_the_same_label_is_the_same_run(settlement_01: list[Node]) -> None:
    first = net()
    transfers = Transfer.objects.count()

    assert net() == first
    assert Transfer.objects.count() == transfers
    with pytest.raises(actions.LabelTaken, match="31/12/2025"):
        net(until=date(2026, 1, 31))


def test_what_arrives_later_belongs_to_the_next_run(shops: list[Node]) -> None:
    a, b, _ = shops
    ada = member("Ada")
    buy(a, ada, 5_000)
    buy(b, ada, 1_000, credit=1_000, at=datetime(2025, 7, 1, 9, tzinfo=UTC))
    first = net("primo semestre", until=date(2025, 6, 30))
    second = net("2025")

    assert not first.obligations.filter(debtor=a, creditor=b).exists()
    assert second.obligations.get(debtor=a, creditor=b).amount_cents == 1_000
    with pytest.raises(actions.NothingOwed):
        net("di nuovo")


def test_a_period_that_a_later_run_went_past_owes_nothing_more(shops: list[Node]) -> None:
    ada = member("Ada")
    buy(shops[0], ada, 5_000)
    buy(shops[0], ada, 5_000, at=datetime(2026, 2, 1, 9, tzinfo=UTC))
    net("fino ad aprile", until=date(2026, 4, 30))

    with pytest.raises(actions.NothingOwed):
        net("2025")

    buy(shops[0], ada, 2_500)
    assert net("poi", until=date(2026, 4, 30)).gross_cents == 1_500


def test_netting_is_refused_for_days_to_come_and_without_a_name(shops: list[Node]) -> None:
    with pytest.raises(actions.PeriodNotOver):
        net(until=date(2026, 5, 5))
    with pytest.raises(actions.LabelMissing):
        net("  ")


def test_where_nothing_is_owed_there_is_no_run(shops: list[Node]) -> None:
    with pytest.raises(actions.NothingOwed):
        net()
    assert not ClearingRun.objects.exists()


def test_a_confirmed_payment_settles_what_was_owed(settlement_01: list[Node]) -> None:
    run = net()
    payments = list(run.payments.all())

    confirm(*[(each.id, f"CRO{number}") for number, each in enumerate(payments)])

    balances = [ledger.balance(clearing(node=shop.id)) for shop in settlement_01]
    assert balances == [0, 0, 0]
    assert Settlement.objects.count() == len(payments)


def test_a_payment_confirmed_twice_is_settled_once(settlement_01: list[Node]) -> None:
    payment = net().payments.all()[0]
    [first] = confirm((payment.id, "CRO1"))

    assert confirm((payment.id, " CRO1 ")) == [first]
    assert Transfer.objects.filter(code="settled").count() == 1
    with pytest.raises(actions.PaymentSettled, match="CRO1"):
        confirm((payment.id, "CRO2"))


def test_confirmations_are_refused_whole(settlement_01: list[Node]) -> None:
    first, second = net().payments.all()[:2]

    with pytest.raises(actions.ReferenceUsed, match="CRO1"):
        confirm((first.id, "CRO1"), (second.id, "CRO1"))
    with pytest.raises(actions.ReferenceMissing):
        confirm((first.id, "CRO1"), (second.id, " "))
    with pytest.raises(actions.PaymentUnknown):
        confirm((first.id, "CRO1"), (A, "CRO2"))
    with pytest.raises(actions.SettledInFuture):
        confirm((first.id, "CRO1"), on=date(2026, 5, 5))
    assert not Settlement.objects.exists()

    confirm((first.id, "CRO1"))
    with pytest.raises(actions.ReferenceUsed, match="CRO1"):
        confirm((second.id, "CRO1"))


def test_what_a_run_took_in_is_never_changed(settlement_01: list[Node]) -> None:
    net()
    with pytest.raises(Exception, match="never allowed"), connection.cursor() as cursor:
        cursor.execute("UPDATE clearing_obligation SET amount_cents = amount_cents + 1")


def test_the_examples_payments_come_out(settlement_01: list[Node]) -> None:
    owed = [Obligation(*pair, cents) for pair, cents in owed_between(settlement_01).items()]
    assert positions(owed) == {A: -250, B: -1_200, C: 1_450}
    assert netted_payments(positions(owed)) == [(B, C, 1_200), (A, C, 250)]
