"""`{% load charts %}`: the charts of `reciproca.web.charts`, drawn where the tag stands."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from reciproca.registry.maps import Ground, MapPin, ground_under
from reciproca.registry.queries import PlaceCount
from reciproca.web.charts import branches as bars
from reciproca.web.charts import (
    columns,
    flow,
    flow_parts,
    netting,
    network,
    places,
    tenths,
    waterfall,
)

register = template.Library()
Drawn = Mapping[str, object]


@register.inclusion_tag("charts/branch_bar.svg.html")
def branch_bar(branches: Sequence[bars.Branch], legend: str = "share", tall: bool = False) -> Drawn:
    """`{% branch_bar branches %}`; `key`, `name`, `cents`; legend: share, amount, none."""
    return {"parts": bars.branch_bar(branches), "legend": legend, "tall": tall}


@register.inclusion_tag("charts/value_flow.svg.html")
def value_flow(
    sources: Sequence[flow_parts.Source],
    branches: Sequence[bars.Branch],
    note: str,
    quiet: bool = False,
) -> Drawn:
    """`{% value_flow sellers branches note %}`; sellers: `name`, `cents`, `base_cents`."""
    chart = flow.value_flow(sources=sources, branches=branches)
    return {"chart": chart, "note": note, "quiet": quiet}


@register.inclusion_tag("charts/month_columns.svg.html")
def month_columns(months: Sequence[columns.Month], name: str, quiet: bool = False) -> Drawn:
    """`{% month_columns months _("Valore tornato") %}`; rows with `on` (a date) and `cents`."""
    return {"chart": columns.month_columns(months=months, name=name), "quiet": quiet}


@register.inclusion_tag("charts/network.svg.html")
def sector_network(
    clusters: Sequence[network.Cluster], ties: Sequence[network.Tie], quiet: bool = False
) -> Drawn:
    """`{% sector_network sectors ties %}`; `key`, `name`, `size`; ties with `a`, `b`, `weight`."""
    return {"chart": network.network(clusters=clusters, ties=ties), "quiet": quiet}


@register.inclusion_tag("charts/place_map.svg.html")
def place_map(
    title: str,
    width: int,
    height: int,
    areas: Sequence[str],
    points: Sequence[places.Place],
    borders: Sequence[str] = (),
    legend: str = "",
) -> Drawn:
    """`{% place_map title 560 470 paths points %}`; `x`, `y`, `name`, `size`, `url`, `on`."""
    chart = places.place_map(
        title=title, width=width, height=height, areas=areas, places=points, borders=borders
    )
    return {"chart": chart, "legend": legend}


@register.inclusion_tag("charts/place_map.svg.html")
def cooperative_map(
    title: str, width: int, height: int, found: Sequence[PlaceCount], legend: str = ""
) -> Drawn:
    """`{% cooperative_map title 560 470 places %}`: `PlaceCount`s; pins lead to the directory."""
    ground = ground_under([place.point for place in found], width=width, height=height)
    chart = places.place_map(
        title=title,
        width=width,
        height=height,
        areas=ground.areas,
        places=[_cooperative_pin(ground, near) for near in ground.gathered(found)],
        borders=ground.borders,
    )
    return {"chart": chart, "legend": legend}


def _cooperative_pin(ground: Ground, near: Sequence[PlaceCount]) -> MapPin:
    first = near[0]
    where = [("province", first.sigla)] if first.is_province else []
    where += [("municipality", place.istat_code) for place in near if place.istat_code]
    url = f"{reverse('web:directory')}?{urlencode([('kind', 'cooperative'), *where])}"
    size = sum(place.count for place in near)
    return ground.pin(first.point, name=first.name, size=size, url=url)


@register.inclusion_tag("charts/waterfall.svg.html")
def surplus_waterfall(steps: Sequence[waterfall.Step], quiet: bool = False) -> Drawn:
    """`{% surplus_waterfall steps %}`; rows with `label`, `article`, `cents`, `kind`."""
    return {"chart": waterfall.waterfall(steps=steps), "quiet": quiet}


@register.inclusion_tag("charts/netting.svg.html")
def netting_picture(
    before: Sequence[netting.Debt], after: Sequence[netting.Debt], quiet: bool = False
) -> Drawn:
    """`{% netting_picture debts payments %}`; rows with `debtor`, `creditor`, `cents`."""
    return {"chart": netting.netting(before=before, after=after), "quiet": quiet}


@register.inclusion_tag("charts/tenths.svg.html")
def tenths_chart(
    parts: Sequence[int] | None,
    name: str,
    beside: Sequence[int] | None = None,
    quiet: bool = False,
) -> Drawn:
    """`{% tenths_chart sums _("Riparto") %}`: ten sums of cents, perhaps beside ten others."""
    chart = tenths.tenths_chart(parts=parts, name=name, beside=beside)
    return {"chart": chart, "quiet": quiet}
