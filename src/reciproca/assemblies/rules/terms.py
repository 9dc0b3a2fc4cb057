"""
Terms in days, the first day not counted.

Source: docs/rules/assembly.md
"""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError


class NoticeTooShort(DomainError):
    code = "notice-too-short"
    message = _(
        "L’avviso deve partire %(days)s giorni prima: mandato oggi, l’assemblea può tenersi dal"
        " %(first_on)s."
    )
    status = 422


class SecondCallTooEarly(DomainError):
    code = "second-call-too-early"
    message = _("La seconda convocazione è un altro giorno, dopo la prima: spostala.")
    status = 422


def term_ends(*, start: date, days: int) -> date:
    """
    Return the day on which a term of `days` that begins on `start` ends.

    A notice is in time if the meeting is on that day or later, a duty is done in time on that day
    or earlier.
    """
    return start + timedelta(days=days)


def votes_from(*, registered_on: date, waiting_days: int) -> date:
    """Return the first day on which somebody in the members' register may vote."""
    return term_ends(start=registered_on, days=waiting_days)


def check_notice(*, sent_on: date, first_on: date, second_on: date | None, days: int) -> None:
    """
    Refuse a call that leaves too little time, or a second one on the day of the first.

    Raises: NoticeTooShort, SecondCallTooEarly.
    """
    earliest = term_ends(start=sent_on, days=days)
    if first_on < earliest:
        raise NoticeTooShort(days=days, first_on=f"{earliest:%d/%m/%Y}")
    if second_on is not None and second_on <= first_on:
        raise SecondCallTooEarly
