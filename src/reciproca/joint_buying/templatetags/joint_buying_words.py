"""How quantities are written on pages."""

from django import template
from django.utils.translation import get_language

from reciproca.joint_buying.quantities import format_quantity

register = template.Library()


@register.filter
def quantity(thousandths: int) -> str:
    """`{{ product.pack_thousandths|quantity }}`: a quantity with the decimals that it needs."""
    english = (get_language() or "it").startswith("en")
    return format_quantity(thousandths, decimal_mark="." if english else ",")
