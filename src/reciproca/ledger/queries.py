"""Reads of the ledger. Ids come in, plain rows go out; no room above is known here."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection

from reciproca.ledger import known
from reciproca.ledger.rules import AccountKey
from reciproca.postgres.backend.base import DatabaseWrapper
from reciproca.shared.arrays import array_of_dates, array_of_hex, array_of_uuids, array_of_words
from reciproca.shared.ids import FACT_SIZE, transfer_id
from reciproca.shared.prepared import fetch

ASKED_AT_ONCE = 16
"""More than nearly every fact has transfers."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Credit of one issuer and one expiry that a member still holds."""

    account_id: int
    member: UUID
    issuer: UUID
    expires_on: date
    cents: int

    @property
    def key(self) -> AccountKey:
        return AccountKey("credit", self.member, self.issuer, self.expires_on)


@dataclass(frozen=True, slots=True)
class Entry:
    """One transfer as its two accounts see it."""

    id: UUID
    debit: AccountKey
    credit: AccountKey
    amount: int
    code: str
    reference: UUID
    happened_at: datetime
    recorded_at: datetime


def account_ids(keys: Collection[AccountKey], /) -> dict[AccountKey, int]:
    """
    Return the ids of those of these accounts that exist, in one SQL query.

    Those that were there before this transaction began are `known` from then on.
    """
    ordered = list(keys)
    with cast(DatabaseWrapper, connection).prepared_cursor() as cursor:
        cursor.execute(
            "SELECT k.ord - 1, a.id, a.opened_at < now() FROM unnest(%s::varchar[], %s::uuid[],"
            " %s::uuid[], %s::date[], %s::varchar[])"
            " WITH ORDINALITY AS k(purpose, owner, party, expires_on, unit, ord)"
            " JOIN ledger_account a ON a.owner = k.owner AND a.purpose = k.purpose AND a.party"
            " = k.party"
            " AND a.unit = k.unit AND a.expires_on IS NOT DISTINCT FROM k.expires_on",
            [
                array_of_words(key.purpose for key in ordered),
                array_of_uuids(key.owner for key in ordered),
                array_of_uuids(key.party for key in ordered),
                array_of_dates(key.expires_on for key in ordered),
                array_of_words(key.unit for key in ordered),
            ],
        )
        found = cursor.fetchall()
    ids = {ordered[n]: account for n, account, _was_there in found}
    opened_here = {ordered[n] for n, _account, was_there in found if not was_there}
    known.keep({key: ids[key] for key in ids.keys() - opened_here} if opened_here else ids)
    return ids


BALANCE = (
    "a.credits_posted - a.debits_posted + coalesce((SELECT sum(s.credits_posted - s.debits_posted)"
    " FROM ledger_stripe s WHERE s.account_id = a.id), 0)::bigint"
)
"""The balance of `ledger_account a`."""


def balances(keys: Collection[AccountKey], /) -> dict[AccountKey, int]:
    """
    Return the balance of each of these accounts, zero where nothing was ever posted, in two SQL
    queries.
    """
    ids = account_ids(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.id, {BALANCE} FROM ledger_account a WHERE a.id = ANY(%s)",  # noqa: S608
            [list(ids.values())],
        )
        by_id = dict(cursor.fetchall())
    return {key: by_id.get(ids.get(key, 0), 0) for key in keys}


def balance(key: AccountKey, /) -> int:
    """Return one account's balance, zero where nothing was ever posted."""
    return balances([key])[key]


def balances_of(*, owners: Collection[UUID], purpose: str) -> dict[AccountKey, int]:
    """
    Return the balances other than zero of these owners' accounts of one purpose, in one SQL query.
    """
    rows = fetch(
        "SELECT * FROM (SELECT a.purpose, a.owner, a.party, a.expires_on,"  # noqa: S608
        f" {BALANCE} AS balance FROM ledger_account a"
        " WHERE a.owner = ANY(%s::uuid[]) AND a.purpose = %s) AS kept WHERE balance <> 0",
        [array_of_uuids(owners), purpose],
    )
    return {AccountKey(*row[:4]): row[4] for row in rows}


