"""`reciproca serve`: the whole house in one command."""

import signal
import socket
import time
from collections.abc import Sequence
from types import FrameType

import click
from django.core.management import call_command
from django.utils.translation import gettext as _

from reciproca.cli.children import SECONDS_BETWEEN_LOOKS, Child, stop_all
from reciproca.cli.house import close_connections, open_house
from reciproca.cli.language import wake_django
from reciproca.cli.output import refuse, say
from reciproca.postgres.server import Server


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
def command(host: str, port: int) -> None:
    """Serve the web application, and do the long work beside it. Ctrl-C stops both."""
    serve(host=host, port=port)


def serve(*, host: str, port: int, beside: Sequence[list[str]] = ()) -> None:
    """
    Serve until told to stop; returns when everything has stopped in order.

    `beside` are further commands of ours to keep alive meanwhile.
    """
    wake_django()
    refuse_taken_port(host=host, port=port)
    server = open_house(migrate=True)
    _make_months()
    call_command("collectstatic", interactive=False, verbosity=0)
    opening_path = _opening_path()
    close_connections()
    children = [
        Child(name="web", arguments=["web", "--host", host, "--port", str(port)]),
        Child(name="worker", arguments=["worker"]),
        *(Child(name=arguments[0], arguments=arguments) for arguments in beside),
    ]
    address = f"http://{host}:{port}"
    say(_("Reciproca risponde su %(address)s (Ctrl-C la ferma)") % {"address": address})
    if opening_path:
        say(_("Non c’è ancora una comunità: aprila da %(url)s") % {"url": address + opening_path})
    try:
        _look_after(children, server)
    finally:
        stop_all(children)


def _make_months() -> None:
    """Make the ledger's tables of the months to come, before anybody posts into one."""
    from reciproca.ledger.months import make_months

    make_months()


def _opening_path() -> str:
    """Return the path of the page where the community is opened, nothing once it is."""
    from django.urls import reverse

    from reciproca.registry import queries
    from reciproca.settings.reader import opening_token, read_settings

    if queries.community():
        return ""
    return reverse("web:opening", args=[opening_token(read_settings())])


def refuse_taken_port(*, host: str, port: int) -> None:
    """Refuse to start where something else listens already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            refuse(
                code="port-taken",
                message=_(
                    "Non si può ascoltare su %(host)s:%(port)s (%(trouble)s): scegli un’altra porta"
                    " con --port."
                )
                % {"host": host, "port": port, "trouble": trouble.strerror},
            )


def _look_after(children: list[Child], server: Server | None) -> None:
    """Keep children and database alive until SIGTERM or Ctrl-C."""
    told_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told_to_stop
        told_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not told_to_stop:
        for child in children:
            child.look_after()
        if server is not None and server.pid() is None:
            say(_("Il server della base di dati è finito: riparte."))
            server.join()
        time.sleep(SECONDS_BETWEEN_LOOKS)
