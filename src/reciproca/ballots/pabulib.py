"""
Elections in the format of Pabulib (`.pb`): three sections, fields between semicolons.

Approval and choose-1 ballots give one point to each project named, cumulative and scoring ones the
points stated, ordinal ones so many as there are places from the bottom (`max_length` at the top).

Source: docs/rules/equal-shares.md
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from django.utils.translation import gettext_lazy as _

from reciproca.ballots.rules.budgeting import Group
from reciproca.shared.errors import DomainError

SECTIONS = ("META", "PROJECTS", "VOTES")
_ONE_POINT = frozenset({"approval", "choose-1"})
_POINTS_STATED = frozenset({"cumulative", "scoring"})
_MOST_POINTS = 1_000_000


class ElectionUnreadable(DomainError):
    code = "election-unreadable"
    message = _("Il file non si legge come elezione di Pabulib: %(trouble)s.")
    status = 422


@dataclass(frozen=True, slots=True)
class Election:
    """
    A budget, what projects cost (by name, in the order of their names) and what voters want.

    Money is in whole units; where the file has decimals, in the largest part that makes all of them
    whole: a unit of the file is `unit` of ours.
    """

    budget: int
    costs: Mapping[str, int]
    groups: list[Group]
    unit: int
    vote_type: str


def read_election(text: str, /) -> Election:
    """Return the election of a file. Raises: ElectionUnreadable."""
    meta, projects, votes = _sections(text)
    stated = {row["key"]: row["value"] for row in meta if row.keys() >= {"key", "value"}}
    vote_type = stated.get("vote_type", "approval")
    budget = _money(stated.get("budget", ""))
    prices = {_cell(row, "project_id"): _money(_cell(row, "cost")) for row in projects}
    unit = lcm(budget.denominator, *(price.denominator for price in prices.values()))
    longest = _longest(stated, votes)
    papers = Counter(
        tuple(sorted(_points(row, vote_type, longest, prices).items())) for row in votes
    )
    return Election(
        budget=int(budget * unit),
        costs={project: int(prices[project] * unit) for project in sorted(prices)},
        groups=[Group(voters, dict(points)) for points, voters in papers.items()],
        unit=unit,
        vote_type=vote_type,
    )


Row = Mapping[str, str]


def _sections(text: str) -> tuple[list[Row], list[Row], list[Row]]:
    found: dict[str, list[Row]] = {}
    section = ""
    names: list[str] = []
    for line in csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=";"):
        if len(line) == 1 and line[0].strip().upper() in SECTIONS:
            section, names = line[0].strip().upper(), []
            found[section] = []
        elif not names:
            names = [name.strip() for name in line]
        elif any(line):
            found[section].append(dict(zip(names, (cell.strip() for cell in line), strict=False)))
    if found.keys() != set(SECTIONS):
        raise ElectionUnreadable(trouble=_("ci vogliono le parti META, PROJECTS e VOTES"))
    return found["META"], found["PROJECTS"], found["VOTES"]


def _longest(meta: Row, votes: Iterable[Row]) -> int:
    """Return how many places a ranking may have."""
    stated = meta.get("max_length", "")
    return (
        int(stated) if stated.isdecimal() else max((len(_named(row)) for row in votes), default=0)
    )


def _points(row: Row, vote_type: str, longest: int, known: Mapping[str, object]) -> dict[str, int]:
    named = _named(row)
    if len(set(named)) != len(named) or not known.keys() >= set(named):
        raise ElectionUnreadable(
            trouble=_("un voto nomina due volte un progetto, o uno che non c’è")
        )
    if vote_type in _ONE_POINT:
        return dict.fromkeys(named, 1)
    if vote_type == "ordinal":
        return {project: max(longest - place, 0) for place, project in enumerate(named)}
    if vote_type not in _POINTS_STATED:
        raise ElectionUnreadable(trouble=_("non conosciamo il tipo di voto “%s”") % vote_type)
    given = [_whole(each) for each in _cell(row, "points").split(",")] if named else []
    if len(given) != len(named):
        raise ElectionUnreadable(trouble=_("un voto non ha tanti punti quanti progetti"))
    return {project: points for project, points in zip(named, given, strict=True) if points}


def _named(row: Row) -> list[str]:
    return [each.strip() for each in _cell(row, "vote").split(",") if each.strip()]


def _cell(row: Row, name: str) -> str:
    if name not in row:
        raise ElectionUnreadable(trouble=_("manca la colonna “%s”") % name)
    return row[name]


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > _MOST_POINTS:
        raise ElectionUnreadable(trouble=_("“%s” non è un numero di punti") % text)
    return int(text)


def _money(text: str) -> Fraction:
    """Return an amount of money, with a point or a comma before its decimals."""
    whole, _mark, decimals = text.replace(",", ".").partition(".")
    digits = whole + decimals
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 15):
        raise ElectionUnreadable(trouble=_("“%s” non è una somma") % text)
    return Fraction(int(digits), 10 ** len(decimals))
