"""
Rankings in the format of PrefLib (`.soc`, `.soi`, `.toc`, `.toi`): a heading, then `votes: order`.

Source: docs/rules/schulze.md
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reciproca.ballots.rules.schulze import Ranking
from reciproca.shared.errors import DomainError

_NAME = re.compile(r"# ALTERNATIVE NAME (\d{1,6}): *(.*)")
_VOTES = re.compile(r"(\d{1,12}): *(.*)")
_ORDER = re.compile(r"(?:(?:\d+|\{[\d, ]*\}),? *)*")
_LEVEL = re.compile(r"\{([\d, ]*)\}|(\d+)")


class RankingsUnreadable(DomainError):
    code = "rankings-unreadable"
    message = _("Il file non si legge come classifiche di PrefLib: %(trouble)s.")
    status = 422


@dataclass(frozen=True, slots=True)
class Rankings:
    """The options, by the numbers that stand for them, with their names; rankings with votes."""

    names: dict[str, str]
    rankings: list[tuple[int, Ranking]]


def read_rankings(text: str, /) -> Rankings:
    """Return the rankings of a file. Raises: RankingsUnreadable."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    names = {found[1]: found[2] for line in lines if (found := _NAME.fullmatch(line))}
    if not names:
        raise RankingsUnreadable(trouble=_("nessuna riga nomina le proposte"))
    rankings = [_ranking(line, names) for line in lines if not line.startswith("#")]
    return Rankings(names, rankings)


def _ranking(line: str, names: dict[str, str]) -> tuple[int, Ranking]:
    found = _VOTES.fullmatch(line)
    if found is None or not _ORDER.fullmatch(found[2]):
        raise RankingsUnreadable(trouble=_("“%s” non è una classifica") % line[:40])
    levels = [
        [each.strip() for each in (tied or single).split(",") if each.strip()]
        for tied, single in _LEVEL.findall(found[2])
    ]
    ranked = [each for level in levels for each in level]
    if len(set(ranked)) != len(ranked) or not names.keys() >= set(ranked):
        raise RankingsUnreadable(
            trouble=_("“%s” nomina due volte una proposta, o una che non c’è") % line[:40]
        )
    return int(found[1]), levels
