"""What one may choose on a ballot, and the one way in which a choice is written."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeGuard

from django.utils.translation import gettext_lazy as _

from reciproca.ballots.rules.scores import TOP
from reciproca.shared.errors import DomainError

ABSTAIN = "abstain"
YES, NO = "yes", "no"

Choice = str | Sequence[str] | Sequence[Sequence[str]] | Mapping[str, int]
"""
On any ballot the word `abstain`; otherwise, as its method asks: `yes` or `no`; the keys of what one
approves; levels of keys, the best first; points from 0 to 5 by key.
"""


class Method(StrEnum):
    """How a ballot is cast and counted. Budgets are approved; `mes` is equal shares."""

    MOTION = "motion"
    APPROVAL = "approval"
    SCORE_SUM = "score-sum"
    SCORE_MEDIAN = "score-median"
    SCHULZE = "schulze"
    GREEDY = "greedy"
    MES = "mes"
    MES_ADD1 = "mes-add1"


BUDGETS = frozenset({Method.GREEDY, Method.MES, Method.MES_ADD1})
SCORES = frozenset({Method.SCORE_SUM, Method.SCORE_MEDIAN})


class ChoiceUnreadable(DomainError):
    code = "choice-unreadable"
    message = _("Questo voto non si legge: torna alla scheda e scegli fra le proposte.")
    status = 422


class TooManyChosen(DomainError):
    code = "too-many-chosen"
    message = _("Puoi sceglierne al massimo %(most)s: togline qualcuna.")
    status = 422


def written(
    choice: object, /, *, method: Method, options: Sequence[str], most: int | None = None
) -> str:
    """
    Return a choice as it is kept, committed to and published: JSON, one way for each choice.

    `choice` should be a `Choice`. An option that is not chosen, scored or ranked is left out.

    Raises: ChoiceUnreadable, TooManyChosen.
    """
    if choice == ABSTAIN:
        return _json(ABSTAIN)
    if method is Method.MOTION:
        if choice not in (YES, NO):
            raise ChoiceUnreadable
        return _json(choice)
    if method in SCORES:
        return _json(_scored(choice, options))
    if method is Method.SCHULZE:
        return _json(_ranked(choice, options))
    return _json(_approved(choice, options, most))


def read(text: str, /) -> Choice:
    """Return the choice that `written` wrote."""
    choice: Choice = json.loads(text)
    return choice


def _approved(choice: object, options: Sequence[str], most: int | None) -> list[str]:
    """Return approved options in the order of the ballot paper."""
    if not _is_list_of_words(choice) or not _once_each(choice, options):
        raise ChoiceUnreadable
    if most is not None and len(choice) > most:
        raise TooManyChosen(most=most)
    return [each for each in options if each in choice]


def _ranked(choice: object, options: Sequence[str]) -> list[list[str]]:
    """Return the levels of a ranking, each in the order of the ballot paper."""
    if not isinstance(choice, list | tuple) or not all(map(_is_list_of_words, choice)):
        raise ChoiceUnreadable
    if not _once_each([each for level in choice for each in level], options):
        raise ChoiceUnreadable
    return [[each for each in options if each in level] for level in choice if level]


def _scored(choice: object, options: Sequence[str]) -> dict[str, int]:
    """Return scores above zero in the order of the ballot paper."""
    if not isinstance(choice, Mapping) or not _once_each(list(choice), options):
        raise ChoiceUnreadable
    if not all(type(each) is int and 0 <= each <= TOP for each in choice.values()):
        raise ChoiceUnreadable
    return {each: choice[each] for each in options if choice.get(each)}


def _is_list_of_words(value: object) -> TypeGuard[Sequence[str]]:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _once_each(chosen: Sequence[str], options: Sequence[str]) -> bool:
    """Tell whether these are options, at least one, and none of them twice."""
    return 0 < len(set(chosen)) == len(chosen) and set(chosen) <= set(options)


def _json(choice: object) -> str:
    return json.dumps(choice, separators=(",", ":"), ensure_ascii=False)
