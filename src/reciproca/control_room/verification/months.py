"""
The ledger counted again month by month: each is read by itself, so that years of transfers need no
more memory than the largest month, and whoever waits sees how far it is.
"""

from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from struct import Struct
from tempfile import TemporaryFile
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproca.control_room.verification.base import Count, Faults, rows, stream, with_count
from reciproca.ledger.months import tables

# Both sides of every transfer of a month, summed by account in the database.
SUMS = """
SELECT account, sum(debit)::bigint, sum(credit)::bigint FROM (
  SELECT debit_account_id AS account, amount AS debit, 0::bigint AS credit FROM {table}
  UNION ALL
  SELECT credit_account_id, 0, amount FROM {table}
) AS entry GROUP BY account ORDER BY account
"""

KEPT = """
SELECT account, sum(debits)::bigint, sum(credits)::bigint FROM (
  SELECT id AS account, debits_posted AS debits, credits_posted AS credits FROM ledger_account
  UNION ALL
  SELECT account_id, debits_posted, credits_posted FROM ledger_stripe
) AS kept GROUP BY account ORDER BY account
"""

JOINED = """
SELECT t.id, t.unit, d.unit, c.unit, t.amount FROM {table} t
LEFT JOIN ledger_account d ON d.id = t.debit_account_id
LEFT JOIN ledger_account c ON c.id = t.credit_account_id
WHERE t.debit_account_id = t.credit_account_id OR t.amount <= 0
   OR d.unit IS DISTINCT FROM t.unit OR c.unit IS DISTINCT FROM t.unit
ORDER BY t.id
"""

# An id is one among all months: one within its month, and months do not overlap.
TWICE = """
SELECT id FROM (SELECT id, lag(id) OVER (ORDER BY id) AS before FROM {table}) AS ordered
WHERE id = before
"""

# What a month promises of its ids, asked of the rows.
ASTRAY = """
SELECT id FROM {table} WHERE NOT ({promise}) ORDER BY id
"""

PROMISE = """
SELECT pg_get_partition_constraintdef(%(table)s::regclass)
"""

Sums = tuple[int, int, int]
"""(account, debits, credits)."""

_PACKED = Struct("=qqq")


def accounts_equal_transfers(count: Count) -> Faults:
    """The totals an account keeps are those of its transfers, counted again."""
    months, transfers = tables(), 0
    sums = []
    for done, table in enumerate(months):
        count(done, len(months))
        sums.append(_summed(table))
        transfers += _row_count(table)
    for account, kept, counted in _side_by_side(sums):
        if kept != counted:
            yield _(
                "Il conto %(account)s tiene %(debits)s in uscita e %(credits)s in entrata; i suoi"
                " movimenti fanno %(counted_debits)s e %(counted_credits)s."
            ) % {
                "account": account,
                "debits": kept[0],
                "credits": kept[1],
                "counted_debits": counted[0],
                "counted_credits": counted[1],
            }
    return with_count(
        ngettext("%(n)s movimento sommato di nuovo", "%(n)s movimenti sommati di nuovo", transfers),
        transfers,
    )


def transfers_join_two_accounts(count: Count) -> Faults:
    """Every transfer has a positive amount and two different accounts of its own unit."""
    for table in _each_month(count):
        for transfer, unit, debit_unit, credit_unit, amount in stream(JOINED.format(table=table)):
            yield _(
                "Il movimento %(transfer)s (%(amount)s %(unit)s) non unisce due conti diversi della"
                " stessa unità: %(debit)s e %(credit)s."
            ) % {
                "transfer": transfer,
                "amount": amount,
                "unit": unit,
                "debit": debit_unit,
                "credit": credit_unit,
            }
    return _("ogni movimento guardato una volta")


def ids_are_unique(count: Count) -> Faults:
    """No id names two transfers, in one month or in two."""
    for table in _each_month(count):
        [(promise,)] = rows(PROMISE, {"table": table})
        for (transfer,) in stream(TWICE.format(table=table)):
            yield _("Due movimenti si chiamano %(transfer)s.") % {"transfer": transfer}
        for (transfer,) in stream(ASTRAY.format(table=table, promise=promise)):
            yield _("Il movimento %(transfer)s sta in un mese che non è il suo.") % {
                "transfer": transfer
            }
    months = len(tables())
    return with_count(ngettext("%(n)s mese", "%(n)s mesi", months), months)


def _each_month(count: Count) -> Iterator[str]:
    months = tables()
    for done, table in enumerate(months):
        count(done, len(months))
        yield table


def _summed(table: str) -> IO[bytes]:
    """Write a month's sums into a file that nobody else sees, and return it."""
    file = TemporaryFile()  # noqa: SIM115 - read later, gone when nobody holds it
    for row in stream(SUMS.format(table=table)):
        file.write(_PACKED.pack(*row))
    return file


def _side_by_side(
    months: list[IO[bytes]],
) -> Iterator[tuple[int, tuple[int, int], tuple[int, int]]]:
    """Yield each account with what it keeps and what its transfers make."""
    counted = merge(*map(_read, months), key=itemgetter(0))
    tagged = merge(
        ((account, True, debits, credits_) for account, debits, credits_ in stream(KEPT)),
        ((account, False, debits, credits_) for account, debits, credits_ in counted),
        key=itemgetter(0),
    )
    for account, found in groupby(tagged, key=itemgetter(0)):
        kept, summed = [0, 0], [0, 0]
        for _account, is_kept, debits, credits_ in found:
            into = kept if is_kept else summed
            into[0] += debits
            into[1] += credits_
        yield account, (kept[0], kept[1]), (summed[0], summed[1])


def _read(file: IO[bytes]) -> Iterator[Sums]:
    file.seek(0)
    while packed := file.read(_PACKED.size):
        yield _PACKED.unpack(packed)


def _row_count(table: str) -> int:
    [(found,)] = rows(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of the catalogue's
    return int(found)
