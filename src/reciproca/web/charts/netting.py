"""Netting: who owed whom before, who pays whom after, on the same circle."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Protocol

from django.utils.translation import gettext, ngettext

from reciproca.web.charts.drawing import DataTable, px, table
from reciproca.web.words import count, euro

_SIZE, _MIDDLE, _RADIUS, _NODE = 360, 180, 160, 14
_SHOWN = 12
_IN_TABLE = 50
_OTHERS = "…"


class Debt(Protocol):
    """One debt or payment: names `debtor` and `creditor`, `cents`."""

    @property
    def debtor(self) -> str: ...
    @property
    def creditor(self) -> str: ...
    @property
    def cents(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Knot:
    """A place on the circle, found in the key beneath by its `number`; `said` is what it pays."""

    x: str
    y: str
    number: str
    name: str
    said: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """Who pays whom how much, `said` in words for whoever points at it."""

    said: str
    path: str
    head: str
    width: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the two circles, with its own sentence."""

    title: str
    css: str
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Netting:
    """The same knots in both panels, in a square of `size`."""

    title: str
    size: int
    knots: tuple[Knot, ...]
    before: Panel
    after: Panel
    table: DataTable


def netting(*, before: Sequence[Debt], after: Sequence[Debt]) -> Netting | None:
    """
    Return both circles, or None when nobody owed anything.

    The twelve who owe or are owed most have a place of their own, numbered; the others share one.
    The key under the circles has their whole names, the table the largest of what is left to pay.
    """
    owed = [debt for debt in before if debt.cents > 0]
    paid = [debt for debt in after if debt.cents > 0]
    if not owed:
        return None
    names = _largest(owed)
    places = {name: _place(i, len(names)) for i, name in enumerate(names)}
    heaviest = max(_merged(owed, places).values())
    listed = sorted(paid, key=lambda debt: -debt.cents)[:_IN_TABLE]
    left, others = _left(paid), _count_of_others(owed, names)
    return Netting(
        title=_title(owed, paid),
        size=_SIZE,
        knots=tuple(
            _knot(i, name, places[name], left=left.get(name, 0), others=others)
            for i, name in enumerate(names, start=1)
        ),
        before=Panel(_said_before(owed), "", _arrows(_merged(owed, places), places, heaviest)),
        after=Panel(_said_after(paid), "after", _arrows(_merged(paid, places), places, heaviest)),
        table=table(
            caption=gettext("Pagamenti dopo la compensazione")
            if len(listed) == len(paid)
            else gettext("I %(n)s pagamenti più grandi") % {"n": len(listed)},
            name=gettext("Chi paga"),
            figures=(gettext("A chi"), gettext("Importo")),
            rows=((debt.debtor, debt.creditor, euro(debt.cents)) for debt in listed),
        ),
    )


def _title(owed: Sequence[Debt], paid: Sequence[Debt]) -> str:
    if not paid:
        return gettext("I debiti si annullano a vicenda: nessuno deve pagare.")
    sentence = ngettext(
        "%(debts)s debiti diventano un solo pagamento di %(total)s.",
        "%(debts)s debiti diventano %(n)s pagamenti per %(total)s.",
        len(paid),
    )
    total = euro(sum(debt.cents for debt in paid))
    return sentence % {"debts": count(len(owed)), "n": count(len(paid)), "total": total}


def _said_before(owed: Sequence[Debt]) -> str:
    sentence = ngettext("Prima: un debito, %(total)s", "Prima: %(n)s debiti, %(total)s", len(owed))
    return sentence % {"n": count(len(owed)), "total": euro(sum(d.cents for d in owed))}


def _said_after(paid: Sequence[Debt]) -> str:
    sentence = ngettext(
        "Dopo: un pagamento, %(total)s", "Dopo: %(n)s pagamenti, %(total)s", len(paid)
    )
    return sentence % {"n": count(len(paid)), "total": euro(sum(d.cents for d in paid))}


