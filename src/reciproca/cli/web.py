"""The web server process that `reciproca serve` keeps alive."""

import os

import click
from granian import Granian
from granian.constants import Interfaces

from reciproca.cli.children import exit_with_parent
from reciproca.cli.house import join_database
from reciproca.settings.reader import read_settings

MOST_PROCESSES = 4
THREADS_PER_PROCESS = 32
"""Most wait for a sale that another thread is recording with theirs, and hold no connection."""


@click.command(hidden=True)
@click.option("--host", required=True)
@click.option("--port", type=int, required=True)
@click.option("--child", is_flag=True)
def command(host: str, port: int, child: bool) -> None:
    """Answer requests; nothing here may open a connection, for the processes are forked."""
    if child:
        exit_with_parent()
    join_database()
    serve_web(host=host, port=port, application="reciproca.cli.web_process:application")


def serve_web(*, host: str, port: int, application: str) -> None:
    """Serve a WSGI application until told to stop: a few processes with a few threads each."""
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(os.cpu_count() or 1, MOST_PROCESSES),
        blocking_threads=THREADS_PER_PROCESS,
        respawn_failed_workers=True,
        # A warning says that these are many threads; that a process died is an error.
        log_level="error",  # type: ignore[arg-type]
        log_access=read_settings().log_level == "DEBUG",
    ).serve()