def lots(*, members: Collection[UUID]) -> list[Lot]:
    """
    Return what is left of these members' lots, less what is reserved, in the order in which they
    are spent.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, owner, party, expires_on, credits_posted - debits_posted - debits_pending"
            " FROM ledger_account"
            " WHERE owner = ANY(%s::uuid[]) AND purpose = 'credit' AND credits_posted >"
            " debits_posted + debits_pending"
            " ORDER BY owner, expires_on, party",
            [array_of_uuids(members)],
        )
        return [Lot(*row) for row in cursor.fetchall()]


def lots_expired(*, on: date, after_account_id: int = 0, limit: int = 5_000) -> list[Lot]:
    """
    Return up to `limit` lots with something left whose last day is before `on`, by account id;
    what is reserved waits for its reservation to end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, owner, party, expires_on, credits_posted - debits_posted - debits_pending"
            " FROM ledger_account"
            " WHERE purpose = 'credit' AND expires_on < %s AND id > %s AND credits_posted >"
            " debits_posted + debits_pending"
            " ORDER BY id LIMIT %s",
            [on, after_account_id, limit],
        )
        return [Lot(*row) for row in cursor.fetchall()]


ENTRY = (
    "SELECT t.id, d.purpose, d.owner, d.party, d.expires_on, c.purpose, c.owner, c.party,"
    " c.expires_on,"
    " t.amount, t.code, t.reference, t.happened_at, t.recorded_at FROM ledger_transfer t"
    " JOIN ledger_account d ON d.id = t.debit_account_id JOIN ledger_account c ON c.id ="
    " t.credit_account_id"
)


def transfers_of(reference: UUID, /) -> list[Entry]:
    """Return the transfers of one fact, in the order in which they were posted."""
    return transfers_of_facts([reference])


def transfers_of_facts(references: Iterable[UUID], /) -> list[Entry]:
    """
    Return the transfers of these facts, by fact and order, mostly in one SQL query.

    A fact's transfers are numbered one after the other, so they are asked for by their very ids,
    some for each fact, and more for those that have so many. A range for each fact would say the
    same, but how long ranges are the planner can only guess: it reads the whole table.
    """
    found: list[Entry] = []
    facts, first = list(references), 1
    while facts:
        last = min(first + ASKED_AT_ONCE, FACT_SIZE) - 1
        batch = _transfers(fact.int + n for fact in facts for n in range(first, last + 1))
        found += batch
        full = {entry.id for entry in batch}
        facts = [fact for fact in facts if transfer_id(fact=fact, number=last) in full]
        first = last + 1
    return sorted(found, key=lambda entry: entry.id)


