"""`reciproca backup FILE`: the whole community in one file."""

import time
from pathlib import Path

import click
from django.conf import settings
from django.utils.translation import gettext as _

from reciproca.cli.house import open_house
from reciproca.cli.output import answer, json_option, refuse
from reciproca.postgres.dump import DumpFailed, dump


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def command(file: Path) -> None:
    """Write everything to FILE, while people go on working."""
    if not file.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.absolute().parent}", param_hint="FILE")
    started = time.monotonic()
    open_house()
    from reciproca.web.words import count

    try:
        dump(database=settings.DATABASES["default"], file=file)
    except (DumpFailed, OSError) as trouble:
        refuse(code="backup-failed", message=_("La copia non è riuscita: %s") % trouble)
    size = file.stat().st_size
    seconds = round(time.monotonic() - started, 1)
    answer(
        {"ok": True, "file": str(file), "bytes": size, "seconds": seconds},
        lines=[
            _("%(file)s: %(size)s byte in %(seconds)s s")
            % {"file": file, "size": count(size), "seconds": seconds}
        ],
    )
