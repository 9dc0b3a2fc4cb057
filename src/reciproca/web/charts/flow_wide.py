"""The flow from left to right, for screens wider than a phone's."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from reciproca.web.charts.branches import Branch
from reciproca.web.charts.drawing import px, shorten
from reciproca.web.charts.flow_parts import Band, Drawing, Source, narrow_euro
from reciproca.web.words import euro

_WIDE, _BOX_LEFT, _BOX_WIDTH, _BOX_HEIGHT = 960, 420, 130, 270
_MARGIN = 22


def wide(*, sources: Sequence[Source], ends: Sequence[Branch]) -> Drawing:
    """Return the wide drawing; sellers and branches come largest first and in order."""
    left = _slots([s.cents for s in sources], length=_BOX_HEIGHT, least=38, gap=16)
    right = _slots([b.cents for b in ends], length=_BOX_HEIGHT, least=44, gap=20)
    height = max(left.total, right.total, _BOX_HEIGHT) + 2 * _MARGIN
    top = (height - _BOX_HEIGHT) / 2
    return Drawing(
        width=_WIDE,
        height=px(height),
        sources=tuple(_wide_sources(sources, left, top=top, height=height)),
        branches=tuple(_wide_branches(ends, right, top=top, height=height)),
        box_x=px(_BOX_LEFT),
        box_y=px(top),
        box_width=px(_BOX_WIDTH),
        box_height=px(_BOX_HEIGHT),
        total_x=px(_BOX_LEFT + _BOX_WIDTH / 2),
        total_y=px(top + _BOX_HEIGHT / 2 - 4),
        total_note_y=px(top + _BOX_HEIGHT / 2 + 18),
    )


@dataclass(frozen=True, slots=True)
class _Slots:
    """Places along one side: where each slot begins and how long it is, and each bar's length."""

    starts: list[float]
    lengths: list[float]
    bars: list[float]
    total: float


def _slots(cents: Sequence[int], *, length: float, least: float, gap: float) -> _Slots:
    """Give each value a bar of its share of `length`, and room for two lines of words."""
    bars = [length * value / sum(cents) for value in cents]
    lengths = [max(bar, least) for bar in bars]
    starts = [sum(lengths[:i]) + gap * i for i in range(len(lengths))]
    return _Slots(starts, lengths, bars, sum(lengths) + gap * (len(lengths) - 1))


def _wide_sources(
    sources: Sequence[Source], slots: _Slots, *, top: float, height: float
) -> list[Band]:
    bands, joined, start = [], top, (height - slots.total) / 2
    for i, source in enumerate(sources):
        bar = slots.bars[i]
        y = start + slots.starts[i] + (slots.lengths[i] - bar) / 2
        middle = y + bar / 2
        note = gettext("%(value)s da %(base)s di spesa") % {
            "value": narrow_euro(source.cents),
            "base": narrow_euro(source.base_cents),
        }
        bands.append(
            Band(
                css="f-glicine",
                ribbon=_across(228, y, _BOX_LEFT, joined, bar),
                x="222",
                y=px(y),
                width="6",
                height=px(max(bar, 1)),
                label_x="208",
                label_y=px(middle - 2),
                note_y=px(middle + 15),
                label=shorten(source.name, chars=30),
                note=note,
            )
        )
        joined += bar
    return bands


def _wide_branches(
    ends: Sequence[Branch], slots: _Slots, *, top: float, height: float
) -> list[Band]:
    bands, joined, start = [], top, (height - slots.total) / 2
    for i, branch in enumerate(ends):
        bar = slots.bars[i]
        y = start + slots.starts[i] + (slots.lengths[i] - bar) / 2
        middle = y + bar / 2
        bands.append(
            Band(
                css=f"f-{branch.key}",
                ribbon=_across(_BOX_LEFT + _BOX_WIDTH, joined, 700, y, bar),
                x="700",
                y=px(y),
                width="16",
                height=px(max(bar, 1)),
                label_x="732",
                label_y=px(middle - 1),
                note_y=px(middle + 18),
                label=f"{shorten(branch.name, chars=16)} {euro(branch.cents)}",
                note=shorten(str(getattr(branch, "note", "")), chars=32),
            )
        )
        joined += bar
    return bands


def _across(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    """Return a ribbon from (x0, y0) to (x1, y1), `thick` at both ends."""
    half, low0, low1 = px((x0 + x1) / 2), px(y0 + thick), px(y1 + thick)
    return (
        f"M{px(x0)} {px(y0)}C{half} {px(y0)} {half} {px(y1)} {px(x1)} {px(y1)}"
        f"V{low1}C{half} {low1} {half} {low0} {px(x0)} {low0}z"
    )
