"""`reciproca ballots`: votes counted from files alone. Needs no database."""

from fractions import Fraction
from pathlib import Path

import click
from django.utils.translation import gettext as _

from reciproca.cli.language import wake_django
from reciproca.cli.output import answer, json_option

METHODS = ("greedy", "mes", "mes-add1", "schulze")
UTILITIES = ("cost", "cardinality")


@click.group()
def command() -> None:
    """Count votes from files."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--method", type=click.Choice(METHODS), required=True, help="How votes are counted.")
@click.option(
    "--utility",
    type=click.Choice(UTILITIES),
    default="cost",
    help="What voters of a budget value: the money spent (cost), or how many projects.",
)
@json_option
def tally(file: Path, method: str, utility: str) -> None:
    """
    Count the votes in FILE.

    An election of Pabulib (.pb) is a budget, divided by the methods greedy, mes and mes-add1, ties
    by the projects' names. Rankings of PrefLib (.soc, .soi, .toc, .toi) are counted by schulze.
    """
    wake_django()
    # Only now, because the rooms need Django to be ready.
    from reciproca.cli.worked_examples import read_text

    text = read_text(file)
    counted, lines = _order(text) if method == "schulze" else _budget(text, method, utility)
    answer({"ok": True, "file": str(file), "method": method, **counted}, lines=lines)


def _budget(text: str, method: str, utility: str) -> tuple[dict[str, object], list[str]]:
    from reciproca.ballots.pabulib import read_election
    from reciproca.ballots.rules.budgeting import bought
    from reciproca.ballots.rules.choices import Method

    election = read_election(text)
    selected = bought(
        method=Method(method),
        costs=election.costs,
        groups=election.groups,
        budget=election.budget,
        utility="cardinality" if utility == "cardinality" else "cost",
        step=Fraction(election.unit),
    )
    spent = sum(election.costs[each] for each in selected)
    cost, budget = (Fraction(each, election.unit) for each in (spent, election.budget))
    counted = {
        "utility": utility,
        "votes": sum(group.voters for group in election.groups),
        "selected": sorted(selected),
        "cost": str(cost),
        "budget": str(budget),
    }
    return counted, [*selected, _("Spesi %(cost)s su %(budget)s.") % counted]


def _order(text: str) -> tuple[dict[str, object], list[str]]:
    from reciproca.ballots.preflib import read_rankings
    from reciproca.ballots.rules import schulze

    read = read_rankings(text)
    options = list(read.names)
    preferred = schulze.preferences(read.rankings, options=options)
    paths = schulze.strongest_paths(preferred, options=options)
    beaten = schulze.beaten_by(paths, options=options)
    order = [
        [option for option in options if beaten[option] == count]
        for count in sorted(set(beaten.values()))
    ]
    counted = {
        "votes": sum(votes for votes, _ranking in read.rankings),
        "winners": [option for option in options if not beaten[option]],
        "order": order,
        "names": read.names,
    }
    return counted, [" = ".join(read.names[each] for each in level) for level in order]
