"""What one may choose on a ballot, and the one way in which a choice is written."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError

ABSTAIN = "abstain"
YES, NO = "yes", "no"

Choice = str | Sequence[str]
"""A word on a motion, `abstain` on any ballot, or the keys of what one approves."""


class Method(StrEnum):
    """How a ballot is cast and counted."""

    MOTION = "motion"
    APPROVAL = "approval"


class ChoiceUnreadable(DomainError):
    code = "choice-unreadable"
    message = _("Questo voto non si legge: torna alla scheda e scegli fra le proposte.")
    status = 422


class TooManyChosen(DomainError):
    code = "too-many-chosen"
    message = _("Puoi sceglierne al massimo %(most)s: togline qualcuna.")
    status = 422


def written(
    choice: Choice, /, *, method: Method, options: Sequence[str], most: int | None = None
) -> str:
    """
    Return a choice as it is kept, committed to and published: JSON, one way for each choice.

    Raises: ChoiceUnreadable, TooManyChosen.
    """
    if choice == ABSTAIN:
        return json.dumps(ABSTAIN)
    if method is Method.MOTION:
        if choice not in (YES, NO):
            raise ChoiceUnreadable
        return json.dumps(choice)
    return json.dumps(_approved(choice, options, most), separators=(",", ":"))


def read(text: str, /) -> Choice:
    """Return the choice that `written` wrote."""
    choice: Choice = json.loads(text)
    return choice


def _approved(choice: Choice, options: Sequence[str], most: int | None) -> list[str]:
    """Return approved options in the order of the ballot paper."""
    if isinstance(choice, str | Mapping) or not all(isinstance(each, str) for each in choice):
        raise ChoiceUnreadable
    approved = set(choice)
    if not approved or not approved <= set(options) or len(approved) != len(choice):
        raise ChoiceUnreadable
    if most is not None and len(approved) > most:
        raise TooManyChosen(most=most)
    return [each for each in options if each in approved]
