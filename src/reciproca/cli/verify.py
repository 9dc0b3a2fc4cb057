"""`reciproca verify`: everything counted again."""

import click

from reciproca.cli.bar import Bar
from reciproca.cli.house import open_house
from reciproca.cli.output import answer, json_option


@click.command()
@json_option
def command() -> None:
    """Count everything again: balances, facts, runs, debts. Ends with 1 if anything is wrong."""
    open_house()
    from django.utils import timezone

    from reciproca.control_room.actions import CHECKS, verify

    titles = {check.name: str(check.title) for check in CHECKS}
    with Bar(titles=titles) as bar:
        verdicts = verify(verified_at=timezone.now(), progress=bar)
    lines = [
        f"{'✓' if verdict.ok else '✗'} {titles[verdict.name]} — {'; '.join(verdict.details)}"
        for verdict in verdicts
    ]
    answer(
        {
            "ok": all(verdict.ok for verdict in verdicts),
            "checks": {verdict.name: verdict.as_dict() for verdict in verdicts},
        },
        lines=lines,
    )
