"""The chart of accounts and the shape of a posting. Source: docs/rules/ledger.md."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

CREDIT = "CRED"
EURO = "EUR"
CAPITAL = "CAP"


# Every sale names the accounts of its seller and of the same few funds.
NODES_AT_HAND = 4_096


class Purpose(NamedTuple):
    """What a kind of account counts, and how low and high its balance may go (None: no limit)."""

    unit: str
    floor: int | None
    ceiling: int | None


PURPOSES = {
    "credit": Purpose(CREDIT, 0, None),
    "issued": Purpose(CREDIT, None, None),
    "recovery": Purpose(CREDIT, None, 0),
    "clearing": Purpose(EURO, None, None),
    "payable": Purpose(EURO, 0, None),
    "bank": Purpose(EURO, None, None),
    "capital": Purpose(CAPITAL, None, None),
    "shares": Purpose(CAPITAL, 0, None),
}

CODES = {
    "value-back": "member's own part of a sale",
    "recovery": "own part that first repays an earlier refund of spent value",
    "branch": "a fund's or pool's part of a sale",
    "spend": "credit spent: the lot ends at its issuer",
    "spend-owed": "credit spent: its issuer owes the acceptor",
    "gift": "credit given: the lot ends at its issuer",
    "gift-owed": "credit given: its issuer owes the project",
    "refund-spend": "contrary of spend",
    "refund-spend-owed": "contrary of spend-owed",
    "refund-branch": "contrary of branch",
    "refund-value": "contrary of value-back, from what the member's lots still hold",
    "refund-expired": "value to take back that had expired: the fund returns it to the seller",
    "refund-recovery": "value to take back that was spent: a debt repaid by later accruals",
    "expiry": "a lot that nobody spent ends at its issuer",
    "expiry-owed": "the issuer owes the expired credit to the fund named by the policy",
    "patronage-credit": "patronage refund paid as credit",
    "patronage-cash": "patronage refund to be paid in cash",
    "patronage-paid": "contrary of patronage-cash, confirmed by the bank",
    "patronage-capital": "patronage refund paid as share capital",
    "redistributed": "a person's part of a pool divided by criteria",
    "redistributed-recovery": "such a part that first repays an earlier correction",
    "redistributed-common": "the common fund's part of a pool divided by criteria",
    "redistributed-back": "contrary of redistributed, from what the person's lot still holds",
    "redistributed-debt": "a part to take back that was spent: repaid by the pool's next runs",
    "redistributed-returned": "contrary of redistributed-common",
    "share-capital": "share capital subscribed and paid in",
    "share-repaid": "contrary of share-capital",
    "share-passed-on": "a whole share leaves the member who transfers it",
    "share-taken-over": "the same share comes to whoever takes it over",
    "tranche": "a fund owes a project what it pays of it against a receipt",
    "netted": "contrary of an obligation that a clearing run took in",
    "to_pay": "what a clearing run leaves one node to pay another",
    "settled": "contrary of to_pay, with its bank reference",
}


class AccountKey(NamedTuple):
    """What an account is; equal keys are the same account. Made by the functions below."""

    purpose: str
    owner: UUID
    party: UUID
    expires_on: date | None = None

    @property
    def unit(self) -> str:
        return PURPOSES[self.purpose].unit


def credit(*, member: UUID, issuer: UUID, expires_on: date) -> AccountKey:
    """Return the lot of spendable credit of one issuer and one expiry."""
    return AccountKey("credit", member, issuer, expires_on)


@lru_cache(maxsize=NODES_AT_HAND)
def issued(*, issuer: UUID) -> AccountKey:
    """Return the mirror of everything outstanding of one issuer (negative or zero)."""
    return AccountKey("issued", issuer, issuer)


def recovery(*, member: UUID, seller: UUID) -> AccountKey:
    """Return the member's debt after a refund of value already spent (negative or zero)."""
    return AccountKey("recovery", member, seller)


@lru_cache(maxsize=NODES_AT_HAND)
def clearing(*, node: UUID) -> AccountKey:
    """Return what a node owes (negative) or is owed (positive) within the community."""
    return AccountKey("clearing", node, node)


def payable(*, member: UUID, cooperative: UUID) -> AccountKey:
    """Return what a cooperative still has to pay a member in cash."""
    return AccountKey("payable", member, cooperative)


def bank(*, node: UUID) -> AccountKey:
    """Return minus what a node has promised to pay out through its bank."""
    return AccountKey("bank", node, node)


def capital(*, cooperative: UUID) -> AccountKey:
    """Return minus the share capital that a cooperative's members hold."""
    return AccountKey("capital", cooperative, cooperative)


def shares(*, member: UUID, cooperative: UUID) -> AccountKey:
    """Return a member's share capital in a cooperative."""
    return AccountKey("shares", member, cooperative)


class Move(NamedTuple):
    """`amount` out of `debit` into `credit`, both of one unit; `code` is one of `CODES`."""

    debit: AccountKey
    credit: AccountKey
    amount: int
    code: str


class Posting(NamedTuple):
    """
    All moves of one fact, in the order in which floors and ceilings are checked.

    `reference` is the fact's id from `shared.ids.fact_id()`: the moves get the ids that follow it,
    at most 65,535.
    """

    reference: UUID
    happened_at: datetime
    moves: Sequence[Move]
