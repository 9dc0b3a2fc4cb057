"""`reciproca manage`: Django's own commands, on the same database."""

import sys

import click
from django.core.management import execute_from_command_line

from reciproca.cli.house import join_database


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands (`reciproca manage help` lists them)."""
    join_database()
    sys.argv[0] = "reciproca manage"
    execute_from_command_line(["reciproca manage", *arguments])
