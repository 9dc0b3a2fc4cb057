"""Which of several dated values holds on a day."""

from collections.abc import Collection, Iterable
from datetime import date
from fractions import Fraction
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from reciproca.shared.errors import DomainError
from reciproca.shared.money import parse_fraction


class ParameterUnknown(DomainError):
    code = "parameter-unknown"
    message = _(
        "Manca il valore di legge “%(name)s” per il %(on)s: aggiungilo alla tabella dei parametri."
    )


class Dated(Protocol):
    """A row of the table: a value, as `n` or `n/d`, and the days on which it holds."""

    name: str
    value: str
    valid_from: date | None
    valid_to: date | None


def values_in_force(
    *, rows: Iterable[Dated], names: Collection[str], on: date
) -> dict[str, Fraction]:
    """
    Return the value of each name that holds on a day, both ends included.

    An empty date is no limit on that side. Where an ordinary row without dates and a dated one both
    hold, the later beginning wins.

    Raises: ParameterUnknown (one of the names has no value on that day).
    """
    holding = [row for row in rows if row.name in names and _holds(row, on)]
    holding.sort(key=lambda row: row.valid_from or date.min)
    found = {row.name: parse_fraction(row.value) for row in holding}
    for name in names:
        if name not in found:
            raise ParameterUnknown(name=name, on=on)
    return found


def _holds(row: Dated, on: date) -> bool:
    return (row.valid_from or date.min) <= on <= (row.valid_to or date.max)
