"""The one door of the ledger."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import DatabaseError, IntegrityError, connection, transaction

from reciproca.ledger import known, writing
from reciproca.ledger.errors import ContentDiffers, PostingRefused, refusal_of
from reciproca.ledger.queries import account_ids, stored_transfers
from reciproca.ledger.rules import PURPOSES, AccountKey, Posting
from reciproca.shared.arrays import array_of_dates, array_of_uuids, array_of_words
from reciproca.shared.durability import one_statement, wait_as_if_written


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    How many transfers a batch holds, and whether it had been posted before (then nothing moved).
    """

    transfers: int
    already_posted: bool


def post(postings: Sequence[Posting], /) -> Receipt:
    """
    Post a batch of postings, all or nothing; floors and ceilings hold at every step of it.

    Accounts are opened as they are first named. The same postings sent again move nothing and say
    so.

    Raises: FloorReached, CeilingReached, PostingRefused (unknown, closed or wrong-unit account),
    ContentDiffers. Source: docs/rules/ledger.md
    """
    count = sum(len(posting.moves) for posting in postings)
    if not count:
        return Receipt(transfers=0, already_posted=False)
    try:
        already_posted = _post(postings)
    except PostingRefused as refusal:
        # An account that we knew may be gone with a database that was put back to an earlier state.
        if refusal.params["rule"] != "unknown-account" or not known.forget():
            raise
        already_posted = _post(postings)
    return Receipt(transfers=count, already_posted=already_posted)


def open_accounts(keys: Iterable[AccountKey], /) -> dict[AccountKey, int]:
    """
    Return the ids of these accounts, opening those that nobody has used yet; three SQL statements
    at most.
    """
    wanted = set(keys)
    found = account_ids(wanted)
    return found | _opened(wanted - found.keys())


def _post(postings: Sequence[Posting]) -> bool:
    """Post a batch; return whether it had been posted before."""
    try:
        named = _accounts_named(postings)
        ids = {identity: known.account_id(key) for identity, key in named.items()}
        unknown = {named[identity] for identity, account in ids.items() if account is None}
        found = account_ids(unknown) if unknown else {}
        unopened = unknown - found.keys()
        alone = not unopened and not connection.in_atomic_block and writing.are_few(postings)
        with one_statement() if alone else transaction.atomic():
            found |= _opened(unopened)
            writing.write(
                postings,
                {identity: ids[identity] or found[key] for identity, key in named.items()},
            )
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise
        if not _posted_alike(postings):
            raise ContentDiffers from error
        wait_as_if_written()
        return True
    except DatabaseError as error:
        raise refusal_of(error) from error
    return False


def _opened(keys: Collection[AccountKey]) -> dict[AccountKey, int]:
    """Open accounts that nobody has used yet, and return their ids."""
    if not keys:
        return {}
    # In one order for everybody: two batches opening the same accounts wait for each other, never
    # in a circle.
    missing = sorted(keys, key=lambda key: (key.owner, key.purpose, key.party, str(key.expires_on)))
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
    return account_ids(missing)


def _accounts_named(postings: Sequence[Posting]) -> dict[int, AccountKey]:
    """
    Return a batch's accounts by the identity of each key's object.

    A batch names its sellers and funds over and over with the same objects: comparing what is in
    them each time cost a tenth of an import.
    """
    return {id(key): key for posting in postings for move in posting.moves for key in move[:2]}


def _posted_alike(postings: Sequence[Posting]) -> bool:
    """Tell whether the transfers of a batch are all there, with the same content."""
    ids = account_ids(set(_accounts_named(postings).values()))
    asked = {
        UUID(int=posting.reference.int + number): (
            ids.get(move.debit),
            ids.get(move.credit),
            move.amount,
            move.debit.unit,
            move.code,
            posting.reference,
        )
        for posting in postings
        for number, move in enumerate(posting.moves, start=1)
    }
    return stored_transfers(asked.keys()) == asked
