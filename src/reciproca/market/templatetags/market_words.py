"""Quantities and last days, as the pages of the market write them."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.timezone import localdate

from reciproca.market.quantities import quantity_words

register = template.Library()


@register.filter
def quantity(milli: int) -> str:
    """Return thousandths of a unit as one writes them: `1,25`."""
    return quantity_words(milli)


@register.filter
def last_day(over_at: datetime) -> date:
    """Return the last day of what is over at a moment: the end of a day is not the next one."""
    return localdate(over_at - timedelta(microseconds=1))