def _transfers(ids: Iterable[int]) -> list[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(f"{ENTRY} WHERE t.id = ANY(%s::uuid[])", [array_of_hex(ids)])
        return [_entry(row) for row in cursor.fetchall()]


def reservations_of(reference: UUID, /) -> list[UUID]:
    """Return what was reserved for one fact, open or ended, in one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_reservation WHERE id > %s AND id < %s ORDER BY id",
            [reference, UUID(int=reference.int + FACT_SIZE)],
        )
        return [row[0] for row in cursor.fetchall()]


def movements(
    *, owner: UUID, purposes: Sequence[str], before: UUID | None = None, limit: int = 50
) -> list[Entry]:
    """
    Return the last transfers that touched this owner's accounts of these purposes, newest first,
    before an id.
    """
    last = before or UUID(int=(1 << 128) - 1)
    side = (
        "SELECT t.id FROM ledger_account a CROSS JOIN LATERAL (SELECT id FROM ledger_transfer"
        " WHERE {side}_account_id = a.id AND id < %(last)s ORDER BY id DESC LIMIT %(limit)s) t"
        " WHERE a.owner = %(owner)s AND a.purpose = ANY(%(purposes)s)"
    )
    both = f"{side.format(side='debit')} UNION {side.format(side='credit')}"
    with connection.cursor() as cursor:
        # The ids first, as an array: joined, the planner would read the table from its end instead.
        cursor.execute(
            f"{ENTRY} WHERE t.id = ANY(ARRAY(SELECT id FROM ({both}) AS touched"  # noqa: S608
            " ORDER BY id DESC LIMIT %(limit)s)) ORDER BY t.id DESC",
            {"owner": owner, "purposes": list(purposes), "last": last, "limit": limit},
        )
        return [_entry(row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class PairTotal:
    """What moved from one owner's accounts of a purpose to another's, for one reason."""

    debit_owner: UUID
    credit_owner: UUID
    code: str
    amount: int
    transfer_count: int


def pair_totals(*, purpose: str, codes: Collection[str], before: datetime) -> list[PairTotal]:
    """
    Return what moved between accounts of one purpose for these reasons, by pair and reason.

    Counts what happened before an instant, in one grouped SQL query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.owner, c.owner, t.code, sum(t.amount)::bigint, count(*) FROM"
            " ledger_transfer t"
            " JOIN ledger_account d ON d.id = t.debit_account_id AND d.purpose = %(purpose)s"
            " JOIN ledger_account c ON c.id = t.credit_account_id AND c.purpose = %(purpose)s"
            " WHERE t.code = ANY(%(codes)s) AND t.happened_at < %(before)s"
            " GROUP BY d.owner, c.owner, t.code ORDER BY d.owner, c.owner, t.code",
            {"purpose": purpose, "codes": list(codes), "before": before},
        )
        return [PairTotal(*row) for row in cursor.fetchall()]


def stored_transfers(ids: Collection[UUID], /) -> dict[UUID, tuple[object, ...]]:
    """
    Return (debit, credit, amount, unit, code, reference) of these transfers: what makes two of them
    the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, debit_account_id, credit_account_id, amount, unit, code, reference"
            " FROM ledger_transfer WHERE id = ANY(%s::uuid[])",
            [list(ids)],
        )
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _entry(row: tuple[Any, ...]) -> Entry:
    debit, credit, rest = AccountKey(*row[1:5]), AccountKey(*row[5:9]), row[9:]
    return Entry(row[0], debit, credit, *rest)


def nodes_with_accounts(nodes: Collection[UUID], /, *, except_purpose: str = "") -> set[UUID]:
    """Return those of these nodes that own an account, of another purpose, in one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT owner FROM ledger_account WHERE owner = ANY(%s::uuid[])"
            " AND purpose <> %s",
            [array_of_uuids(nodes), except_purpose],
        )
        return {owner for (owner,) in cursor.fetchall()}


TOUCHED = (
    "SELECT t.reference, t.happened_at FROM ledger_account a CROSS JOIN LATERAL ("
    " SELECT reference, happened_at FROM ledger_transfer WHERE debit_account_id = a.id UNION ALL"
    " SELECT reference, happened_at FROM ledger_transfer WHERE credit_account_id = a.id) t"
    " WHERE a.owner = ANY(%s::uuid[])"
)


def facts_of_owners(owners: Collection[UUID], /) -> set[UUID]:
    """Return every fact whose transfers touched an account of these owners, in one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT reference FROM ({TOUCHED}) AS touched",  # noqa: S608 - our own words
            [array_of_uuids(owners)],
        )
        return {fact for (fact,) in cursor.fetchall()}


def last_moved_at(owners: Collection[UUID], /) -> datetime | None:
    """Return when an account of these owners was last touched, None if never; one SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT max(happened_at) FROM ({TOUCHED}) AS touched",  # noqa: S608 - our own words
            [array_of_uuids(owners)],
        )
        [(last,)] = cursor.fetchall()
        return cast("datetime | None", last)
