"""`{% load beginning %}`: on the pages of the first steps, the way to the next one."""

from collections.abc import Iterable

from django import template
from django.template.context import Context
from django.utils import timezone

from reciproca.control_room.first_steps import first_steps as of_officer
from reciproca.purchases import queries as purchases
from reciproca.shared.first_steps import FirstStep, next_of
from reciproca.shared.types import Actor
from reciproca.web.desk.first_steps import first_steps as of_manager

register = template.Library()


@register.inclusion_tag("components/next_step.html", takes_context=True)
def next_step(context: Context) -> dict[str, object]:
    """Name the next of the first steps, until the first purchase; nothing ever after."""
    return {"step": next_of(_steps(context["request"].actor))}


def _steps(actor: Actor) -> Iterable[FirstStep]:
    now = timezone.now()
    today = timezone.localdate(now)
    if actor.role == "officer" and not purchases.community_years():
        return of_officer(on=today)
    if actor.role != "manager" or actor.node_id is None or actor.person_id is None:
        return []
    if purchases.sold_by(seller_id=actor.node_id, filters=purchases.Filters(), limit=1):
        return []
    return of_manager(seller_id=actor.node_id, person_id=actor.person_id, today=today, now=now)
