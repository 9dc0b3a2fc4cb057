"""`{% load sums %}`: sums of the whole network, as pages of the rooms below show them."""

from django import template

from reciproca.control_room.pairs import OpenDebts, open_debts

register = template.Library()


@register.inclusion_tag("control_room/open_debts.html")
def owed_today() -> dict[str, OpenDebts]:
    """`{% owed_today %}`: what is owed and no run has taken in, with the time of the sums."""
    return {"owed": open_debts()}
