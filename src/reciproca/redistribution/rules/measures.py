"""
What members can be measured by.

Only what a room of this house can tell is here: a criterion that nobody measures is refused when a
policy is written, not found empty when it runs. What another room comes to know (meetings attended,
hours given) gets a line here and its SQL in `gathering`.

Source: docs/rules/redistribution.md
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CENTS = "cents"


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One thing that is counted for each person, never below zero.

    `phrase` says in a sentence what the share is in proportion to; with `by_category` the policy
    names the categories of goods that count. `amount` says it to a member, with `%(amount)s`.
    """

    id: str
    unit: str
    title: str | Promise
    phrase: str | Promise
    amount: str | Promise
    by_category: bool = False


MEASURES = {
    measure.id: measure
    for measure in (
        Measure(
            "patronage",
            CENTS,
            _("Acquisti"),
            _("in proporzione a quanto ciascuno ha comprato, tolti i resi"),
            _("Hai comprato per %(amount)s, tolti i resi"),
        ),
        Measure(
            "km0",
            CENTS,
            _("Beni del territorio"),
            _("in proporzione a quanto ciascuno ha comprato di %(categories)s, tolti i resi"),
            _("Hai comprato beni del territorio per %(amount)s, tolti i resi"),
            by_category=True,
        ),
        Measure(
            "social",
            CENTS,
            _("Cooperative sociali"),
            _(
                "in proporzione a quanto ciascuno ha comprato dalle cooperative sociali, tolti i"
                " resi"
            ),
            _("Hai comprato dalle cooperative sociali per %(amount)s, tolti i resi"),
        ),
    )
}
