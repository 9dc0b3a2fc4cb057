"""The flow of value: where it was born, on the left or above; where it went, on the other side."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from reciproca.web.charts.branches import Branch, in_order
from reciproca.web.charts.drawing import DataTable, table
from reciproca.web.charts.flow_parts import Drawing, Others, Source
from reciproca.web.charts.flow_phone import phone
from reciproca.web.charts.flow_wide import wide
from reciproca.web.words import count, euro

SHOWN = 5
SHOWN_ON_PHONE = 3


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
        wide=wide(sources=_gathered(born, SHOWN), ends=ends),
        phone=phone(sources=_gathered(born, SHOWN_ON_PHONE), ends=ends),
        table=_table(born),
    )


def _gathered(born: Sequence[Source], shown: int) -> list[Source]:
    """Return the largest sellers and, when more than one is left, the rest as one."""
    if len(born) <= shown + 1:
        return list(born)
    rest = born[shown:]
    name = gettext("Altre %(n)s cooperative") % {"n": count(len(rest))}
    others = Others(name, sum(s.cents for s in rest), sum(s.base_cents for s in rest))
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
