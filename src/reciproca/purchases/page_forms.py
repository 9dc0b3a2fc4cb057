"""What the pages about purchases ask."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from reciproca.purchases.forms import LineBack
from reciproca.purchases.queries import Filters, LineLeft
from reciproca.registry.fields import DayField, EuroField
from reciproca.shared.asking import Form, KeyField
from reciproca.shared.money import format_euro

KINDS = ("sale", "refund", "undo")
REASON_LENGTH = 300


class FilterForm(Form):
    """What to look for in a list of purchases; it comes with the address."""

    q = forms.CharField(label=_("Che cosa cerchi"), max_length=100, required=False)
    first = DayField(label=_("Dal"), required=False)
    last = DayField(label=_("Al"), required=False)
    year = forms.IntegerField(label=_("Anno"), min_value=1900, max_value=2199, required=False)
    kind = forms.CharField(label=_("Che cosa"), max_length=10, required=False)
    category = forms.CharField(label=_("Categoria"), max_length=40, required=False)
    credit = forms.BooleanField(label=_("Con credito"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("L’ultimo giorno viene prima del primo: scambiali."))
        return cleaned

    def days(self) -> list[BoundField]:
        """Return the two fields of the stretch of days."""
        return [self["first"], self["last"]]

    def filters(self) -> Filters:
        """Return what was asked for; what could not be read is left out."""
        asked: Mapping[str, Any] = self.cleaned_data if self.is_bound else {}
        kind = asked.get("kind", "")
        return Filters(
            first_day=asked.get("first"),
            last_day=asked.get("last"),
            year=asked.get("year"),
            kind=kind if kind in KINDS else "",
            category=asked.get("category", ""),
            with_credit=asked.get("credit", False),
            text=asked.get("q", "").strip(),
        )


class UndoForm(Form):
    """Why a purchase is undone; within ten minutes of its recording nobody asks."""

    key = KeyField()
    reason = forms.CharField(
        label=_("Perché lo annulli"),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Scrivi perché lo annulli: chi ha comprato lo legge.")},
        required=False,
        help_text=_("Chi ha comprato lo legge accanto all’acquisto."),
    )

    def __init__(self, *args: Any, reason_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_needed


class RefundForm(Form):
    """How much of each line comes back, in euro as one writes them, and why."""

    key = KeyField()
    reason = forms.CharField(
        label=_("Perché torna indietro"),
        max_length=REASON_LENGTH,
        required=False,
        help_text=_("Chi ha comprato lo legge accanto al reso."),
    )

    def __init__(self, *args: Any, lines: Sequence[LineLeft], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.left_cents > 0]
        for line in self.lines:
            title = line.description or line.category or _("Importo")
            self.fields[_name(line)] = EuroField(label=title, required=False)

    def line_fields(self) -> Iterator[tuple[LineLeft, BoundField]]:
        """Yield each line that has something left with its field."""
        for line in self.lines:
            yield line, self[_name(line)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for line in self.lines:
            cents = cleaned.get(_name(line))
            if cents is not None and not 0 <= cents <= line.left_cents:
                self.add_error(_name(line), _too_much(line))
        if not self.errors and not any(cleaned.get(_name(line)) for line in self.lines):
            self.add_error(None, _("Scrivi quanto torna indietro, almeno di una riga."))
        return cleaned

    def lines_back(self) -> tuple[LineBack, ...]:
        """Return what was written, the empty lines left out."""
        amounts = ((line.position, self.cleaned_data[_name(line)]) for line in self.lines)
        return tuple(LineBack(position, cents) for position, cents in amounts if cents)

    @classmethod
    def for_all(cls, *, lines: Sequence[LineLeft]) -> "RefundForm":
        """Return the form filled in with all that is left."""
        return cls(lines=lines, initial={_name(line): line.left_cents for line in lines})


def _name(line: LineLeft) -> str:
    return f"line-{line.position}"


def _too_much(line: LineLeft) -> str:
    left = format_euro(line.left_cents)
    return str(_("Di questa riga resta %(left)s: scrivi al massimo questo.")) % {"left": left}
