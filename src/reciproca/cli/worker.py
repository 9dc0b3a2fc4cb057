"""`reciproca worker`: the process that does the long work."""

import asyncio
import logging
import threading

import click
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from reciproca.cli.children import exit_with_parent
from reciproca.cli.house import open_house

JOBS_AT_ONCE = 2
"""So that a long import does not keep the short ones waiting."""

SECONDS_TO_FINISH = 10.0


@click.command()
@click.option("--child", is_flag=True, hidden=True)
def command(child: bool) -> None:
    """Do the long work: imports, closings, mail. `reciproca serve` starts one already."""
    if child:
        exit_with_parent()
    open_house()
    # What it writes down is read on pages: a job speaks its owner's language, the rest Italian.
    translation.deactivate()
    # The library tells a normal stop at length; what goes wrong it tells all the same.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    from reciproca.control_room.transparency import open_the_log
    from reciproca.transparency.actions import keep

    stop = threading.Event()
    log = threading.Thread(
        target=keep, kwargs={"stop": stop, "open_log": open_the_log}, name="transparency-log"
    )
    log.start()
    try:
        asyncio.run(_work())
    finally:
        stop.set()
        log.join(SECONDS_TO_FINISH)


async def _work() -> None:
    connector = app.connector
    assert isinstance(connector, DjangoConnector)
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                # What came of a job stands in our own table; here only failures stay.
                delete_jobs="successful",
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
            )
