"""What the rewriting of a closed secret ballot left behind is cleared from the tables' files."""

from django.db import connection
from procrastinate.contrib.django import app


def wipe_soon() -> None:
    """Have a worker wipe once this transaction is committed: within it VACUUM cannot run."""
    # The queue is a table: a transaction that rolls back takes the job with it.
    app.configure_task("wipe-ballots", allow_unknown=False).defer()


def wipe() -> None:
    """
    Clear rows that were overwritten from the files of roll and votes.

    `FULL` because a plain VACUUM leaves their bytes in the pages, with the transactions that wrote
    them. Who votes elsewhere meanwhile waits: about a second for a hundred thousand lines.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL) ballots_elector, ballots_secretvote, ballots_urnpaper")
