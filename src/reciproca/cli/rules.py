"""`reciproca rules check`: the product's own rules on worked examples. Needs no database."""

from dataclasses import asdict
from pathlib import Path

import click

from reciproca.cli.language import wake_django
from reciproca.cli.output import answer, json_option


@click.group()
def command() -> None:
    """Check the rules of money against worked examples."""


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@json_option
def check(files: tuple[Path, ...]) -> None:
    """
    Run each FILE through the rules and compare the figures.

    Prints pass, fail with the difference, or unknown kind. Ends with 1 if one fails.
    """
    wake_django()
    # Only now, because the rooms need Django to be ready.
    from reciproca.cli.worked_examples import FAIL, check_file

    checked = [check_file(path) for path in files]
    answer(
        {
            "ok": all(each.result != FAIL for each in checked),
            "files": [asdict(each) for each in checked],
        },
        lines=(each.line for each in checked),
    )
