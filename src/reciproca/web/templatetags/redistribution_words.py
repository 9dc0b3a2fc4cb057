"""`{% load redistribution_words %}`: why a part is what it is, and kinds of people by name."""

from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reciproca.redistribution.queries import OwnPart, trial_of
from reciproca.redistribution.rules.why import CriterionPart
from reciproca.web.member import part_words

register = template.Library()

KINDS = {
    "little": _("Chi compra poco"),
    "middle": _("Chi compra nella media"),
    "much": _("Chi compra molto"),
    "local": _("Chi compra soprattutto beni del territorio"),
    "social": _("Chi compra soprattutto dalle cooperative sociali"),
    "nothing": _("Chi non compra"),
}


@register.simple_tag
def criterion_words(part: CriterionPart) -> str:
    """`{% criterion_words part %}`: what a person did on a criterion and what it gives."""
    return part_words.criterion_sentence(part)


@register.simple_tag
def why_facts(part: OwnPart) -> list[tuple[str, str]]:
    """`{% why_facts part as facts %}`: the account of a part, pairs of name and value."""
    return part_words.facts(part)


@register.simple_tag
def bound_words(part: OwnPart) -> list[str]:
    """`{% bound_words part as notes %}`: bounds and cents, in sentences."""
    return part_words.notes(part)


@register.filter
def kind_of_people(kind: str) -> str:
    """`{{ kind|kind_of_people }}`: a kind of people of a simulation."""
    return str(KINDS[kind])


@register.simple_tag
def adoption_url(document: str) -> str:
    """`{% adoption_url text %}`: where the resolution that adopts a policy is recorded."""
    return f"{reverse('governance:adoption')}?{urlencode({'document': document})}"


@register.simple_tag(takes_context=True)
def own_effect_url(context: Context, document: str) -> str:
    """`{% own_effect_url text as url %}`: what a policy that was tried changes for its reader."""
    if context["request"].actor.person_id is None:
        return ""
    simulation_id = trial_of(document=document)
    return reverse("redistribution:own_effect", args=[simulation_id]) if simulation_id else ""
