"""`reciproca ballots`: votes counted from files alone. Needs no database."""

from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import click
from django.utils.translation import gettext as _

from reciproca.cli.language import wake_django
from reciproca.cli.output import answer, json_option, refuse
from reciproca_verifier.recount import recount
from reciproca_verifier.told import Failed

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


@command.command("recount")
@click.argument("ballot", type=click.Path(path_type=Path))
@click.argument("votes", type=click.Path(path_type=Path))
@json_option
def recount_files(ballot: Path, votes: Path) -> None:
    """
    Count a closed ballot again from its published files, BALLOT (JSON) and VOTES (CSV).

    Shares no code with what counted it. Ends with 1 if a figure differs. The two SHA-256 are those
    that the transparency log commits to.
    """
    wake_django()
    try:
        contents = [path.read_bytes() for path in (ballot, votes)]
        found = recount(*contents)
    except OSError as trouble:
        told = {"trouble": trouble.strerror or str(trouble)}
        refuse(code="file-unreadable", message=_("Il file non si apre (%(trouble)s).") % told)
    except Failed as failure:
        message = _("Questi due file non sono quelli di una votazione chiusa.")
        refuse(code=failure.code, message=message)
    digests = [sha256(content).hexdigest() for content in contents]
    agrees = _("Il conteggio torna: %(votes)s voti.") % {"votes": found.outcome["cast"]}
    answer(
        {
            "ok": not found.differences,
            "differences": list(found.differences),
            "outcome": found.outcome,
            "ballot_sha256": digests[0],
            "votes_sha256": digests[1],
        },
        lines=[_("Non torna: %s") % each for each in found.differences] or [agrees, *digests],
    )
