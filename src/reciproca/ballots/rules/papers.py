"""
Papers as one types them from the table where they lie: a line for each kind of paper.

Options are called by their number on the paper. Source: docs/rules/majorities.md
"""

import re
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from reciproca.ballots.rules.choices import (
    ABSTAIN,
    SCORES,
    Choice,
    ChoiceUnreadable,
    Method,
    TooManyChosen,
    written,
)
from reciproca.shared.errors import DomainError

BLANK = "-"
MOST_ALIKE = 1_000_000
SHOWN = 40
_TIMES = re.compile(r"(\d{1,7})\s*[x×*]\s*(.*)", re.ASCII | re.IGNORECASE)


class PaperUnreadable(DomainError):
    code = "paper-unreadable"
    message = _("La riga “%(line)s” non si legge: guarda gli esempi e riscrivila.")
    status = 422


class PaperOverfull(DomainError):
    code = "paper-overfull"
    message = _(
        "La riga “%(line)s” segna più di %(most)s nomi: è una scheda nulla, scrivila con -."
    )
    status = 422


def counted(
    text: str, /, *, method: Method, options: Sequence[str], most: int | None
) -> Counter[str]:
    """
    Return how many papers say what, each choice as it is written.

    A line is one paper as `said_by` reads it, or `12 x` and then what twelve papers say.

    Raises: PaperUnreadable, PaperOverfull.
    """
    found: Counter[str] = Counter()
    for line in filter(None, map(str.strip, text.splitlines())):
        times = _TIMES.fullmatch(line)
        count, said = (int(times[1]), times[2]) if times else (1, line)
        if not 0 < count <= MOST_ALIKE:
            raise PaperUnreadable(line=line[:SHOWN])
        choice = said_by(said, line=line, method=method, options=options, most=most)
        found[written(choice, method=method, options=options, most=most)] += count
    return found


def said_by(
    text: str, /, *, line: str, method: Method, options: Sequence[str], most: int | None
) -> Choice:
    """
    Return what one paper says: `1 4` approves the first option and the fourth, `2 > 1 = 3` ranks,
    `1:5 2:3` gives points, `-` is a blank or spoilt paper. A refusal names the whole `line`.

    Raises: PaperUnreadable, PaperOverfull.
    """
    try:
        choice = _said(text, method, options)
        written(choice, method=method, options=options, most=most)
    except (ValueError, IndexError, ChoiceUnreadable) as mistake:
        raise PaperUnreadable(line=line[:SHOWN]) from mistake
    except TooManyChosen as mistake:
        raise PaperOverfull(line=line[:SHOWN], most=most) from mistake
    return choice


def _said(text: str, method: Method, options: Sequence[str]) -> Choice:
    if text.strip() == BLANK:
        return ABSTAIN
    if method in SCORES:
        pairs = [_pair(each) for each in text.replace(",", " ").split()]
        points = {_option(number, options): given for number, given in pairs}
        if len(points) < len(pairs):
            raise ValueError
        return points
    if method is Method.SCHULZE:
        levels = re.sub(r"\s*=\s*", "=", text).replace(">", " ").replace(",", " ").split()
        return [[_option(each, options) for each in level.split("=")] for level in levels]
    chosen = [_option(each, options) for each in text.replace(",", " ").split()]
    return chosen[0] if method is Method.MOTION and len(chosen) == 1 else chosen


def _pair(text: str) -> tuple[str, int]:
    number, given = text.split(":")
    return number, int(given)


def _option(number: str, options: Sequence[str]) -> str:
    place = int(number)
    if place < 1:
        raise IndexError
    return options[place - 1]
