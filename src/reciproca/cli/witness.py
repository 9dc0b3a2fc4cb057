"""`reciproca witness`: cosigning other cooperatives' logs, in a small program of its own."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from reciproca.cli.children import exit_with_parent
from reciproca.cli.language import wake_django
from reciproca.cli.output import answer, json_option, refuse, say
from reciproca.settings.reader import read_settings

THREADS = 4
FOLDER = "RECIPROCA_WITNESS_DIR"


Command = TypeVar("Command", bound=Callable[..., object])


def _folder(_ctx: click.Context, _option: click.Parameter, given: Path | None) -> Path:
    wake_django()
    return given or read_settings().data_dir / "witness"


def folder_option(command: Command) -> Command:
    """Give a command `--dir`, the folder of the witness."""
    return click.option(
        "--dir",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        callback=_folder,
        help="Its key and what it cosigned [default: witness/ in the data directory].",
    )(command)


@click.group()
def command() -> None:
    """Witness the transparency logs of others. Needs no database."""


@command.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8100, show_default=True, help="Port to listen on.")
@click.option("--name", default=None, help="Name of a new key [default: HOST:PORT/witness].")
@click.option("--child", is_flag=True, hidden=True)
@folder_option
def serve(folder: Path, host: str, port: int, name: str | None, child: bool) -> None:
    """Cosign the logs that were added; Ctrl-C stops it."""
    if child:
        exit_with_parent()
    from django.utils.translation import gettext as _
    from granian import Granian
    from granian.constants import Interfaces

    from reciproca.cli.serve import refuse_taken_port

    refuse_taken_port(host=host, port=port)
    key = _key(folder, name or f"{host}:{port}/witness")
    say(_("Il testimone %(key)s risponde su %(address)s") % {
        "key": key, "address": f"http://{host}:{port}",
    })  # fmt: skip
    os.environ[FOLDER] = str(folder)
    Granian(
        "reciproca.cli.witness_process:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # One process: how often a log asks is counted in its memory.
        workers=1,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()


@command.command()
@click.argument("vkey")
@json_option
@folder_option
def add(folder: Path, vkey: str) -> None:
    """Cosign from now on the log with this VKEY, as `reciproca log info` tells it."""
    from django.utils.translation import gettext as _

    from reciproca.transparency.rules import notes
    from reciproca.transparency.witness import Store

    try:
        verifier = notes.read_verifier(vkey)
    except notes.NoteMalformed as mistake:
        refuse(code="vkey-unreadable", message=_("Questa chiave non si legge: %s.") % mistake)
    if verifier.algorithm != notes.ED25519:
        refuse(code="vkey-unreadable", message=_("Questa non è la chiave di un registro."))
    folder.mkdir(parents=True, exist_ok=True)
    Store(folder / "witness.sqlite3").let_in(verifier)
    answer(
        {"ok": True, "origin": verifier.name},
        lines=[_("Da ora si firma %s.") % verifier.name],
    )


@command.command()
@click.option("--name", default="localhost/witness", help="Name of a new key.")
@json_option
@folder_option
def info(folder: Path, name: str) -> None:
    """Tell the witness's public key and the logs that it cosigns."""
    from reciproca.transparency.witness import Store

    key = _key(folder, name)
    logs = Store(folder / "witness.sqlite3").logs()
    answer(
        {
            "ok": True,
            "vkey": key,
            "logs": [{"origin": origin, "size": size} for origin, size in logs],
        },
        lines=[key, *(f"{origin}  {size}" for origin, size in logs)],
    )


def _key(folder: Path, name: str) -> str:
    """Return the witness's public key, made the first time."""
    from reciproca.transparency import keys
    from reciproca.transparency.rules.notes import COSIGNATURE

    path = folder / "witness-key"
    signer = (
        keys.signers(path)[0]
        if path.exists()
        else keys.make_key(path, name=name, algorithm=COSIGNATURE)
    )
    return str(signer.verifier)
