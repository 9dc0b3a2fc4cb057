"""A refusal that was kept as a code and its params, said again in the language of whoever reads."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext, override
from django.utils.translation import gettext as _

from reciproca.shared.errors import DomainError

WORDS = "words"
"""Under which key words of ours are kept, in Italian, from which every translation begins."""
NAME, COUNT = "name", "count"
"""Under which keys a counted name is kept."""


class Counted(NamedTuple):
    """A name of ours and how many of it there are."""

    name: str | Promise
    number: int

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class Names(list[str | Promise | Counted]):
    """Names of ours in a sentence, as it enumerates them: one, two and three."""

    def __str__(self) -> str:
        return get_text_list([str(name) for name in self], _("e"))


def kept(params: Mapping[str, object]) -> dict[str, Any]:
    """Return a refusal's params as JSON keeps them, words of ours without a language."""
    return {name: _kept(value) for name, value in params.items()}


def _kept(value: object) -> Any:
    if isinstance(value, Promise):
        with override("it"):
            return {WORDS: str(value)}
    if isinstance(value, Names):
        return [_kept(name) for name in value]
    if isinstance(value, Counted):
        return {NAME: _kept(value.name), COUNT: value.number}
    return value if isinstance(value, int | str) else str(value)


def _said(value: Any) -> object:
    if isinstance(value, dict) and NAME in value:
        return str(Counted(str(_said(value[NAME])), value[COUNT]))
    if isinstance(value, dict):
        return gettext(value[WORDS])
    return Names(map(str, map(_said, value))) if isinstance(value, list) else value


def sentence(*, code: str, params: str | Mapping[str, object]) -> str:
    """
    Return the sentence of a refusal; the bare code if no class of ours has it any more.

    Rooms may use one code for two refusals that speak of different figures: the sentence is the
    one that finds all its figures in `params` (a dictionary, or its JSON).
    """
    read = json.loads(params or "{}") if isinstance(params, str) else params
    known = {name: _said(value) for name, value in read.items()}
    for refusal in _by_code().get(code, ()):
        try:
            return str(refusal(**known))
        except (KeyError, TypeError, ValueError):
            continue
    return code


@cache
def _by_code() -> dict[str, list[type[DomainError]]]:
    by_code: dict[str, list[type[DomainError]]] = {}
    for refusal in _subclasses(DomainError):
        by_code.setdefault(refusal.code, []).append(refusal)
    return by_code


def _subclasses(parent: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in parent.__subclasses__():
        yield child
        yield from _subclasses(child)
