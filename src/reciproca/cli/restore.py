"""`reciproca restore FILE`: the community as it was in a backup."""

import time
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from reciproca.cli.house import close_connections, migrate_once, open_as_it_is
from reciproca.cli.output import answer, json_option, refuse
from reciproca.postgres.dump import DumpFailed, restore


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Throw away what the database holds now.")
@json_option
def command(file: Path, replace: bool) -> None:
    """Put back what `reciproca backup` wrote to FILE; all of it, or nothing changes."""
    started = time.monotonic()
    open_as_it_is()
    if not replace and not _is_empty():
        refuse(
            code="database-not-empty",
            message=_(
                "La base di dati contiene già una comunità. Fanne una copia, poi aggiungi --replace"
                " per mettere questa al suo posto."
            ),
        )
    close_connections()
    try:
        restore(database=settings.DATABASES["default"], file=file)
    except DumpFailed as trouble:
        refuse(
            code="restore-failed",
            message=_("Non è cambiato niente. Il ripristino non è riuscito: %s") % trouble,
        )
    migrate_once()
    from reciproca.erasure.actions import erase_again

    erased, left = erase_again()
    seconds = round(time.monotonic() - started, 1)
    answer(
        {
            "ok": True,
            "file": str(file),
            "seconds": seconds,
            "erased_again": erased,
            "still_to_erase": left,
        },
        lines=[
            _("Ripristinato in %s s.") % seconds,
            _("Cancellati di nuovo %(erased)s, da cancellare ancora %(left)s.")
            % {"erased": erased, "left": left},
        ],
    )


def _is_empty() -> bool:
    """Tell whether the database has no table yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')")
        row = cursor.fetchone()
    return row is not None and row[0] is True
