"""
What members can be measured by.

Only what a room of this house can tell is here: a criterion that nobody measures is refused when a
policy is written, not found empty when it runs. What another room comes to know (hours given) gets
a line here and its SQL in `gathering`. Need and fragility are points that whoever may know the
reasons hands in; the reasons never come into this house.

Source: docs/rules/redistribution.md
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

CENTS, POINTS = "cents", "points"


@dataclass(frozen=True, slots=True)
class Measure:
    """
    One thing that is counted for each person, never below zero.

    `phrase` says in a sentence what the share is in proportion to; with `by_category` the policy
    names the categories of goods that count. `amount` says it to a member, with `%(amount)s`. What
    is `handed_in` comes as points of a list (`points`).
    """

    id: str
    unit: str
    title: str | Promise
    phrase: str | Promise
    amount: str | Promise
    by_category: bool = False
    handed_in: bool = False


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
        Measure(
            "participation",
            POINTS,
            _("Partecipazione"),
            _(
                "in proporzione ai punti di partecipazione, uno per ogni assemblea in cui ciascuno"
                " era presente e uno per ogni votazione chiusa in cui ha votato, comunque abbia"
                " votato"
            ),
            _("Fra assemblee e votazioni hai %(amount)s"),
        ),
        Measure(
            "distance",
            POINTS,
            _("Distanza"),
            _(
                "in proporzione ai punti di distanza, uno ogni 5 km interi dal proprio comune al"
                " più vicino con una cooperativa della comunità"
            ),
            _("Per la distanza dalla cooperativa più vicina hai %(amount)s"),
        ),
        Measure(
            "need",
            POINTS,
            _("Bisogno"),
            _("in proporzione ai punti di bisogno, attestati da chi ne conosce i motivi"),
            _("Per il bisogno attestato hai %(amount)s"),
            handed_in=True,
        ),
        Measure(
            "fragility",
            POINTS,
            _("Fragilità"),
            _("in proporzione ai punti di fragilità, attestati da chi ne conosce i motivi"),
            _("Per la fragilità attestata hai %(amount)s"),
            handed_in=True,
        ),
    )
}


def points_in_words(points: int) -> str:
    """Return so many points as people read them."""
    return ngettext("%(points)s punto", "%(points)s punti", points) % {"points": points}
