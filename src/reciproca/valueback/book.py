"""
The working memory of a batch of exchanges: what they must know, read once, kept up to date as they
are decided.

A batch of one and a batch of five thousand cost the same few SQL queries, and follow the same rules
in the same order as if each exchange had been posted on its own.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from reciproca.ledger import queries as ledger
from reciproca.ledger.rules import Move
from reciproca.shared.errors import DomainError
from reciproca.shared.exchange import ExchangeLine, lines_with_credit
from reciproca.shared.money import format_euro
from reciproca.valueback.queries import Policies, PolicyInForce, Terms, adopted_policies, terms
from reciproca.valueback.rules import (
    ExpiredAmount,
    Lot,
    NotSpendable,
    Standing,
    ValueBackPolicy,
    line_value,
    lots_to_spend,
    spendable_cents,
    spendable_here_cents,
    spending_moves,
    value_moves,
)

NO_PARTS = (0, 0, 0, 0)


class PolicyUnknown(DomainError):
    code = "policy-unknown"
    message = _("Nessuna politica adottata ha l’impronta %(digest)s. Controlla la mappatura.")
    status = 422


class ValuedLine(NamedTuple):
    """A line with what was decided of it; `parts` follows `BRANCH_KEYS`."""

    credit_cents: int
    rate_bp: int
    parts: tuple[int, int, int, int]


class Valued(NamedTuple):
    """
    An exchange with its value and the moves that bring it about; `policy_digest` None: nothing is
    born.
    """

    policy_digest: str | None
    expires_on: date | None
    credit_cents: int
    lines: tuple[ValuedLine, ...]
    parts: tuple[int, int, int, int]
    moves: tuple[Move, ...]

    @property
    def value_cents(self) -> int:
        return sum(self.parts)


@dataclass(slots=True)
class Book:
    """See the module. `today` is the day of recording."""

    policies: Policies
    terms: Terms
    today: date
    lots: dict[UUID, dict[tuple[UUID, date], int]] = field(default_factory=dict)
    debts: dict[tuple[UUID, UUID], int] = field(default_factory=dict)
    rates: dict[tuple[UUID, str, date], tuple[int, Fraction]] = field(default_factory=dict)

    @classmethod
    def opened(
        cls,
        *,
        today: date,
        sellers: Collection[UUID],
        buyers: Collection[UUID],
        holders: Collection[UUID],
    ) -> "Book":
        """
        Read what a batch needs: `holders` are the buyers whose lots it may touch. Five SQL queries
        at most.
        """
        book = cls(adopted_policies(), terms(seller_ids=sellers), today)
        if holders:
            book.lots = {holder: {} for holder in holders}
            for lot in ledger.lots(members=holders):
                book.lots[lot.member][lot.issuer, lot.expires_on] = lot.cents
        for key, cents in ledger.balances_of(owners=buyers, purpose="recovery").items():
            book.debts[key.owner, key.party] = -cents
        return book

    def policy_for(self, *, happened_on: date, digest: str | None) -> PolicyInForce | None:
        """Return the policy of the day, or the one that a file names. Raises: PolicyUnknown."""
        if digest is None:
            return self.policies.on(happened_on)
        named = self.policies.named(digest)
        if named is None:
            raise PolicyUnknown(digest=digest[:12])
        return named

    def value(
        self,
        *,
        buyer_id: UUID | None,
        seller_id: UUID,
        happened_on: date,
        born_on: date,
        lines: Sequence[tuple[str, int]],
        credit_cents: int = 0,
        up_to: bool = False,
        policy_digest: str | None = None,
    ) -> Valued:
        """
        Decide an exchange: which credits pay, what value is born, which moves follow.

        `lines` are (category, amount in cents); `born_on` is the day whose year the credit belongs
        to. Without a buyer or a policy nothing is born; credits can be spent all the same.

        Raises: NotSpendable (exact `credit_cents` that are not there or not taken here),
        PolicyUnknown. Source: docs/rules/value-back.md
        """
        spent: tuple[Lot, ...] = ()
        if credit_cents and buyer_id is not None:
            # What comes back within the basket lowers what there is to pay.
            total = max(0, sum(amount for _, amount in lines))
            spent = self._spent(buyer_id, seller_id, happened_on, total, credit_cents, up_to)
        elif credit_cents and not up_to:
            raise NotSpendable(spendable=format_euro(0))
        paid = sum(lot.amount_cents for lot in spent)
        spread = lines_with_credit(lines=lines, credit_cents=paid)
        force = self.policy_for(happened_on=happened_on, digest=policy_digest) if buyer_id else None
        moves: list[Move] = []
        if buyer_id and spent:
            moves = spending_moves(member_id=buyer_id, acceptor_id=seller_id, spent=spent)
            self.follow(moves)
        if force is None or buyer_id is None:
            valued = tuple(ValuedLine(line.credit_cents, 0, NO_PARTS) for line in spread)
            return Valued(None, None, paid, valued, NO_PARTS, tuple(moves))

        policy = force.policy
        valued, parts = self._valued(policy, seller_id, happened_on, spread)
        expires_on = policy.expires_on(born_on)
        if expires_on < self.today:
            # Told so late that its credit would be dead on arrival: it is born today.
            expires_on = self._now_expires_on(policy)
        born = value_moves(
            policy=policy,
            member_id=buyer_id,
            seller_id=seller_id,
            parts=[parts[column] for column in policy.columns],
            standing=self.standing(buyer_id, seller_id, born_expires_on=expires_on, policy=policy),
        )
        self.follow(born)
        return Valued(
            policy_digest=force.digest,
            expires_on=None if policy.pooled else expires_on,
            credit_cents=paid,
            lines=valued,
            parts=parts,
            moves=(*moves, *born),
        )

    def _valued(
        self,
        policy: ValueBackPolicy,
        seller_id: UUID,
        happened_on: date,
        lines: Iterable[ExchangeLine],
    ) -> tuple[tuple[ValuedLine, ...], tuple[int, int, int, int]]:
        """Return each line with its value, and the sums of their parts."""
        valued, sums = [], NO_PARTS
        for line in lines:
            rate_bp, rate = self._rate(seller_id, line.category, happened_on)
            worth = line_value(policy=policy, rate=rate, base_cents=line.base_cents)
            parts = parts_in_columns(policy, worth.parts)
            valued.append(ValuedLine(line.credit_cents, rate_bp, parts))
            sums = parts if sums is NO_PARTS else _added(sums, parts)
        return tuple(valued), sums

    def standing(
        self,
        member_id: UUID,
        seller_id: UUID,
        *,
        born_expires_on: date,
        policy: ValueBackPolicy,
        expired: Sequence[ExpiredAmount] = (),
    ) -> Standing:
        """Return where a buyer stands with a seller at this point of the batch."""
        return Standing(
            today=self.today,
            born_expires_on=born_expires_on,
            now_expires_on=self._now_expires_on(policy),
            recovery_debt_cents=self.debts.get((member_id, seller_id), 0),
            lots=[lot for lot in self.lots_of(member_id) if lot.issuer_id == seller_id],
            expired=expired,
        )

    def lots_of(self, member_id: UUID) -> list[Lot]:
        """Return the lots with something left, as far as this batch has come."""
        held = self.lots.get(member_id, {})
        return [Lot(issuer, ends, cents) for (issuer, ends), cents in held.items() if cents]

    def follow(self, moves: Iterable[Move]) -> None:
        """Keep lots and debts as these moves will leave them."""
        if not self.lots and not self.debts:
            # Nobody here has any to touch: what is born now is theirs in the next batch.
            return
        for debit, credit, amount, _code in moves:
            for account, change in ((debit, -amount), (credit, amount)):
                if account.purpose == "recovery":
                    pair = account.owner, account.party
                    self.debts[pair] = self.debts.get(pair, 0) - change
                elif account.purpose == "credit" and account.owner in self.lots:
                    assert account.expires_on is not None
                    held, lot = self.lots[account.owner], (account.party, account.expires_on)
                    held[lot] = held.get(lot, 0) + change

    def _now_expires_on(self, policy: ValueBackPolicy) -> date:
        """Return the end of credit born today, by `policy` where none is in force today."""
        current = self.policies.on(self.today)
        return (current.policy if current else policy).expires_on(self.today)

    def _rate(self, seller_id: UUID, category: str, on: date) -> tuple[int, Fraction]:
        """Return a seller's rate in basis points and as a fraction, looked up once a batch."""
        asked = seller_id, category, on
        known = self.rates.get(asked)
        if known is None:
            rate_bp = self.terms.rate_bp(seller_id=seller_id, category=category, on=on)
            known = self.rates[asked] = rate_bp, _fraction(rate_bp)
        return known

    def _spent(
        self,
        buyer_id: UUID,
        seller_id: UUID,
        on: date,
        total_cents: int,
        credit_cents: int,
        up_to: bool,
    ) -> tuple[Lot, ...]:
        lots = self.lots_of(buyer_id)
        here = spendable_here_cents(
            balance_cents=spendable_cents(lots=lots, on=on),
            amount_cents=total_cents,
            limit_bp=self.terms.limit_bp(seller_id=seller_id, on=on),
        )
        if credit_cents > here and not up_to:
            raise NotSpendable(spendable=format_euro(here))
        return lots_to_spend(lots=lots, amount_cents=min(credit_cents, here), on=on)


@lru_cache
def _fraction(rate_bp: int) -> Fraction:
    return Fraction(rate_bp, 10_000)


def parts_in_columns(policy: ValueBackPolicy, parts: Sequence[int]) -> tuple[int, int, int, int]:
    """
    Return the parts of a policy's branches in the order of `BRANCH_KEYS`, zero for a branch it has
    not.
    """
    columns = [0, 0, 0, 0]
    for column, part in zip(policy.columns, parts, strict=True):
        columns[column] = part
    return columns[0], columns[1], columns[2], columns[3]


def _added(
    sums: tuple[int, int, int, int], parts: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    return sums[0] + parts[0], sums[1] + parts[1], sums[2] + parts[2], sums[3] + parts[3]
