"""`reciproca log`: the transparency log, as its operator and as anybody outside sees it."""

import sys

import click

from reciproca_verifier.main import main as verify_from_outside


@click.group()
def command() -> None:
    """The transparency log."""


@command.command(
    # What may be asked, and --help, is the verifier's own to say: it is the same program.
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def verify(arguments: tuple[str, ...]) -> None:
    """Check a log, a proof, or both, over HTTP alone, like `reciproca-verify` (see its --help)."""
    sys.exit(verify_from_outside(arguments, program="reciproca log verify"))
