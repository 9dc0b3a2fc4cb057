"""
Any sequence of sales, refunds, gifts and expiries, on a model ledger of a dictionary.

The moves that the rules return are followed one by one: every unit stays at zero, no lot and no
recovery passes its limit, and what nodes owe each other equals an independent count.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reciproca.ledger.rules import PURPOSES, AccountKey, Move
from reciproca.shared.exchange import lines_with_credit
from reciproca.valueback.rules import (
    ExpiredAmount,
    Lot,
    SoldLine,
    Standing,
    expiry_moves,
    line_value,
    lots_to_spend,
    plan_refund,
    spendable_cents,
    spending_moves,
    value_moves,
)
from reciproca.valueback.tests.policies import ADA, EXPIRED, policy, pooled

SELLERS = [UUID(int=i) for i in (1, 2, 3)]
PROJECT = UUID(int=0xAAA)
FIRST_YEAR, LAST_YEAR = 2025, 2029

cents = st.integers(0, 3_000)


@dataclass
class Sale:
    """A purchase as the machine remembers it."""

    seller: UUID
    year: int
    lines: list[SoldLine]
    spent: tuple[Lot, ...]
    credit_back: int = 0
    expired_back: int = field(default=0)


class ValueBackMachine(RuleBasedStateMachine):
    @initialize(is_pooled=st.booleans())
    def open(self, is_pooled: bool) -> None:
        self.policy = pooled() if is_pooled else policy()
        self.balances: dict[AccountKey, int] = defaultdict(int)
        self.owed: dict[tuple[UUID, UUID], int] = defaultdict(int)
        self.expired: dict[tuple[UUID, date], int] = defaultdict(int)
        self.sales: list[Sale] = []
        self.year = FIRST_YEAR

    def follow(self, moves: list[Move] | tuple[Move, ...]) -> None:
        for debit, credit, amount, _ in moves:
            assert amount > 0
            assert debit != credit
            assert debit.unit == credit.unit
            self.balances[debit] -= amount
            self.balances[credit] += amount
            for account in (debit, credit):
                limits = PURPOSES[account.purpose]
                assert limits.floor is None or self.balances[account] >= limits.floor
                assert limits.ceiling is None or self.balances[account] <= limits.ceiling

    def lots(self, issuer: UUID | None = None) -> list[Lot]:
        return [
            Lot(key.party, key.expires_on, balance)
            for key, balance in self.balances.items()
            if key.purpose == "credit" and key.expires_on and issuer in (None, key.party)
        ]

    def today(self) -> date:
        return date(self.year, 6, 1)

    def standing(self, seller: UUID, born_expires_on: date) -> Standing:
        debt = AccountKey("recovery", ADA, seller)
        return Standing(
            today=self.today(),
            born_expires_on=born_expires_on,
            now_expires_on=self.policy.expires_on(self.today()),
            recovery_debt_cents=-self.balances[debt],
            lots=self.lots(seller),
        )

    @rule(
        seller=st.sampled_from(SELLERS),
        amounts=st.lists(cents, min_size=1, max_size=3),
        part=st.fractions(0, 1, max_denominator=4),
        rate=st.sampled_from([Fraction(0), Fraction(3, 100), Fraction(1, 3), Fraction(1)]),
    )
    def sell(self, seller: UUID, amounts: list[int], part: Fraction, rate: Fraction) -> None:
        credit = min(int(sum(amounts) * part), spendable_cents(lots=self.lots(), on=self.today()))
        spent = lots_to_spend(lots=self.lots(), amount_cents=credit, on=self.today())
        lines = lines_with_credit(lines=[("", each) for each in amounts], credit_cents=credit)
        values = [
            line_value(policy=self.policy, rate=rate, base_cents=line.base_cents) for line in lines
        ]
        parts = tuple(map(sum, zip(*(value.parts for value in values), strict=True)))
        born = self.policy.expires_on(self.today())
        self.follow(spending_moves(member_id=ADA, acceptor_id=seller, spent=spent))
        self.follow(
            value_moves(
                policy=self.policy,
                member_id=ADA,
                seller_id=seller,
                parts=parts,
                standing=self.standing(seller, born),
            )
        )
        self.count_spent(spent, seller, 1)
        self.count_parts(seller, parts)
        sold = [SoldLine(rate, line.amount_cents, line.credit_cents) for line in lines]
        self.sales.append(Sale(seller, self.year, sold, spent))

    @precondition(lambda self: self.sales)
    @rule(data=st.data(), whole=st.booleans())
    def refund(self, data: st.DataObject, whole: bool) -> None:
        sale = data.draw(st.sampled_from(self.sales))
        wanted = [
            line.left_cents if whole else data.draw(st.integers(0, line.left_cents))
            for line in sale.lines
        ]
        born = self.policy.expires_on(date(sale.year, 6, 1))
        ended = self.expired[sale.seller, born]
        state = self.standing(sale.seller, born)
        plan = plan_refund(
            policy=self.policy,
            member_id=ADA,
            seller_id=sale.seller,
            refunded_on=self.today(),
            lines=list(zip(sale.lines, wanted, strict=True)),
            standing=state._replace(expired=[ExpiredAmount(EXPIRED, ended)]),
            spent=sale.spent,
            credit_back_cents=sale.credit_back,
        )
        self.follow(plan.moves)
        called_back = sum(move.amount for move in plan.moves if move.code == "refund-expired")
        self.expired[sale.seller, born] -= called_back
        self.owed[sale.seller, EXPIRED] -= called_back
        self.count_spent(plan.credit_back, sale.seller, -1)
        self.count_parts(sale.seller, plan.parts)
        sale.credit_back += plan.credit_cents
        sale.lines = [
            replace(
                line,
                money_back_cents=line.money_back_cents + back.money_cents,
                credit_back_cents=line.credit_back_cents + back.credit_cents,
            )
            for line, back in zip(sale.lines, plan.lines, strict=True)
        ]
        assert plan.money_cents + plan.credit_cents == sum(wanted)

    @rule(part=st.fractions(0, 1, max_denominator=4))
    def give(self, part: Fraction) -> None:
        amount = int(spendable_cents(lots=self.lots(), on=self.today()) * part)
        spent = lots_to_spend(lots=self.lots(), amount_cents=amount, on=self.today())
        self.follow(spending_moves(member_id=ADA, acceptor_id=PROJECT, spent=spent, why="gift"))
        self.count_spent(spent, PROJECT, 1)

    @precondition(lambda self: self.year < LAST_YEAR)
    @rule()
    def turn_the_year(self) -> None:
        """Credit that ended is swept some time after the year turned, as in life."""
        for lot in self.lots():
            if lot.expires_on < self.today() and lot.amount_cents:
                self.follow(expiry_moves(member_id=ADA, expired=lot, fund_id=EXPIRED))
                self.expired[lot.issuer_id, lot.expires_on] += lot.amount_cents
                self.owed[lot.issuer_id, EXPIRED] += lot.amount_cents
        self.year += 1

    def count_spent(self, spent: tuple[Lot, ...], acceptor: UUID, sign: int) -> None:
        for lot in spent:
            if lot.issuer_id != acceptor:
                self.owed[lot.issuer_id, acceptor] += sign * lot.amount_cents

    def count_parts(self, seller: UUID, parts: tuple[int, ...]) -> None:
        for fund, part in zip(self.policy.fund_ids, parts, strict=True):
            if fund:
                self.owed[seller, fund] += part

    @invariant()
    def every_unit_sums_to_zero(self) -> None:
        if hasattr(self, "balances"):
            for unit in ("CRED", "EUR"):
                assert not sum(cents for key, cents in self.balances.items() if key.unit == unit)

    @invariant()
    def what_is_owed_equals_an_independent_count(self) -> None:
        if hasattr(self, "balances"):
            net: dict[UUID, int] = defaultdict(int)
            for (debtor, creditor), amount in self.owed.items():
                net[debtor] -= amount
                net[creditor] += amount
            for key, balance in self.balances.items():
                if key.purpose == "clearing":
                    assert net[key.owner] == balance


TestAnySequence = ValueBackMachine.TestCase
TestAnySequence.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
