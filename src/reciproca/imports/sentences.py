"""A refusal that was kept as a code and its params, said again in the language of whoever reads."""

import json
from collections.abc import Iterator, Mapping
from functools import cache

from reciproca.shared.errors import DomainError


def sentence(*, code: str, params: str | Mapping[str, object]) -> str:
    """
    Return the sentence of a refusal; the bare code if no class of ours has it any more.

    Rooms may use one code for two refusals that speak of different figures: the sentence is the
    one that finds all its figures in `params` (a dictionary, or its JSON).
    """
    known = json.loads(params or "{}") if isinstance(params, str) else dict(params)
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
