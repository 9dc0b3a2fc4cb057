"""The web server process that `reciproca serve` keeps alive."""

import os

import click
from granian import Granian
from granian.constants import Interfaces

from reciproca.cli.children import exit_with_parent
from reciproca.cli.house import join_database
from reciproca.settings.reader import read_settings

MOST_PROCESSES = 4
THREADS_PER_PROCESS = 4
"""At most the pool's size, or threads would queue for a connection."""


@click.command(hidden=True)
@click.option("--host", required=True)
@click.option("--port", type=int, required=True)
@click.option("--child", is_flag=True)
def command(host: str, port: int, child: bool) -> None:
    """Answer requests; nothing here may open a connection, for the processes are forked."""
    if child:
        exit_with_parent()
    join_database()
    Granian(
        "reciproca.cli.web_process:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(os.cpu_count() or 1, MOST_PROCESSES),
        blocking_threads=THREADS_PER_PROCESS,
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]
        log_access=read_settings().log_level == "DEBUG",
    ).serve()
