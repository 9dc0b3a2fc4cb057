"""What the law says on a day."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reciproca.parameters.models import Parameter
from reciproca.shared.errors import DomainError
from reciproca.shared.money import parse_fraction


class ParameterUnknown(DomainError):
    code = "parameter-unknown"
    message = _(
        "Manca il valore di legge “%(name)s” per il %(on)s: aggiungilo alla tabella dei parametri."
    )


def value_on(*, name: str, on: date) -> Fraction:
    """
    Return the value of law that holds on a day, in the unit its row names.

    Raises: ParameterUnknown.
    """
    return values_on(names=[name], on=on)[name]


def values_on(*, names: Collection[str], on: date) -> dict[str, Fraction]:
    """
    Return the values of these names that hold on a day, in one SQL query.

    Where an ordinary row without dates and a dated one both hold, the later beginning wins.

    Raises: ParameterUnknown (one of the names has no value on that day).
    """
    rows = (
        Parameter.objects.filter(
            Q(valid_from=None) | Q(valid_from__lte=on),
            Q(valid_to=None) | Q(valid_to__gte=on),
            name__in=names,
        )
        .order_by(F("valid_from").asc(nulls_first=True))
        .values_list("name", "value")
    )
    found = {name: parse_fraction(value) for name, value in rows}
    for name in names:
        if name not in found:
            raise ParameterUnknown(name=name, on=on)
    return found
