"""The surplus going down the steps of the law: what each one takes, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Protocol

from django.utils.translation import gettext

from reciproca.web.charts.drawing import DataTable, px, table
from reciproca.web.words import euro

_LABELS, _BARS, _AMOUNTS = 300, 460, 170
_ROW, _THICK, _TOP = 54, 28, 8
_PHONE_WIDTH, _PHONE_ROW = 360, 84


class Step(Protocol):
    """
    One step: `label`, the `article` that asks for it, `cents` it takes, `kind`.

    `kind` is `start` (the surplus), `take` (a step that takes) or `left` (what is left, in
    between or at the end; its cents are the sum that stands there).
    """

    @property
    def label(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def cents(self) -> int: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One step drawn: its bar and the line down to the next; up to two lines of label."""

    css: str
    label: tuple[str, ...]
    article: str
    amount: str
    x: str
    y: str
    width: str
    line_x: str
    text_y: tuple[str, ...]
    article_y: str
    amount_y: str
    last: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    thick: int
    drop: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Both drawings: labels beside the bars, and above them on the phone."""

    title: str
    wide: Drawing
    phone: Drawing
    table: DataTable


def waterfall(*, steps: Sequence[Step]) -> Waterfall | None:
    """Return the steps in the order given, or None when there is no surplus to divide."""
    if not steps or steps[0].cents <= 0:
        return None
    return Waterfall(
        title=_title(steps),
        wide=_wide(steps),
        phone=_phone(steps),
        table=table(
            caption=gettext("Come si divide l’avanzo"),
            name=gettext("Passo"),
            figures=(gettext("Articolo"), gettext("Importo")),
            rows=((step.label, step.article or "–", _amount(step)) for step in steps),
        ),
    )


def _title(steps: Sequence[Step]) -> str:
    last = steps[-1]
    return gettext("Avanzo di %(surplus)s: %(label)s %(left)s.") % {
        "surplus": euro(steps[0].cents),
        "left": euro(last.cents),
        "label": last.label[:1].lower() + last.label[1:],
    }


def _amount(step: Step) -> str:
    return euro(-step.cents if step.kind == "take" else step.cents)


def _spans(steps: Sequence[Step]) -> list[tuple[int, int]]:
    """Return (from, to) in cents for each bar: a taking hangs from what was left before it."""
    spans, left = [], steps[0].cents
    for step in steps:
        if step.kind == "take":
            spans.append((max(0, left - step.cents), left))
            left -= step.cents
        else:
            spans.append((0, step.cents))
            left = step.cents
    return spans


def _wide(steps: Sequence[Step]) -> Drawing:
    scale = _BARS / steps[0].cents
    rows = []
    for i, (step, (low, high)) in enumerate(zip(steps, _spans(steps), strict=True)):
        top = _TOP + _ROW * i
        words = wrap(step.label, 38)[:2]
        first = top + (18 if len(words) == 1 else 11)
        rows.append(
            Row(
                css=_css(step),
                label=tuple(words),
                article=step.article,
                amount=_amount(step),
                x=px(_LABELS + low * scale),
                y=px(top),
                width=px(max(1.5, (high - low) * scale)),
                line_x=px(_LABELS + (low if step.kind == "take" else high) * scale),
                text_y=tuple(px(first + 16 * line) for line in range(len(words))),
                article_y=px(first + 16 * len(words)),
                amount_y=px(top + _THICK / 2 + 6),
                last=i == len(steps) - 1,
            )
        )
    width = _LABELS + _BARS + _AMOUNTS
    return Drawing(width, _TOP + _ROW * len(steps), _THICK, _ROW - _THICK, tuple(rows))


def _phone(steps: Sequence[Step]) -> Drawing:
    scale = _PHONE_WIDTH / steps[0].cents
    rows = []
    for i, (step, (low, high)) in enumerate(zip(steps, _spans(steps), strict=True)):
        top = _PHONE_ROW * i
        words = wrap(step.label, 32)[:1]
        rows.append(
            Row(
                css=_css(step),
                label=tuple(words),
                article=step.article,
                amount=_amount(step),
                x=px(low * scale),
                y=px(top + 46),
                width=px(max(1.5, (high - low) * scale)),
                line_x=px((low if step.kind == "take" else high) * scale),
                text_y=(px(top + 18),),
                article_y=px(top + 37),
                amount_y=px(top + 18),
                last=i == len(steps) - 1,
            )
        )
    return Drawing(_PHONE_WIDTH, _PHONE_ROW * len(steps), 22, _PHONE_ROW - 22, tuple(rows))


def _css(step: Step) -> str:
    return "f-glicine" if step.kind == "take" else "f-ink"
