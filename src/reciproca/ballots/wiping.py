"""What the rewriting of a closed secret ballot left behind is cleared from the tables' files."""

import time

from django.db import connection
from django.db.backends.utils import CursorWrapper
from procrastinate.contrib.django import app

PATIENCE_S = 30.0
"""How long a wipe waits for those who may still read what it has to clear."""

_NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text"

_SOMEBODY_STILL_READS = """
SELECT EXISTS (
  SELECT FROM (
    SELECT unnest(ARRAY[backend_xmin, backend_xid]) AS since FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL)
    UNION ALL SELECT xmin FROM pg_replication_slots
    UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
  ) AS held
  WHERE age(since) > age(%s::xid)
)
"""


class StillRead(Exception):
    """A transaction as old as the rows to clear is still open: nothing was wiped, try later."""


def wipe_soon() -> None:
    """Have a worker wipe once this transaction is committed: within it VACUUM cannot run."""
    # The queue is a table: a transaction that rolls back takes the job with it.
    app.configure_task("wipe-ballots", allow_unknown=False).defer()


def wipe(*, patience_s: float = PATIENCE_S) -> None:
    """
    Clear rows that were overwritten from the files of roll, votes and papers.

    `FULL` because a plain VACUUM leaves their bytes in the pages, with the transactions that wrote
    them. Who votes elsewhere meanwhile waits: about a second for a hundred thousand lines.

    Raises: StillRead, OperationalError (somebody else holds a table for long).
    """
    with connection.cursor() as cursor:
        _wait_for_readers(cursor, patience_s)
        # Whoever comes after a VACUUM FULL that waits for its lock waits behind it.
        cursor.execute("SET lock_timeout = '3s'")
        try:
            cursor.execute(
                "VACUUM (FULL) ballots_elector, ballots_secretvote, ballots_urnpaper,"
                " ballots_paperreading"
            )
        finally:
            cursor.execute("RESET lock_timeout")


def _wait_for_readers(cursor: CursorWrapper, patience_s: float) -> None:
    """
    Wait until nobody can read rows that were overwritten before now: VACUUM copies those that
    somebody still can, and says nothing of it. Raises: StillRead.
    """
    cursor.execute(_NEXT_TRANSACTION)
    (now,) = cursor.fetchone()
    until = time.monotonic() + patience_s
    while True:
        cursor.execute(_SOMEBODY_STILL_READS, [now])
        if not cursor.fetchone()[0]:
            return
        if time.monotonic() >= until:
            raise StillRead
        time.sleep(0.1)
