"""What the law says on a day."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from reciproca.parameters.models import Parameter
from reciproca.parameters.rules import ParameterUnknown, values_in_force

__all__ = ["ParameterUnknown", "value_on", "values_on"]


def value_on(*, name: str, on: date) -> Fraction:
    """
    Return the value of law that holds on a day, in the unit its row names.

    Raises: ParameterUnknown.
    """
    return values_on(names=[name], on=on)[name]


def values_on(*, names: Collection[str], on: date) -> dict[str, Fraction]:
    """
    Return the values of these names that hold on a day, in one SQL query.

    Raises: ParameterUnknown (one of the names has no value on that day).
    """
    rows = Parameter.objects.filter(name__in=names).order_by("id")
    return values_in_force(rows=rows, names=names, on=on)