def _largest(debts: Sequence[Debt]) -> list[str]:
    """Return the names drawn, by how much they owe and are owed, then the place of the others."""
    volume: dict[str, int] = defaultdict(int)
    for debt in debts:
        volume[debt.debtor] += debt.cents
        volume[debt.creditor] += debt.cents
    ranked = sorted(volume, key=lambda name: (-volume[name], name))
    return ranked if len(ranked) <= _SHOWN + 1 else [*ranked[:_SHOWN], _OTHERS]


def _merged(debts: Sequence[Debt], places: Mapping[str, object]) -> dict[tuple[str, str], int]:
    """Return cents per drawn pair; what passes among the others is not drawn."""
    pairs: dict[tuple[str, str], int] = defaultdict(int)
    for debt in debts:
        a = debt.debtor if debt.debtor in places else _OTHERS
        b = debt.creditor if debt.creditor in places else _OTHERS
        if a != b:
            pairs[a, b] += debt.cents
    return dict(pairs)


def _place(number: int, of: int) -> tuple[float, float]:
    angle = 2 * pi * number / of - pi / 2
    return _MIDDLE + _RADIUS * cos(angle), _MIDDLE + _RADIUS * sin(angle)


def _left(paid: Sequence[Debt]) -> dict[str, int]:
    """Return what everybody receives by the payments; below zero what they pay."""
    left: dict[str, int] = defaultdict(int)
    for payment in paid:
        left[payment.debtor] -= payment.cents
        left[payment.creditor] += payment.cents
    return dict(left)


def _count_of_others(owed: Sequence[Debt], names: Sequence[str]) -> int:
    return len({name for debt in owed for name in (debt.debtor, debt.creditor)} - set(names))


def _knot(number: int, name: str, place: tuple[float, float], *, left: int, others: int) -> Knot:
    x, y = place
    if name == _OTHERS:
        return Knot(px(x), px(y), _OTHERS, gettext("altri %(n)s") % {"n": count(others)}, "")
    return Knot(px(x), px(y), str(number), name, _said(left))


def _said(left: int) -> str:
    if left == 0:
        return gettext("in pari")
    sentence = gettext("riceve %(cents)s") if left > 0 else gettext("paga %(cents)s")
    return sentence % {"cents": euro(abs(left))}


def _arrows(
    pairs: Mapping[tuple[str, str], int],
    places: Mapping[str, tuple[float, float]],
    heaviest: int,
) -> tuple[Arrow, ...]:
    lightest_last = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        _arrow(f"{a} → {b}: {euro(cents)}", places[a], places[b], 1.5 + 6.5 * cents / heaviest)
        for (a, b), cents in lightest_last
    )


def _arrow(said: str, start: tuple[float, float], end: tuple[float, float], width: float) -> Arrow:
    """Return a bent line that stops before the knot, and its head; both ways can be told apart."""
    (x0, y0), (x1, y1) = start, end
    long = hypot(x1 - x0, y1 - y0)
    bend_x = (x0 + x1) / 2 + (_MIDDLE - (x0 + x1) / 2) * 0.25 - (y1 - y0) * 0.12
    bend_y = (y0 + y1) / 2 + (_MIDDLE - (y0 + y1) / 2) * 0.25 + (x1 - x0) * 0.12
    away = hypot(x1 - bend_x, y1 - bend_y) or long
    ux, uy = (x1 - bend_x) / away, (y1 - bend_y) / away
    tip_x, tip_y = x1 - ux * (_NODE + 2), y1 - uy * (_NODE + 2)
    size = 7 + width
    base_x, base_y = tip_x - ux * size, tip_y - uy * size
    half = size * 0.55
    return Arrow(
        said=said,
        path=f"M{px(x0)} {px(y0)}Q{px(bend_x)} {px(bend_y)} {px(base_x)} {px(base_y)}",
        head=(
            f"M{px(tip_x)} {px(tip_y)}L{px(base_x - uy * half)} {px(base_y + ux * half)}"
            f"L{px(base_x + uy * half)} {px(base_y - ux * half)}z"
        ),
        width=px(width),
    )
