"""How a pool spreads over people: ten columns of as many people each, who gets least first."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext

from reciproca.web.charts.drawing import DataTable, px, table
from reciproca.web.words import euro, percent

_LEFT, _RIGHT, _TOP, _BASE = 8, 512, 24, 150


@dataclass(frozen=True, slots=True)
class Tenth:
    """One column; `mark_y` is where the policy compared with stands, empty without one."""

    x: str
    y: str
    width: str
    height: str
    middle: str
    right: str
    label: str
    mark_y: str


@dataclass(frozen=True, slots=True)
class Tenths:
    """The drawing, 520 by 186."""

    title: str
    tenths: tuple[Tenth, ...]
    marked: bool
    table: DataTable


def tenths_chart(
    *, parts: Sequence[int] | None, name: str, beside: Sequence[int] | None = None
) -> Tenths | None:
    """
    Return ten columns of cents, or None where there are none or nothing was given.

    `beside` are the ten of what it is compared with, drawn as marks on the same scale.
    """
    if not parts or not sum(parts):
        return None
    top = max(*parts, *(beside or ()))
    last = Fraction(parts[-1], sum(parts))
    slot = Fraction(_RIGHT - _LEFT, len(parts))
    return Tenths(
        title=gettext("A un decimo delle persone, quelle che ricevono di più, va il %(share)s.")
        % {"share": percent(last)},
        tenths=tuple(
            _tenth(place, cents, beside[place] if beside else None, top, slot)
            for place, cents in enumerate(parts)
        ),
        marked=beside is not None,
        table=table(
            caption=name,
            name=gettext("Decimo"),
            figures=(name,),
            rows=((str(place), euro(cents)) for place, cents in enumerate(parts, start=1)),
        ),
    )


def _tenth(place: int, cents: int, beside: int | None, top: int, slot: Fraction) -> Tenth:
    x, width = _LEFT + slot * place + slot / 6, slot * 2 / 3
    y = _height(cents, top)
    return Tenth(
        x=px(float(x)),
        y=px(y),
        width=px(float(width)),
        height=px(_BASE - y),
        middle=px(float(x + width / 2)),
        right=px(float(x + width)),
        label=f"{place + 1}º",
        mark_y=px(_height(beside, top)) if beside is not None else "",
    )


def _height(cents: int, top: int) -> float:
    return _BASE - float(Fraction((_BASE - _TOP) * cents, top))
