"""`{% load reciproca %}`: figures, dates, icons, built files and the trama in templates."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from reciproca.web import words
from reciproca.web.assets import asset_url
from reciproca.web.barcode import ean13_path
from reciproca.web.trama import trama_svg

register = template.Library()


@register.filter
def euro(cents: int | None, style: str = "") -> str:
    """`{{ cents|euro }}`; `"signed"` shows the plus of a gain, `"whole"` rounds to the euro."""
    if cents is None:
        return "–"
    return (
        words.whole_euro(cents) if style == "whole" else words.euro(cents, signed=style == "signed")
    )


@register.filter
def exact(cents: Fraction | None) -> str:
    """`{{ cents|exact }}`: an amount before any rounding, `3,4995 €`."""
    return "–" if cents is None else words.exact_euro(cents)


@register.filter
def ean13(number: str) -> str:
    """`{{ number|ean13 }}`: the bars of a card's number, as the `d` of a path 42 modules high."""
    return ean13_path(number, height=42)


@register.filter
def card_number(number: str) -> str:
    """`{{ number|card_number }}`: `2 919092 030889`, as under the bars."""
    return f"{number[:1]} {number[1:7]} {number[7:]}"


@register.filter
def distance(metres: int) -> str:
    """`{{ metres|distance }}`: whole kilometres, `6 km`."""
    return words.distance(metres)


@register.filter
def count(number: int | None) -> str:
    """`{{ rows|count }}`: a whole number with its thousands apart."""
    return "–" if number is None else words.count(number)


@register.filter
def percent(share: Fraction | int | None) -> str:
    """`{{ rate_bp|percent }}` or `{{ share|percent }}`: basis points, or a fraction of one."""
    return "–" if share is None else words.percent(share)


@register.filter
def fraction(share: Fraction) -> str:
    """`{{ share|fraction }}`: the exact fraction, `2/5`."""
    return str(share)


@register.filter
def when(moment: date | None, style: str = "") -> str:
    """`{{ at|when }}`, `{{ on|when:"short" }}`: see `words.when` for the styles."""
    return "–" if moment is None else words.when(moment, style=style)


@register.simple_tag
def asset(name: str) -> str:
    """`{% asset "main.js" %}`: the address of a built file."""
    return asset_url(name)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "bell" %}`: an icon of frontend/src/icons.txt; a word beside it says the same."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        asset_url("icons.svg"),
        name,
    )


@register.simple_tag
def trama(seed: object, variant: str = "mark") -> SafeString:
    """`{% trama node.id "offer" %}`: the pattern of an id, in a variant of `trama.VARIANTS`."""
    return mark_safe(trama_svg(seed=str(seed), variant=variant))  # noqa: S308 - numbers and classes


@register.simple_block_tag
def scroll_box(content: SafeString, label: str) -> SafeString:
    """`{% scroll_box "Acquisti" %}<table class="table">…{% endscroll_box %}`: wide on a phone."""
    return format_html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>', label, content
    )


@register.inclusion_tag("components/take_home.html", takes_context=True)
def take_home(context: Context, name: str, *args: Any) -> Mapping[str, object]:
    """
    `{% take_home "lists:closings" %}`: a list as CSV and XLSX, by what its page's address asks.

    `args` are what the address of the list names, before the kind of file.
    """
    query = context["request"].GET.copy()
    for place in ("page", "before"):
        query.pop(place, None)
    asked = f"?{query.urlencode()}" if query else ""
    csv, xlsx = (reverse(name, args=[*args, sheet]) + asked for sheet in ("csv", "xlsx"))
    return {"csv_url": csv, "xlsx_url": xlsx}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(
    context: Context, page: "Page[Any]", target: str = "", path: str = ""
) -> Mapping[str, object]:
    """
    `{% pagination page "#movements" %}`: numbered pages, and “Mostra altri” that grows `target`.

    The other parameters of the address are kept; the list's element has the id in `target`. A list
    that is also shown when the form beside it is refused, under that form's address, says its own
    `path`.
    """
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for place in ("page", "before"):
        query.pop(place, None)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "numbers": [number if isinstance(number, int) else None for number in numbers],
        "address": f"{path}?{query.urlencode()}&" if query else f"{path}?",
        "target": target,
    }
