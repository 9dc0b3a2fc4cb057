"""What is posted: transfers among funded accounts, and the very same rows for bare COPY."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from reciproca.ledger import actions, rules
from reciproca.ledger.rules import AccountKey, Move, Posting
from reciproca.shared.ids import fact_id

SHOP = UUID(int=1 << 64)
ENDS = date(2099, 12, 31)
NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
FUNDED_CENTS = 10**9
FUNDED_AT_ONCE = 8_190

COLUMNS = "id, debit_account_id, credit_account_id, amount, unit, code, reference, seq, happened_at"
TYPES = ("uuid", "int8", "int8", "int8", "varchar", "varchar", "uuid", "int4", "timestamptz")

MOST_PREPARED = {1: 1_000, 100: 12_000, 1_000: 32_000, 8_190: 40_950}
"""Transfers a client has ready for one cell, by batch: more than it posts in its time."""


class Cell(NamedTuple):
    """One figure: how many transfers a batch, accounts, client processes; uniform, hot or mixed."""

    batch: int
    accounts: int
    clients: int
    how: str

    def __str__(self) -> str:
        return f"batch={self.batch} accounts={self.accounts} clients={self.clients} {self.how}"


def member(number: int) -> AccountKey:
    """Return the account of one member; it may not go below zero."""
    return rules.credit(member=UUID(int=number + 1), issuer=SHOP, expires_on=ENDS)


def fund(accounts: int) -> None:
    """Open so many accounts, each with enough for any run."""
    mint = rules.issued(issuer=SHOP)
    for first in range(0, accounts, FUNDED_AT_ONCE):
        numbers = range(first, min(first + FUNDED_AT_ONCE, accounts))
        actions.post(
            [
                Posting(fact_id(), NOON, [Move(mint, member(each), FUNDED_CENTS, "value-back")])
                for each in numbers
            ]
        )


def batches(cell: Cell, *, seed: str) -> list[list[Posting]]:
    """Return batches of single transfers, more than are posted in time."""
    chance, shop = random.Random(seed), rules.issued(issuer=SHOP)
    members = [member(number) for number in range(cell.accounts)]

    def transfer() -> Posting:
        giver, taker = chance.sample(members, 2)
        return Posting(
            fact_id(),
            NOON,
            [Move(giver, shop if cell.how == "hot" else taker, chance.randint(1, 100), "spend")],
        )

    count = MOST_PREPARED[cell.batch] // cell.batch // cell.clients
    made = [[transfer() for _ in range(cell.batch)] for _ in range(max(count, 2))]
    return _mixed(made, members) if cell.how == "mixed" else made


def _mixed(made: list[list[Posting]], members: Sequence[AccountKey]) -> list[list[Posting]]:
    """
    Of twenty batches make one a replay of the one before, and one more than somebody has.

    Two more of them are posted in two phases, see `clients`.
    """
    for number in range(1, len(made)):
        if number % 20 == 7:
            made[number] = made[number - 1]
        elif number % 20 == 13:
            too_much = Move(members[0], members[1], FUNDED_CENTS * 1_000, "spend")
            made[number] = [*made[number][:-1], Posting(fact_id(), NOON, [too_much])]
    return made


def rows(batch: Sequence[Posting], ids: dict[AccountKey, int]) -> list[tuple[object, ...]]:
    """Return the rows that a batch of single transfers becomes."""
    return [
        (
            UUID(int=each.reference.int + 1),
            ids[move.debit],
            ids[move.credit],
            move.amount,
            "CRED",
            move.code,
            each.reference,
            seq,
            each.happened_at,
        )
        for seq, each in enumerate(batch, start=1)
        for move in each.moves
    ]


def make_bare_table() -> None:
    """Make a table with the ledger's columns and indexes and none of its rules."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bare_transfer (LIKE ledger_transfer INCLUDING DEFAULTS INCLUDING INDEXES)"
        )
