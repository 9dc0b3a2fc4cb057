"""What a choice says in words, and the codes that a paper comes with."""

from collections.abc import Mapping
from uuid import uuid4

from django.utils.translation import gettext as _

from reciproca.ballots.queries import BallotPaper
from reciproca.ballots.rules.choices import ABSTAIN, NO, YES


def said(page: BallotPaper, choice: object, /) -> str:
    """Return a choice as one reads it: `Sì`, `Ada, Bruno`, `Ada > Bruno = Carla`, `Ada 5`."""
    words = {YES: _("Sì"), NO: _("No"), ABSTAIN: _("Bianca, nulla o astenuto")}
    words |= {each.key: each.title for each in page.options}

    def word(key: object) -> str:
        return words.get(str(key), str(key))

    if isinstance(choice, Mapping):
        return ", ".join(f"{word(key)} {points}" for key, points in choice.items())
    if not isinstance(choice, list):
        return word(choice)
    if choice and isinstance(choice[0], list):
        return " > ".join(" = ".join(map(word, level)) for level in choice)
    return ", ".join(map(word, choice))


def fresh_codes(votes: int, /) -> str:
    """Return codes for so many votes; the browser puts its own in their place where it can."""
    return ",".join(str(uuid4()) for _vote in range(votes))
