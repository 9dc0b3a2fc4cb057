"""The flow from top to bottom, for the phone: few sellers, short names, figures under them."""

from collections.abc import Sequence

from django.utils.translation import gettext

from reciproca.web.charts.branches import Branch
from reciproca.web.charts.drawing import px, short_name, shorten
from reciproca.web.charts.flow_parts import Band, Drawing, Others, Source, narrow_euro

_PHONE, _EDGE, _PHONE_BOX = 360, 4, 280
_BAR_TOP, _BOX_TOP, _BOX_BOTTOM, _FOOT = 52, 190, 264, 410


def phone(*, sources: Sequence[Source], ends: Sequence[Branch]) -> Drawing:
    """Return the phone's drawing; at most five sellers find room for a word each."""
    left = (_PHONE - _PHONE_BOX) / 2
    return Drawing(
        width=_PHONE,
        height="486",
        sources=tuple(_phone_sources(sources, left)),
        branches=tuple(_phone_branches(ends, left)),
        box_x=px(left),
        box_y=px(_BOX_TOP),
        box_width=px(_PHONE_BOX),
        box_height=px(_BOX_BOTTOM - _BOX_TOP),
        total_x="180",
        total_y="226",
        total_note_y="248",
    )


def _columns(cents: Sequence[int]) -> list[tuple[float, float]]:
    """Return (centre, bar) for each value: room for a word each, the rest by size."""
    gap, whole = 8, sum(cents)
    least = (_PHONE - 2 * _EDGE - gap * (len(cents) - 1)) / len(cents)
    least = min(least, 78)
    free = _PHONE - 2 * _EDGE - least * len(cents) - gap * (len(cents) - 1)
    columns, x = [], float(_EDGE)
    for value in cents:
        slot = least + free * value / whole
        columns.append((x + slot / 2, max(2.0, min(slot, 246 * value / whole))))
        x += slot + gap
    return columns


def _phone_sources(sources: Sequence[Source], left: float) -> list[Band]:
    bands, joined, whole = [], left, sum(s.cents for s in sources)
    columns = _columns([s.cents for s in sources])
    for source, (centre, bar) in zip(sources, columns, strict=True):
        wide = _PHONE_BOX * source.cents / whole
        bands.append(
            Band(
                css="f-glicine",
                ribbon=_down(centre - bar / 2, _BAR_TOP + 6, bar, joined, _BOX_TOP, wide),
                x=px(centre - bar / 2),
                y=px(_BAR_TOP),
                width=px(bar),
                height="6",
                label_x=px(centre),
                label_y="24",
                note_y="42",
                label=gettext("Altre")
                if isinstance(source, Others)
                else short_name(source.name, chars=11),
                note=narrow_euro(source.cents),
            )
        )
        joined += wide
    return bands


def _phone_branches(ends: Sequence[Branch], left: float) -> list[Band]:
    bands, joined, whole = [], left, sum(b.cents for b in ends)
    for branch, (centre, bar) in zip(ends, _columns([b.cents for b in ends]), strict=True):
        wide = _PHONE_BOX * branch.cents / whole
        name = branch.name if len(branch.name) <= 11 else branch.name.split()[0]
        bands.append(
            Band(
                css=f"f-{branch.key}",
                ribbon=_down(joined, _BOX_BOTTOM, wide, centre - bar / 2, _FOOT, bar),
                x=px(centre - bar / 2),
                y=px(_FOOT),
                width=px(bar),
                height="14",
                label_x=px(centre),
                label_y="448",
                note_y="471",
                label=shorten(name, chars=11),
                note=narrow_euro(branch.cents),
            )
        )
        joined += wide
    return bands


def _down(x0: float, y0: float, w0: float, x1: float, y1: float, w1: float) -> str:
    """Return a ribbon falling from (x0, y0), `w0` wide, to (x1, y1), `w1` wide."""
    half = (y0 + y1) / 2
    return (
        f"M{px(x0)} {px(y0)}C{px(x0)} {px(half)} {px(x1)} {px(half)} {px(x1)} {px(y1)}"
        f"h{px(w1)}C{px(x1 + w1)} {px(half)} {px(x0 + w0)} {px(half)} {px(x0 + w0)} {px(y0)}z"
    )
