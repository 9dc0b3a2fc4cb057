"""Worked examples of meetings: terms in days."""

from reciproca.assemblies.rules import term_ends
from reciproca.shared.worked_examples import Adapter, Part


def day_terms(given: Part) -> object:
    """Return the day on which each term ends."""
    return [
        term_ends(start=each.at("start").day(), days=each.at("days").not_negative()).isoformat()
        for each in given.each()
    ]


ADAPTERS = {"day_terms": Adapter(day_terms)}
