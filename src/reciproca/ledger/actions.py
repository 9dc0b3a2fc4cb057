"""The one door of the ledger."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import DatabaseError, IntegrityError, connection, transaction

from reciproca.ledger.errors import CeilingReached, ContentDiffers, FloorReached, PostingRefused
from reciproca.ledger.leaves import leaves_of
from reciproca.ledger.queries import account_ids, stored_transfers
from reciproca.ledger.rules import CODES, PURPOSES, AccountKey, Posting
from reciproca.shared.arrays import array_of_dates, array_of_uuids, array_of_words
from reciproca.transparency import actions as transparency

RULE_BROKEN = "RL001"
REFUSALS = {"floor-reached": FloorReached, "ceiling-reached": CeilingReached}

COLUMNS = "id, debit_account_id, credit_account_id, amount, unit, code, reference, seq, happened_at"
TYPES = ("uuid", "int8", "int8", "int8", "varchar", "varchar", "uuid", "int4", "timestamptz")


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    How many transfers a batch holds, and whether it had been posted before (then nothing moved).
    """

    transfers: int
    already_posted: bool


@transaction.atomic
def post(postings: Sequence[Posting], /) -> Receipt:
    """
    Post a batch of postings, all or nothing; floors and ceilings hold at every step of it.

    Accounts are opened as they are first named. The same postings sent again move nothing and say
    so.

    Raises: FloorReached, CeilingReached, PostingRefused (unknown, closed or wrong-unit account),
    ContentDiffers. Source: docs/rules/ledger.md
    """
    named = _accounts_named(postings)
    if not named:
        return Receipt(transfers=0, already_posted=False)
    ids = open_accounts(named.values())
    accounts = {identity: (ids[key], key.unit) for identity, key in named.items()}
    rows = list(_rows(postings, accounts))
    try:
        with transaction.atomic():
            _copy(rows)
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise
        if stored_transfers([row[0] for row in rows]) != {row[0]: row[1:7] for row in rows}:
            raise ContentDiffers from error
        return Receipt(transfers=len(rows), already_posted=True)
    except DatabaseError as error:
        raise _refusal(error) from error
    transparency.record(leaves_of(postings))
    return Receipt(transfers=len(rows), already_posted=False)


def open_accounts(keys: Iterable[AccountKey], /) -> dict[AccountKey, int]:
    """
    Return the ids of these accounts, opening those that nobody has used yet; two SQL statements at
    most.
    """
    wanted = set(keys)
    found = account_ids(wanted)
    # In one order for everybody: two batches opening the same accounts wait for each other, never
    # in a circle.
    missing = sorted(
        wanted - found.keys(),
        key=lambda key: (key.owner, key.purpose, key.party, str(key.expires_on)),
    )
    if not missing:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (purpose, owner, party, expires_on, unit, floor,"
            " ceiling, debits_posted,"
            " credits_posted) SELECT *, 0, 0 FROM unnest(%s::varchar[], %s::uuid[],"
            " %s::uuid[], %s::date[],"
            " %s::varchar[], %s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
            [
                array_of_words(key.purpose for key in missing),
                array_of_uuids(key.owner for key in missing),
                array_of_uuids(key.party for key in missing),
                array_of_dates(key.expires_on for key in missing),
                array_of_words(key.unit for key in missing),
                [PURPOSES[key.purpose].floor for key in missing],
                [PURPOSES[key.purpose].ceiling for key in missing],
            ],
        )
    return found | account_ids(set(missing))


def _accounts_named(postings: Sequence[Posting]) -> dict[int, AccountKey]:
    """
    Return the accounts of a batch by the identity of each key's object.

    A batch names its sellers and funds over and over with the same objects: comparing what is in
    them each time cost a tenth of an import.
    """
    return {
        id(key): key
        for posting in postings
        for move in posting.moves
        for key in (move.debit, move.credit)
    }


Row = tuple[UUID, int, int, int, str, str, UUID, int, object]


def _rows(postings: Sequence[Posting], accounts: dict[int, tuple[int, str]]) -> Iterable[Row]:
    """Yield the transfers in their order; `accounts` are (id, unit) as in `_accounts_named`."""
    seq = 0
    for posting in postings:
        first = posting.reference.int
        for offset, move in enumerate(posting.moves, start=1):
            seq += 1
            debit, credit, amount, code = move
            if code not in CODES:
                raise ValueError(f"{code} is not a code of the ledger")
            account, unit = accounts[id(debit)]
            yield (
                UUID(int=first + offset),
                account,
                accounts[id(credit)][0],
                amount,
                unit,
                code,
                posting.reference,
                seq,
                posting.happened_at,
            )


def _copy(rows: Sequence[Row]) -> None:
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY ledger_transfer ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(TYPES)
        for row in rows:
            copy.write_row(row)


def _refusal(error: DatabaseError) -> Exception:
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error) or cause.sqlstate != RULE_BROKEN:
        return error
    detail = json.loads(cause.diag.message_detail or "{}")
    return REFUSALS.get(detail.get("rule"), PostingRefused)(**detail)
