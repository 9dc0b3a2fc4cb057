"""
Two phases: what is reserved now moves later, in whole or in part, or not at all.

A reservation ends once. The database sees to that, and to what it weighs on the two accounts while
it is open; see docs/rules/ledger.md.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import DatabaseError, IntegrityError, connection, transaction

from reciproca.ledger.actions import Receipt, open_accounts
from reciproca.ledger.errors import (
    ContentDiffers,
    MoreThanReserved,
    ReservationOver,
    refusal_of,
)
from reciproca.ledger.leaves import leaves_of
from reciproca.ledger.models import Reservation
from reciproca.ledger.queries import transfers_of
from reciproca.ledger.rules import CODES, Move, Posting
from reciproca.shared.arrays import array_of_uuids
from reciproca.shared.durability import wait_as_if_written
from reciproca.shared.ids import transfer_id
from reciproca.transparency import actions as transparency

COLUMNS = "id, debit_account_id, credit_account_id, amount, unit, code, happened_at, expires_at"
TYPES = ("uuid", "int8", "int8", "int8", "varchar", "varchar", "timestamptz", "timestamptz")

ENDED_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Take:
    """What is taken of a reservation: `amount`, or all of it."""

    reservation: UUID
    amount: int | None = None


def reserve(postings: Sequence[Posting], /, *, expires_at: datetime) -> Receipt:
    """
    Reserve what these postings would move, all or nothing, until an instant.

    What may still go out counts against the floor, what may still come in against the ceiling. A
    posting's reservations have the ids that follow its reference. The same postings sent again
    reserve nothing and say so.

    Raises: FloorReached, CeilingReached, PostingRefused (unknown, closed or wrong-unit account),
    ContentDiffers. Source: docs/rules/ledger.md
    """
    try:
        with transaction.atomic():
            rows = _rows(postings, expires_at)
            if rows:
                _copy(rows)
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise
        rows = _rows(postings, expires_at)
        kept = Reservation.objects.filter(id__in=[row[0] for row in rows])
        if set(kept.values_list(*COLUMNS.split(", "))) != set(rows):
            raise ContentDiffers from error
        wait_as_if_written()
        return Receipt(transfers=len(rows), already_posted=True)
    except DatabaseError as error:
        raise refusal_of(error) from error
    return Receipt(transfers=len(rows), already_posted=False)


@transaction.atomic
def take(takes: Sequence[Take], /, *, reference: UUID, taken_at: datetime) -> Receipt:
    """
    Move what is taken of these reservations and release the rest of each, all or nothing.

    The transfers belong to the fact `reference`. The same takes for the same fact sent again move
    nothing and say so.

    Raises: ReservationOver (unknown, expired, or ended otherwise), MoreThanReserved, PostingRefused
    (an account closed meanwhile). Source: docs/rules/ledger.md
    """
    kept = _locked({each.reservation for each in takes})
    ending, already = [], 0
    for number, each in enumerate(takes, start=1):
        row = kept.get(each.reservation)
        transfer = transfer_id(fact=reference, number=number)
        if row is None:
            raise ReservationOver(reservation=each.reservation)
        amount = row.amount if each.amount is None else each.amount
        if (row.transfer_id, row.taken_amount) == (transfer, amount):
            already += 1
            continue
        if row.ended_at is not None or row.expires_at <= taken_at:
            raise ReservationOver(reservation=row.id)
        if not 0 < amount <= row.amount:
            raise MoreThanReserved(reservation=row.id, reserved=row.amount, asked=amount)
        ending.append((row.id, transfer, amount))
    if already and ending:
        raise ReservationOver(reservation=ending[0][0])
    if ending:
        _end_taken(ending, taken_at)
        _log(reference)
    else:
        wait_as_if_written()
    return Receipt(transfers=len(takes), already_posted=already > 0)


@transaction.atomic
def release(reservations: Collection[UUID], /, *, released_at: datetime) -> int:
    """
    Release these reservations and return how many were open; one released before stays so.

    Raises: ReservationOver (unknown, or taken).
    """
    kept = _locked(reservations)
    for each in reservations:
        if each not in kept or kept[each].transfer_id is not None:
            raise ReservationOver(reservation=each)
    return _release([row.id for row in kept.values() if row.ended_at is None], released_at)


def release_expired(*, at: datetime) -> int:
    """Release every reservation whose time is over; return how many there were."""
    released = 0
    while True:
        with transaction.atomic():
            over = Reservation.objects.filter(ended_at=None, expires_at__lte=at)
            # Whoever is taking or releasing one of them is quicker; what is left comes next time.
            free = over.select_for_update(skip_locked=True).order_by("expires_at", "id")
            ids = list(free.values_list("id", flat=True)[:ENDED_AT_ONCE])
            released += _release(ids, at)
        if len(ids) < ENDED_AT_ONCE:
            return released


Row = tuple[UUID, int, int, int, str, str, datetime, datetime]


def _rows(postings: Sequence[Posting], expires_at: datetime) -> list[Row]:
    moves = [move for posting in postings for move in posting.moves]
    if unknown := {move.code for move in moves} - CODES.keys():
        raise ValueError(f"{unknown} are not codes of the ledger")
    ids = open_accounts(key for move in moves for key in move[:2])
    return [
        (
            transfer_id(fact=posting.reference, number=number),
            ids[move.debit],
            ids[move.credit],
            move.amount,
            move.debit.unit,
            move.code,
            posting.happened_at,
            expires_at,
        )
        for posting in postings
        for number, move in enumerate(posting.moves, start=1)
    ]


def _copy(rows: Sequence[Row]) -> None:
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY ledger_reservation ({COLUMNS}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.set_types(TYPES)
        for row in rows:
            copy.write_row(row)


def _locked(reservations: Collection[UUID]) -> dict[UUID, Reservation]:
    """Return these reservations, locked in the order of their ids."""
    found = Reservation.objects.select_for_update().filter(id__in=reservations).order_by("id")
    return {row.id: row for row in found}


def _end_taken(ending: Sequence[tuple[UUID, UUID, int]], taken_at: datetime) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ledger_reservation r SET ended_at = %s, transfer_id = t.transfer,"
                " taken_amount = t.amount"
                " FROM unnest(%s::uuid[], %s::uuid[], %s::bigint[]) AS t (id, transfer, amount)"
                " WHERE r.id = t.id",
                [
                    taken_at,
                    array_of_uuids(reservation for reservation, _, _ in ending),
                    array_of_uuids(transfer for _, transfer, _ in ending),
                    [amount for _, _, amount in ending],
                ],
            )
    except IntegrityError as error:
        if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise
        # The fact has transfers of its own already, and they are none of these.
        raise ContentDiffers from error
    except DatabaseError as error:
        raise refusal_of(error) from error


def _log(reference: UUID) -> None:
    """Leave a leaf of what the database moved when reservations ended, as of any posting."""
    entries = transfers_of(reference)
    moves = [Move(each.debit, each.credit, each.amount, each.code) for each in entries]
    transparency.record(leaves_of([Posting(reference, entries[0].happened_at, moves)]))


def _release(reservations: Collection[UUID], released_at: datetime) -> int:
    return Reservation.objects.filter(id__in=reservations).update(ended_at=released_at)
