"""Worked examples of how long the detail of a purchase is kept."""

from reciproca.parameters.actions import shipped
from reciproca.parameters.rules import values_in_force
from reciproca.shared.dates import kept, kept_until
from reciproca.shared.worked_examples import Adapter, Part

_TERMS = {
    "profiling": "profiling_detail_retention",
    "marketing": "marketing_detail_retention",
}


def retention(given: Part) -> object:
    """Say for each record the last day it is kept, and whether it is on the day of the check."""
    checked_on = given.at("check_date").day()
    terms = values_in_force(rows=shipped(), names=_TERMS.values(), on=checked_on)
    answers = []
    for record in given.at("records").each():
        on = record.at("on").day()
        months = int(terms[_TERMS[record.at("purpose").choice(*_TERMS)]])
        answers.append(
            {
                "delete_after": kept_until(on=on, months=months).isoformat(),
                "kept_on_check_date": kept(on=on, months=months, checked_on=checked_on),
            }
        )
    return answers


ADAPTERS = {"retention": Adapter(retention)}
