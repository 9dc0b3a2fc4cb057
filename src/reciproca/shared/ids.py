"""
Identifiers that sort by the time they were made (UUID version 7, RFC 9562).

A fact (a sale, a gift, a line of a run) gets an id whose low bits are zero, and its transfers the
ids that follow: the transfers of a fact are one range of the ledger's primary key.
"""

import secrets
import time
from datetime import datetime
from uuid import UUID

FACT_SIZE = 1 << 16
"""How many ids belong to a fact: its own and those of its transfers."""

_NANOSECONDS = 1_000_000


def uuid7() -> UUID:
    """Return a new id; ids of one process sort by the moment they were made, to about 0.25 µs."""
    return _uuid7(secrets.randbits(62))


def fact_id() -> UUID:
    """Return a new fact's id, whose low 16 bits are zero (46 bits are random)."""
    return _uuid7(secrets.randbits(46) << 16)


def first_id(*, since: datetime) -> UUID:
    """Return the least id that can have been made at an instant or later."""
    return UUID(int=int(since.timestamp() * 1_000) << 80)


def transfer_id(*, fact: UUID, number: int) -> UUID:
    """Return the id of a fact's transfer; `number` counts from 1 and stays below `FACT_SIZE`."""
    assert 0 < number < FACT_SIZE
    return UUID(int=fact.int + number)


def _uuid7(low_bits: int) -> UUID:
    milliseconds, rest = divmod(time.time_ns(), _NANOSECONDS)
    # The 12 bits after the version hold the fraction of the millisecond (RFC 9562, 6.2, method 3).
    fraction = (rest << 12) // _NANOSECONDS
    return UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | low_bits)
