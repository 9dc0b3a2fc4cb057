"""What the page about a seller's promises asks."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import DayField
from reciproca.shared.errors import DomainError
from reciproca.shared.money import format_cents, parse_cents

ALL_BP = 10_000


class PercentField(forms.CharField):
    """A percentage from 0 to 100 as one writes it, two decimals; cleans to basis points."""

    default_error_messages = {
        "unreadable": _("Scrivi la percentuale in cifre, per esempio 4 oppure 2,5."),
        "range": _("Scrivi una percentuale fra 0 e 100."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "money", "autocomplete": "off"}
        super().__init__(**{"max_length": 12, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def prepare_value(self, value: Any) -> Any:
        # A basis point is a hundredth of a percent, as a cent is of a euro.
        return format_cents(value).removesuffix(",00") if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        text: str = super().clean(value)
        try:
            share_bp = parse_cents(text=text.replace("%", "").strip().replace(".", ","))
        except DomainError as refusal:
            raise ValidationError(self.error_messages["unreadable"], code="unreadable") from refusal
        if not 0 <= share_bp <= ALL_BP:
            raise ValidationError(self.error_messages["range"], code="range")
        return share_bp


class FromTodayField(DayField):
    """A day from today on: what was promised for the past stays promised."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Da quale giorno"), **kwargs})

    def clean(self, value: Any) -> date:
        day: date = super().clean(value)
        if day < timezone.localdate():
            raise ValidationError(
                _("Scegli oggi o un giorno che viene: il passato resta com’era promesso.")
            )
        return day


class RateForm(forms.Form):
    """What share comes back from a day on, of one category or of everything else."""

    category = forms.CharField(
        label=_("Categoria"),
        max_length=40,
        required=False,
        help_text=_("Scritta come nei vostri scontrini. Vuota: tutto quello che non ha la sua."),
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    rate_bp = PercentField(label=_("Quota che torna"))
    valid_from = FromTodayField()

    def clean_category(self) -> str:
        return str(self.cleaned_data["category"]).strip()


class LimitForm(forms.Form):
    """The largest share of a sale that credits may pay, from a day on."""

    share_bp = PercentField(
        label=_("Fino a quanto"),
        help_text=_(
            "La parte di una spesa che si può pagare con il credito: 100 è tutta, 0 niente."
        ),
    )
    valid_from = FromTodayField()
