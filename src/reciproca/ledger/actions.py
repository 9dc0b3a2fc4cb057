"""The one door of the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg
from django.db import DatabaseError, IntegrityError, connection, transaction

from reciproca.ledger import known, writing
from reciproca.ledger.errors import ContentDiffers, PostingRefused, refusal_of
from reciproca.ledger.queries import account_ids, stored_transfers
from reciproca.ledger.rules import PURPOSES, AccountKey, Posting
from reciproca.shared.arrays import array_of_dates, array_of_uuids, array_of_words
from reciproca.shared.durability import one_statement


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


def _post(postings: Sequence[Posting]) -> bool:
    """Post a batch; return whether it had been posted before."""
    try:
        named = _accounts_named(postings)
        ids = {identity: known.account_id(key) for identity, key in named.items()}
        found = {identity: account for identity, account in ids.items() if account is not None}
        if len(found) < len(named) or connection.in_atomic_block or not writing.are_few(postings):
            with transaction.atomic():
                writing.write(postings, _opened(named, found))
        else:
            with one_statement():
                writing.write(postings, found)
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise
        if not _posted_alike(postings):
            raise ContentDiffers from error
        return True
    except DatabaseError as error:
        raise refusal_of(error) from error
    return False


def _opened(named: Mapping[int, AccountKey], found: Mapping[int, int]) -> Mapping[int, int]:
    """Return the ids of a batch's accounts, opening those that were not found."""
    missing = named.keys() - found.keys()
    if not missing:
        return found
    opened = open_accounts(named[identity] for identity in missing)
    return {**found, **{identity: opened[named[identity]] for identity in missing}}


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
