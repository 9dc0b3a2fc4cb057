"""What the page about a seller's promises asks."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from reciproca.registry.fields import DayField, PercentField
from reciproca.shared.asking import Form
from reciproca.shared.dates import add_months

FURTHEST_YEARS = 2


class FromTodayField(DayField):
    """A day from today on, for the past stays as promised; not so far off that nobody means it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Da quale giorno"), **kwargs})

    def clean(self, value: Any) -> date:
        day: date = super().clean(value)
        if day < timezone.localdate():
            raise ValidationError(
                _("Scegli oggi o un giorno che viene: il passato resta com’era promesso.")
            )
        last = add_months(on=timezone.localdate(), months=12 * FURTHEST_YEARS)
        if day > last:
            raise ValidationError(
                _("Scegli un giorno entro il %(last)s: più in là si promette a suo tempo.")
                % {"last": date_format(last, "j F Y")}
            )
        return day


class RateForm(Form):
    """What share comes back from a day on, of one category or of everything else."""

    category = forms.CharField(
        label=_("Categoria"),
        max_length=40,
        required=False,
        help_text=_("Scritta come nei vostri scontrini. Vuota: tutto quello che non ha la sua."),
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    rate_bp = PercentField(
        label=_("Quota che torna"),
        error_messages={"required": _("Scrivi quanto torna, per esempio 4 oppure 2,5.")},
    )
    valid_from = FromTodayField()

    def clean_category(self) -> str:
        return str(self.cleaned_data["category"]).strip()


class LimitForm(Form):
    """The largest share of a sale that credits may pay, from a day on."""

    share_bp = PercentField(
        label=_("Fino a quanto"),
        error_messages={"required": _("Scrivi fino a quanto, da 0 a 100.")},
        help_text=_(
            "La parte di una spesa che si può pagare con il credito: 100 è tutta, 0 niente."
        ),
    )
    valid_from = FromTodayField()
