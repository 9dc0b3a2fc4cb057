"""Columns month by month, the best one told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from babel.dates import format_date
from django.utils.translation import gettext

from reciproca.web.charts.drawing import DataTable, nice_step, px, table
from reciproca.web.words import count, euro, language, whole_euro

_LEFT, _RIGHT, _TOP, _BASE = 36, 510, 20, 150


class Month(Protocol):
    """A month: any day of it as `on`, and its `cents`."""

    @property
    def on(self) -> date: ...
    @property
    def cents(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Bar:
    path: str
    best: bool
    x: str
    label: str
    value: str
    value_y: str


@dataclass(frozen=True, slots=True)
class Line:
    y: str
    text_y: str
    label: str


@dataclass(frozen=True, slots=True)
class MonthColumns:
    """The drawing, 520 by 186; `unit` says what the axis counts."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    table: DataTable


def month_columns(*, months: Sequence[Month], name: str) -> MonthColumns | None:
    """
    Return columns for months in order, or None when none has a figure above zero.

    `name` says what is counted, for the table. Months below zero (more refunds than sales) are
    drawn as nothing and told in the table.
    """
    best = max(months, key=lambda month: (month.cents, month.on), default=None)
    if best is None or best.cents <= 0:
        return None
    thousands = best.cents >= 1_000_000
    unit_cents = 100_000 if thousands else 100
    step = nice_step(best.cents / unit_cents, steps=3)
    top = step * unit_cents * -(-best.cents // (step * unit_cents))
    return MonthColumns(
        title=gettext("Il mese migliore è %(month)s: %(value)s.")
        % {"month": _named(best.on, "MMMM y"), "value": _figure(best.cents)},
        unit=gettext("migliaia di €") if thousands else gettext("in euro"),
        bars=tuple(_bars(months, best, top)),
        lines=tuple(_lines(step, unit_cents, top)),
        table=table(
            caption=name,
            name=gettext("Mese"),
            figures=(name,),
            rows=((_named(month.on, "MMMM y"), euro(month.cents)) for month in months),
        ),
    )


def _bars(months: Sequence[Month], best: Month, top: int) -> list[Bar]:
    slot = (_RIGHT - _LEFT) / len(months)
    width = min(26.0, slot * 0.62)
    bars = []
    for i, month in enumerate(months):
        tall = max(0.0, (_BASE - _TOP) * month.cents / top)
        x = _LEFT + slot * i + (slot - width) / 2
        bars.append(
            Bar(
                path=_arched(x, width, tall),
                best=month is best,
                x=px(x + width / 2),
                label=_named(month.on, "LLLLL"),
                value=_figure(month.cents) if month is best else "",
                value_y=px(_BASE - tall - 6),
            )
        )
    return bars


def _arched(x: float, width: float, tall: float) -> str:
    """Return a column that ends in a half-disc, flatter when the column is lower than that."""
    round_y = min(width / 2, tall)
    return (
        f"M{px(x)} {px(_BASE)}V{px(_BASE - tall + round_y)}"
        f"a{px(width / 2)} {px(round_y)} 0 0 1 {px(width)} 0V{px(_BASE)}z"
    )


def _lines(step: int, unit_cents: int, top: int) -> list[Line]:
    lines = []
    for value in range(0, top // unit_cents + 1, step):
        y = _BASE - (_BASE - _TOP) * value * unit_cents / top
        lines.append(Line(px(y), px(y + 4), count(value)))
    return lines


def _figure(cents: int) -> str:
    """Return a small figure to the cent and a large one to the euro."""
    return euro(cents) if cents < 10_000 else whole_euro(cents)


def _named(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=language())
