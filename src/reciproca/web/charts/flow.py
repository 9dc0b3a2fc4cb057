"""The flow of value: where it was born, on the left or above; where it went, on the other side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext, ngettext

from reciproca.web.charts.branches import Branch, in_order
from reciproca.web.charts.drawing import DataTable, px, short_name, shorten, table
from reciproca.web.words import count, euro

SHOWN = 5
SHOWN_ON_PHONE = 3


class Source(Protocol):
    """A seller: `name`, `cents` of value born there, `base_cents` spent there."""

    @property
    def name(self) -> str: ...
    @property
    def cents(self) -> int: ...
    @property
    def base_cents(self) -> int: ...


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    cents: int
    base_cents: int


@dataclass(frozen=True, slots=True)
class Band:
    """One end of the flow: its bar, its ribbon to the total, two lines of words and their place."""

    css: str
    ribbon: str
    x: str
    y: str
    width: str
    height: str
    label_x: str
    label_y: str
    note_y: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing of the flow in a box `width` by `height`, the total's box in the middle."""

    width: int
    height: str
    sources: tuple[Band, ...]
    branches: tuple[Band, ...]
    box_x: str
    box_y: str
    box_width: str
    box_height: str
    total_x: str
    total_y: str
    total_note_y: str


@dataclass(frozen=True, slots=True)
class ValueFlow:
    """Both drawings of one flow, wide and for the phone."""

    title: str
    total: str
    wide: Drawing
    phone: Drawing
    table: DataTable


def value_flow(*, sources: Sequence[Source], branches: Sequence[Branch]) -> ValueFlow | None:
    """
    Return the flow from sellers to branches, or None when no value was born.

    The largest five sellers are drawn (three on the phone), the others together as one. A
    seller's value may differ from the branches' total (a refund of another period): each side is
    drawn to its own sum. The table lists every seller.
    """
    born = sorted((s for s in sources if s.cents > 0), key=lambda s: (-s.cents, s.name))
    ends = in_order(branches)
    if not born or not ends:
        return None
    return ValueFlow(
        title=_title(born, ends),
        total=euro(sum(branch.cents for branch in ends)),
        wide=_wide(_gathered(born, SHOWN), ends),
        phone=_phone(_gathered(born, SHOWN_ON_PHONE), ends),
        table=_table(born),
    )


def _gathered(born: Sequence[Source], shown: int) -> list[Source]:
    """Return the largest sellers and, when more than one is left, the rest as one."""
    if len(born) <= shown + 1:
        return list(born)
    rest = born[shown:]
    name = gettext("Altre %(n)s cooperative") % {"n": count(len(rest))}
    others = _Source(name, sum(s.cents for s in rest), sum(s.base_cents for s in rest))
    return [*born[:shown], others]


def _title(born: Sequence[Source], ends: Sequence[Branch]) -> str:
    parts = ", ".join(f"{branch.name} {euro(branch.cents)}" for branch in ends)
    sentence = ngettext(
        "Da una cooperativa nascono %(total)s: %(parts)s.",
        "Da %(n)s cooperative nascono %(total)s: %(parts)s.",
        len(born),
    )
    total = euro(sum(branch.cents for branch in ends))
    return sentence % {"n": count(len(born)), "total": total, "parts": parts}


def _table(born: Sequence[Source]) -> DataTable:
    return table(
        caption=gettext("Valore nato in ogni cooperativa"),
        name=gettext("Cooperativa"),
        figures=(gettext("Spesa"), gettext("Valore")),
        rows=((s.name, euro(s.base_cents), euro(s.cents)) for s in born),
    )


# --- wide: left to right ---

_WIDE, _BOX_LEFT, _BOX_WIDTH, _BOX_HEIGHT = 960, 420, 130, 270
_MARGIN = 22


def _wide(sources: Sequence[Source], ends: Sequence[Branch]) -> Drawing:
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
            "value": euro(source.cents),
            "base": euro(source.base_cents),
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


# --- phone: top to bottom ---

_PHONE, _EDGE, _PHONE_BOX = 360, 4, 280
_BAR_TOP, _BOX_TOP, _BOX_BOTTOM, _FOOT = 52, 190, 264, 410


def _phone(sources: Sequence[Source], ends: Sequence[Branch]) -> Drawing:
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
    others = len(sources) > SHOWN_ON_PHONE and isinstance(sources[-1], _Source)
    for i, (source, (centre, bar)) in enumerate(
        zip(sources, _columns([s.cents for s in sources]), strict=True)
    ):
        wide = _PHONE_BOX * source.cents / whole
        last = others and i == len(sources) - 1
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
                label=gettext("Altre") if last else short_name(source.name, chars=11),
                note=euro(source.cents),
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
                note=euro(branch.cents),
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
