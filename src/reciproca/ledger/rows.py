"""
Transfers as rows, and as the rows of a binary COPY.

Adapting nine values for each row cost more than the database needed to store it; here a row is one
packed structure and two words that many rows have in common.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from struct import Struct
from uuid import UUID

from reciproca.ledger.rules import CODES, PURPOSES, Posting
from reciproca.shared.ids import FACT_SIZE

COLUMNS = "id, debit_account_id, credit_account_id, amount, seq, reference, happened_at, unit, code"

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"

# Each value after its length in bytes; the row begins with how many values it has.
_ROW = Struct(">hiQQiqiqiqiiiQQiq")
_VALUES = 9
_HALF = 1 << 64
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

ROWS_IN_A_CHUNK = 256
"""Sent as they are made, so that the server stores some while we make the next."""


Row = tuple[UUID, int, int, int, int, UUID, datetime, str, str]


def rows(postings: Sequence[Posting], ids: Mapping[int, int]) -> list[Row]:
    """
    Return the rows of a few postings, in the order of `COLUMNS`; `ids` as of `chunks`.

    Raises: ValueError (a code that is not in CODES).
    """
    made: list[Row] = []
    for reference, happened_at, moves in postings:
        for number, (debit, credit, amount, code) in enumerate(moves, start=1):
            if code not in CODES:
                raise ValueError(f"{code} is not a code of the ledger")
            made.append(
                (
                    UUID(int=reference.int + number),
                    ids[id(debit)],
                    ids[id(credit)],
                    amount,
                    len(made) + 1,
                    reference,
                    happened_at,
                    debit.unit,
                    code,
                )
            )
    return made


def chunks(postings: Sequence[Posting], ids: Mapping[int, int]) -> Iterator[bytes]:
    """
    Yield the body of a COPY of these postings, in pieces; `ids` are those of
    their accounts, by the identity of each key's object.

    Raises: ValueError (a code that is not in CODES, a fact with more moves than it has ids).
    """
    pack, seq, made = _ROW.pack, 0, [HEAD]
    last: datetime | None = None
    microseconds = 0
    for reference, happened_at, moves in postings:
        if len(moves) >= FACT_SIZE:
            raise ValueError(f"{len(moves)} moves are more than a fact has ids")
        high, fact = divmod(reference.int, _HALF)
        if happened_at is not last:
            # All that a run or an expiry moves happened at one instant.
            last, microseconds = happened_at, (happened_at - _BEGINNING) // _MICROSECOND
        for low, (debit, credit, amount, code) in enumerate(moves, fact + 1):
            seq += 1
            made.append(
                pack(
                    _VALUES, 16, high, low, 8, ids[id(debit)], 8, ids[id(credit)], 8, amount,
                    4, seq, 16, high, fact, 8, microseconds,
                )
                + _reason(debit.purpose, code)
            )  # fmt: skip
            if len(made) == ROWS_IN_A_CHUNK:
                yield b"".join(made)
                made.clear()
    yield b"".join([*made, TAIL])


@lru_cache(maxsize=1_024)
def _reason(purpose: str, code: str) -> bytes:
    if code not in CODES:
        raise ValueError(f"{code} is not a code of the ledger")
    words = (PURPOSES[purpose].unit.encode(), code.encode())
    return b"".join(len(word).to_bytes(4) + word for word in words)
